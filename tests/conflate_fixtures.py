"""Rows for the conflation tests: the labelled pairs, small literal rows, and made ones."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from atlas.geo import metric_xy, points_from_lonlat
from atlas.schema import NAMES, space_id
from atlas.schema.types import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LABELLED = Path(__file__).parent / "data" / "conflate" / "pairs.csv"
SIDE_COLUMNS = (
    "name", "type", "former_use", "street", "house_number", "municipality", "lat", "lon",
    "coordinate_uncertainty_m", "website", "same_as",
)  # fmt: skip
_STATED = {
    "kind": "creative_site", "vacancy": "unknown", "availability": "unknown",
    "confidence": "reported", "publisher": "Beispiel", "source_url": "https://example.org/",
    "retrieved_on": "2026-11-22", "licence": "CC-BY-4.0", "lineage": "press",
}  # fmt: skip


def spaces_of(rows: Iterable[Mapping[str, str]]) -> gpd.GeoDataFrame:
    """Return typed rows with x, y and a point; what a row leaves out is filled in."""
    stated = [{**_STATED, **row} for row in rows]
    for row in stated:
        row["space_id"] = space_id(row["source"], row["source_ref"])
        if row["type"] == "quarter":
            row |= {"kind": "creative_quarter", "vacancy": "not_applicable"}
        if row.get("lat"):
            row.setdefault("coordinate_precision", "building")
            row.setdefault("coordinate_source", row["source"])
            row.setdefault("coordinate_note", "Beispiel")
            row.setdefault("coordinate_uncertainty_m", "30")
    cells = pd.DataFrame([{name: row.get(name) or None for name in NAMES} for row in stated],
                         columns=list(NAMES))  # fmt: skip
    typed, problems = parse(cells)
    assert problems.empty, problems
    points = points_from_lonlat(typed["lon"], typed["lat"])
    frame = gpd.GeoDataFrame(typed, geometry=points)
    extra = [name for name in ("contributions",) if any(name in row for row in stated)]
    for name in extra:
        frame[name] = pd.array([row.get(name) for row in stated], dtype="str")
    return frame.join(metric_xy(points))


def labelled() -> pd.DataFrame:
    """Return the labelled pairs; ``set`` is development (weights were set on it) or held_out."""
    return pd.read_csv(LABELLED, dtype=str, keep_default_na=False)


def sides(pairs: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return both sides of the pairs as rows of two sources: the first sides, then the second."""
    rows = []
    for side in ("a", "b"):
        for number, record in enumerate(pairs.to_dict("records")):
            row = {name: record[f"{name}_{side}"] for name in SIDE_COLUMNS}
            town = row["municipality"]
            row["ags"] = "05" + hashlib.sha256(town.encode()).hexdigest()[:6].translate(
                str.maketrans("abcdef", "123456")
            )
            rows.append({**row, "source": f"side_{side}", "source_ref": f"{number:04d}"})
    return spaces_of(rows)
