"""Files of a selection: CSV, GeoJSON, GeoPackage and XLSX, each with licence and date inside."""

from atlas.export.files import FORMATS, FileFormat, filename, write
from atlas.export.open_part import open_part
from atlas.export.table import EXTRA_COLUMNS, guard, unguard

__all__ = [
    "EXTRA_COLUMNS",
    "FORMATS",
    "FileFormat",
    "filename",
    "guard",
    "open_part",
    "unguard",
    "write",
]
