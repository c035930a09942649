"""How requests are sent and kept: pauses, retries, limits, and the cache on disk."""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlsplit

import requests
import requests_cache
from requests_cache.backends.sqlite import SQLiteCache

from atlas.errors import ConfigError, SourceUnavailableError
from atlas.http import Response
from atlas.http.adapter import SOURCE, Pace, PoliteAdapter, TooMuchError
from atlas.http.folder import check_folder, is_sound, set_aside, unusable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from atlas.http import Limits, Progress

T = TypeVar("T")
CACHE_FILE: Final = "http.sqlite"
_OK: Final = 200


@dataclass
class Session:
    """
    Requests with a cache on disk.

    Parameters
    ----------
    folder
        Where the cache lies; made if missing.
    agent
        Who asks.
    """

    folder: Path
    agent: str
    limits: Limits
    progress: Progress
    _http: requests_cache.CachedSession = field(init=False)
    _adapter: PoliteAdapter = field(init=False)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Open the cache."""
        check_folder(self.folder)
        self._adapter = PoliteAdapter(self.limits, Pace(self.limits), self.progress)
        self._http = self._open()

    def close(self) -> None:
        """Close connections and cache."""
        self._http.close()  # type: ignore[no-untyped-call]
        self._http.cache.close()  # type: ignore[no-untyped-call]

    def question(
        self, method: str, url: str, source: str, parts: Mapping[str, Any]
    ) -> requests.PreparedRequest:
        """Return a request ready to be sent or looked up; parts are those of `requests`."""
        try:
            prepared = self._http.prepare_request(requests.Request(method, url, **parts))
        except (requests.exceptions.RequestException, ValueError) as error:
            raise ConfigError(
                "Quelle „{source}“: {url} ist keine Adresse.",
                hint="Eine vollständige Adresse mit https:// angeben.",
                source=source,
                url=url,
            ) from error
        return prepared

    def ask(self, question: requests.PreparedRequest, source: str) -> Response:
        """Return the answer from the cache while it is fresh, else from the server."""
        try:
            answer = self._guarded(lambda: self._send(question, source))
        except requests.exceptions.RequestException as error:
            raise _unavailable(question, source, self.limits, error) from error
        if answer.status_code != _OK:
            raise _refused(question, source, answer)
        return self._response(answer, question)

    def recall(self, question: requests.PreparedRequest) -> Response | None:
        """Return the answer from the cache, however old."""
        kept = self._guarded(lambda: self._http.cache.get_response(self._key(question)))
        return None if kept is None else self._response(kept, question)

    def forget(self, key: str) -> None:
        """Drop an answer from the cache."""
        self._guarded(lambda: self._http.cache.delete(key))

    def _send(self, question: requests.PreparedRequest, source: str) -> requests.Response:
        sent = question.copy()
        setattr(sent, SOURCE, source)
        waits = (self.limits.connect_s, self.limits.read_s)
        environment = self._http.merge_environment_settings(
            question.url or "", {}, None, None, None
        )
        return self._http.send(sent, timeout=waits, **environment)

    def _key(self, question: requests.PreparedRequest) -> str:
        return str(self._http.cache.create_key(question))

    def _response(self, answer: Any, question: requests.PreparedRequest) -> Response:  # noqa: ANN401 - of two libraries
        now = dt.datetime.now(dt.UTC)
        is_kept = bool(getattr(answer, "from_cache", False))
        is_confirmed = bool(getattr(answer, "revalidated", False))
        return Response(
            content=answer.content,
            url=str(answer.url),
            retrieved_at=answer.created_at if is_kept and not is_confirmed else now,
            from_cache=is_kept,
            key=self._key(question),
        )

    def _guarded(self, call: Callable[[], T]) -> T:
        """Return what ``call`` returns; a cache that turns out damaged is built anew, once."""
        try:
            return call()
        except sqlite3.OperationalError as error:  # locked for long, disk full: nothing is broken
            raise unusable(self.folder, error) from error
        except sqlite3.DatabaseError:
            with self._lock:
                self.close()
                set_aside(self.folder / CACHE_FILE)
                self._http = self._open()
            return call()

    def _open(self) -> requests_cache.CachedSession:
        path = self.folder / CACHE_FILE
        if not is_sound(path):
            set_aside(path)
        try:
            cache = SQLiteCache(path, serializer="json", decode_content=False)
        except sqlite3.OperationalError as error:
            raise unusable(self.folder, error) from error
        http = requests_cache.CachedSession(
            backend=cache,
            expire_after=self.limits.fresh_s,
            allowable_codes=(_OK,),
            allowable_methods=("GET", "POST"),
            stale_if_error=False,  # an old answer must not pass for a new one
        )
        http.headers["User-Agent"] = self.agent
        for scheme in ("http://", "https://"):
            http.mount(scheme, self._adapter)
        return http


def _unavailable(
    question: requests.PreparedRequest,
    source: str,
    limits: Limits,
    error: requests.exceptions.RequestException,
) -> SourceUnavailableError:
    host = urlsplit(question.url or "").hostname
    if isinstance(error, TooMuchError):
        return SourceUnavailableError(
            "{source}: die Antwort von {host} ist größer als {megabytes} MB oder kommt zu langsam.",
            source=source,
            hint="Die Abfrage verkleinern oder die Datei von Hand herunterladen.",
            host=host,
            megabytes=limits.max_bytes // 1024**2,
        )
    return SourceUnavailableError(
        "{source}: {host} antwortet nicht ({reason}).",
        source=source,
        hint="Netz und Adresse prüfen, später erneut versuchen; „atlas build --offline“ nimmt "
        "die letzte Antwort.",
        host=host,
        reason=type(error).__name__,
    )


def _refused(
    question: requests.PreparedRequest, source: str, answer: requests.Response
) -> SourceUnavailableError:
    return SourceUnavailableError(
        "{source}: {host} antwortet mit dem Fehler {status}.",
        source=source,
        hint="Bei 429 und 5xx später erneut versuchen, sonst die Adresse prüfen.",
        host=urlsplit(question.url or "").hostname,
        status=answer.status_code,
    )
