"""
Where an address lies: the gazetteer first, a service on the web if one is set.

Every result says how exact it is and how far off it may be; the distances are measured
(docs/geocoding.md). Who only names a town gets no point: a pin in its centre would look
like knowledge.
"""

from __future__ import annotations

from atlas.geocode.accuracy import ACCURACY, Accuracy
from atlas.geocode.address import Address, parse
from atlas.geocode.finder import REASONS, Finder, Found
from atlas.geocode.online import Lookup, OnlineGeocoder, online_geocoder
from atlas.geocode.table import REPORT_COLUMNS, Candidates, Geocoded, candidates, geocode

__all__ = [
    "ACCURACY",
    "REASONS",
    "REPORT_COLUMNS",
    "Accuracy",
    "Address",
    "Candidates",
    "Finder",
    "Found",
    "Geocoded",
    "Lookup",
    "OnlineGeocoder",
    "candidates",
    "geocode",
    "online_geocoder",
    "parse",
]
