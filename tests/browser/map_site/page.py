import dataclasses
import datetime as dt

import streamlit as st
from streamlit_folium import st_folium

from atlas.query import Filters
from atlas.query.client import client_spec
from atlas.vocabulary import VACANCY
from atlas.webmap import EVENT_FIELD, MapConfig, MapState, build_map, filter_message, read_event

st.set_page_config(layout="wide")
asked = st.query_params
filters = Filters.from_params({key: asked.get_all(key) for key in asked})
vacancy = st.pills("vacancy", list(VACANCY), selection_mode="multi")
filters = dataclasses.replace(filters, vacancy=frozenset(vacancy))
near = filters.near
state = MapState(
    theme=asked.get("theme", "light"),
    selected=st.session_state.get("selected", ""),
    around=(near.lat, near.lon, f"Umkreis um {near.label}") if near else None,
    shortlist=filters.shortlist,
    show="show" in asked,
    fit=asked.get("fit", ""),
    version=asked.get("version", ""),
)
returned = st_folium(
    build_map(MapConfig(language=asked.get("lang", "de"))),
    key="map",
    height=560,
    use_container_width=True,
    returned_objects=[EVENT_FIELD],
    feature_group_to_add=filter_message(client_spec(filters, today=dt.date(2026, 11, 22)), state),
)
event = read_event(returned)
st.session_state["runs"] = st.session_state.get("runs", 0) + 1
if event and event.serial != st.session_state.get("serial"):
    st.session_state["serial"] = event.serial
    st.session_state["selected"] = event.space_id
    st.session_state["step"] = event.step
    st.rerun()
st.text(f"selected={st.session_state.get('selected', '')};")
st.text(f"step={st.session_state.get('step', 0)};")
st.text(f"runs={st.session_state['runs']};")
