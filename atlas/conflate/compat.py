"""How well two types of space go together as descriptions of one place."""

from __future__ import annotations

from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np

from atlas import vocabulary as v

if TYPE_CHECKING:
    import numpy.typing as npt

SAME: Final = 1.0
LINKED: Final = 0.0
"""One is what the building was before: the same building seen at two times."""
_OTHER: Final = -1.0
_BUILT_AND_USED: Final = -1.8
"""A building and a use that nobody linked: a colliery is not the event hall in it."""
_TWO_BUILDINGS: Final = -2.5
QUARTER: Final = -6.0

_INDUSTRY: Final = tuple(code for code, term in v.TYPES.items() if term.group == "industry")
_BUILDINGS: Final = tuple(code for code, term in v.TYPES.items() if term.group == "building")
_USES: Final = tuple(
    code
    for code, term in v.TYPES.items()
    if term.group not in {"industry", "building", "retail", "quarter"}
)
# Types between which sources waver; the later line wins.
_NEAR: Final = (
    (-0.3, "theatre concert_hall music_venue club cinema event_hall"),
    (0.2, "sociocultural_centre cultural_venue community_centre event_hall music_venue theatre "
          "church_venue creative_hub concert_hall"),
    (0.2, "gallery project_space exhibition_hall museum studio_house studio cultural_venue"),
    (0.0, "museum castle manor historic_building monastery"),
    (0.4, "theatre event_hall"), (0.4, "concert_hall event_hall"), (0.4, "music_venue club"),
    (0.4, "music_venue event_hall"), (-1.5, "theatre cinema"),
    (0.5, "sociocultural_centre cultural_venue community_centre"),
    (0.4, "museum archive industrial_heritage_venue exhibition_hall"),
    (0.5, "studio studio_house"), (0.5, "gallery project_space exhibition_hall"),
    (0.5, "makerspace hackerspace craft_workshop"),
    (0.4, "coworking creative_hub business_park office"),
    (0.3, "rehearsal_rooms recording_studio music_school"),
    (0.4, "department_store shopping_centre shopping_arcade retail_building"),
    (0.0, "shop retail_building"), (-0.3, "shop department_store"),
    (0.5, "church church_venue"), (0.2, "castle manor historic_building"),
    (0.0, "office administration highrise town_hall historic_building"),
    (0.0, "library community_centre cultural_venue"), (0.2, "school music_school"),
    (0.0, "factory workshop_hall warehouse"), (0.0, "inn historic_building"),
    (0.0, "inn event_hall"),
)  # fmt: skip


@cache
def type_codes() -> dict[str, int]:
    """Return the position of every type in `type_points`."""
    return {code: position for position, code in enumerate(v.TYPES)}


@cache
def type_points() -> npt.NDArray[np.float64]:
    """Return the points of every pair of types, as a symmetric matrix."""
    position = type_codes()
    points = np.full((len(position), len(position)), _OTHER)

    def put(first: str, second: str, value: float) -> None:
        points[position[first], position[second]] = value
        points[position[second], position[first]] = value

    for built in (*_INDUSTRY, *_BUILDINGS):
        for used in _USES:
            put(built, used, _BUILT_AND_USED)
    for first, second in combinations((*_INDUSTRY, *_BUILDINGS), 2):
        put(first, second, _TWO_BUILDINGS)
    for built in _INDUSTRY:
        put(built, "industrial_heritage_venue", 0.0)
    for value, names in _NEAR:
        for first, second in combinations(names.split(), 2):
            put(first, second, value)
    for other in position:
        put("quarter", other, QUARTER)
    np.fill_diagonal(points, SAME)
    return points
