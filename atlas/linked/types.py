"""
Our types in the words of schema.org.

A site is what it is; a property only says what it was built as, so it is a place and
never a business that closed long ago. Where schema.org has no word, it is a ``Place``.
"""

from __future__ import annotations

from typing import Final

PLACE: Final = "Place"
SITE_KIND: Final = "creative_site"

SITE_TYPES: Final = {
    "music_school": "CivicStructure",
    "coworking": "LocalBusiness",
    "gallery": "ArtGallery",
    "exhibition_hall": "EventVenue",
    "museum": "Museum",
    "archive": "ArchiveOrganization",
    "industrial_heritage_venue": "LandmarksOrHistoricalBuildings",
    "theatre": "PerformingArtsTheater",
    "concert_hall": "MusicVenue",
    "music_venue": "MusicVenue",
    "club": "NightClub",
    "cinema": "MovieTheater",
    "event_hall": "EventVenue",
    "sociocultural_centre": "CivicStructure",
    "cultural_venue": "CivicStructure",
    "community_centre": "CivicStructure",
    "church_venue": "PlaceOfWorship",
    "library": "Library",
    "church": "PlaceOfWorship",
    "synagogue": "PlaceOfWorship",
    "station": "TrainStation",
    "school": "School",
    "town_hall": "CityHall",
    "castle": "LandmarksOrHistoricalBuildings",
    "historic_building": "LandmarksOrHistoricalBuildings",
}
"""Type of a creative site → class of schema.org; what is not listed is a ``Place``."""


def schema_type(kind: str, space_type: str) -> str:
    """Return the class of schema.org of a space."""
    return SITE_TYPES.get(space_type, PLACE) if kind == SITE_KIND else PLACE
