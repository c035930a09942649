"""
Which classes of Wikidata are places of the atlas, with id and label.

The label stands beside the id because ids are mixed up easily: public programs call the same
one "museum", "beach" and "castle". Each pair here was compared with published lists of items
and labels. Of places that Wikidata knows as buildings only (churches, stations, schools) it
says nothing about use, so they are not asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class PlaceClass:
    """A class: its id and English label there, kind, type and submarkets here."""

    item: str
    label: str
    kind: str
    type: str
    sectors: tuple[str, ...] = ()


# fmt: off
# An item of several classes is what stands first: special classes before general ones.
CLASSES: Final = (
    PlaceClass("Q153562", "opera house", "creative_site", "theatre", ("performing_arts", "music")),
    PlaceClass("Q24354", "theatre building", "creative_site", "theatre", ("performing_arts",)),
    PlaceClass("Q1060829", "concert hall", "creative_site", "concert_hall", ("music",)),
    PlaceClass("Q41253", "movie theater", "creative_site", "cinema", ("film",)),
    PlaceClass("Q8719053", "music venue", "creative_site", "music_venue", ("music",)),
    PlaceClass("Q622425", "nightclub", "creative_site", "club", ("music",)),
    PlaceClass("Q207694", "art museum", "creative_site", "museum", ("art",)),
    PlaceClass("Q1007870", "art gallery", "creative_site", "gallery", ("art",)),
    PlaceClass("Q33506", "museum", "creative_site", "museum"),
    PlaceClass("Q166118", "archives", "creative_site", "archive"),
    PlaceClass("Q7075", "library", "creative_site", "library"),
    PlaceClass("Q1021290", "music school", "creative_site", "music_school", ("music",)),
    PlaceClass("Q869457", "coworking", "creative_site", "coworking"),
    PlaceClass("Q1032372", "hackerspace", "creative_site", "hackerspace"),
    PlaceClass("Q2190251", "arts centre", "creative_site", "cultural_venue"),
    PlaceClass("Q8536775", "social center", "creative_site", "sociocultural_centre"),
    PlaceClass("Q1329623", "cultural center", "creative_site", "cultural_venue"),
    PlaceClass("Q77115", "community center", "creative_site", "community_centre"),
    PlaceClass("Q1378975", "convention center", "creative_site", "exhibition_hall"),
    PlaceClass("Q18674739", "event venue", "creative_site", "event_hall"),
    PlaceClass("Q216107", "department store", "key_property", "department_store"),
    PlaceClass("Q131734", "brewery", "key_property", "brewery"),
    PlaceClass("Q820477", "mine", "key_property", "colliery"),
    PlaceClass("Q83405", "factory", "key_property", "factory"),
)
# fmt: on
RANK: Final = {one.item: rank for rank, one in enumerate(CLASSES)}
DEMOLISHED: Final = "Q56556915"
"""“demolished or destroyed”, as state of conservation (P5816) or of use (P5817)."""
