"""
Charts of the pages Compare and Profile: one figure as bars, types as dots, states as shares.

Readable without colour: bars have names and numbers, dots differ in shape, shares have
their counts inside. Small numbers are hollow bars and named as such.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from atlas import vocabulary as v
from atlas.analysis.facts import CREATIVE_GROUPS
from atlas.analysis.texts import interval_text, title, value_text
from atlas.figures.library import library
from atlas.figures.theme import FRAME, INK, PAPER, SERIES
from atlas.i18n import number, translator
from atlas.palette import LIGHT

if TYPE_CHECKING:
    from altair import TopLevelMixin

    from atlas.analysis.choice import Choice
    from atlas.vocabulary import Language

_ROW: Final = 34
_SHAPES: Final = ("circle", "square", "triangle-up", "diamond")
_TICK: Final = 15
_INSIDE: Final = 0.06
"""Share from which a segment is wide enough for its count."""
_PARTS: Final = (0, 0.25, 0.5, 0.75, 1)
_BREAK: Final = "|"
_LINES: Final = f"split(datum.label, '{_BREAK}')"
_ROOM: Final = 1.45
"""How much longer than the longest bar the axis is, for the text behind it."""


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
    rows = choice.rows(tidy)
    data = _bar_data(rows, reference, language)
    order = [row["name"] for row in data]
    ends = [value for row in data for value in (row["value"], row["high"]) if value is not None]
    across = alt.Scale(domain=[0, max([*ends, 0.0]) * _ROOM or 1], nice=False)
    axis = alt.Axis(title=title(choice, language), tickCount=5)
    if v.INDICATORS[choice.indicator].unit == "%":
        axis = alt.Axis(title=title(choice, language), format=".0%", values=_PARTS)
    base = alt.Chart(alt.Data(values=data)).encode(
        y=alt.Y("name:N", sort=order, title=None, axis=alt.Axis(labelLimit=200))
    )
    bars = base.mark_bar(height={"band": 0.62}, strokeWidth=1.5).encode(
        x=alt.X("value:Q", scale=across, axis=axis),
        fill=alt.Fill("fill:N", scale=None), stroke=alt.Stroke("stroke:N", scale=None),
    )  # fmt: skip
    texts = base.mark_text(align="left", dx=8).encode(x=alt.X("end:Q", scale=across), text="text:N")
    layers = [bars, texts]
    if choice.indicator == "vacancy_rate":
        bounds = {"x": alt.X("low:Q", scale=across), "x2": "high:Q"}
        # Light under dark, so that the interval shows on a full bar and beside it.
        layers += [
            base.mark_rule(color=colour, strokeWidth=width).encode(**bounds)
            for colour, width in ((PAPER, 5), (INK, 2))
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
            "name": row["area_name"], **known, "end": known["high"] or known["value"] or 0.0,
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
    rows = tidy[tidy["indicator"] == "location_quotient"]
    rows = rows[rows["n"] > 0].assign(share=rows["numerator"] / rows["n"])
    used = rows[rows["numerator"] > 0]["group"].unique()
    groups = [code for code in CREATIVE_GROUPS if code in used]
    labels = {code: v.TYPE_GROUPS[code].label(language) for code in groups}
    rows = rows[rows["group"].isin(groups)]
    data = [{"type": labels[row["group"]], "area": row["area_name"], "share": float(row["share"])}
            for row in rows.to_dict("records")]  # fmt: skip
    names = list(dict.fromkeys(rows[rows["area_id"] != reference]["area_name"]))
    region = next(iter(rows[rows["area_id"] == reference]["area_name"]), "")
    said = translator(language)("Anteil an den Orten der Kultur- und Kreativwirtschaft")
    y = alt.Y("type:N", sort=[labels[code] for code in groups], title=None,
              axis=alt.Axis(labelLimit=220, grid=True))  # fmt: skip
    x = alt.X("share:Q", title=said, axis=alt.Axis(format=".0%", tickCount=6))
    base = alt.Chart(alt.Data(values=data)).encode(y=y, x=x)
    legend = alt.Legend(orient="top", title=None, columns=2)
    ticks = base.transform_filter(alt.datum.area == region).mark_tick(
        thickness=3, size=_TICK + 6, color=FRAME
    )
    dots = base.transform_filter(alt.datum.area != region).mark_point(
        filled=True, size=110, opacity=1, stroke=PAPER, strokeWidth=1
    ).encode(
        color=alt.Color("area:N", scale=alt.Scale(domain=names, range=list(SERIES[:len(names)])),
                        legend=legend),
        shape=alt.Shape("area:N", scale=alt.Scale(domain=names, range=list(_SHAPES[:len(names)])),
                        legend=legend),
    )  # fmt: skip
    drawn: TopLevelMixin = alt.layer(ticks, dots).properties(height=(_ROW - 6) * len(groups))
    return drawn


def state_shares(states: pd.DataFrame, language: Language) -> TopLevelMixin:
    """
    Return how many places of each row are in which observed state of vacancy, as shares.

    Parameters
    ----------
    states
        Counts: one row per area or kind (index: its name), a column per code of
        `atlas.vocabulary.VACANCY`. What nobody observed is told in the name of the row, not
        drawn: it is no state.

    Raises
    ------
    ConfigError
        If the extra ``analysis`` is not installed.
    """
    alt = library("altair")
    codes = list(v.VACANCY_SCALE)
    labels = {code: v.VACANCY[code].label(language) for code in codes}
    data, names = _segments(states, labels, language)
    scale = alt.Scale(domain=list(labels.values()), range=[LIGHT.vacancy[code] for code in codes])
    said = translator(language)("Anteil an den beobachteten Orten")
    axis = alt.Axis(format=".0%", tickCount=5)
    base = alt.Chart(alt.Data(values=data)).encode(
        y=alt.Y("name:N", sort=names, scale=alt.Scale(domain=names), title=None,
                axis=alt.Axis(labelExpr=_LINES, labelLimit=220))
    )  # fmt: skip
    bars = base.mark_bar(stroke=PAPER, strokeWidth=1.5, height={"band": 0.7}).encode(
        x=alt.X("start:Q", title=said, axis=axis, scale=alt.Scale(domain=[0, 1])), x2="stop:Q",
        color=alt.Color("state:N", scale=scale,
                        legend=alt.Legend(orient="top", title=None, columns=2)),
    )  # fmt: skip
    counts = base.transform_filter(alt.datum.wide).mark_text(color=PAPER, fontWeight=600).encode(
        x="middle:Q", text="count:N"
    )  # fmt: skip
    drawn: TopLevelMixin = alt.layer(bars, counts).properties(height=(_ROW + 8) * len(names))
    return drawn


def _segments(
    states: pd.DataFrame, labels: dict[str, str], language: Language
) -> tuple[list[dict[str, Any]], list[str]]:
    data, names = [], []
    for name, cells in zip(states.index, states.to_dict("records"), strict=True):
        total = sum(int(cells[code]) for code in labels)
        unseen = number(int(cells["unknown"]), language)
        hidden = translator(language)("{n} nicht beobachtet").format(n=unseen)
        names.append(f"{name}{_BREAK}({hidden})")
        start = 0.0
        for code, label in labels.items():
            share = int(cells[code]) / total if total else 0.0
            if share:
                data.append({
                    "name": names[-1], "state": label, "start": start,
                    "stop": start + share, "middle": start + share / 2,
                    "count": number(int(cells[code]), language), "wide": share > _INSIDE,
                })  # fmt: skip
            start += share
    return data, names
