"""Synthetic registries as files, for the benchmark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd

from benchmarks.synthetic import synthetic_spaces

if TYPE_CHECKING:
    from pathlib import Path


def write_table(rows: int, path: Path, *, data_dir: Path) -> None:
    """Write ``rows`` synthetic spaces in the shape of ``data/spaces.csv``."""
    municipalities = gpd.read_file(data_dir / "geo" / "municipalities.geojson")
    frame = synthetic_spaces(rows, municipalities, seed=53)
    frame.to_csv(path, index=False)
