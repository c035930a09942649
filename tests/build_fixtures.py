"""A small stored table: for the tests of what a build writes."""

from __future__ import annotations

import datetime as dt
import json

import pandas as pd
from core_fixtures import TOWNS, cells

from atlas.report import BuildReport, SourceReport
from atlas.schema.contributions import COLUMN
from atlas.schema.validate import validate
from atlas.store import derive
from atlas.stored import Content

NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
SOURCES = ("curated", "osm", "wikidata")


def table(*rows, contributions=()):
    """Return rows as a derived table; ``contributions`` gives keys per row where it is merged."""
    checked = validate(cells(*rows), TOWNS, sources=SOURCES)
    assert checked.rejects.empty, checked.rejects[["column", "value", "rule"]].to_string()
    spaces = derive(checked.spaces, TOWNS)
    texts = [_contributions(keys) for keys in contributions] or [None] * len(spaces)
    return spaces.assign(**{COLUMN: pd.Series(texts, index=spaces.index, dtype="str")})


def _contributions(keys):
    return json.dumps([{"source": source, "source_ref": ref} for source, ref in keys])


def content(spaces, *, read=None, geopackage=b"gpkg"):
    """Return what a build would hand over to be stored."""
    count = len(spaces)
    source = SourceReport(id="curated", adapter="curated", origin="spaces.csv",
                          read=count if read is None else read, stored=count)  # fmt: skip
    return Content(
        spaces=spaces,
        geopackage=geopackage,
        rejects=pd.DataFrame({"source": ["curated"], "row": [7], "code": ["required"]}),
        review=pd.DataFrame({"source_a": ["curated"], "ref_a": ["w/a"]}),
        report=BuildReport(sources=(source,), review=1, inputs="0" * 16),
        sources={"curated": pd.DataFrame(spaces.drop(columns="geometry"))},
    )
