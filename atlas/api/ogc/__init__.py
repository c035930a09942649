"""OGC API – Features under ``/ogc``: pygeoapi over the table in memory, imported at first use."""

from atlas.api.ogc.service import Service

__all__ = ["Service"]
