"""
Spatial statistics for planners: hotspots, vacancy against energy, attraction.

Everything is measured in EPSG:25832. The libraries (esda, libpysal, scikit-learn, h3)
are imported at the first question, so that nothing else starts slower.
"""

from atlas.analysis.attraction import Attraction, attraction
from atlas.analysis.energy import Energy, EnergyThresholds, energy
from atlas.analysis.hexagons import DEFAULT_RESOLUTION, RESOLUTIONS, hexagons
from atlas.analysis.hotspots import HotspotQuestion, Hotspots, hotspots
from atlas.analysis.observations import Observed, Subject, metric, observed

__all__ = [
    "DEFAULT_RESOLUTION",
    "RESOLUTIONS",
    "Attraction",
    "Energy",
    "EnergyThresholds",
    "HotspotQuestion",
    "Hotspots",
    "Observed",
    "Subject",
    "attraction",
    "energy",
    "hexagons",
    "hotspots",
    "metric",
    "observed",
]
