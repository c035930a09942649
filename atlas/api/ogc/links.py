"""The links of pygeoapi's answers: only what is there, paging that ends where the data ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from atlas.provenance import Licence

Link = dict[str, Any]

# Parts of pygeoapi that this service does not offer.
_ABSENT: Final = ("/processes", "/jobs", "/TileMatrixSets", "/stac", "/asyncapi")
_LINKED_DATA: Final = "application/ld+json"  # has addresses of its own, see atlas.linked
_FORMATS: Final = {"application/json": "json", "application/geo+json": "json", "text/html": "html"}


def kept(links: Iterable[Link], *, url: str, is_html: bool) -> list[Link]:
    """
    Return the links that lead somewhere, with the right one as ``self``.

    Parameters
    ----------
    url
        Address of the service.
    is_html
        Whether the answer is a page: pygeoapi was asked for JSON either way.
    """
    own = "html" if is_html else "json"
    found = []
    for link in links:
        path = link["href"].removeprefix(url).split("?")[0]
        if not link["href"] or link["type"] == _LINKED_DATA or path.startswith(_ABSENT):
            continue
        if link["rel"] in ("next", "prev"):
            continue
        if link["rel"] in ("self", "alternate") and link["type"] in _FORMATS:
            link = {**link, "rel": "self" if _FORMATS[link["type"]] == own else "alternate"}
        found.append(link)
    return found


def paging(
    address: str, given: Sequence[tuple[str, str]], *, offset: int, limit: int, matched: int
) -> list[Link]:
    """
    Return the links to the page before and the page after, as far as there are any.

    Parameters
    ----------
    address
        Of the features, without parameters.
    given
        The parameters of the request.
    """
    rest = [(name, value) for name, value in given if name != "offset"]
    found = []
    for rel, start in (("prev", max(0, offset - limit)), ("next", offset + limit)):
        if (rel == "prev" and offset == 0) or (rel == "next" and start >= matched):
            continue
        href = f"{address}?{urlencode([*rest, ('offset', str(start))], safe=',:/')}"
        found.append({"type": "application/geo+json", "rel": rel, "title": rel, "href": href})
    return found


def licensed(licences: Iterable[Licence]) -> list[Link]:
    """Return one link per licence that has an address."""
    return [
        {"type": "text/html", "rel": "license", "title": licence.name, "href": licence.url}
        for licence in licences
        if licence.url
    ]


def with_parameter(href: str, **changed: str) -> str:
    """Return an address with some parameters set."""
    parts = urlsplit(href)
    params = {**dict(parse_qsl(parts.query)), **changed}
    return urlunsplit(parts._replace(query=urlencode(params, safe=",:/")))


def by_rel(links: Iterable[Mapping[str, Any]], rel: str) -> str:
    """Return the address of the first link with a relation, empty if there is none."""
    return next((str(link["href"]) for link in links if link["rel"] == rel), "")
