"""Ask Nominatim or Photon, politely: one request per second, nothing twice, never in bulk."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from geopy.adapters import URLLibAdapter
from geopy.exc import GeopyError
from geopy.geocoders import Nominatim, Photon

from atlas import __version__, clock
from atlas.errors import ConfigError, SourceUnavailableError
from atlas.geocode.cache import AnswerCache
from atlas.geocode.names import normalised
from atlas.geocode.pace import INTERVAL_S, paced
from atlas.schema.problems import shown

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from geopy.location import Location

    from atlas.settings import Settings

    Answer = tuple[dt.date, list[dict[str, Any]]]

PUBLIC: Final = {
    "nominatim": "https://nominatim.openstreetmap.org",
    "photon": "https://photon.komoot.io",
}
"""Run by others for everybody: not made for whole tables."""
MOST_UNASKED: Final = 20
"""So many addresses go to a public server without asking the user first."""
PLACES_PER_ANSWER: Final = 5
TIMEOUT_S: Final = 10.0
CACHE_FILE: Final = "geocoder.sqlite"
PACE_FILE: Final = "geocoder.last"

_KEPT = {
    "nominatim": ("lat", "lon", "boundingbox", "class", "type", "addresstype", "osm_type",
                  "osm_id"),
    "photon": ("type", "osm_type", "osm_id", "housenumber", "extent"),
}  # fmt: skip
# What a server that sends anything at all can make the client raise.
_GARBAGE = (GeopyError, OSError, ValueError, TypeError, LookupError, AttributeError,
            ArithmeticError, RecursionError)  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Question:
    """An address as it is asked for: street with house number, postcode, municipality."""

    town: str
    street: str
    postcode: str = ""

    @property
    def key(self) -> str:
        """The same for every spelling that means the same."""
        return "|".join(normalised(text) for text in (self.street, self.postcode, self.town))


@dataclass(frozen=True)
class Lookup:
    """
    What a geocoder answered.

    Attributes
    ----------
    answers
        Key of a question → the day, and the places as the service names them.
    problem
        Why the other questions have no answer, if they have none.
    """

    answers: Mapping[str, Answer]
    problem: SourceUnavailableError | None = None

    def to(self, question: Question) -> Answer | None:
        """Return the answer; one without places says that the service knows none."""
        return self.answers.get(question.key)


@dataclass(frozen=True, kw_only=True)
class OnlineGeocoder:
    """
    A geocoding service on the web.

    Attributes
    ----------
    service
        ``nominatim`` or ``photon``.
    contact
        Mail or web address under which the operators of the server reach us.
    folder
        Where answers and the time of the last request are kept.
    url
        Address of the service; empty means the public one.
    offline
        Only what has been answered before.
    confirm
        Asked with the number of questions and the host before more than ``MOST_UNASKED``
        go to a public server; without it, they do not.

    Raises
    ------
    ConfigError
        If the contact is missing or the address is none.
    """

    service: str
    contact: str
    folder: Path
    url: str = ""
    offline: bool = False
    confirm: Callable[[int, str], bool] | None = None
    today: dt.date = field(default_factory=clock.today)
    interval_s: float = INTERVAL_S
    timeout_s: float = TIMEOUT_S

    def __post_init__(self) -> None:
        """Refuse to go online without saying who asks."""
        if self.service not in PUBLIC:
            raise ConfigError(
                "Der Geocoder {service} ist nicht bekannt.",
                hint="nominatim oder photon einstellen.",
                service=self.service,
            )
        if not self.offline and not _is_header(self.contact):
            raise ConfigError(
                "Ohne Kontaktadresse wird kein Geocoder gefragt.",
                hint="ATLAS_CONTACT auf eine Mail- oder Webadresse setzen.",
            )
        if urlsplit(self.address).scheme not in {"http", "https"} or not self.host:
            raise ConfigError(
                "{url} ist keine Adresse eines Geocoders.",
                hint="ATLAS_GEOCODER_URL mit https:// angeben.",
                url=self.url,
            )

    @property
    def address(self) -> str:
        """Address of the service, without a slash at its end."""
        return (self.url or PUBLIC[self.service]).rstrip("/")

    @property
    def host(self) -> str:
        """Host of the service, with its port."""
        return urlsplit(self.address).netloc

    def ask(self, questions: Iterable[Question]) -> Lookup:
        """
        Return the answers, from the cache or from the service.

        The first failure ends it: a server that is overloaded or has shut us out is left
        alone. What was answered until then is kept.
        """
        known: dict[str, Answer] = {}
        # By key, so that two spellings are one question; sorted, so that which one is
        # asked, and what a failure leaves out, does not depend on the order of the rows.
        asked = {question.key: question for question in sorted(set(questions), reverse=True)}
        try:
            cache = self._cache()
            for key in asked:
                answer = cache.get(self._name, key, today=self.today)
                if answer is not None:
                    known[key] = answer
            missing = sorted(set(asked) - set(known))
            self._check_allowed(len(missing))
            for key in missing:
                places = self._request(asked[key])
                cache.put(self._name, key, places, today=self.today)
                known[key] = (self.today, places)
        except SourceUnavailableError as error:
            return Lookup(known, error)
        return Lookup(known)

    @property
    def _name(self) -> str:
        return f"{self.service} {self.address}"

    def _cache(self) -> AnswerCache:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unavailable(error) from error
        return AnswerCache(self.folder / CACHE_FILE)

    def _check_allowed(self, missing: int) -> None:
        if missing == 0:
            return
        if self.offline:
            raise SourceUnavailableError(
                "{source}: {n} Anschriften sind noch nicht gefragt worden.",
                source=self.service, n=missing,
                hint="Einmal ohne --offline aufrufen.")  # fmt: skip
        is_public = self.host in {urlsplit(address).netloc for address in PUBLIC.values()}
        if not is_public or missing <= MOST_UNASKED:
            return
        if self.confirm is None or not self.confirm(missing, self.host):
            raise SourceUnavailableError(
                "{source}: {n} Anschriften sind zu viele für den öffentlichen Server {host}.",
                source=self.service, n=missing, host=self.host,
                hint="Einen eigenen Server mit ATLAS_GEOCODER_URL angeben oder die Anfrage "
                     "bestätigen.")  # fmt: skip

    def _request(self, question: Question) -> list[dict[str, Any]]:
        try:
            with paced(self.folder / PACE_FILE, interval_s=self.interval_s):
                found = self._geocode(question)
            return [_kept(self.service, place.raw) for place in found or ()]
        except _GARBAGE as error:
            raise self._unavailable(error) from error

    def _unavailable(self, error: BaseException) -> SourceUnavailableError:
        return SourceUnavailableError(
            "{source}: {host} antwortet nicht wie erwartet ({reason}).",
            source=self.service, host=self.host,
            reason=f"{type(error).__name__}: {shown(str(error))}",
            hint="Später noch einmal versuchen; ohne Geocoder gelten die Funde des Ortsregisters.",
        )  # fmt: skip

    def _geocode(self, question: Question) -> list[Location] | None:
        parts = urlsplit(self.address)
        options = {
            "domain": parts.netloc + parts.path,
            "scheme": parts.scheme,
            "timeout": self.timeout_s,
            "user_agent": f"raumatlas-ruhr/{__version__} ({self.contact})",
            # Not `requests`: it may be missing, and it tries again on its own.
            "adapter_factory": URLLibAdapter,
        }
        if self.service == "photon":
            text = f"{question.street}, {question.postcode} {question.town}"
            found = Photon(**options).geocode(
                text, exactly_one=False, limit=PLACES_PER_ANSWER, language="de"
            )
        else:
            found = Nominatim(**options).geocode(
                {"street": question.street, "city": question.town,
                 "postalcode": question.postcode, "country": "Deutschland"},
                exactly_one=False, limit=PLACES_PER_ANSWER, addressdetails=True,
                country_codes="de", language="de",
            )  # fmt: skip
        places: list[Location] | None = found
        return places


def online_geocoder(
    settings: Settings,
    *,
    offline: bool = False,
    confirm: Callable[[int, str], bool] | None = None,
) -> OnlineGeocoder | None:
    """
    Return the geocoder of the settings; ``None`` if none is set.

    Raises
    ------
    ConfigError
        If the settings lack a contact, or the address is none.
    """
    if settings.geocoder == "none":
        return None
    return OnlineGeocoder(
        service=settings.geocoder,
        contact=settings.contact or settings.operator_email,
        folder=settings.cache_dir,
        url=settings.geocoder_url,
        offline=offline,
        confirm=confirm,
    )


def _is_header(text: str) -> bool:
    return bool(text.strip()) and text.isascii() and text.isprintable()


def _kept(service: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return what says where and how exact: no names, so that no person gets on the disk."""
    if service == "photon":
        properties = raw["properties"]
        named = {name: properties[name] for name in _KEPT[service] if name in properties}
        position = {"coordinates": list(raw["geometry"]["coordinates"][:2])}
        return {"properties": named, "geometry": position}
    kept: dict[str, Any] = {name: raw[name] for name in _KEPT[service] if name in raw}
    number = raw.get("address", {}).get("house_number")
    return kept if number is None else {**kept, "address": {"house_number": number}}
