"""
The markup of the filter form: the same for everybody who speaks the language.

It holds no count and no choice, so the browser gets it once; what changes with a click
is filled in from a few hundred bytes (see `atlas.ui.components.filters`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from atlas import vocabulary as v
from atlas.query import CODE_FIELDS
from atlas.query.client import form_places
from atlas.text import fold
from atlas.ui.components.labels import (
    FIELD_TITLES,
    FIRST_FIELDS,
    MORE_FIELDS,
    TERMS_OF_FIELD,
    option_label,
)
from atlas.ui.components.swatch import group_mark, vacancy_mark
from atlas.ui.markup import Html, el, join

if TYPE_CHECKING:
    from atlas.store import Atlas
    from atlas.ui.words import Words

FORM_ID: Final = "filter-form"
_OPEN: Final = frozenset({"groups", "vacancy"})
_SPARE: Final = frozenset({"types", "programmes", "sectors"})
"""Long lists, shown without the options that nothing has."""


def offered(atlas: Atlas) -> list[tuple[str, str]]:
    """Return field and code of every option, in the order of the form."""
    return [(name, code) for name in (*FIRST_FIELDS, *MORE_FIELDS) for code in _codes(name, atlas)]


def _codes(name: str, atlas: Atlas) -> list[str]:
    if name == "municipalities":
        return [ags for _, members in _towns(atlas) for ags in members]
    if name == "districts":
        return [code for code, _ in _towns(atlas) if code]
    return list(TERMS_OF_FIELD[name])


def _towns(atlas: Atlas) -> list[tuple[str, list[str]]]:
    """Return the municipalities by name under their Kreis; those without one come first."""
    towns = atlas.municipalities
    sizes = towns["district_code"].value_counts()
    groups: dict[str, list[str]] = {}
    for town in towns.sort_values("name", key=lambda names: names.map(fold)).itertuples():
        several = sizes[town.district_code] > 1
        groups.setdefault(town.district_code if several else "", []).append(town.ags)
    return [(code, groups[code]) for code in sorted(groups)]


def form(atlas: Atlas, say: Words) -> Html:
    """Return the form, empty."""
    more = [_facet(name, atlas, say) for name in MORE_FIELDS]
    return el(
        "form",
        *(_facet(name, atlas, say) for name in FIRST_FIELDS),
        el(
            "details",
            el("summary", el("span", say("Mehr Filter")), _badge(),
               class_="ra-summary ra-summary-more"),
            *(_range(name, say) for name in ("area", "rent")), *more,
            class_="ra-more", id="more-filters",
        ),
        class_="ra-filters", id=FORM_ID, role="search", aria_label=say("Filter"),
        autocomplete="off", data_fill=True,
        data_places=json.dumps(form_places(), separators=(",", ":")),
    )  # fmt: skip


def _badge() -> Html:
    return el("span", class_="ra-badge", hidden=True)


def _facet(name: str, atlas: Atlas, say: Words) -> Html:
    title = say(FIELD_TITLES[name])
    body = (
        _by_district(atlas, say)
        if name == "municipalities"
        else _options(name, _codes(name, atlas), atlas, say)
    )
    return el(
        "details",
        el("summary", el("span", title), _badge(), class_="ra-summary"),
        el("fieldset", el("legend", title, class_="ra-sr"), body,
           class_="ra-fieldset", data_options=CODE_FIELDS[name].param, data_some=name in _SPARE),
        class_="ra-facet", id=f"facet-{name}", open=name in _OPEN,
    )  # fmt: skip


def _options(name: str, codes: list[str], atlas: Atlas, say: Words) -> Html:
    drawn = [_option(name, code, atlas, say) for code in codes]
    if name == "vacancy":
        scale = drawn[: len(v.VACANCY_SCALE)]
        rest = drawn[len(v.VACANCY_SCALE) :]
        return join(
            [
                el("div", *scale, class_="ra-scale", data_group=True),
                el("div", *rest, class_="ra-beside", data_group=True),
            ]
        )
    return el("div", *drawn, class_="ra-options", data_group=True)


def _option(name: str, code: str, atlas: Atlas, say: Words) -> Html:
    label = option_label(name, code, atlas=atlas, say=say)
    mark = None
    if name == "vacancy":
        mark = vacancy_mark(code)
    if name == "groups":
        mark = group_mark(code)
    # The rest of it is the same for all, and added by the browser (fillOptions in fill.js): with
    # it, this form alone would be longer than what the connection remembers for compression,
    # and the first click would have to say again what the first page has said.
    return el("b", mark, label, data_code=code)


def _by_district(atlas: Atlas, say: Words) -> Html:
    """Draw the municipalities under their Kreis, with a search field on top."""
    search = el(
        "input", type="search", class_="ra-input ra-input-small", data_search=True, data_local=True,
        aria_label=say("Stadt suchen"), placeholder=say("Stadt suchen"), id="town-search",
    )  # fmt: skip
    blocks = [_district(code, members, atlas, say) for code, members in _towns(atlas)]
    # The place for the sentence is always there: what appears in it is read aloud.
    nothing = el(
        "div", el("p", say("Keine Stadt heißt so."), class_="ra-muted", hidden=True,
                  data_nothing=True), role="status",
    )  # fmt: skip
    towns = el("div", *blocks, class_="ra-scroll", tabindex="-1", data_found=True)
    return join([search, nothing, towns])


def _district(code: str, members: list[str], atlas: Atlas, say: Words) -> Html:
    title = option_label("districts", code, atlas=atlas, say=say) if code else say(
        "Kreisfreie Städte"
    )  # fmt: skip
    everything = None
    if code:
        everything = el(
            "button", say("alle"), type="button", class_="ra-link", data_event="all_of",
            data_value=code, aria_label=say("Alle im {district} wählen", district=title),
        )  # fmt: skip
    rows = [_option("municipalities", ags, atlas, say) for ags in members]
    return el(
        "div",
        el("div", el("span", title), everything, class_="ra-group-title"),
        *rows,
        class_="ra-group", data_group=True, id=f"district-{code or 'towns'}",
    )  # fmt: skip


def _range(name: str, say: Words) -> Html:
    title = say(FIELD_TITLES[name])

    def field(part: str, label: str) -> Html:
        return el(
            "label", el("span", label, class_="ra-range-label"),
            el("input", type="number", name=f"{name}_{part}", min="0", step="any",
               inputmode="decimal", class_="ra-input", aria_label=f"{title}: {label}"),
        )  # fmt: skip

    return el(
        "fieldset",
        el("legend", title, class_="ra-legend"),
        el("div", field("min", say("von")), field("max", say("bis")), class_="ra-range"),
        el("label",
           el("input", type="checkbox", name=f"{name}_unknown", value="1"),
           el("span", say("Unbekannt einschließen"), class_="ra-option-label"),
           class_="ra-option"),
        class_="ra-fieldset ra-range-set",
    )  # fmt: skip
