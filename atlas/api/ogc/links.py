"""The links of pygeoapi's answers: only what is there, paging that ends where the data ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from atlas.provenance import Licence

Link = dict[str, Any]

# Parts of pygeoapi that this service does not offer.
_ABSENT: Final = ("/processes", "/jobs", "/TileMatrixSets", "/stac", "/asyncapi")
_OFFERED: Final = frozenset({
    "application/json", "application/geo+json", "application/schema+json", "text/html",
    "application/vnd.oai.openapi+json",
})  # fmt: skip
"""Linked data has addresses of its own (atlas.linked), and so have files (atlas.export)."""
_GEOJSON: Final = "application/geo+json"
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
        is_offered = link["type"].split(";")[0] in _OFFERED
        if not link["href"] or not is_offered or path.startswith(_ABSENT):
            continue
        rel = link["rel"]
        if rel in ("self", "alternate") and link["type"] in _FORMATS:
            rel = "self" if _FORMATS[link["type"]] == own else "alternate"
        found.append({**link, "rel": rel})
    return found


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of what was found is on a page."""

    offset: int
    limit: int
    matched: int


def of_page(
    address: str, given: Sequence[tuple[str, str]], window: Window, *, is_html: bool
) -> list[Link]:
    """
    Return the links of a page of features: itself in both formats, the ones beside it.

    pygeoapi offers one more page where the last one is full.

    Parameters
    ----------
    address
        Of the features, without parameters.
    given
        The parameters of the request.
    """
    offset, limit = window.offset, window.limit
    rest = [(name, value) for name, value in given if name not in ("offset", "f")]
    here = [*rest, ("offset", str(offset))] if offset else rest
    found = [
        _link(address, [*here, ("f", form)], "self" if (form == "html") == is_html else "alternate",
              media_type)
        for form, media_type in (("json", _GEOJSON), ("html", "text/html"))
    ]  # fmt: skip
    form = ("f", "html" if is_html else "json")
    if offset > 0:
        before = ("offset", str(max(0, offset - limit)))
        found.append(_link(address, [*rest, before, form], "prev", _GEOJSON))
    if offset + limit < window.matched:
        after = ("offset", str(offset + limit))
        found.append(_link(address, [*rest, after, form], "next", _GEOJSON))
    return found


def _link(address: str, params: Sequence[tuple[str, str]], rel: str, media_type: str) -> Link:
    href = f"{address}?{urlencode(params, safe=',:/')}"
    return {"type": media_type, "rel": rel, "title": rel, "href": href}


def described_by(address: str) -> Link:
    """Return the link by which GDAL and QGIS learn the types of columns that begin empty."""
    return {"type": "application/schema+json", "rel": "describedby",
            "title": "JSON Schema of a feature", "href": address}  # fmt: skip


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
