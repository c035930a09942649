"""Routes beside the Streamlit pages: data for the map, downloads, data package, health."""

from atlas.api.routes import PREFIX, routes
from atlas.api.shell import Shell, first_page
from atlas.api.sockets import quick_connections

__all__ = ["PREFIX", "Shell", "first_page", "quick_connections", "routes"]
