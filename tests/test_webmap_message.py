"""The map for Streamlit: constant, local, safe; the message and the way back."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from streamlit_folium import (
    _get_feature_group_string,
    _get_header,
    _get_map_string,
    generate_js_hash,
)

from atlas.errors import ConfigError
from atlas.query import Filters, Near
from atlas.query.client import client_spec
from atlas.webmap import (
    EVENT_FIELD,
    MapConfig,
    MapEvent,
    MapState,
    assets,
    build_map,
    filter_message,
    read_event,
)

if TYPE_CHECKING:
    from pathlib import Path

    from atlas.vocabulary import Language

HOSTILE = "</script><img src=x onerror=alert(1)>\u2028"


def script(config: MapConfig | None = None) -> str:
    built = build_map(config)
    built.get_root().render()
    return _get_map_string(built)


def test_two_maps_give_the_same_script_so_the_frame_stays() -> None:
    assert script() == script()
    assert generate_js_hash(script(), "map") == generate_js_hash(script(), "map")


def test_another_language_gives_another_script() -> None:
    assert script(MapConfig(language="en")) != script()


def test_the_map_loads_its_own_files_only() -> None:
    built = build_map()
    links = [link for _, link in (*built.default_js, *built.default_css)]
    assert all(link.startswith(("../../atlas/", "data:text/javascript")) for link in links)
    assert "script" not in _get_header(built)
    assert not re.search(r"https?://(?!www\.w3\.org)", script() + _get_header(built))


def test_our_script_comes_before_leaflet_and_the_guard_before_both() -> None:
    links = [link for _, link in build_map().default_js]
    assert links[0].startswith("data:")
    assert "map/map.js?v=" in links[1]
    assert links[2].endswith("leaflet.js")


def test_the_guard_carries_its_sentence_in_the_language() -> None:
    guard = unquote(build_map().default_js[0][1])
    assert "konnte nicht geladen werden" in guard
    assert "__TEXT__" not in guard
    assert "could not be loaded" in unquote(build_map(MapConfig(language="en")).default_js[0][1])


def test_what_travels_with_every_filter_change_beside_the_filter_is_short() -> None:
    built = build_map()
    built.get_root().render()
    links = [link for _, link in (*built.default_js, *built.default_css)]
    assert len(_get_map_string(built)) + len(_get_header(built).strip()) < 150
    assert sum(map(len, links)) < 500


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_sentence_of_the_guard_cannot_end_its_script(language: Language) -> None:
    guard = unquote(build_map(MapConfig(language=language)).default_js[0][1])
    sentence = guard.split("reload()>")[1].split("</button>")[0]
    assert not set(sentence) & set("`$<>\\\"'")


def test_the_script_does_not_change_with_the_message() -> None:
    built = build_map()
    built.get_root().render()
    before = _get_map_string(built)
    _get_feature_group_string(filter_message({"today": 1}), built)
    assert script() == before


def test_the_message_is_handed_to_the_layer_and_nothing_else() -> None:
    built = build_map()
    text = _get_feature_group_string(filter_message({"today": 1}, MapState(fit="a")), built)
    assert 'AtlasMap.receive({"spec":{"today":1},"fit":"a"})' in text
    assert len(text) < 500


def test_only_what_differs_from_the_default_travels() -> None:
    assert json.loads(filter_message({}).text) == {"spec": {}}


def test_a_search_nearby_adds_its_centre_and_its_name_to_the_message_and_little_else() -> None:
    spec = client_spec(Filters(near=Near(51.47853, 7.22304)), today=dt.date(2026, 11, 22))
    around = (51.47853, 7.22304, "Umkreis 1 km um Bochum Hbf")
    plain, named = filter_message(spec), filter_message(spec, MapState(around=around))
    assert json.loads(named.text)["around"] == list(around)
    assert len(named.text) - len(plain.text) < 70


def test_hostile_text_cannot_leave_the_script() -> None:
    state = MapState(selected=HOSTILE, around=(51.5, 7.2, HOSTILE))
    text = filter_message({"words": [HOSTILE]}, state).text
    assert "<" not in text
    assert "\u2028" not in text
    assert json.loads(text)["selected"] == HOSTILE


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("k3j select 0123456789", MapEvent("k3j", "select", space_id="0123456789")),
        ("k3j clear", MapEvent("k3j", "clear")),
        ("k3j step 1 k3h", MapEvent("k3j", "step", step=1, since="k3h")),
        ("k3j step -12 k3h", MapEvent("k3j", "step", step=-12, since="k3h")),
        ("k3j escape", MapEvent("k3j", "escape")),
    ],
)
def test_an_event_of_the_map_is_read(text: str, event: MapEvent) -> None:
    assert read_event({EVENT_FIELD: text}) == event


@pytest.mark.parametrize(
    "returned",
    [None, {}, {EVENT_FIELD: None}, {EVENT_FIELD: ""}, {EVENT_FIELD: "-"}, {EVENT_FIELD: 7},
     {EVENT_FIELD: "x select 0123"}, {EVENT_FIELD: "x select 012345678g"},
     {EVENT_FIELD: "x select 0123456789 more"}, {EVENT_FIELD: HOSTILE}, {EVENT_FIELD: "x step 2"},
     {EVENT_FIELD: "x step 1 A"}, {EVENT_FIELD: "x step 99999 a"}],
)  # fmt: skip
def test_anything_else_is_no_event(returned: dict[str, object] | None) -> None:
    assert read_event(returned) is None


def test_a_missing_asset_is_said_with_its_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(assets, "ASSETS", tmp_path)
    assets.bundle.cache_clear()
    with pytest.raises(ConfigError, match=r"start\.js"):
        assets.bundle("map.js")
    assets.bundle.cache_clear()


def test_every_asset_is_part_of_a_bundle_and_of_modest_length() -> None:
    parts = [part for names in assets.BUNDLES.values() for part in names]
    assert sorted(parts) == sorted(path.name for path in assets.ASSETS.iterdir())
    for part in parts:
        assert len((assets.ASSETS / part).read_text().splitlines()) <= 300


def test_the_layer_never_writes_markup() -> None:
    code = assets.bundle("map.js").text
    assert not re.search(r"innerHTML\s*=|insertAdjacentHTML|outerHTML|document\.write|eval\(", code)
