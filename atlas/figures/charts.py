"""
Charts of the pages Compare and Profile: one figure as bars, types as dots, states as shares.

Readable without colour: bars have names and numbers, dots differ in shape, shares have
their counts inside. Small numbers are hollow bars and named as such. Names stand above
their row, so that a phone shows them whole.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from atlas import vocabulary as v
from atlas.analysis.facts import CREATIVE_GROUPS, DEMOLISHED
from atlas.analysis.texts import interval_text, title, value_text
from atlas.figures.library import library
from atlas.figures.theme import FRAME, INK, PAPER, SERIES
from atlas.i18n import number, translator
from atlas.palette import LIGHT

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from altair import TopLevelMixin

    from atlas.analysis.choice import Choice
    from atlas.vocabulary import Language

_ROW: Final = 46
_BAR: Final = 16
_BELOW: Final = 9
"""How far the marks of a row lie below its middle, its name as far above it."""
_SHAPES: Final = ("circle", "square", "triangle-up", "diamond")
_INSIDE: Final = 0.07
"""Share from which a segment is wide enough for its count."""
_PARTS: Final = (0, 0.25, 0.5, 0.75, 1)
_TITLE_LENGTH: Final = 46


def _rows(data: Sequence[dict[str, Any]], names: Sequence[str]) -> Any:  # noqa: ANN401
    """Return a chart with a row per name, in their order, without any mark."""
    alt = library("altair")
    y = alt.Y("name:N", sort=list(names), scale=alt.Scale(domain=list(names)), axis=None)
    return alt.Chart(alt.Data(values=list(data))).encode(y=y)


def _names(names: Sequence[str], texts: Sequence[str]) -> Any:  # noqa: ANN401
    """Return a text above each row."""
    alt = library("altair")
    rows = [{"name": name, "text": text} for name, text in zip(names, texts, strict=True)]
    return _rows(rows, names).mark_text(align="left", dy=-_BELOW).encode(
        x=alt.value(0), text="text:N"
    )  # fmt: skip


def _axis(text: str, *, shares: bool) -> Any:  # noqa: ANN401
    alt = library("altair")
    lines = textwrap.wrap(text, _TITLE_LENGTH)
    if shares:
        return alt.Axis(title=lines, format=".0%", values=_PARTS)
    return alt.Axis(title=lines, tickCount=5)


def figure_bars(
    tidy: pd.DataFrame, choice: Choice, language: Language, *, reference: str
) -> TopLevelMixin:
    """
    Return one figure of several areas as bars, not yet themed.

    Parameters
    ----------
    tidy
        Figures of at least one area; drawn in the order of ``tidy``.
    choice
        Which figure.
    reference
        ``area_id`` of the area that the others are compared with; drawn grey.

    Raises
    ------
    ConfigError
        If the extra ``analysis`` is not installed.
    """
    alt = library("altair")
    data = _bar_data(choice.rows(tidy), reference, language)
    names = [row["name"] for row in data]
    shares = v.INDICATORS[choice.indicator].unit == "%"
    longest = max([row["value"] or 0.0 for row in data])
    across = alt.Scale(domain=[0, 1 if shares else longest or 1], nice=not shares)
    x = alt.X("value:Q", scale=across, axis=_axis(title(choice, language), shares=shares))
    bars = _rows(data, names).mark_bar(height=_BAR, yOffset=_BELOW, strokeWidth=1.5).encode(
        x=x, fill=alt.Fill("fill:N", scale=None), stroke=alt.Stroke("stroke:N", scale=None)
    )  # fmt: skip
    layers = [bars, _names(names, [f"{row['name']}: {row['text']}" for row in data])]
    if choice.indicator == "vacancy_rate":
        bounds = {"x": alt.X("low:Q", scale=across), "x2": "high:Q"}
        rule = _rows(data, names)
        # Light under dark, so that the interval shows on a full bar and beside it.
        under = rule.transform_filter(alt.datum.fill != PAPER)
        layers += [
            under.mark_rule(color=PAPER, strokeWidth=5, yOffset=_BELOW).encode(**bounds),
            rule.mark_rule(color=INK, strokeWidth=2, yOffset=_BELOW).encode(**bounds),
        ]
    drawn: TopLevelMixin = alt.layer(*layers).properties(height=_ROW * len(data))
    return drawn


def _bar_data(rows: pd.DataFrame, reference: str, language: Language) -> list[dict[str, Any]]:
    small = translator(language)("kleine Zahl")
    nothing = translator(language)("keine Angabe")
    found = []
    for row in rows.to_dict("records"):
        colour = FRAME if row["area_id"] == reference else SERIES[0]
        known = {key: None if pd.isna(row[key]) else float(row[key])
                 for key in ("value", "low", "high")}  # fmt: skip
        interval = interval_text(row["low"], row["high"], language)
        notes = [
            value_text(row["indicator"], row["value"], language),
            f"({interval})" if interval else "",
            f"· {small}" if row["is_small"] else "",
        ]
        found.append({
            "name": row["area_name"], **known,
            "text": nothing if known["value"] is None else " ".join(filter(None, notes)),
            "fill": PAPER if row["is_small"] else colour, "stroke": colour,
        })  # fmt: skip
    return found


def type_dots(tidy: pd.DataFrame, language: Language, *, reference: str) -> TopLevelMixin:
    """
    Return the share of each type group among the creative sites of each area, as dots.

    Parameters
    ----------
    tidy
        Figures of up to four areas and of ``reference``, which is drawn as a line.

    Raises
    ------
    ConfigError
        If the extra ``analysis`` is not installed.
    """
    alt = library("altair")
    rows = tidy[(tidy["indicator"] == "location_quotient") & (tidy["n"] > 0)]
    used = set(rows.loc[rows["numerator"] > 0, "group"])
    groups = [code for code in CREATIVE_GROUPS if code in used]
    data = [
        {"name": row["group"], "area": row["area_name"], "share": row["numerator"] / row["n"],
         "is_reference": row["area_id"] == reference}
        for row in rows[rows["group"].isin(groups)].to_dict("records")
    ]  # fmt: skip
    names = list(dict.fromkeys(row["area"] for row in data if not row["is_reference"]))
    said = translator(language)("Anteil an den Orten der Kultur- und Kreativwirtschaft")
    x = alt.X("share:Q", axis=alt.Axis(title=textwrap.wrap(said, _TITLE_LENGTH), format=".0%",
                                       tickCount=5))  # fmt: skip
    base = _rows(data, groups).encode(x=x)
    ticks = base.transform_filter(alt.datum.is_reference).mark_tick(
        thickness=3, size=_BAR + 6, color=FRAME, yOffset=_BELOW
    )
    colours = alt.Scale(domain=names, range=list(SERIES[: len(names)]))
    shapes = alt.Scale(domain=names, range=list(_SHAPES[: len(names)]))
    legend = alt.Legend(orient="top", title=None, columns=1)
    dots = base.transform_filter(~alt.datum.is_reference).mark_point(
        filled=True, size=120, opacity=1, stroke=PAPER, strokeWidth=1, yOffset=_BELOW
    ).encode(
        color=alt.Color("area:N", scale=colours, legend=legend),
        shape=alt.Shape("area:N", scale=shapes, legend=legend),
    )  # fmt: skip
    labels = _names(groups, [v.TYPE_GROUPS[code].label(language) for code in groups])
    drawn: TopLevelMixin = alt.layer(ticks, dots, labels).properties(height=_ROW * len(groups))
    return drawn


def state_shares(states: pd.DataFrame, language: Language) -> TopLevelMixin:
    """
    Return how many places of each row are in which observed state of vacancy, as shares.

    Parameters
    ----------
    states
        Counts: one row per area or kind (index: its name), a column per code of
        `atlas.vocabulary.VACANCY`. What nobody observed and what is demolished is told in
        the name of the row, not drawn: it is no state of vacancy.

    Raises
    ------
    ConfigError
        If the extra ``analysis`` is not installed.
    """
    alt = library("altair")
    codes = list(v.VACANCY_SCALE)
    labels = {code: v.VACANCY[code].label(language) for code in codes}
    data, names, texts = _segments(states, labels, language)
    scale = alt.Scale(domain=list(labels.values()), range=[LIGHT.vacancy[code] for code in codes])
    said = translator(language)("Anteil an den beobachteten Orten")
    base = _rows(data, names)
    whole = alt.Scale(domain=[0, 1])
    bars = base.mark_bar(height=_BAR + 4, yOffset=_BELOW + 2, stroke=PAPER, strokeWidth=1.5).encode(
        x=alt.X("start:Q", axis=_axis(said, shares=True), scale=whole), x2="stop:Q",
        color=alt.Color("state:N", scale=scale,
                        legend=alt.Legend(orient="top", title=None, columns=2)),
    )  # fmt: skip
    counts = base.transform_filter(alt.datum.wide).mark_text(
        color=PAPER, fontWeight=600, yOffset=_BELOW + 2
    ).encode(x=alt.X("middle:Q", scale=whole), text="count:N")  # fmt: skip
    drawn: TopLevelMixin = alt.layer(bars, counts, _names(names, texts)).properties(
        height=_ROW * len(names)
    )
    return drawn


def _segments(
    states: pd.DataFrame, labels: dict[str, str], language: Language
) -> tuple[list[dict[str, Any]], list[str], list[str]]:
    """Return the segments of each bar, the names of the rows, and their texts."""
    data, texts = [], []
    names = [str(name) for name in states.index]
    for name, cells in zip(names, states.to_dict("records"), strict=True):
        total = sum(int(cells[code]) for code in labels)
        texts.append(f"{name} ({_hidden(cells, language)})")
        start = 0.0
        for code, label in labels.items():
            share = int(cells[code]) / total if total else 0.0
            if share:
                data.append({
                    "name": name, "state": label, "start": start, "stop": start + share,
                    "middle": start + share / 2, "wide": share > _INSIDE,
                    "count": number(int(cells[code]), language),
                })  # fmt: skip
            start += share
    return data, names, texts


def _hidden(cells: Mapping[Hashable, Any], language: Language) -> str:
    """Return how many places of a row are not drawn."""
    translate = translator(language)
    parts = [translate("{n} nicht beobachtet").format(n=number(int(cells["unknown"]), language))]
    if cells[DEMOLISHED]:
        gone = number(int(cells[DEMOLISHED]), language)
        parts.append(translate("{n} abgerissen").format(n=gone))
    return ", ".join(parts)
