"""Tables as streams: to lines that PostgreSQL copies in, and from those that it copies out."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final, cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import shapely
import sqlalchemy as sa

from atlas.database.tables import SRID, space
from atlas.schema.columns import COLUMNS, LIST_SEPARATOR
from atlas.schema.contributions import COLUMN as CONTRIBUTIONS
from atlas.schema.types import DTYPES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

    from atlas.query import WordIndex

_ARROW_TYPES: Final = {
    "str": pa.string(), "float64": pa.float64(), "Int64": pa.int64(), "boolean": pa.bool_(),
}  # fmt: skip
_PANDAS_TYPES: Final = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}


def driver_of(connection: sa.Connection) -> psycopg.Connection:
    """Return the connection of the driver, for what SQLAlchemy has no words: streams."""
    return cast("psycopg.Connection", connection.connection.driver_connection)


def lines(columns: Mapping[str, pa.Array]) -> bytes:
    """Return lines as PostgreSQL reads them: texts in quotes, nothing where a value is missing."""
    sink = io.BytesIO()
    options = pa.csv.WriteOptions(include_header=False, quoting_style="needed")
    pa.csv.write_csv(pa.table(dict(columns)), sink, options)
    return sink.getvalue()


def of_spaces(rows: pd.DataFrame, version_id: int) -> dict[str, pa.Array]:
    """Return the columns of `atlas.database.tables.space`, by name."""
    days = _array(rows["observed_day"].astype("datetime64[us]"))
    found = {
        "version_id": pa.repeat(version_id, len(rows)),
        "position": pa.array(range(len(rows)), type=pa.int32()),
        "geom": _points(rows["x"], rows["y"]),
        "observed_day": days.cast(pa.date32()),
        CONTRIBUTIONS: _array(rows[CONTRIBUTIONS].astype("str")).cast(pa.string()),
    }
    for column in COLUMNS:
        values = _array(rows[column.name])
        if column.dtype == "codes":
            values = _lists(pc.split_pattern(values.cast(pa.string()), LIST_SEPARATOR))
        found[column.name] = values
    return found


def _points(x: pd.Series, y: pd.Series) -> pa.Array:
    """Return points in EPSG:25832 as PostGIS reads them (EWKB), missing without coordinate."""
    located = x.notna() & y.notna()
    points = shapely.set_srid(shapely.points(x[located], y[located]), SRID)
    cells = pd.Series(None, index=x.index, dtype=object)
    cells[located] = shapely.to_wkb(points, hex=True, include_srid=True)
    return pa.array(cells, type=pa.string())


def of_words(words: WordIndex, version_id: int) -> dict[str, pa.Array]:
    """Return the columns of `atlas.database.tables.word`, by name."""
    rows = np.repeat(np.arange(words.size), np.diff(words.offsets))
    by_word = np.argsort(words.word_ids, kind="stable")
    counts = np.bincount(words.word_ids, minlength=len(words.vocabulary))
    ends = np.concatenate([[0], np.cumsum(counts)])
    positions = pc.cast(pa.array(rows[by_word]), pa.string())
    lists = pa.ListArray.from_arrays(pa.array(ends, type=pa.int32()), positions)
    return {
        "version_id": pa.repeat(version_id, len(words.vocabulary)),
        "word": pa.array(words.vocabulary, type=pa.string()),
        "positions": _lists(lists),
    }


def _lists(cells: pa.ListArray) -> pa.Array:
    """Return lists as PostgreSQL writes arrays; each element in quotes: null is a word as well."""
    escaped = pc.replace_substring_regex(cells.flatten(), r'(["\\])', r"\\\1")
    quoted = pc.binary_join_element_wise('"', escaped, '"', "")
    lengths = pc.fill_null(pc.list_value_length(cells), 0).to_numpy()
    ends = pa.array(np.concatenate([[0], np.cumsum(lengths)]), type=pa.int32())
    joined = pc.binary_join(pa.ListArray.from_arrays(ends, quoted), ",")
    literals = pc.binary_join_element_wise("{", joined, "}", "")
    return pc.if_else(cells.is_null(), pa.scalar(None, pa.string()), literals)


def _array(values: pd.Series) -> pa.Array:
    """Return a column for Arrow in one piece, missing where pandas says so."""
    found = pa.array(values, from_pandas=True)
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def select_rows(connection: sa.Connection, version_id: int) -> str:
    """Return the statement that streams a version; the number is the only value in it."""
    columns = [
        sa.func.array_to_string(space.c[column.name], LIST_SEPARATOR).label(column.name)
        if column.dtype == "codes" else space.c[column.name]
        for column in COLUMNS
    ]  # fmt: skip
    rows = sa.select(*columns, space.c[CONTRIBUTIONS])
    rows = rows.where(space.c.version_id == version_id).order_by(space.c.position)
    text = rows.compile(connection, compile_kwargs={"literal_binds": True})
    return f"COPY ({text}) TO STDOUT (FORMAT csv, HEADER)"


def frame(content: memoryview) -> pd.DataFrame:
    """Return the rows of the stream with the types of the schema."""
    dtypes = {column.name: DTYPES[column.dtype] for column in COLUMNS} | {CONTRIBUTIONS: "str"}
    table = pa.csv.read_csv(
        pa.BufferReader(content),
        parse_options=pa.csv.ParseOptions(newlines_in_values=True),
        convert_options=pa.csv.ConvertOptions(
            column_types={name: _ARROW_TYPES[dtype] for name, dtype in dtypes.items()},
            # Missing is written without quotes, an empty text with them.
            null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False,
            true_values=["t"], false_values=["f"],
        ),
    )  # fmt: skip
    return pd.DataFrame({
        name: pd.Series(table[name].to_pandas(types_mapper=_PANDAS_TYPES.get).astype(dtype))
        for name, dtype in dtypes.items()
    })  # fmt: skip
