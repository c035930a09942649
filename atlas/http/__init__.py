"""
The polite client: one place through which every request to another machine goes.

It says who asks, waits between two requests to a host, gives up in time, tries again when
that may help, and keeps every answer on disk. Its libraries belong to the extra ``sources``
and are imported when a client is made, not with this module.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from atlas import __version__
from atlas.errors import ConfigError, SourceUnavailableError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Self

    from atlas.http.session import Session
    from atlas.settings import Settings

__all__ = ["Client", "Limits", "Nobody", "Progress", "Response", "user_agent"]


class Progress(Protocol):
    """What a download tells while it runs; both calls return at once."""

    def step(self, name: str, total: int | None = None) -> None:
        """Begin the download of ``name``: ``total`` bytes, ``None`` if nobody knows how many."""

    def advance(self, units: int) -> None:
        """Tell that ``units`` more bytes are there."""


class Nobody:
    """Looks at no progress."""

    def step(self, name: str, total: int | None = None) -> None:
        """Do nothing."""

    def advance(self, units: int) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True)
class Limits:
    """
    How patient and how polite a client is.

    Attributes
    ----------
    connect_s, read_s
        Longest wait for a connection, and for the next bytes of an answer. Overpass works
        for minutes before the first byte.
    total_s
        Longest time for one answer as a whole, against a server that drips.
    retries, backoff_s
        How often a failed request is sent again; the pauses are ``backoff_s`` × 1, 2, 4 …
    patience_s
        Longest ``Retry-After`` that is waited for; beyond it the source counts as absent.
    pause_s
        Least time between two requests to one host.
    pauses_s
        Other pauses by host; Overpass and Wikidata always get `SLOW_S` at least.
    max_bytes
        Largest answer.
    fresh_s
        How long an answer is used without asking again, so that a build that was stopped
        goes on where it was. Older answers are asked for with their validators.
    """

    connect_s: float = 10.0
    read_s: float = 200.0
    total_s: float = 1800.0
    retries: int = 4
    backoff_s: float = 2.0
    patience_s: float = 180.0
    pause_s: float = 1.0
    pauses_s: Mapping[str, float] = field(default_factory=dict)
    max_bytes: int = 512 * 1024 * 1024
    fresh_s: float = 12 * 3600.0


SLOW_S = 5.0
"""Pause for servers that answer expensive questions for free."""


@dataclass(frozen=True, slots=True)
class Response:
    """
    A whole answer.

    Attributes
    ----------
    retrieved_at
        When the server last said that this is its answer.
    from_cache
        Whether the bytes come from the disk.
    key
        Name of the answer in the cache, for `Client.forget`.
    """

    content: bytes
    url: str
    retrieved_at: dt.datetime
    from_cache: bool
    key: str = ""


class Client:
    """
    Sends requests, one host at a time and never twice for the same answer.

    Use as a context manager; safe to share between threads.

    Parameters
    ----------
    settings
        Who asks, and where the cache lies.
    offline
        Whether only the cache answers, however old.
    progress
        Told about every download.
    limits
        How patient and polite.

    Raises
    ------
    ConfigError
        If the libraries are missing or the cache folder cannot be written.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        offline: bool = False,
        progress: Progress | None = None,
        limits: Limits | None = None,
    ) -> None:
        try:
            from atlas.http.session import Session  # noqa: PLC0415 - the extra is optional
        except ModuleNotFoundError as error:
            raise ConfigError(
                "Für Abfragen im Netz fehlt die Bibliothek {module}.",
                hint='Nachholen mit: pip install "raumatlas-ruhr[sources]".',
                module=error.name,
            ) from error
        self._settings = settings
        self._offline = offline
        self._session: Session = Session(
            settings.cache_dir,
            agent=user_agent(settings),
            limits=_with_slow_hosts(limits or Limits(), settings),
            progress=progress or Nobody(),
        )

    def __enter__(self) -> Self:
        """Return the client."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close connections and cache."""
        self.close()

    def close(self) -> None:
        """Close connections and cache."""
        self._session.close()

    def get(
        self,
        url: str,
        *,
        source: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """
        Return what is at ``url``.

        Parameters
        ----------
        source
            Name of the source, for messages and progress.

        Raises
        ------
        SourceUnavailableError
            If there is no answer, an error instead of one, or too much of it; offline: if
            the answer is not in the cache.
        ConfigError
            If nobody to write to is named in the settings.
        """
        parts = {"params": dict(params or {}), "headers": dict(headers or {})}
        return self._answer("GET", url, source, parts)

    def post(
        self,
        url: str,
        *,
        data: Mapping[str, str] | bytes,
        source: str,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send ``data`` to ``url``, a question without effect, and return the answer as `get`."""
        parts = {"data": data, "headers": dict(headers or {})}
        return self._answer("POST", url, source, parts)

    def forget(self, response: Response) -> None:
        """Drop an answer from the cache, because it turned out to be none."""
        self._session.forget(response.key)

    def _answer(self, method: str, url: str, source: str, parts: Mapping[str, object]) -> Response:
        question = self._session.question(method, url, source, parts)
        if not self._offline:
            self._check_contact()
            return self._session.ask(question, source)
        kept = self._session.recall(question)
        if kept is None:
            raise SourceUnavailableError(
                "{source}: die Antwort von {host} ist nicht im Zwischenspeicher.",
                source=source,
                hint="Einmal mit Netz abrufen: „atlas build“ ohne --offline.",
                host=urlsplit(url).hostname,
            )
        return kept

    def _check_contact(self) -> None:
        # Overpass, Wikidata and Nominatim demand it of every program that asks them.
        if not _contacts(self._settings):
            raise ConfigError(
                "Wer im Netz abfragt, muss erreichbar sein: es ist kein Kontakt angegeben.",
                hint="ATLAS_CONTACT auf eine Mail- oder Webadresse setzen.",
            )


def user_agent(settings: Settings) -> str:
    """Return who asks: name, version and how to reach the operator, in printable ASCII."""
    agent = f"RaumatlasRuhr/{__version__} ({'; '.join(_contacts(settings)) or 'no contact'})"
    return "".join(char if " " <= char <= "~" else "?" for char in agent)


def _contacts(settings: Settings) -> list[str]:
    stated = (settings.contact, settings.operator_email, settings.public_url)
    return list(dict.fromkeys(text for text in stated if text))


def _with_slow_hosts(limits: Limits, settings: Settings) -> Limits:
    slow = (settings.overpass_url, settings.wikidata_url)
    hosts = {host: SLOW_S for url in slow if (host := urlsplit(url).hostname)}
    names = {name: getattr(limits, name) for name in Limits.__slots__}
    return Limits(**{**names, "pauses_s": {**hosts, **limits.pauses_s}})
