"""Layers of areas that files, services and pages share: hexagons and municipalities."""
# ruff: noqa: PLC0415 - the analysis is slow to import, and optional

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Final, get_args

import pandas as pd

if TYPE_CHECKING:
    import datetime as dt

    import geopandas as gpd

    from atlas.analysis.hotspots import HotspotQuestion
    from atlas.store import Atlas

_NEEDED: Final = ("esda", "h3", "libpysal", "sklearn")
_SHARED: Final = ["area_id", "name", "ags", "area_km2"]
_TESTED: Final = ["count", "density_per_km2", "gi_z", "gi_p", "gi_q", "hotspot", "lisa_p", "lisa_q",
                  "cluster"]  # fmt: skip
_SEEN: Final = ["observed", "nearby", "energy_class"]
_TOWN: Final = ["ags", "ars", "name", "district_code", "district_name", "population",
                "population_as_of", "area_km2"]  # fmt: skip


def is_available() -> bool:
    """Return whether the libraries that these layers need are installed."""
    return all(find_spec(name) for name in _NEEDED)


def hexagon_layer(
    atlas: Atlas, *, resolution: int = 7, question: HotspotQuestion | None = None
) -> gpd.GeoDataFrame:
    """
    Return the hexagons with the hotspot classes of both subjects and the energy class.

    Parameters
    ----------
    resolution
        Of H3: 6, 7 or 8.
    question
        Bandwidth, permutations, level and seed; its subject, unit and resolution are not
        used. Left out, the defaults.

    Returns
    -------
    hexagons
        Polygons in EPSG:25832, one row per cell that touches the region, sorted by
        ``area_id``, RangeIndex. Columns: area_id, name, ags, area_km2 (inside the
        region); for each subject (``creative_``, ``vacant_``) count, density_per_km2,
        gi_z, gi_p, gi_q, hotspot, lisa_p, lisa_q, cluster; observed, nearby,
        energy_class. What they mean: docs/planner-package.md.

    Raises
    ------
    ConfigError
        If the libraries of the extra "analysis" are missing.
    """
    from dataclasses import replace

    from atlas.analysis.energy import energy
    from atlas.analysis.hotspots import HotspotQuestion, hotspots
    from atlas.analysis.observations import Subject, metric

    spaces, towns = metric(atlas.spaces), metric(atlas.municipalities)
    asked = replace(question or HotspotQuestion(), unit="hexagon", resolution=resolution)
    seen = energy(spaces, towns, asked).areas
    tested: list[str] = []
    layer = seen
    for subject in get_args(Subject):
        found = hotspots(spaces, towns, replace(asked, subject=subject)).areas
        # Both come from one grid, sorted by the same key.
        named = found[_TESTED].add_prefix(f"{subject}_")
        tested.extend(named.columns)
        layer = layer.join(named)
    return layer[[*_SHARED, *tested, *_SEEN, "geometry"]]


def municipality_layer(atlas: Atlas, *, today: dt.date) -> gpd.GeoDataFrame:
    """
    Return the municipalities with their indicators.

    Parameters
    ----------
    today
        The day that the age of observations is counted to.

    Returns
    -------
    municipalities
        Polygons in EPSG:25832, one row per municipality, sorted by ``ags``, RangeIndex.
        Columns: ags, ars, name, district_code, district_name, population,
        population_as_of, area_km2; one per indicator (and group) of
        `atlas.analysis.indicators.wide`, shares as a part of one, NaN where there is no
        figure; and of the vacancy rate its interval, observations, whether they are few
        (``vacancy_rate_is_small``) and of when they are (``vacancy_rate_as_of``).

    Raises
    ------
    ConfigError
        If the libraries of the extra "analysis" are missing.
    """
    from atlas.analysis.indicators import indicators, wide
    from atlas.analysis.observations import metric

    towns = metric(atlas.municipalities).assign(population_as_of=_day_text(atlas.municipalities))
    tidy = indicators(atlas.spaces, atlas.municipalities, by="municipality", today=today)
    rate = tidy[(tidy["indicator"] == "vacancy_rate") & (tidy["group"] == "")]
    rate = rate.set_index("area_id")[["is_small", "as_of"]].add_prefix("vacancy_rate_")
    figures = wide(tidy).set_index("area_id").drop(columns="area_name").join(rate)
    figures = figures.astype({"vacancy_rate_is_small": "boolean", "vacancy_rate_as_of": "str"})
    layer = towns[[*_TOWN, "geometry"]].join(figures, on="ags")
    columns = [*_TOWN, *figures.columns, "geometry"]
    return layer[columns].sort_values("ags", ignore_index=True)


def _day_text(municipalities: gpd.GeoDataFrame) -> pd.Series:
    """Return the date of the inhabitants as text: GDAL reads the boundaries' as a time."""
    days: pd.Series = pd.to_datetime(municipalities["population_as_of"]).dt.strftime("%Y-%m-%d")
    return days.astype("str")
