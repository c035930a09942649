"""Answers how complete and how fresh the table is, and where it comes from."""

from atlas.ui import state
from atlas.ui.components import build, changes, coverage, programs, sources
from atlas.ui.components.headings import data_heading
from atlas.ui.words import Words

view = state.view()
say = Words(view.language)
state.sync_url(view, searching=False)

data_heading(view, say)
coverage.coverage(view, say)
coverage.gaps(view, say)
sources.package(view, say)
programs.block(say)
build.report(view, say)
changes.all_changes(view, say)
sources.sources(view, say)
sources.rejects(view, say)
