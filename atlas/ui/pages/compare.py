"""Answers how two to four towns or quarters differ, and whether the difference means anything."""

from atlas.ui import state
from atlas.ui.components import compare, figure_method
from atlas.ui.words import Words

view = state.view()
say = Words(view.language)
found = compare.answer(view, say)
state.sync_url(view, searching=False, asked=found.params)

compare.controls(found, view, say)
compare.summary(found, view, say)
compare.panes(found, view, say)
compare.charts(found, say)
compare.tables(found, say)
figure_method.method(say)
