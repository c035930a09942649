"""
Find a place of the region by its name, address, postcode or coordinates, without a network.

The table holds stops, stations, districts of towns, postcodes and municipalities,
but no streets and house numbers: an address finds the stop that is named after
its street, and says with ``uncertainty_m`` how far off the door may be.
"""

from __future__ import annotations

from atlas.gazetteer.search import Gazetteer
from atlas.gazetteer.table import KINDS, Place

__all__ = ["KINDS", "Gazetteer", "Place"]
