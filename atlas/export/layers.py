"""Layers of areas that files, services and pages share: hexagons and municipalities."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    import geopandas as gpd

    from atlas.store import Atlas


def hexagon_layer(atlas: Atlas, *, resolution: int = 7) -> gpd.GeoDataFrame:
    """
    Return the hexagons with the hotspot classes of both subjects and the energy class.

    Parameters
    ----------
    resolution
        Of H3: 6, 7 or 8.

    Returns
    -------
    hexagons
        Polygons in EPSG:25832, one row per cell that touches the region, sorted by
        ``area_id``, RangeIndex. Columns: area_id, name, ags, area_km2 (inside the region);
        for each subject (``creative_``, ``vacant_``) count, density_per_km2, gi_z, gi_p,
        gi_q, hotspot, lisa_p, cluster; observed, nearby, energy_class.
    """
    raise NotImplementedError


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
        population_as_of, area_km2, and one per indicator (and group) of
        `atlas.analysis.indicators.wide`; NaN where there is no figure.
    """
    raise NotImplementedError
