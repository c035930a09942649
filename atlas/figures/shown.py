"""What the pages Compare and Profile show: one source of their charts, tables, maps and files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import pandas as pd

from atlas import vocabulary as v
from atlas.analysis.choice import Choice, PlacesAsked, TownAsked
from atlas.analysis.indicators import REGION
from atlas.analysis.texts import region
from atlas.figures import charts
from atlas.figures.answers import (
    all_figures,
    compared,
    compared_areas,
    known_places,
    known_town,
    places,
    profiled,
    profiled_areas,
)
from atlas.i18n import translator

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    import geopandas as gpd
    from altair import TopLevelMixin

    from atlas.current import Snapshot
    from atlas.vocabulary import Language

PageName = Literal["compare", "profile"]


@dataclass(frozen=True)
class Shown:
    """
    The answer to what a page asks.

    Attributes
    ----------
    title
        What it is about.
    choice
        The figure of chart and map.
    params
        The question as it stands in the link.
    figures
        Tidy figures of every area on the page; the region, key `REGION`, last.
    states
        Places per state of vacancy; one row per bar of the chart (index: its name).
    unknown
        Keys of the link that nobody knows, and what it names that is no key.
    layer
        Makes the areas with their figures, EPSG:25832.
    surplus, repeated
        Names of places of the link that there is no room for, or that it names again.
    """

    title: str
    choice: Choice
    params: Mapping[str, list[str]]
    figures: pd.DataFrame
    states: pd.DataFrame
    unknown: tuple[str, ...]
    layer: Callable[[], gpd.GeoDataFrame]
    surplus: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()

    @property
    def places(self) -> pd.DataFrame:
        """Figures without those of the region."""
        return self.figures[self.figures["area_id"] != REGION].reset_index(drop=True)

    def chart(self, name: str, language: Language) -> TopLevelMixin:
        """
        Return a chart by its name in `CHARTS`, not yet themed.

        Raises
        ------
        ConfigError
            If the extra ``analysis`` is not installed.
        """
        return CHARTS[name](self, language)


CHARTS: Final[Mapping[str, Callable[[Shown, Language], TopLevelMixin]]] = {
    "figure": lambda shown, language: charts.figure_bars(
        shown.figures, shown.choice, language, reference=REGION),
    "types": lambda shown, language: charts.type_dots(shown.figures, language, reference=REGION),
    "states": lambda shown, language: charts.state_shares(shown.states, language),
}  # fmt: skip


def shown(
    now: Snapshot,
    page: PageName,
    params: Mapping[str, Sequence[str]],
    *,
    language: Language,
    today: dt.date,
) -> Shown:
    """
    Answer the parameters of a link; whatever they are, none of them fails.

    Parameters
    ----------
    page
        ``compare`` reads `PlacesAsked`, ``profile`` reads `TownAsked`.
    """
    answer = _comparison if page == "compare" else _profile
    return answer(now, params, language, today)


def _with_region(
    now: Snapshot, parts: Sequence[pd.DataFrame], language: Language, today: dt.date
) -> pd.DataFrame:
    whole = all_figures(now, today=today).region.assign(area_name=region(language))
    return pd.concat([*parts, whole], ignore_index=True)


def _comparison(
    now: Snapshot, params: Mapping[str, Sequence[str]], language: Language, today: dt.date
) -> Shown:
    asked, unknown = known_places(now, PlacesAsked.from_params(params))
    found = compared(now, asked.keys, today=today)
    names = found.areas.set_index("area_id")["area_name"]
    every = places(now).set_index("key")["name"]
    return Shown(
        title=translator(language)("Vergleich: {names}").format(names=", ".join(names)),
        choice=asked.choice,
        params=asked.to_params(),
        figures=_with_region(now, [found.figures], language, today),
        states=found.states.rename(index=dict(names)),
        unknown=unknown,
        layer=lambda: compared_areas(now, found),
        surplus=tuple(every[list(asked.surplus)]),
        repeated=tuple(every[list(asked.repeated)]),
    )


def _profile(
    now: Snapshot, params: Mapping[str, Sequence[str]], language: Language, today: dt.date
) -> Shown:
    asked, unknown = known_town(now, TownAsked.from_params(params))
    found = profiled(now, asked.ags, today=today)
    # A town that belongs to no Kreis is its own district.
    around = [] if found.name == found.district_name else [found.district]
    kinds = {code: v.KINDS[code].label(language) for code in ("key_property", "creative_site")}
    return Shown(
        title=translator(language)("Profil: {name}").format(name=found.name),
        choice=asked.choice,
        params=asked.to_params(),
        figures=_with_region(now, [found.figures, *around], language, today),
        states=found.states.loc[list(kinds)].rename(index=kinds),
        unknown=(unknown,) if unknown else (),
        layer=lambda: profiled_areas(now, today=today),
    )
