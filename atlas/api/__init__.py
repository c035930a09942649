"""Routes beside the Streamlit pages: data for the map, downloads, data package, health."""

from atlas.api.routes import PREFIX, routes

__all__ = ["PREFIX", "routes"]
