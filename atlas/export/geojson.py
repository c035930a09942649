"""GeoJSON after RFC 7946, for the web."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd

from atlas.export.notice import TITLE

if TYPE_CHECKING:
    import geopandas as gpd

    from atlas.export.notice import Notice
    from atlas.vocabulary import Language


def geojson(table: gpd.GeoDataFrame, notice: Notice, language: Language) -> bytes:
    """
    Write a feature collection; licence, attribution and date are foreign members.

    Parameters
    ----------
    table
        Points in EPSG:4326 from `atlas.export.table.export_table`, at most five decimals.

    Returns
    -------
    content
        UTF-8 without byte-order mark, no ``crs`` (RFC 7946, 4: always WGS 84), longitude
        before latitude; a row without coordinate is a feature without geometry (3.2).
    """
    head = {
        "type": "FeatureCollection",
        "name": "spaces",
        "title": TITLE,
        "licence": notice.licence,
        "attribution": "; ".join(notice.attribution),
        "data_as_of": notice.as_of.isoformat(),
        "data_version": notice.version,
        "selection": notice.selection,
        "notice": " ".join(text for _, text in notice.lines(language)[-1:]),
    }
    properties = table.drop(columns=["geometry", "lat", "lon"])
    records = properties.astype(object).where(properties.notna(), None).to_dict("records")
    rows = zip(records, table["lat"], table["lon"], strict=True)
    features = ",\n".join(_json(_feature(record, lat, lon)) for record, lat, lon in rows)
    return (_json(head)[:-1] + f', "features": [\n{features}\n]}}\n').encode()


def _feature(properties: dict[str, Any], lat: float, lon: float) -> dict[str, Any]:
    located = not pd.isna(lat)
    return {
        "type": "Feature",
        "id": properties["space_id"],
        "geometry": {"type": "Point", "coordinates": [lon, lat]} if located else None,
        "properties": properties,
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
