"""What the pages Compare and Profile ask, computed once per version of the table and day."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd

from atlas.analysis.compare import MOST, Comparison, comparable, compare
from atlas.analysis.indicators import wide
from atlas.analysis.profile import Figures, Profile, profile
from atlas.diff import Since, since_previous
from atlas.geo import UTM32
from atlas.text import fold

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from pathlib import Path

    from atlas.analysis.choice import PlacesAsked, TownAsked
    from atlas.current import Snapshot

_USUAL_PLACES: Final = 3
_SEGMENTS: Final = 32  # per quarter of a circle: off by less than a thousandth of its radius


def all_figures(
    now: Snapshot, *, today: dt.date, progress: Callable[[float], None] | None = None
) -> Figures:
    """
    Return the figures of all municipalities, districts and the region.

    Parameters
    ----------
    progress
        Called with the share that is done; not where the answer is known.
    """
    atlas = now.atlas
    return now.answer(
        ("figures", today),
        lambda: Figures.of(atlas.spaces, atlas.municipalities, today=today, progress=progress),
    )


def places(now: Snapshot) -> pd.DataFrame:
    """Return what can be compared, see `atlas.analysis.compare.comparable`."""
    atlas = now.atlas
    return now.once("comparable", lambda: comparable(atlas.spaces, atlas.municipalities))


def compared(now: Snapshot, keys: tuple[str, ...], *, today: dt.date) -> Comparison:
    """Return the places side by side, see `atlas.analysis.compare.compare`."""
    atlas = now.atlas
    return now.answer(
        ("compare", keys, today),
        lambda: compare(atlas.spaces, atlas.municipalities, keys, today=today),
    )


def profiled(now: Snapshot, ags: str, *, today: dt.date) -> Profile:
    """Return the profile of a municipality, see `atlas.analysis.profile.profile`."""
    atlas = now.atlas
    figures = all_figures(now, today=today)
    return now.answer(
        ("profile", ags, today),
        lambda: profile(atlas.spaces, atlas.municipalities, ags, figures=figures, today=today),
    )


def changed(now: Snapshot, folder: Path) -> Since | None:
    """Return what changed since the stored table before, see `atlas.diff.since_previous`."""
    return now.once("since previous", lambda: since_previous(folder, now.atlas))


def compared_areas(now: Snapshot, comparison: Comparison) -> gpd.GeoDataFrame:
    """
    Return the places of a comparison with their figures, as a layer.

    Returns
    -------
    layer
        Polygon or MultiPolygon, EPSG:25832; one row per place, in its order: ``area_id``,
        ``area_name``, ``level``, ``area_km2``, ``population``, ``radius_m``, and the columns
        of `atlas.analysis.indicators.wide`. A quarter is its circle.
    """
    listed = comparison.areas
    circles = gpd.GeoSeries(
        gpd.points_from_xy(listed["x"], listed["y"]), index=listed["area_id"], crs=UTM32
    ).buffer(listed["radius_m"].fillna(0).to_numpy(), quad_segs=_SEGMENTS)
    towns = metric_towns(now).geometry
    shapes = [towns[key] if key in towns.index else circles[key] for key in listed["area_id"]]
    columns = ["area_id", "area_name", "level", "area_km2", "population", "radius_m"]
    figures = wide(comparison.figures).drop(columns="area_name")
    table = listed[columns].merge(figures, on="area_id", how="left", validate="one_to_one")
    return gpd.GeoDataFrame(table, geometry=shapes, crs=UTM32)


def metric_towns(now: Snapshot) -> gpd.GeoDataFrame:
    """Return the municipalities in EPSG:25832, indexed by ``ags``."""
    return now.once(
        "municipalities by key", lambda: now.atlas.municipalities.to_crs(UTM32).set_index("ags")
    )


def profiled_areas(now: Snapshot, *, today: dt.date) -> gpd.GeoDataFrame:
    """
    Return all municipalities with their figures, as a layer.

    Returns
    -------
    layer
        Polygon or MultiPolygon, EPSG:25832; one row per municipality, ordered by key:
        ``area_id``, ``area_name``, ``district_name``, ``population``, ``area_km2``, and the
        columns of `atlas.analysis.indicators.wide`.
    """
    towns = metric_towns(now)
    table = wide(all_figures(now, today=today).municipality)
    facts = towns.loc[table["area_id"], ["district_name", "population", "area_km2"]]
    joined = table.join(pd.DataFrame(facts), on="area_id")
    first = ["area_id", "area_name", *facts.columns]
    ordered = joined[[*first, *(name for name in joined if name not in first)]]
    return gpd.GeoDataFrame(ordered, geometry=towns.geometry[table["area_id"]].array, crs=UTM32)


def usual_places(now: Snapshot) -> tuple[str, ...]:
    """Return the keys of the most populous municipalities: what is compared if nobody chose."""
    towns = now.atlas.municipalities.sort_values(["population", "ags"], ascending=[False, True])
    return tuple(towns["ags"].iloc[:_USUAL_PLACES])


def known_places(now: Snapshot, asked: PlacesAsked) -> tuple[PlacesAsked, tuple[str, ...]]:
    """
    Return what can be answered of a question, and what nobody knows: first what is no key.

    A place may also be named, as people type it; those come after the keys. A link without
    any place asks for `usual_places`. What nobody knows takes no other place's room.
    """
    by_name = _keys_by_name(places(now))
    named = [by_name[fold(text)] for text in asked.unreadable if fold(text) in by_name]
    everything = tuple(dict.fromkeys((*asked.keys, *asked.surplus, *named)))
    known = set(places(now)["key"])
    unknown = (
        *(text for text in asked.unreadable if fold(text) not in by_name),
        *(key for key in everything if key not in known),
    )
    if not everything:
        return replace(asked, keys=usual_places(now)), unknown
    found = tuple(key for key in everything if key in known)
    repeated = tuple(key for key in asked.repeated if key in known)
    return replace(asked, keys=found[:MOST], surplus=found[MOST:], repeated=repeated), unknown


def known_town(now: Snapshot, asked: TownAsked) -> tuple[TownAsked, str]:
    """Return the question with a municipality that there is, and what nobody knows."""
    towns = now.atlas.municipalities
    by_name = _keys_by_name(towns.assign(key=towns["ags"]))
    ags = asked.ags or by_name.get(fold(asked.unreadable), "")
    if ags in set(towns["ags"]):
        return replace(asked, ags=ags), ""
    return replace(asked, ags=usual_places(now)[0]), asked.ags or asked.unreadable


def _keys_by_name(named: pd.DataFrame) -> dict[str, str]:
    """Return the key of each folded name; of two with one name the first counts."""
    rows = zip(named["name"].map(fold)[::-1], named["key"][::-1], strict=True)
    return dict(rows)
