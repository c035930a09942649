"""Checking a table: broken rows are set aside with all their reasons, the others stay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from atlas.schema import types
from atlas.schema.crossrules import CROSS_RULES, Reference
from atlas.schema.frame import COLUMN_RULES, check_columns
from atlas.schema.intake import INTAKE_RULES
from atlas.schema.place import Towns
from atlas.schema.problems import (
    COLUMN_SEPARATOR,
    REJECT_COLUMNS,
    Rule,
    explain,
    none_found,
    problems,
    rules,
    shown,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd

    from atlas.vocabulary import Language

LINE_RULES: Final = rules(
    Rule("cells", "Die Zeile hat so viele Zellen wie die Kopfzeile.",
         "Zellen mit Komma in Anführungszeichen setzen; fehlende Zellen leer anfügen."),
    Rule("quotes", "Anführungszeichen umschließen eine ganze Zelle und stehen in ihr doppelt; "
         "keine Zelle enthält einen Zeilenumbruch.",
         "Die Anführungszeichen der Zeile prüfen; im Text \"\" statt \" schreiben."),
    Rule("nul", "Die Zeile enthält kein NUL-Zeichen.",
         "Die Datei ist beschädigt: Zeile neu eingeben oder Datei als CSV UTF-8 neu speichern."),
    Rule("line_length", "Die Zeile ist höchstens 100.000 Byte lang.",
         "Den überlangen Text kürzen oder verlinken."),
)  # fmt: skip
"""Rules about the form of a line; `atlas.sources.curated` finds where they are broken."""


@dataclass(frozen=True)
class Checked:
    """
    A checked table.

    Attributes
    ----------
    spaces
        The rows that keep all rules, typed; RangeIndex, order of the input.
    rejects
        One row per problem of a row that was set aside: row (line of the file),
        space_id, name, column, value, rule, hint (German sentences) and code.
    rows
        Number of rows checked, the ones set aside included.
    """

    spaces: pd.DataFrame
    rejects: pd.DataFrame
    rows: int

    @property
    def rejected_rows(self) -> int:
        """Number of rows that were set aside."""
        return int(self.rejects["row"].nunique())


def validate(
    cells: pd.DataFrame,
    municipalities: gpd.GeoDataFrame,
    *,
    sources: Iterable[str],
    faults: pd.DataFrame | None = None,
) -> Checked:
    """
    Check a table of texts against every rule of the schema.

    Parameters
    ----------
    cells
        All columns of the schema as text, missing where empty; the index tells the
        line in the file.
    municipalities
        Polygons, EPSG:4326; columns ``ags`` and ``name``.
    sources
        Ids of the source registry.
    faults
        Lines or records that are no row: row, value, code of `LINE_RULES` or
        `INTAKE_RULES`, and perhaps name and column.

    Returns
    -------
    checked
        The rows that stay, and the problems of the others.

    Raises
    ------
    CrsError
        If the CRS of ``municipalities`` is missing or another one.
    """
    texts = cells.reset_index(drop=True)
    reference = Reference(Towns(municipalities), frozenset(sources))
    typed, malformed = types.parse(texts)
    found = [malformed, check_columns(typed, texts), *_check_rows(typed, reference)]
    every = _keep_clearest(pd.concat(found, ignore_index=True))
    rejects = pd.concat([_rejects(every, texts, cells.index), _line_rejects(faults)])
    rejects = rejects.sort_values("row", kind="stable", ignore_index=True)
    stays = ~texts.index.isin(every["position"])
    return Checked(
        spaces=typed if stays.all() else typed[stays].reset_index(drop=True),
        rejects=localize(rejects, language="de"),
        rows=len(texts) + (0 if faults is None else faults["row"].nunique()),
    )


def all_rules() -> dict[str, Rule]:
    """Return every rule that a reject can name, keyed by code."""
    by_row = {**types.TYPE_RULES, **COLUMN_RULES, **rules(*CROSS_RULES)}
    return {**LINE_RULES, **INTAKE_RULES, **by_row}


def localize(rejects: pd.DataFrame, *, language: Language) -> pd.DataFrame:
    """Return a copy of ``rejects`` with ``rule`` and ``hint`` in ``language``."""
    return explain(rejects, all_rules(), language=language)[list(REJECT_COLUMNS)]


def _check_rows(typed: pd.DataFrame, reference: Reference) -> list[pd.DataFrame]:
    found = [none_found()]
    for rule in CROSS_RULES:
        broken = typed.loc[rule.broken(typed, reference), list(rule.columns)]
        column = COLUMN_SEPARATOR.join(rule.columns)
        found.append(problems(broken.index, column, rule.values(broken), rule.code))
    return found


def _keep_clearest(found: pd.DataFrame) -> pd.DataFrame:
    """Drop what another problem of the same row already says better."""
    swapped = found.loc[found["code"] == "coordinate_swapped", "position"]
    is_bound = found["code"].isin(["minimum", "maximum"]) & found["column"].isin(["lat", "lon"])
    # A cell that is not of its type is taken as missing, but missing is not what is wrong.
    malformed = pd.MultiIndex.from_frame(
        found.loc[found["code"].isin(types.TYPE_RULES), ["position", "column"]]
    )
    cells = pd.MultiIndex.from_frame(found[["position", "column"]])
    is_missing = (found["code"] == "required") & cells.isin(malformed)
    return found[~(is_bound & found["position"].isin(swapped)) & ~is_missing]


def _rejects(found: pd.DataFrame, texts: pd.DataFrame, lines: pd.Index) -> pd.DataFrame:
    positions = found["position"].to_numpy()
    return pd.DataFrame(
        {
            "row": lines.to_numpy()[positions],
            "space_id": [shown(text) for text in texts["space_id"].iloc[positions]],
            "name": [shown(text) for text in texts["name"].iloc[positions]],
            "column": found["column"].to_numpy(),
            "value": found["value"].to_numpy(),
            "code": found["code"].to_numpy(),
        }
    )


def _line_rejects(faults: pd.DataFrame | None) -> pd.DataFrame:
    if faults is None or faults.empty:
        return pd.DataFrame()
    # Lines have no name yet; records of a source may have.
    known = {"space_id": "", "name": "", "column": ""}
    return faults.assign(**{name: text for name, text in known.items() if name not in faults})
