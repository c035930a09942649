"""Answers where creative sites and vacant space cluster beyond chance, and where both meet."""

from atlas.ui import state
from atlas.ui.components import (
    hotspot_charts,
    hotspot_form,
    hotspot_result,
    hotspot_table,
    hotspot_work,
)
from atlas.ui.words import Words

view = state.view()
say = Words(view.language)
asked = hotspot_form.asked()
state.sync_url(view, searching=False, asked=hotspot_form.params(asked, hotspot_form.area()))
hotspot_work.require()

hotspot_form.heading(say)
hotspot_form.form(asked, say)
found = hotspot_work.found(view, asked, say)
hotspot_result.sentence(found, say)
hotspot_result.panes(view, found, say)
hotspot_table.table(view, found, say)
hotspot_charts.charts(view, found, say)
