"""
How every chart looks: fonts, lines, German or English numbers, light paper.

Readable in a grey print: series differ in lightness and in their dash or shape, and
lines have names. A chart takes no colour from the theme of the page: it is meant to be
printed, and white paper has only one theme.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, Final

from atlas.figures.library import library

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from altair import TopLevelMixin

    from atlas.vocabulary import Language

PAPER: Final = "#ffffff"
INK: Final = "#101418"
MUTED: Final = "#4a5058"
"""Contrast to the paper 8.3:1; for axes, notes and sources."""
GRID: Final = "#e3e0d9"
FRAME: Final = "#8b8678"
SERIES: Final = ("#15206b", "#b8135c", "#e0451a", "#00706a")
"""Colours of the map for series that also differ in dash or shape; they grow lighter."""
_TITLE_LENGTH: Final = 72
_SUBTITLE_LENGTH: Final = 95
"""Characters that fit above a figure."""
FONT: Final = "Source Sans, Liberation Sans, Arial, Helvetica, sans-serif"
"""The first is the font of the page; the renderer of files carries the second one."""

NUMBERS: Final[Mapping[Language, Mapping[str, object]]] = {
    "de": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", "\u00a0€"],
           "percent": "\u00a0%"},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["€", ""],
           "percent": "%"},
}  # fmt: skip
"""As `atlas.i18n.number` writes them; the minus is the typographic one."""


def themed(chart: TopLevelMixin, language: Language) -> TopLevelMixin:
    """
    Return a copy of ``chart`` in the style of the atlas.

    Parameters
    ----------
    chart
        Any chart of Altair, single, layered or joined, not yet configured.
    language
        For the numbers on axes and in tooltips.
    """
    alt = library("altair")
    number = {**NUMBERS[language], "minus": "\u2212"}
    styled: TopLevelMixin = chart.configure(
        **_style(), locale=alt.Locale(number=alt.NumberLocale(**number))
    )
    return styled


def _style() -> dict[str, Any]:
    text = {"labelColor": INK, "titleColor": INK, "labelFontSize": 13, "titleFontSize": 13}
    return {
        "font": FONT,
        "background": PAPER,
        "padding": 8,
        "axis": {
            **text, "titleFontWeight": "normal", "domainColor": FRAME, "tickColor": FRAME,
            "gridColor": GRID, "labelLimit": 260,
        },
        "legend": {**text, "titleFontWeight": "normal", "labelLimit": 320, "symbolSize": 160},
        "title": {
            "anchor": "start", "color": INK, "fontSize": 17, "fontWeight": 600, "offset": 12,
            "subtitleColor": MUTED, "subtitleFontSize": 13, "subtitlePadding": 5,
        },
        "view": {"stroke": None},
        "range": {"category": list(SERIES)},
        "bar": {"color": SERIES[0]},
        "line": {"color": SERIES[0], "strokeWidth": 2.5},
        "text": {"color": INK, "fontSize": 13},
    }  # fmt: skip


def headed(chart: TopLevelMixin, title: str, subtitle: Sequence[str]) -> TopLevelMixin:
    """
    Return ``chart`` with a title above it and its legend, wrapped to the width of files.

    Parameters
    ----------
    chart
        Not yet configured; call `themed` on the result.
    subtitle
        Texts below the title, each on a line of its own.
    """
    alt = library("altair")
    lines = [part for text in subtitle for part in textwrap.wrap(text, _SUBTITLE_LENGTH)]
    params = alt.TitleParams(text=textwrap.wrap(title, _TITLE_LENGTH), subtitle=lines)
    # The title of the chart itself would stand between its legend and its marks, as would this
    # one if the legend were that of the whole.
    joined: TopLevelMixin = (
        alt.vconcat(chart)
        .properties(title=params)
        .resolve_legend(color="independent", shape="independent")
    )
    return joined


def noted(chart: TopLevelMixin, lines: Sequence[str]) -> TopLevelMixin:
    """
    Return ``chart`` with notes below it: source, licence, date, parameters.

    Parameters
    ----------
    chart
        Not yet configured; call `themed` on the result.
    lines
        One text per line, not wrapped.
    """
    alt = library("altair")
    title = alt.TitleParams(
        text=list(lines), orient="bottom", anchor="start", color=MUTED, fontSize=11,
        fontWeight="normal", offset=14, lineHeight=15,
    )  # fmt: skip
    joined: TopLevelMixin = alt.vconcat(chart).properties(title=title)
    return joined
