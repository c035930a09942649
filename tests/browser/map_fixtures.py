"""A data folder with hostile names and shared places, and the map in a frame of a real page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from pages import until

from atlas.settings import Settings
from atlas.store import load
from benchmarks.synthetic import write_data_dir

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Frame, Page

    from atlas.store import Atlas

HOSTILE = (
    "<script>window.hacked=1</script>",
    '"><img src=x onerror="window.hacked=1">',
    "</script><script>window.hacked=1</script>",
    "{{ 7 * 7 }} ${window.hacked=1} `'",
    "אולם היצירה RTL",
)

# The box of the region, as a fit shows it, begins below the buttons.
WEST_IS_FREE = """() => { const { map, bar, view } = atlasLayer;
    const top = map.latLngToContainerPoint(view.region.getNorthWest()).y;
    return bar.getBoundingClientRect().bottom <= top; }"""


def hostile_data(folder: Path, rows: int) -> Path:
    """Write a folder whose first rows have hostile names and share one place in Essen."""
    write_data_dir(folder, rows, data_dir=Settings().data_dir)
    path = folder / "spaces.csv"
    spaces = pd.read_csv(path, dtype="str")
    essen = spaces.index[spaces["municipality"] == "Essen"][: len(HOSTILE)]
    place = spaces.loc[essen[0], ["ags", "municipality"]].to_dict()
    for row, name in zip(essen, HOSTILE, strict=True):
        spaces.loc[row, list(place)] = list(place.values())
        spaces.loc[row, "name"] = name
        spaces.loc[row, ["kind", "type", "vacancy", "term"]] = [
            "key_property",
            "shop",
            "vacant",
            "hourly",
        ]
        spaces.loc[row, ["lat", "lon", "coordinate_precision", "coordinate_uncertainty_m",
                         "coordinate_source", "coordinate_note",
                         "coordinate_note_en"]] = [
            "51.4508", "7.0131", "building", "25", "published", "erfunden", "invented"]  # fmt: skip
    spaces.to_csv(path, index=False)
    return folder


def open_map(page: Page, address: str) -> Frame:
    """Open a page with the map and wait until it has painted ground and spaces."""
    page.goto(address)
    frame = map_frame(page)
    until(
        frame,
        "window.atlasLayer && atlasLayer.table && atlasLayer.base && atlasLayer.stats.paints > 0",
    )
    return frame


def map_frame(page: Page) -> Frame:
    handle = page.wait_for_selector("iframe[title*=folium]", state="attached")
    assert handle is not None
    frame = handle.content_frame()
    assert frame is not None
    return frame


def load_folder(folder: Path) -> Atlas:
    return load(Settings(data_dir=folder))
