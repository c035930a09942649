"""Sending one request: its turn, its retries, its whole body."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, MaxRetryError
from urllib3.util.retry import Retry

if TYPE_CHECKING:
    from urllib3.connectionpool import ConnectionPool
    from urllib3.response import BaseHTTPResponse

    from atlas.http import Limits, Progress

SOURCE: Final = "atlas_source"
"""Attribute of a request that carries the name of its source."""
_CHUNK: Final = 64 * 1024
_TRY_AGAIN: Final = frozenset({429, 500, 502, 503, 504})
# Cut off while the body was read, which urllib3 does not retry by itself.
_CUT_OFF: Final = (
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
    requests.exceptions.ConnectionError,
)


class TooMuchError(requests.exceptions.RequestException):
    """The answer is larger, or takes longer, than the limits allow."""


class Pace:
    """Keeps the pause between two requests to a host, across threads."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._next: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait(self, host: str) -> None:
        """Return when the next request to ``host`` may be sent."""
        pause = self._limits.pauses_s.get(host, self._limits.pause_s)
        with self._lock:
            start = max(time.monotonic(), self._next.get(host, 0.0))
            self._next[host] = start + pause
        time.sleep(max(0.0, start - time.monotonic()))


class PatientRetry(Retry):
    """Waits as long as the server asks, unless that is longer than we wait."""

    def parse_retry_after(self, retry_after: str) -> float:
        """Return the seconds; 0 for a header that says nothing."""
        try:
            return super().parse_retry_after(retry_after)
        except (HTTPError, ValueError, OverflowError):
            return 0.0

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: ConnectionPool | None = None,
        _stacktrace: Any = None,  # noqa: ANN401 - urllib3's own signature
    ) -> PatientRetry:
        """Return the state after one more failure; give up if the server asks for too long."""
        # Waiting shorter than it asks would be impolite, so there is no middle way.
        if response is not None and _pool is not None and self._asks_too_long(response):
            raise MaxRetryError(_pool, url or "", HTTPError("Retry-After"))
        return super().increment(method, url, response, error, _pool, _stacktrace)

    def _asks_too_long(self, response: BaseHTTPResponse) -> bool:
        # urllib3 cuts the wait at its maximum: reaching it means more was asked for.
        return (self.get_retry_after(response) or 0.0) >= self.retry_after_max


class PoliteAdapter(HTTPAdapter):
    """Sends one request: waits for its turn, reads the body within the limits."""

    def __init__(self, limits: Limits, pace: Pace, progress: Progress) -> None:
        self._limits = limits
        self._pace = pace
        self._progress = progress
        super().__init__(
            max_retries=PatientRetry(
                total=limits.retries,
                status_forcelist=_TRY_AGAIN,
                allowed_methods=None,  # our POSTs are questions: asking twice changes nothing
                backoff_factor=limits.backoff_s,
                backoff_max=limits.patience_s,
                retry_after_max=int(limits.patience_s),
                raise_on_status=False,
            )
        )

    def send(
        self,
        request: requests.PreparedRequest,
        *args: Any,  # noqa: ANN401 - passed on as they are
        **kwargs: Any,  # noqa: ANN401
    ) -> requests.Response:
        """Return the response with its whole body; raise instead of returning a part of it."""
        for left in range(self._limits.retries, -1, -1):
            self._pace.wait(urlsplit(request.url or "").hostname or "")
            response = super().send(request, *args, **{**kwargs, "stream": True})
            try:
                # Read here, so that the cache never sees a body that is not whole.
                response._content = self._body(response)
            except _CUT_OFF:
                response.close()
                if not left:
                    raise
                time.sleep(self._limits.backoff_s * 2 ** (self._limits.retries - left))
            else:
                return response
        raise AssertionError  # pragma: no cover - the last turn returns or raises

    def _body(self, response: requests.Response) -> bytes:
        stated = response.headers.get("Content-Length", "")
        total = int(stated) if stated.isdecimal() else None
        if (total or 0) > self._limits.max_bytes:
            response.close()
            raise TooMuchError
        host = urlsplit(response.url).hostname or ""
        self._progress.step(getattr(response.request, SOURCE, host), total)
        deadline = time.monotonic() + self._limits.total_s
        body = bytearray()
        for chunk in response.iter_content(_CHUNK):
            body += chunk
            self._progress.advance(len(chunk))
            if len(body) > self._limits.max_bytes or time.monotonic() > deadline:
                response.close()
                raise TooMuchError
        return bytes(body)
