"""Charts of the Hotspots page: areas per class, and creative sites around vacant properties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from atlas.figures.library import library
from atlas.figures.theme import FRAME, INK, SERIES
from atlas.i18n import translator

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from altair import TopLevelMixin

    from atlas.vocabulary import Language

_WIDTH: Final = 560
_BAND: Final = "#d9d4c9"


def class_bars(
    texts: Sequence[str], counts: Sequence[int], colours: Sequence[str], *, title: str
) -> TopLevelMixin:
    """
    Return one bar per class with its name and count; not yet themed.

    Parameters
    ----------
    texts, counts, colours
        One per class, in the order of the legend.
    title
        Of the axis: what is counted.
    """
    alt = library("altair")
    rows = [{"text": text, "count": count} for text, count in zip(texts, counts, strict=True)]
    y = alt.Y("text:N", sort=None, title=None, axis=alt.Axis(domain=False, ticks=False))
    x = alt.X("count:Q", title=title, axis=alt.Axis(format=",.0f", tickMinStep=1))
    scale = alt.Scale(domain=list(texts), range=list(colours))
    base = alt.Chart(alt.Data(values=rows)).encode(y=y, x=x)
    bars = base.mark_bar(stroke=FRAME, strokeWidth=0.8).encode(
        color=alt.Color("text:N", scale=scale, legend=None)
    )
    numbers = base.mark_text(align="left", dx=5).encode(text=alt.Text("count:Q", format=",.0f"))
    return _described(
        alt.layer(bars, numbers).properties(width=_WIDTH, height=alt.Step(26)),
        "; ".join(f"{row['text']}: {row['count']}" for row in rows),
    )


def attraction_chart(
    frame: pd.DataFrame, language: Language, *, title: str = "", subtitle: Sequence[str] = ()
) -> TopLevelMixin:
    """
    Return observed and expected mean counts by radius with the band of chance; not yet themed.

    Parameters
    ----------
    frame
        `atlas.analysis.Attraction.frame`, at least one row.
    """
    alt = library("altair")
    translate = translator(language)
    rows = frame.astype(float).to_dict("records")
    x = alt.X("radius_m:Q", title=translate("Umkreis in Metern"), axis=alt.Axis(format=",.0f"))
    axis = translate("kreative Orte im Umkreis, im Mittel")
    y = alt.Y("low:Q", title=axis, axis=alt.Axis(format=",.1f"))
    base = alt.Chart(alt.Data(values=rows)).encode(x=x)
    band = base.mark_area(color=_BAND, opacity=1).encode(y=y, y2="high:Q")
    expected = base.mark_line(color=INK, strokeDash=[6, 4], strokeWidth=1.5).encode(y="expected:Q")
    points = alt.OverlayMarkDef(size=45, color=SERIES[1])
    observed = base.mark_line(color=SERIES[1], point=points).encode(
        y="observed:Q", tooltip=[alt.Tooltip("radius_m:Q", format=",.0f"),
                                 alt.Tooltip("observed:Q", format=",.2f"),
                                 alt.Tooltip("low:Q", format=",.2f"),
                                 alt.Tooltip("high:Q", format=",.2f")],
    )  # fmt: skip
    names = [
        ("observed", translate("um leere Räume")), ("expected", translate("um alle beobachteten")),
        ("high", translate("Spanne des Zufalls")),
    ]  # fmt: skip
    last = alt.Chart(alt.Data(values=_ends(rows[-1], names)))
    labels = last.mark_text(align="left", dx=8).encode(x="radius_m:Q", y="at:Q", text="name:N")
    chart = alt.layer(band, expected, observed, labels).properties(width=_WIDTH, height=300)
    if title:
        chart = chart.properties(title=alt.TitleParams(text=title, subtitle=list(subtitle)))
    return _described(chart, axis)


def _ends(row: dict[Any, float], names: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """Return where the names of the lines stand: at their ends, apart from each other."""
    spread = max(row["high"], row["observed"]) / 14
    taken: list[float] = []
    found = []
    for column, name in sorted(names, key=lambda pair: row[pair[0]]):
        at = max([row[column], *(place + spread for place in taken)])
        taken.append(at)
        found.append({"radius_m": row["radius_m"], "at": at, "name": name})
    return found


def _described(chart: Any, text: str) -> TopLevelMixin:  # noqa: ANN401 (altair comes late)
    described: TopLevelMixin = chart.properties(description=text)
    return described
