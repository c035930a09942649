"""Commands for whoever connects a source: check a mapping, look up an address."""
# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from atlas.cli.console import (
    DATA_PROBLEM,
    Lang,
    console,
    reported,
    say,
    settings,
    translator,
)
from atlas.cli.helptexts import help_text

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping


def check(
    mapping: Annotated[Path, typer.Argument(help=help_text("mapping"))],
    *,
    file: Annotated[Path | None, typer.Option(help=help_text("mapped_file"))] = None,
    lang: Lang = "de",
) -> None:
    """Show the first rows as mapped, and what could not be mapped."""
    with reported(lang):
        from atlas.clock import today
        from atlas.provenance import Registry
        from atlas.sources import declared
        from atlas.sources.declared import check as checking

        parsed = declared.read(
            declared.load(mapping), registry=Registry.load(settings().data_dir),
            retrieved_on=today(), path=file,
        )  # fmt: skip
    for row, values in checking.first_rows(parsed).to_dict("index").items():
        console().print(_one(row, values))
    console().print(Text(checking.summary(parsed, lang), style="bold"))
    for finding in checking.findings(parsed, lang):
        console().print(Text(finding.sentence, style="yellow"))
        for detail in finding.details:
            console().print(Text(f"  {detail}"))
    # That a source holds other things as well is no problem of the mapping.
    problems = parsed.intake.faults["code"] != "not_a_space"
    raise typer.Exit(DATA_PROBLEM if problems.any() else 0)


def _one(row: Hashable, values: Mapping[Hashable, str]) -> Table:
    table = Table(show_header=False, title=Text(str(row)), title_justify="left")
    for name, value in values.items():
        if value:
            table.add_row(str(name), Text(str(value)))
    return table


def geocode(
    address: Annotated[str, typer.Argument(help=help_text("address"))],
    *,
    offline: Annotated[bool, typer.Option("--offline", help=help_text("offline"))] = False,
    lang: Lang = "de",
) -> None:
    """Show where an address lies, how exact that is, and who says so."""
    with reported(lang):
        from atlas import vocabulary as v
        from atlas.gazetteer import Gazetteer
        from atlas.geocode import REASONS, candidates, online_geocoder
        from atlas.store import Base

        chosen = settings()
        found = candidates(
            address,
            gazetteer=Gazetteer.load(chosen.data_dir / "geo"),
            online=online_geocoder(chosen, offline=offline),
            municipalities=Base.load(chosen.data_dir).municipalities,
        )
    for place in found.places:
        say("{lat}, {lon} · {precision}, ± {metres} m · {name} ({source})", lang,
            lat=place.lat, lon=place.lon, precision=v.PRECISION[place.precision].label(lang),
            metres=round(place.uncertainty_m), name=place.name, source=place.source)  # fmt: skip
    if found.problem is not None:
        console(stderr=True).print(Text(found.problem.localized(translator(lang)), style="yellow"))
    if not found.places:
        say(REASONS[found.reason], lang)
        raise typer.Exit(DATA_PROBLEM)


def review(*, lang: Lang = "de") -> None:
    """Show one uncertain pair after the other and keep what the person says."""
    with reported(lang):
        from atlas.clock import today
        from atlas.conflate.walk import Person, walk
        from atlas.database import shelf
        from atlas.stored.inputs import DECISIONS_FILE

        chosen = settings()
        table = shelf.current(chosen)
        if table is None or table.review().empty:
            say("Nichts zu prüfen; unsichere Paare findet „atlas build“.", lang)
            return
        plain = Console(markup=False, highlight=False, soft_wrap=True)
        person = Person(ask=lambda text: plain.input(text, markup=False), show=plain.print)
        tally = walk(
            table.review().fillna(""), chosen.data_dir / DECISIONS_FILE,
            person=person, today=today(), language=lang,
        )  # fmt: skip
    say("Derselbe Ort: {same}; verschieden: {different}; übergangen: {skipped}; offen: {left}.",
        lang, **tally._asdict())  # fmt: skip
    if tally.same or tally.different:
        say("Die Entscheidungen gelten mit dem nächsten „atlas build“.", lang)
