"""One source, from its records to checked rows; a source that fails does not stop the others."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from atlas.build import adapters
from atlas.build.settle import name_towns, settle
from atlas.errors import SourceError
from atlas.i18n import translator
from atlas.report import SourceReport
from atlas.schema.intake import FAULT_COLUMNS
from atlas.schema.validate import Checked, validate
from atlas.vocabulary import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    from atlas.build.adapters import Context
    from atlas.build.config import SourceEntry
    from atlas.build.engine import Engine
    from atlas.schema import Intake
    from atlas.stored import Stored

    Geocode = Callable[[pd.DataFrame], tuple[pd.DataFrame, dict[str, int]]]
    """From cells to cells with coordinates, and how many of each precision."""


@dataclass(frozen=True)
class Delivered:
    """
    What one source gives to the build.

    Attributes
    ----------
    rows
        Checked rows, typed as `atlas.schema.validate` types them; RangeIndex.
    rejects
        Its ``rejects`` with ``source``.
    report
        Counts so far; merged and stored are not known yet.
    """

    rows: pd.DataFrame
    rejects: pd.DataFrame
    report: SourceReport


def deliver(
    entry: SourceEntry,
    context: Context,
    *,
    geocode: Geocode,
    engine: Engine,
    before: Stored | None,
) -> Delivered:
    """
    Read, geocode, settle and check one source.

    Parameters
    ----------
    before
        The table that counts now: if the source fails, its rows of then stand in.

    Returns
    -------
    delivered
        Read, kept or failed, as its report says; no error of the source is raised.
    """
    try:
        taken = adapters.read(entry, context)
    except SourceError as error:
        return _stand_in(entry, context, error, before)
    return _check(entry, context, taken, geocode=geocode, engine=engine)


def _check(
    entry: SourceEntry, context: Context, taken: Intake, *, geocode: Geocode, engine: Engine
) -> Delivered:
    cells, geocoded = geocode(name_towns(taken.cells, context.base.municipalities))
    settled, homeless = settle(cells, context.base.municipalities, locate=engine.locate)
    faults = pd.concat([taken.faults, _frame(homeless)], ignore_index=True)
    checked = validate(
        settled, context.base.municipalities, sources=context.base.registry.sources, faults=faults
    )
    return Delivered(
        rows=checked.spaces,
        rejects=checked.rejects.assign(source=entry.id),
        report=SourceReport(
            id=entry.id,
            adapter=entry.adapter,
            origin=adapters.origin(entry, context),
            read=taken.read,
            rejected=checked.rejected_rows,
            reasons=_reasons(checked),
            geocoded=geocoded,
            oldest=_first(checked.spaces["retrieved_on"]),
            newest=_last(checked.spaces["retrieved_on"]),
        ),
    )


def _frame(faults: list[adapters.Fault]) -> pd.DataFrame:
    return pd.DataFrame(
        [[getattr(fault, name) for name in FAULT_COLUMNS] for fault in faults],
        columns=list(FAULT_COLUMNS),
    )


def _reasons(checked: Checked) -> dict[str, int]:
    first = checked.rejects.drop_duplicates("row")
    counts = first["code"].value_counts()
    return {str(code): int(counts[code]) for code in sorted(counts.index)}


def _first(days: pd.Series) -> str:
    return str(days.min()) if len(days) else ""


def _last(days: pd.Series) -> str:
    return str(days.max()) if len(days) else ""


def _stand_in(
    entry: SourceEntry, context: Context, error: SourceError, before: Stored | None
) -> Delivered:
    told: dict[str, str] = {
        language: error.localized(translator(language)) for language in LANGUAGES
    }
    failed = SourceReport(
        id=entry.id, adapter=entry.adapter, origin=adapters.origin(entry, context),
        status="failed", error=told,
    )  # fmt: skip
    then = {report.id: report for report in before.report().sources} if before else {}
    kept = before.source(entry.id) if before else None
    if kept is None or entry.id not in then:
        return Delivered(rows=pd.DataFrame(), rejects=pd.DataFrame(), report=failed)
    rows, rejects = kept
    again = dataclasses.replace(
        then[entry.id], origin=failed.origin, status="kept", error=told, merged=0, stored=0
    )
    return Delivered(rows=rows, rejects=rejects, report=again)
