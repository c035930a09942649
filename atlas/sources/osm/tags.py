"""
What OpenStreetMap's tags mean in our codes: tables, no code.

Established tags only, as the wiki describes them. Left out on purpose: artwork (no room),
places of worship in use, ordinary crafts and shops, IT offices and the many capped mine shafts,
none of which is a space of the atlas; ``craft=artist``, ``studio=art`` and the like are too
rare to be the only evidence of a studio.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ANY: Final = ()
"""Values of a rule that any value keeps."""


@dataclass(frozen=True, slots=True)
class TagRule:
    """
    One row of a table.

    Attributes
    ----------
    key, values
        The tag; no values mean that any will do.
    type, sectors
        Our codes.
    also
        Further tags, key and values, that the object has to have.
    """

    key: str
    values: tuple[str, ...]
    type: str
    sectors: tuple[str, ...] = ()
    also: tuple[tuple[str, tuple[str, ...]], ...] = ()


def _rule(tag: str, type_: str, *sectors: str, also: str = "") -> TagRule:
    """Return a rule from ``key=value|value``; ``key=`` takes any value."""
    further = tuple(_split(part) for part in also.split() if part)
    return TagRule(*_split(tag), type_, sectors, further)


def _split(tag: str) -> tuple[str, tuple[str, ...]]:
    key, _, values = tag.partition("=")
    return key, tuple(value for value in values.split("|") if value)


# fmt: off
SITES: Final = (
    # The first row that fits counts, so a special case stands before the general one.
    _rule("amenity=studio", "recording_studio", "music", also="studio=audio"),
    _rule("amenity=studio", "recording_studio", "film", also="studio=video|film"),
    _rule("amenity=studio", "recording_studio", "broadcasting", also="studio=radio|television"),
    _rule("amenity=studio", "recording_studio"),
    _rule("amenity=music_rehearsal_place|rehearsal_room", "rehearsal_rooms", "music"),
    _rule("amenity=music_school", "music_school", "music"),
    _rule("amenity=dancing_school", "music_school", "performing_arts"),
    _rule("training=art|music", "music_school"),
    _rule("leisure=hackerspace", "makerspace", also="hackerspace=makerspace|fablab"),
    _rule("leisure=hackerspace", "hackerspace"),
    _rule("amenity=workshop", "makerspace"),
    _rule("amenity=coworking_space", "coworking"),
    _rule("office=coworking", "coworking"),
    _rule("tourism=gallery", "gallery", "art"),
    _rule("shop=art", "gallery", "art"),
    _rule("amenity=exhibition_centre|conference_centre", "exhibition_hall"),
    _rule("tourism=museum", "museum", "art", also="museum=art"),
    _rule("tourism=museum", "museum"),
    _rule("amenity=archive", "archive"),
    _rule("amenity=theatre", "theatre", "performing_arts"),
    _rule("amenity=concert_hall", "concert_hall", "music"),
    _rule("amenity=music_venue", "music_venue", "music"),
    _rule("amenity=nightclub", "club", "music"),
    _rule("amenity=cinema", "cinema", "film"),
    _rule("amenity=events_venue", "event_hall"),
    _rule("amenity=social_centre", "sociocultural_centre"),
    _rule("amenity=arts_centre", "cultural_venue"),
    _rule("amenity=community_centre", "cultural_venue", also="community_centre=cultural_centre"),
    _rule("amenity=community_centre", "community_centre"),
    _rule("amenity=library", "library"),
    _rule("craft=photographer|goldsmith|jeweller", "craft_workshop", "design"),
    _rule("craft=sculptor|pottery", "craft_workshop", "art"),
    _rule("craft=musical_instrument", "craft_workshop", "music"),
    _rule("craft=bookbinder", "craft_workshop", "books"),
    _rule("office=architect", "office", "architecture"),
    _rule("office=advertising_agency", "office", "advertising"),
    _rule("office=graphic_design", "office", "design"),
    _rule("office=newspaper", "office", "press"),
    _rule("office=publisher", "office", "books"),
    _rule("shop=books", "shop", "books"),
    _rule("shop=musical_instrument|music", "shop", "music"),
)
"""Places of culture and creative work, in use."""

FORMER: Final = (
    *(TagRule(rule.key, rule.values, rule.type) for rule in SITES if not rule.also),
    _rule("amenity=place_of_worship|chapel", "church"),
    _rule("amenity=monastery", "monastery"),
    _rule("amenity=school|kindergarten|college|university|prep_school", "school"),
    _rule("amenity=townhall", "town_hall"),
    _rule("amenity=courthouse|police|post_office|public_building", "administration"),
    _rule("amenity=hospital|clinic", "hospital"),
    _rule("amenity=restaurant|pub|bar|cafe|biergarten|fast_food", "inn"),
    _rule("amenity=fire_station", "fire_station"),
    _rule("amenity=prison", "prison"),
    _rule("amenity=public_bath", "swimming_pool"),
    _rule("leisure=swimming_pool|water_park|sports_hall", "swimming_pool"),
    _rule("tourism=hotel|hostel|guest_house|motel", "inn"),
    _rule("shop=department_store", "department_store"),
    _rule("shop=mall", "shopping_centre"),
    _rule("shop=supermarket|furniture|doityourself", "retail_building"),
    _rule("shop=", "shop"),
    _rule("office=government", "administration"),
    _rule("office=", "office"),
    _rule("craft=brewery", "brewery"),
    _rule("craft=", "craft_workshop"),
    _rule("railway=station|halt", "station"),
    _rule("railway=signal_box", "signal_box"),
    _rule("railway=roundhouse|workshop|engine_shed", "workshop_hall"),
    _rule("industrial=mine|coal_mine", "colliery"),
    _rule("industrial=coking_plant", "coking_plant"),
    _rule("industrial=steelworks|steel_mill|ironworks", "steelworks"),
    _rule("industrial=brewery", "brewery"),
    _rule("industrial=brickyard|brickworks", "brickworks"),
    _rule("industrial=warehouse", "warehouse"),
    _rule("industrial=factory", "factory"),
    _rule("man_made=works", "factory"),
    _rule("man_made=water_works|pumping_station", "waterworks"),
    _rule("power=plant|substation", "power_station"),
    _rule("military=bunker", "bunker"),
    _rule("historic=mine|colliery", "colliery"),
)
"""What a place was, from the tag behind a prefix (``disused:amenity=cinema``)."""

BUILDINGS: Final = (
    _rule("building=industrial|factory|manufacture", "factory"),
    _rule("building=warehouse|storage_tank|silo", "warehouse"),
    _rule("building=hangar|depot|roundhouse|engine_shed", "workshop_hall"),
    _rule("building=brewery", "brewery"),
    _rule("building=retail|supermarket", "retail_building"),
    _rule("building=department_store", "department_store"),
    _rule("building=kiosk|shop", "shop"),
    _rule("building=mall", "shopping_centre"),
    _rule("building=commercial|office", "office"),
    _rule("building=church|chapel|cathedral|religious", "church"),
    _rule("building=synagogue", "synagogue"),
    _rule("building=monastery|convent", "monastery"),
    _rule("building=train_station", "station"),
    _rule("building=signal_box", "signal_box"),
    _rule("building=school|kindergarten|college|university", "school"),
    _rule("building=hospital|clinic", "hospital"),
    _rule("building=hotel|pub|restaurant", "inn"),
    _rule("building=fire_station", "fire_station"),
    _rule("building=bunker", "bunker"),
    _rule("building=castle", "castle"),
    _rule("building=civic|public|government", "administration"),
    _rule("building=townhall|town_hall", "town_hall"),
    _rule("building=house|apartments|residential|detached|terrace|dormitory", "dwelling"),
    _rule("building=water_tower|water_works", "waterworks"),
    _rule("building=power|transformer_tower", "power_station"),
    _rule("building=theatre|cinema|museum|library", ""),  # the value is our code
)
"""What a building was built as; says nothing about whether it is empty."""

HERITAGE: Final = (
    _rule("historic=mine|colliery", "colliery"),
    _rule("historic=coking_plant", "coking_plant"),
    _rule("historic=steelworks|ironworks", "steelworks"),
    _rule("historic=industrial|factory", "factory"),
    _rule("historic=brewery", "brewery"),
    _rule("building=industrial|factory|manufacture", "factory", also="heritage="),
    _rule("building=warehouse", "warehouse", also="heritage="),
    _rule("building=hangar", "workshop_hall", also="heritage="),
)
"""Industrial heritage: key properties of which nothing is said about use."""
# fmt: on

MAIN_KEYS: Final = ("amenity", "shop", "craft", "office", "tourism", "leisure", "healthcare",
                    "club", "training")  # fmt: skip
"""A value here means that somebody uses the place."""
IDLE_VALUES: Final = frozenset({"no", "none", "vacant", "empty", "disused", "abandoned", "ruins",
                                "closed", "proposed", "construction"})  # fmt: skip
"""… unless it is one of these,"""
PASSIVE: Final = frozenset({
    ("tourism", "attraction"), ("tourism", "artwork"), ("tourism", "information"),
    ("tourism", "viewpoint"), ("leisure", "park"), ("leisure", "garden"), ("amenity", "parking"),
    ("amenity", "parking_space"), ("amenity", "bench"), ("amenity", "fountain"),
    ("amenity", "recycling"), ("amenity", "vending_machine"), ("amenity", "clock"),
})  # fmt: skip
"""… or one of these, which an empty building may have as well."""
VACANT_VALUES: Final = frozenset({"vacant", "empty", "disused", "abandoned"})
"""Values of ``shop`` and ``office`` that say that the premises are empty."""

EMPTY_PREFIXES: Final = ("disused", "abandoned", "ruins")
"""Out of use: in good repair, in need of it, beyond it."""
GONE_PREFIXES: Final = ("demolished", "razed", "removed")
COMING_PREFIXES: Final = {"construction": "construction", "proposed": "planning",
                          "planned": "planning"}  # fmt: skip
"""Not yet there; the stage that this means for the building that it is to be in."""
PREFIXES: Final = (*EMPTY_PREFIXES, "was", *GONE_PREFIXES, *COMING_PREFIXES)

MINOR_TYPES: Final = frozenset({"shop", "office", "inn", "craft_workshop", "school", "dwelling"})
"""
Former uses that make nothing of a place that others use today.

A place in use whose past is worth a row is of the type that its active tag means today, not of
the type that it was: a café in a former cinema (``amenity=cafe disused:amenity=cinema``) is an
inn in use, its former use a cinema. The types of active tags are those of `FORMER`; only
industrial heritage that still stands (`HERITAGE`) keeps its type. If neither active tag nor
building has a type of ours (a bank in a former cinema), the object is no space.
"""
