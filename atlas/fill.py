"""Filling in what a person need not type: keys that follow from other cells, and the order."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from atlas.errors import SourceFormatError
from atlas.schema import NAMES, space_ids
from atlas.sources import curated

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd


def fill(cells: pd.DataFrame, municipalities: gpd.GeoDataFrame) -> tuple[pd.DataFrame, int]:
    """
    Compute empty keys and sort the registry.

    Parameters
    ----------
    cells
        All columns of the schema as text, missing where empty.
    municipalities
        Columns ``ags`` and ``name``.

    Returns
    -------
    filled
        Copy of ``cells`` in which an empty ``space_id`` follows from source and source_ref
        and an empty ``ags`` from the name of the municipality; a value that is there is never
        changed. n rows, ordered by ags and source_ref.
    count
        Number of cells filled in.
    """
    keys = municipalities.set_index("name")["ags"]
    filled = cells.assign(
        space_id=cells["space_id"].fillna(space_ids(cells["source"], cells["source_ref"])),
        ags=cells["ags"].fillna(cells["municipality"].map(keys).astype("str")),
    )
    count = int(cells.isna().to_numpy().sum() - filled.isna().to_numpy().sum())
    return filled.sort_values(["ags", "source_ref"], kind="stable"), count


def fill_text(path: Path, municipalities: gpd.GeoDataFrame) -> tuple[bytes, int]:
    """
    Return the text of the registry file ``path`` with keys filled in, and how many.

    Raises
    ------
    SourceError
        If the file as a whole is no registry.
    SourceFormatError
        If a line is no row: writing the file anew would lose it.
    """
    cells, faults = curated.read(path)
    if len(faults):
        raise SourceFormatError(
            "{source}, Zeile {row}: die Zeile ist nicht lesbar, die Datei bleibt unverändert.",
            source=path.name,
            hint="Die Zeile berichtigen („atlas validate“ sagt, was ihr fehlt), "
            "dann erneut füllen.",
            row=faults["row"].iloc[0],
        )
    filled, count = fill(cells, municipalities)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(NAMES)
    writer.writerows(filled[list(NAMES)].fillna("").itertuples(index=False))
    return text.getvalue().encode(), count
