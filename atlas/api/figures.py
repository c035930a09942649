"""Figures of the analyses as files: chart, legend, parameters, source, licence and date."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final, Literal

from atlas.errors import AtlasError
from atlas.export.areas import AreaNotice
from atlas.figures import area_map, noted, themed, to_png, to_svg
from atlas.figures.hotspots import attraction_chart
from atlas.i18n import day, number, translator
from atlas.webmap.areas import NO_DATA
from atlas.webmap.attraction_words import AttractionSaid
from atlas.webmap.hotspot_answer import answer, attracted, layer, municipalities
from atlas.webmap.hotspot_words import Said

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from altair import TopLevelMixin

    from atlas.analysis.asked import Asked
    from atlas.current import Snapshot
    from atlas.vocabulary import Language
    from atlas.webmap.areas import AreaLayer

Kind = Literal["png", "svg"]
SEEN: Final = "Auf der Seite „Hotspots“ steht, wie viele es sind."
_HEAD: Final = 95
_LINE: Final = 118
"""Characters that fit above and below a figure."""


def map_figure(now: Snapshot, asked: Asked, language: Language, *, kind: Kind) -> bytes:
    """Return the map of an analysis as PNG or SVG, in EPSG:25832."""
    said = Said(asked, answer(now, asked), language)
    chart = layer_map(
        layer(now, asked, language),
        title=said.title,
        subtitle=textwrap.wrap(said.sentence(), _HEAD),
        borders=municipalities(now),
        language=language,
    )
    notice = AreaNotice.of(
        now.atlas, title=said.title, parameters=said.parameters(), language=language
    )
    return figure_file(chart, notice, language, kind)


def layer_map(
    layer: AreaLayer,
    *,
    title: str,
    language: Language,
    subtitle: Sequence[str] = (),
    borders: gpd.GeoDataFrame | None = None,
) -> TopLevelMixin:
    """Return the classed areas of a layer as a map for paper, classes with their counts."""
    counts = layer.counts()
    return area_map(
        layer.areas,
        column="class_code",
        domain=list(counts),
        colours={one.code: one.colours["light"] for one in layer.classes},
        labels={
            one.code: f"{one.text} ({number(counts[one.code], language)})" for one in layer.classes
        },
        patterns={one.code: one.pattern for one in layer.classes},
        faint=[one.code for one in layer.classes if one.pattern == NO_DATA],
        title=title,
        subtitle=subtitle,
        borders=borders,
        language=language,
    )


def attraction_figure(now: Snapshot, _asked: Asked, language: Language, *, kind: Kind) -> bytes:
    """
    Return the curve of creative sites around vacant properties as PNG or SVG.

    Raises
    ------
    AtlasError
        If there are too few observations to draw one.
    """
    found = attracted(now)
    said = AttractionSaid(found, language)
    if found.too_few:
        raise AtlasError("Zu wenige Beobachtungen für diese Abbildung.", hint=SEEN)
    chart = attraction_chart(
        found.frame, language, title=said.title, subtitle=textwrap.wrap(said.sentence(), _HEAD)
    )
    notice = AreaNotice.of(
        now.atlas, title=said.title, parameters=said.parameters(), language=language
    )
    return figure_file(chart, notice, language, kind)


def figure_file(chart: TopLevelMixin, notice: AreaNotice, language: Language, kind: Kind) -> bytes:
    """Return a chart, not yet themed, with its notice below it as PNG or SVG."""
    translate = translator(language)
    lines = [
        notice.summary,
        f"{translate('Stand der Daten')}: {day(notice.as_of, language)} · "
        f"{translate('Lizenz')}: {notice.licence}",
        " · ".join(notice.attribution),
    ]
    whole = themed(noted(chart, [part for line in lines for part in _wrapped(line)]), language)
    return to_png(whole) if kind == "png" else to_svg(whole).encode()


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _LINE)
