"""One source, from its records to checked rows; a source that fails does not stop the others."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from atlas.build import adapters
from atlas.build.settle import name_towns, settle
from atlas.errors import ConfigError, SourceError, SourceFormatError
from atlas.i18n import translator
from atlas.report import SourceReport
from atlas.schema import Fault
from atlas.schema.intake import FAULT_COLUMNS
from atlas.schema.validate import Checked, validate
from atlas.vocabulary import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    from atlas.build.adapters import Context
    from atlas.build.config import SourceEntry
    from atlas.build.engine import Engine
    from atlas.database.shelf import Version
    from atlas.errors import AtlasError
    from atlas.schema import Intake

    Geocode = Callable[[pd.DataFrame], tuple[pd.DataFrame, dict[str, int]]]
    """From cells to cells with coordinates, and how many of each precision."""


LEAST_SHARE: Final = 0.5
"""A source with less than this share of its last records is taken for cut off."""


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
    before: Version | None,
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
    except (SourceError, ConfigError) as error:
        return _stand_in(entry, context, error, before)
    then = _then(entry, before)
    if then is not None and not context.accept_shrink and _has_shrunk(taken, then):
        return _stand_in(entry, context, _shrunk(entry, taken, then), before)
    return _check(entry, context, taken, geocode=geocode, engine=engine)


def _then(entry: SourceEntry, before: Version | None) -> SourceReport | None:
    reports = before.report().sources if before else ()
    return next((report for report in reports if report.id == entry.id), None)


def _has_shrunk(taken: Intake, then: SourceReport) -> bool:
    """Return whether a source has so much less that it was probably cut off."""
    return taken.read < LEAST_SHARE * then.read


def _shrunk(entry: SourceEntry, taken: Intake, then: SourceReport) -> SourceFormatError:
    return SourceFormatError(
        "{source}: nur noch {now} Einträge, zuletzt waren es {then}; vermutlich fehlt ein Teil.",
        source=entry.id,
        hint="Die Quelle ansehen. Ist sie wirklich so viel kleiner geworden: "
        "atlas build --accept-shrink.",
        now=taken.read,
        then=then.read,
    )


def _check(
    entry: SourceEntry, context: Context, taken: Intake, *, geocode: Geocode, engine: Engine
) -> Delivered:
    own, foreign = _own(entry, taken.cells)
    cells, geocoded = geocode(name_towns(own, context.base.municipalities))
    settled, homeless = settle(cells, context.base.municipalities, locate=engine.locate)
    faults = pd.concat([taken.faults, _frame([*foreign, *homeless])], ignore_index=True)
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


def _own(entry: SourceEntry, cells: pd.DataFrame) -> tuple[pd.DataFrame, list[Fault]]:
    """Part the rows of a source from those that name another one: its counts would be wrong."""
    is_own = cells["source"].eq(entry.id)
    others = cells[~is_own]
    named = zip(others.index, others["name"].fillna(""), others["source"].fillna(""), strict=True)
    faults = [Fault(int(row), "wrong_source", str(name), "source", str(source))
              for row, name, source in named]  # fmt: skip
    return cells[is_own], faults


def _frame(faults: list[Fault]) -> pd.DataFrame:
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
    entry: SourceEntry, context: Context, error: AtlasError, before: Version | None
) -> Delivered:
    told: dict[str, str] = {
        language: error.localized(translator(language)) for language in LANGUAGES
    }
    failed = SourceReport(
        id=entry.id, adapter=entry.adapter, origin=adapters.origin(entry, context),
        status="failed", error=told,
    )  # fmt: skip
    then = _then(entry, before)
    kept = _kept(entry, before)
    if kept is None or then is None:
        return Delivered(rows=pd.DataFrame(), rejects=pd.DataFrame(), report=failed)
    rows, rejects = kept
    again = dataclasses.replace(
        then, origin=failed.origin, status="kept", error=told, merged=0, stored=0
    )
    return Delivered(rows=rows, rejects=rejects, report=again)


def _kept(entry: SourceEntry, before: Version | None) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    try:
        return before.source(entry.id) if before else None
    except SourceFormatError:
        return None  # what was kept is damaged: the source counts as failed
