"""The table comes back from the database as it was stored."""

from __future__ import annotations

from build_fixtures import NOW, content, table
from core_fixtures import EDGE_ROWS
from geopandas.testing import assert_geodataframe_equal

from atlas import stored
from atlas.database import shelf


def test_the_table_comes_back_as_it_was_stored(shared):
    spaces = table(*EDGE_ROWS)
    version = stored.write(shared.table_folder, content(spaces), now=NOW)
    assert shelf.current(shared) is None
    shelf.publish(shared, version, now=NOW)
    found = shelf.current(shared)
    assert found.version == version.version
    assert_geodataframe_equal(found.spaces(), version.spaces()[list(found.spaces())])
