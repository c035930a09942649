"""The collections: which tables the service offers, and what people read about them."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from atlas.api.ogc.columns import HEXAGONS, MUNICIPALITIES, SPACES
from atlas.api.ogc.crs import geometries
from atlas.clock import today
from atlas.export.layers import hexagon_layer, is_available, municipality_layer
from atlas.export.table import export_table
from atlas.geo import WGS84
from atlas.i18n import marked as _
from atlas.provenance import LICENCES
from atlas.schema import earliest_day, latest_day
from atlas.text import fold

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    import geopandas as gpd
    import numpy.typing as npt

    from atlas.api.ogc.columns import Field
    from atlas.api.ogc.crs import Geometries, System
    from atlas.current import Snapshot
    from atlas.provenance import Licence
    from atlas.store import Atlas

_DERIVED: Final = ("district_code", "district_name", "type_group")
_DECIMALS: Final = 7  # of a degree: a centimetre
_BOUNDARIES: Final = ("bkg_vg250", "destatis")
"""Sources of polygons and inhabitants, see data/geo/README.md."""


@dataclass(frozen=True, eq=False)
class Layer:
    """
    One collection over one version of the table; nobody changes it.

    Attributes
    ----------
    name
        In the address.
    title, about
        For people: German message ids.
    fields
        The properties by name, in their order.
    load
        Makes the frame: these columns and geometry in EPSG:4326, RangeIndex; called once,
        when the first feature is asked for.
    id_field, title_field
        Columns of the key and of the name of a row.
    time_field
        Column of partial dates, empty where there is none.
    shown
        Columns of the page that lists the rows.
    source_ids
        Sources whose attribution the collection needs.
    """

    name: str
    title: str
    about: str
    fields: Mapping[str, Field]
    load: Callable[[], gpd.GeoDataFrame]
    id_field: str
    atlas: Atlas
    source_ids: tuple[str, ...]
    shown: tuple[str, ...]
    title_field: str = "name"
    time_field: str = ""
    _made: dict[object, Any] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __deepcopy__(self, _memo: object) -> Layer:
        """Stay one: pygeoapi copies its configuration, and the table is part of it."""
        return self

    def once(self, key: object, make: Callable[[], Any]) -> Any:  # noqa: ANN401 (what make returns)
        """Return what ``make`` returns, made at the first question for ``key``."""
        with self._lock:
            if key not in self._made:
                self._made[key] = make()
            return self._made[key]

    @property
    def frame(self) -> gpd.GeoDataFrame:
        """The rows: EPSG:4326, RangeIndex, stable order."""
        frame: gpd.GeoDataFrame = self.once("frame", self.load)
        return frame

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """Position of each row by its key."""
        return {key: at for at, key in enumerate(self.frame[self.id_field])}

    def geometry(self, target: System) -> Geometries:
        """Return the geometries in ``target``, as `atlas.api.ogc.crs.geometries` does."""
        found: Geometries = self.once(target, lambda: geometries(self.frame.geometry, target))
        return found

    def days(self) -> tuple[pd.Series, pd.Series]:
        """Return first and last day that each row's date can mean, NaT where it has none."""
        dates = self.frame[self.time_field]
        days: tuple[pd.Series, pd.Series] = self.once(
            "days", lambda: (earliest_day(dates), latest_day(dates))
        )
        return days

    def rank(self, name: str) -> npt.NDArray[np.float64]:
        """Return what to sort a column by: texts as people do, −1 never; NaN where missing."""
        ranks: npt.NDArray[np.float64] = self.once(("rank", name), lambda: self._rank(name))
        return ranks

    def _rank(self, name: str) -> npt.NDArray[np.float64]:
        values = self.frame[name]
        if self.fields[name].type == "string":
            values = values.map(lambda text: fold(str(text)), na_action="ignore")
        ranks: npt.NDArray[np.float64] = values.rank(method="dense").to_numpy(
            float, na_value=np.nan
        )
        return ranks

    @cached_property
    def licences(self) -> list[Licence]:
        """The licences of the collection, each once."""
        registry = self.atlas.registry
        codes = dict.fromkeys(registry.licence_of(source) for source in self.source_ids)
        return [LICENCES[code] for code in codes]


def layers(now: Snapshot) -> dict[str, Layer]:
    """Return the collections of a snapshot, made once a day: indicators count ages."""
    day = today()
    return now.once(f"ogc layers {day}", lambda: {one.name: one for one in _layers(now, day)})


def _layers(now: Snapshot, day: dt.date) -> list[Layer]:
    atlas = now.atlas
    found = [_spaces(atlas), _municipalities(atlas, day)]
    return [*found, _hexagons(now)] if is_available() else found


def _spaces(atlas: Atlas) -> Layer:
    return Layer(
        name="spaces",
        title=_("Räume"),
        about=_("Kreativquartiere, Schlüsselimmobilien und Orte der Kultur- und "
                "Kreativwirtschaft, jede Zeile mit Quelle und Datum. Leer heißt: nicht bekannt."),
        fields=SPACES,
        shown=("type", "municipality", "vacancy", "observed_on", "availability", "area_m2"),
        load=lambda: _space_rows(atlas),
        id_field="space_id",
        time_field="observed_on",
        atlas=atlas,
        source_ids=_sources(atlas),
    )  # fmt: skip


def _municipalities(atlas: Atlas, day: dt.date) -> Layer:
    towns = MUNICIPALITIES
    if not is_available():
        towns = {name: towns[name] for name in towns if name in atlas.municipalities}
    return Layer(
        name="municipalities",
        title=_("Städte und Gemeinden"),
        about=_("Die 53 Städte und Gemeinden des Ruhrgebiets mit Schlüssel, Einwohnern und "
                "Fläche, dazu Kennzahlen, soweit es sie gibt."),
        fields=towns,
        shown=tuple(name for name in ("district_name", "population", "area_km2", "spaces",
                                      "spaces_per_10000", "vacancy_rate") if name in towns),
        load=lambda: _municipality_rows(atlas, day),
        id_field="ags",
        atlas=atlas,
        source_ids=_of_areas(atlas),
    )  # fmt: skip


def _hexagons(now: Snapshot) -> Layer:
    atlas = now.atlas
    return Layer(
        name="hexagons",
        title=_("Sechsecke"),
        about=_("Zellen eines Rasters (H3, Stufe 7) mit geprüften Hotspots kreativer Orte und des "
                "Leerstands. Was nicht beobachtet wurde, gilt nicht als genutzt."),
        fields=HEXAGONS,
        shown=("creative_count", "creative_hotspot", "vacant_count", "vacant_hotspot",
               "energy_class"),
        load=lambda: now.once("ogc hexagons", lambda: _degrees(hexagon_layer(atlas))),
        id_field="area_id",
        atlas=atlas,
        source_ids=_of_areas(atlas),
    )  # fmt: skip


def _sources(atlas: Atlas) -> tuple[str, ...]:
    spaces = atlas.spaces
    used = pd.concat([spaces["source"], spaces["coordinate_source"]]).dropna().unique()
    return tuple(key for key in atlas.registry.sources if key in set(used))


def _of_areas(atlas: Atlas) -> tuple[str, ...]:
    """Return the sources of areas: boundaries, inhabitants, and the spaces counted in them."""
    counted = _sources(atlas) if is_available() else ()
    wanted = {*_BOUNDARIES, *counted}
    return tuple(key for key in atlas.registry.sources if key in wanted)


def _space_rows(atlas: Atlas) -> gpd.GeoDataFrame:
    """Return the published table and its derived columns; the coordinate is the geometry."""
    table = export_table(atlas.spaces, atlas, "de").drop(columns=["lat", "lon"])
    derived = atlas.spaces[list(_DERIVED)].reset_index(drop=True)
    return table.assign(**{name: derived[name] for name in _DERIVED})


def _municipality_rows(atlas: Atlas, day: dt.date) -> gpd.GeoDataFrame:
    """Return the municipalities with their indicators, in the degrees of the boundaries."""
    towns = atlas.municipalities.sort_values("ags", ignore_index=True)
    if is_available():
        return municipality_layer(atlas, today=day).set_geometry(towns.geometry)
    days = pd.to_datetime(towns["population_as_of"]).dt.strftime("%Y-%m-%d")
    return towns.assign(population_as_of=days)


def _degrees(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    degrees = areas.to_crs(WGS84)
    rounded = shapely.transform(degrees.geometry.to_numpy(), lambda xy: xy.round(_DECIMALS))
    return degrees.set_geometry(rounded, crs=WGS84)
