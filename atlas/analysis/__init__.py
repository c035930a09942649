"""Spatial statistics over the table; every distance, area and density in EPSG:25832."""
