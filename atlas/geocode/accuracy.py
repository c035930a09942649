"""
How far off a location may be, by the way it was found.

The distances are the 95th percentiles that ``scripts/measure_geocoding.py``
measures on addresses of known position; tests/test_geocode_accuracy.py measures them again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Precision = Literal["building", "street", "district"]


@dataclass(frozen=True, slots=True)
class Accuracy:
    """
    What a way of finding is worth.

    Attributes
    ----------
    uncertainty_m
        Radius in which 95 of 100 lie.
    per_radius
        Share of the radius of the area that is added on top; 0 unless the result is an area.
    measured
        Whether the radius rests on addresses of known position, or is set by hand.
    """

    precision: Precision
    uncertainty_m: float
    per_radius: float = 0.0
    measured: bool = True


ACCURACY: Final[dict[str, Accuracy]] = {
    "stop_in_area": Accuracy("street", 1300),
    "stop_in_town": Accuracy("street", 2100),
    # Too few to be called better than the stop of the very name.
    "similar_stop": Accuracy("street", 1300),
    "postcode": Accuracy("district", 0, per_radius=1.45),
    "locality": Accuracy("district", 2100),
    "online_building": Accuracy("building", 100),
    "online_street": Accuracy("street", 900),
    "online_district": Accuracy("district", 1000, measured=False),
}
"""Way of finding → what it is worth."""
