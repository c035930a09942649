"""The question to Wikidata's SPARQL service."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

from atlas.errors import ConfigError, SourceFormatError
from atlas.sources.wikidata.classes import CLASSES
from atlas.sources.wikidata.results import bindings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from atlas.http import Client, Response

_KEY: Final = re.compile(r"\d{8}")
_LON: Final = 180
_LAT: Final = 90
_ACCEPT: Final = {"Accept": "application/sparql-results+json"}
# One question, below the limit of 60 s: what lies in the box, and what is said to lie in a
# municipality but has no coordinate. Labels with fallback would hide which language they are.
_QUERY: Final = """\
SELECT ?item ?class ?de ?en ?coordinate ?precision ?ags ?address ?postcode ?website ?relation
       ?dissolved ?state
WHERE {{
  VALUES ?class {{ {classes} }}
  {{
    SERVICE wikibase:box {{
      ?item wdt:P625 ?somewhere .
      bd:serviceParam wikibase:cornerSouthWest "Point({west} {south})"^^geo:wktLiteral .
      bd:serviceParam wikibase:cornerNorthEast "Point({east} {north})"^^geo:wktLiteral .
    }}
  }} UNION {{
    VALUES ?ags {{ {keys} }}
    ?town wdt:P439 ?ags .
    ?item wdt:P131+ ?town .
  }}
  ?item wdt:P31/wdt:P279* ?class .
  OPTIONAL {{ ?item rdfs:label ?de . FILTER(LANG(?de) = "de") }}
  OPTIONAL {{ ?item rdfs:label ?en . FILTER(LANG(?en) = "en") }}
  OPTIONAL {{
    ?item p:P625 ?statement .
    ?statement a wikibase:BestRank ; ps:P625 ?coordinate .
    OPTIONAL {{ ?statement psv:P625/wikibase:geoPrecision ?precision . }}
  }}
  OPTIONAL {{ ?item wdt:P131*/wdt:P439 ?ags . }}
  OPTIONAL {{ ?item wdt:P6375 ?address . }}
  OPTIONAL {{ ?item wdt:P281 ?postcode . }}
  OPTIONAL {{ ?item wdt:P856 ?website . }}
  OPTIONAL {{ ?item wdt:P402 ?relation . }}
  OPTIONAL {{ ?item wdt:P576 ?dissolved . }}
  OPTIONAL {{ ?item wdt:P5816|wdt:P5817 ?state . }}
}}
ORDER BY ?item
"""


def query_text(bounds: tuple[float, float, float, float], keys: Iterable[str]) -> str:
    """
    Write the question for all items of `CLASSES` in a region.

    Parameters
    ----------
    bounds
        West, south, east, north; EPSG:4326.
    keys
        Municipality keys of the region (``ags``).

    Returns
    -------
    query
        SPARQL; the same text for the same region.

    Raises
    ------
    ConfigError
        If the bounds are no box on Earth, or a key has not eight digits.
    """
    west, south, east, north = (round(value, 4) for value in bounds)
    listed = sorted(set(keys))
    is_box = -_LON <= west < east <= _LON and -_LAT <= south < north <= _LAT
    if not (is_box and all(map(math.isfinite, bounds)) and all(map(_KEY.fullmatch, listed))):
        raise ConfigError(
            "Wikidata: das Gebiet {bounds} ist kein Rechteck in Grad, oder ein Gemeindeschlüssel "
            "hat nicht acht Ziffern.",
            hint="data/geo aus dem Repositorium wiederherstellen.",
            bounds=bounds,
        )
    return _QUERY.format(
        classes=" ".join(f"wd:{one.item}" for one in CLASSES),
        keys=" ".join(f'"{key}"' for key in listed),
        west=west, south=south, east=east, north=north,
    )  # fmt: skip


def fetch(
    client: Client,
    bounds: tuple[float, float, float, float],
    keys: Iterable[str],
    *,
    url: str,
    source_id: str,
) -> Response:
    """
    Ask Wikidata; parameters as `query_text`.

    Parameters
    ----------
    url
        The service: `Settings.wikidata_url`.

    Returns
    -------
    response
        The answer in SPARQL 1.1 JSON, checked to be whole, and when it was given: the answer
        itself does not tell, and one from the cache may be old.

    Raises
    ------
    SourceUnavailableError
        If the service does not answer.
    SourceFormatError
        If the answer is cut off: beyond its time limit the service stops in the middle.
    """
    data = {"query": query_text(bounds, keys)}
    response = client.post(url, data=data, source=source_id, headers=_ACCEPT)
    try:
        bindings(response.content, source_id)
    except SourceFormatError:
        client.forget(response)
        raise
    return response
