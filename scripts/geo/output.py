"""Write the built files: same input, same bytes; never a half-written file."""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any

from shapely.geometry import mapping

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

DECIMALS = 5
"""Decimal places of every published degree: 0.7 m in longitude, 1.1 m in latitude."""


class BuildError(Exception):
    """An input or a result is not what it must be; the message says what to do."""


def require(condition: bool, message: str) -> None:
    """Raise a build error with ``message`` unless ``condition`` holds."""
    if not condition:
        raise BuildError(message)


def write_bytes(path: Path, content: bytes) -> None:
    """Write through a temporary file in the same folder, then rename."""
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_bytes(content)
    os.replace(temporary, path)  # noqa: PTH105 - atomic on every platform


def to_geojson(
    features: gpd.GeoDataFrame, *, name: str, attribution: str, decimals: int = DECIMALS
) -> bytes:
    """
    Return a GeoJSON text with one feature a line, so that a diff can be read.

    Parameters
    ----------
    features
        Any geometry, EPSG:4326, one row per feature, in the order to be written.
    name
        Layer name.
    attribution
        Sentence that must be shown beside the data.
    decimals
        Decimal places of the coordinates.

    Returns
    -------
    content
        UTF-8 text: as many features as rows, same order.
    """
    columns = [column for column in features.columns if column != features.geometry.name]
    records = features[columns].astype(object).to_dict("records")
    lines = [
        _feature_line(record, geometry, decimals)
        for record, geometry in zip(records, features.geometry, strict=True)
    ]
    head = json.dumps({"name": name, "attribution": attribution}, ensure_ascii=False)[1:-1]
    body = ",\n".join(lines)
    return f'{{"type": "FeatureCollection", {head}, "features": [\n{body}\n]}}\n'.encode()


def _feature_line(properties: Mapping[str, Any], geometry: BaseGeometry, decimals: int) -> str:
    shape = mapping(geometry)
    feature = {
        "type": "Feature",
        "properties": dict(properties),
        "geometry": {
            "type": shape["type"],
            "coordinates": _rounded(shape["coordinates"], decimals),
        },
    }
    return json.dumps(feature, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _rounded(coordinates: float | Iterable[Any], decimals: int) -> float | list[Any]:
    if isinstance(coordinates, float):
        return round(coordinates, decimals)
    return [_rounded(part, decimals) for part in coordinates]


def sha256(content: bytes) -> str:
    """Return the SHA-256 of ``content`` in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def to_checksums(folder: Path, names: Iterable[str]) -> bytes:
    """Return the checksum list of the named files, in the format of ``sha256sum``."""
    lines = [f"{sha256((folder / name).read_bytes())}  {name}\n" for name in sorted(names)]
    return "".join(lines).encode()
