"""The planner's package: one GeoPackage that QGIS opens coloured, labelled and attributed."""
# ruff: noqa: PLC0415 - the analysis is slow to import, and optional

from __future__ import annotations

import dataclasses
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from atlas import i18n
from atlas.export.columns import QUARTERS
from atlas.export.geopackage import fixed_clock, metric_layer, write_layer
from atlas.export.layers import hexagon_layer, municipality_layer
from atlas.export.notice import Notice
from atlas.export.refusal import told
from atlas.export.styles.metadata import store_metadata
from atlas.export.styles.spec import figure_style, fixed_styles
from atlas.export.styles.store import store_styles
from atlas.export.table import export_table
from atlas.query import Filters

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    import geopandas as gpd

    from atlas.analysis.hotspots import HotspotQuestion
    from atlas.export.styles.spec import LayerStyle
    from atlas.store import Atlas
    from atlas.vocabulary import Language

FILE: Final = "planner.gpkg"
MEDIA_TYPE: Final = "application/geopackage+sqlite3"
_ = i18n.marked
_TITLES: Final = {
    "spaces": _("Orte"),
    "quarters": _("Kreativ.Quartiere (ungefähr)"),
    "municipalities": _("Städte und Gemeinden mit Kennzahlen"),
    "hexagons": _("Sechsecke mit Hotspots"),
}
_BASE: Final = {"quarters": (), "hexagons": ("bkg_vg250",), "municipalities": ("bkg_vg250",
                "destatis"), "spaces": ()}  # fmt: skip
"""Sources of a layer besides those of the spaces."""
_SEGMENTS: Final = 16  # per quarter of a circle: less than 5 m off at 1,000 m


@dataclass(frozen=True)
class _Layer:
    name: str
    rows: gpd.GeoDataFrame
    geometry: str


def planner_package(
    atlas: Atlas, *, today: dt.date, language: Language, question: HotspotQuestion | None = None
) -> bytes:
    """
    Write the whole table with what planners ask of it.

    Parameters
    ----------
    today
        The day that the age of observations is counted to.
    language
        Of titles, legends, aliases and attribution.
    question
        Resolution, bandwidth, permutations, level and seed of the hotspots; left out, the
        defaults.

    Returns
    -------
    content
        GeoPackage in EPSG:25832 with the layers and columns of
        `atlas.export.columns.LAYERS`: ``spaces`` (Point), ``quarters`` (Polygon: circles,
        decision 005), ``municipalities`` (MultiPolygon), ``hexagons`` (Polygon); a table
        ``layer_styles`` as QGIS has it, and metadata per layer. Equal input gives equal
        bytes.

    Raises
    ------
    ConfigError
        If the libraries of the extra "analysis" are missing.
    ExportError
        If GDAL refuses.
    """
    from atlas.analysis.hotspots import HotspotQuestion

    asked = question or HotspotQuestion()
    table = export_table(atlas.spaces, atlas, language)
    notice = Notice.of(table, atlas, Filters(), language)
    towns = municipality_layer(atlas, today=today)
    cells = hexagon_layer(atlas, resolution=asked.resolution, question=asked)
    layers = (
        _Layer("hexagons", cells, "Polygon"),
        _Layer("municipalities", towns, "MultiPolygon"),
        _Layer("quarters", quarter_layer(table, language), "Polygon"),
        _Layer("spaces", metric_layer(table), "Point"),
    )
    styles = (*fixed_styles(language), *_figure_styles(towns, language))
    notices = {layer.name: (title, _of_layer(notice, layer, atlas, language))
               for layer, title in _titled(layers, language)}  # fmt: skip
    with tempfile.TemporaryDirectory() as folder, told("GeoPackage"), fixed_clock(notice.as_of):
        path = Path(folder) / FILE
        for layer in layers:
            title, said = notices[layer.name]
            write_layer(layer.rows, path, layer=layer.name, title=title, notice=said,
                        language=language, geometry_type=layer.geometry)  # fmt: skip
        store_metadata(path, notices, language, day=notice.as_of)
        store_styles(path, styles, language, day=notice.as_of)
        return path.read_bytes()


def _titled(layers: Iterable[_Layer], language: Language) -> Iterator[tuple[_Layer, str]]:
    translate = i18n.translator(language)
    for layer in layers:
        yield layer, translate(_TITLES[layer.name])


def quarter_layer(table: gpd.GeoDataFrame, language: Language) -> gpd.GeoDataFrame:
    """
    Return the creative quarters as circles around their anchor points.

    Parameters
    ----------
    table
        Points in EPSG:4326 from `atlas.export.table.export_table`.
    language
        Of the note that says that the circles are approximate.

    Returns
    -------
    quarters
        Polygons in EPSG:25832: circles with the radius of the uncertainty, ``None``
        without a location; columns of `atlas.export.columns.QUARTERS`; order of
        ``table``, RangeIndex.
    """
    chosen = table[table["kind"] == "creative_quarter"].reset_index(drop=True)
    metric = metric_layer(chosen)
    radius = chosen["coordinate_uncertainty_m"].astype(float)
    circles = metric.geometry.buffer(radius.fillna(0), quad_segs=_SEGMENTS)
    known = metric.geometry.notna() & radius.notna()
    note = i18n.translator(language)(
        _("Kreis um einen Ankerpunkt; nicht die Grenze des Quartiers, die niemand veröffentlicht.")
    )
    rows = metric.assign(
        radius_m=radius,
        is_approximate=pd.Series(data=True, index=chosen.index, dtype="bool"),
        geometry_note=pd.Series(note, index=chosen.index, dtype="str"),
        geometry=circles.where(known, None),
    )
    return rows[[*(entry.name for entry in QUARTERS), "geometry"]]


def _of_layer(notice: Notice, layer: _Layer, atlas: Atlas, language: Language) -> Notice:
    """Return the notice of a layer: that of the spaces it is made of, and of the boundaries."""
    base = [atlas.registry.get(name) for name in _BASE[layer.name]
            if name in atlas.registry.sources]  # fmt: skip
    sentences = [*notice.attribution, *(source.sentence(language) for source in base)]
    return dataclasses.replace(
        notice,
        licences=tuple(sorted({*notice.licences, *(source.licence_published for source in base)})),
        attribution=tuple(dict.fromkeys(sentence for sentence in sentences if sentence)),
        rows=len(layer.rows),
    )


def _figure_styles(towns: gpd.GeoDataFrame, language: Language) -> tuple[LayerStyle, ...]:
    from atlas.analysis.classes import classes

    translate = i18n.translator(language)
    breaks = {column: classes(towns[column]) for column in
              ("vacancy_rate", "spaces_per_10000", "stated_share")}  # fmt: skip
    pairs = {column: list(zip(found.lower, found.upper, strict=True))
             for column, found in breaks.items()}  # fmt: skip
    return (
        figure_style(
            "vacancy_rate", pairs["vacancy_rate"], name=translate(_("Leerstandsquote")),
            about=translate(_("Leerstand unter beobachteten Schlüsselimmobilien; schraffiert: aus "
                              "wenigen Beobachtungen")),
            written=lambda value: i18n.percent(value, language), language=language,
            few="vacancy_rate_is_small", tip=("vacancy_rate_n", "vacancy_rate_as_of"),
            is_default=True,
        ),
        figure_style(
            "spaces_per_10000", pairs["spaces_per_10000"],
            name=translate(_("Orte je 10.000 Einwohner")),
            about=translate(_("Alle Orte des Registers je 10.000 Einwohner")),
            written=lambda value: i18n.number(value, language, decimals=2), language=language,
            tip=("spaces", "population"),
        ),
        figure_style(
            "stated_share", pairs["stated_share"], name=translate(_("Beobachteter Zustand")),
            about=translate(_("Anteil der Orte, deren Zustand beobachtet ist")),
            written=lambda value: i18n.percent(value, language), language=language,
            tip=("spaces", "observation_age_days"),
        ),
    )  # fmt: skip
