"""
The script that Streamlit runs: frame, navigation, one place for errors.

It lies in a folder of its own: beside a folder called ``pages`` Streamlit would take
the first visitor of a new server for one of an app of the old kind and answer "page
not found" to every link but the first page's.
"""

from importlib import import_module

from atlas.ui import ready

ready.wait()
import_module("atlas.ui.frame").run()
