"""Answers what the atlas knows of one town: how much there is, what is empty, what changed."""

from atlas.ui import state
from atlas.ui.components import changes, figure_method, profile
from atlas.ui.words import Words

view = state.view()
say = Words(view.language)
found = profile.answer(view, say)
state.sync_url(view, searching=False, asked=found.params)

profile.heading(found, view, say)
profile.panes(found, view, say)
profile.charts(found, view, say)
profile.tables(found, view, say)
profile.lists(found, view, say)
changes.town_changes(view, profile.of_town(found, view).name, say)
figure_method.method(say)
