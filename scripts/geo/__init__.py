"""Builders of the files in ``data/geo``; ``scripts/build_geo.py`` runs them in order."""
