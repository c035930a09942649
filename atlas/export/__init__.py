"""
Files of a selection, each with licence and date inside, and the package for planners.

The package and the layers that need the analysis are in `atlas.export.planner` and
`atlas.export.layers`, imported by whoever needs them.
"""

from atlas.export.files import FORMATS, FileFormat, filename, format_of, known_format, write
from atlas.export.open_part import open_part
from atlas.export.table import EXTRA_COLUMNS, guard, unguard

__all__ = [
    "EXTRA_COLUMNS",
    "FORMATS",
    "FileFormat",
    "filename",
    "format_of",
    "guard",
    "known_format",
    "open_part",
    "unguard",
    "write",
]
