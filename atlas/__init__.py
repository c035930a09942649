"""
Raumatlas Ruhr: one trustworthy table of creative spaces in the 53 Ruhr municipalities.

The core reads, checks, filters and exports the table with GeoPandas. The web
interface lives in ``atlas.ui`` and needs the extra ``app``.
"""

from importlib.metadata import version

__version__ = version("raumatlas-ruhr")

__all__ = ["__version__"]
