"""
Filters in CQL2 text: a grammar of our own, a tree and an evaluation by pygeofilter.

Its own grammar gives AND and OR the same rank, knows no doubled quote and refuses
``NOT ((…))``, which GDAL sends (docs/decisions/021).

A comparison with a missing value is neither true nor false, as in SQL: the columns have
pandas' nullable types, and negation keeps what is unknown unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from lark import Lark, v_args
from lark.exceptions import LarkError
from pygeofilter import ast, parsers, values
from pygeofilter.backends.evaluator import handle
from pygeofilter.backends.geopandas.evaluate import GeoPandasEvaluator
from pygeofilter.parsers.cql2_text.parser import CQLTransformer

from atlas.errors import RequestError
from atlas.settings import PACKAGE

if TYPE_CHECKING:
    import numpy.typing as npt

    from atlas.api.ogc.crs import System
    from atlas.api.ogc.layers import Layer

LONGEST: Final = 2_000
"""Characters of a filter: more cannot be nested than Python evaluates."""
MOST_WILDCARDS: Final = 4
"""Each ``%`` multiplies the ways in which a regular expression can try a text."""

_GRAMMAR: Final = PACKAGE / "assets" / "ogc" / "cql2.lark"
_FUNCTIONS: Final = {"casei": lambda texts: texts.str.casefold()}
_REASON: Final = 200  # characters of a foreign message
# What operators raise on values that they do not fit.
_REFUSED: Final = (
    ArithmeticError, AssertionError, AttributeError, KeyError, LookupError, NotImplementedError,
    RecursionError, TypeError, ValueError,
)  # fmt: skip


@v_args(meta=False, inline=True)
class Tree(CQLTransformer):  # type: ignore[misc] # pygeofilter has no types
    """Makes pygeofilter's tree of what the grammar found."""

    def like(self, left: ast.Node, pattern: str) -> ast.Node:
        """Compare with a pattern: ``%`` for any text, ``_`` for one character."""
        return ast.Like(left, pattern, False, "%", "_", "\\", False)

    def not_like(self, left: ast.Node, pattern: str) -> ast.Node:
        """Compare with a pattern, negated."""
        return ast.Not(self.like(left, pattern))

    def not_between(self, left: ast.Node, low: ast.Node, high: ast.Node) -> ast.Node:
        """Return whether a value lies outside two others."""
        return ast.Not(ast.Between(left, low, high, False))

    def casei(self, value: ast.Node) -> ast.Node:
        """Compare without regard to case."""
        return value.casefold() if isinstance(value, str) else ast.Function("casei", [value])

    def day(self, text: str) -> str:
        """Read a date as text, as dates are in the table; its parts compare in their order."""
        return text

    def box(self, west: float, south: float, east: float, north: float) -> values.Envelope:
        """Return a rectangle."""
        return values.Envelope(west, east, south, north)

    def NAME(self, token: str) -> str:  # noqa: N802 (a terminal of the grammar)
        """Read the name of a property."""
        return str(token)

    def SINGLE_QUOTED(self, token: str) -> str:  # noqa: N802
        """Read a text; a doubled quote in it is a quote."""
        return str(token[1:-1]).replace("''", "'")


@cache
def _parser() -> Lark:
    return Lark(
        _GRAMMAR.read_text("utf-8"), parser="lalr", maybe_placeholders=False, transformer=Tree(),
        import_paths=[str(Path(parsers.__file__).parent)],
    )  # fmt: skip


class Evaluator(GeoPandasEvaluator):  # type: ignore[misc] # pygeofilter has no types
    """pygeofilter's evaluator for GeoPandas with the logic of missing values."""

    @handle(ast.Not)  # type: ignore[untyped-decorator]
    def not_(self, _node: ast.Not, sub: pd.Series) -> pd.Series:
        """Negate; unknown stays unknown."""
        return ~sub.astype("boolean")

    @handle(ast.In)  # type: ignore[untyped-decorator]
    def in_(self, node: ast.In, left: pd.Series, *options: object) -> pd.Series:
        """Return whether a value is one of ``options``; unknown where it is missing."""
        found = left.isin(options).astype("boolean").mask(left.isna())
        return ~found if node.not_ else found


@dataclass(frozen=True, slots=True)
class Condition:
    """A parsed filter; its geometries are in ``system``."""

    tree: ast.Node
    system: System

    @classmethod
    def of(cls, text: str, system: System) -> Condition:
        """
        Read a filter.

        Raises
        ------
        RequestError
            If it is no CQL2, or could keep the server busy.
        """
        if len(text) > LONGEST or text.count("%") > MOST_WILDCARDS:
            raise RequestError(
                "filter: der Ausdruck ist zu lang oder hat zu viele Platzhalter.",
                hint="Höchstens {longest} Zeichen und {most} Mal % verwenden.",
                longest=LONGEST,
                most=MOST_WILDCARDS,
            )
        try:
            return cls(_parser().parse(text), system)
        except (LarkError, *_REFUSED) as error:
            raise RequestError(
                "filter: der Ausdruck ist kein CQL2-Text.",
                hint="So schreiben: vacancy = 'vacant' AND area_m2 > 500",
            ) from error

    def matches(self, layer: Layer) -> npt.NDArray[np.bool_]:
        """
        Return which rows of a collection fulfil the filter.

        Returns
        -------
        found
            n bools in the order of the rows; False where the filter cannot be decided.

        Raises
        ------
        RequestError
            If the filter names what there is not, or compares what cannot be compared.
        """
        columns = layer.once(("cql", self.system), lambda: _columns(layer, self.system))
        try:
            return _as_mask(Evaluator(columns, None, _FUNCTIONS).evaluate(self.tree), len(columns))
        except _REFUSED as error:
            raise RequestError(
                "filter: der Ausdruck passt nicht zu den Daten ({reason}).",
                hint="Namen und Typen stehen unter /queryables; Text in einfachen "
                "Anführungszeichen schreiben.",
                reason=f"{type(error).__name__}: {error}"[:_REASON],
            ) from error


def _columns(layer: Layer, system: System) -> gpd.GeoDataFrame:
    """Return the columns with missing values that know they are, and geometries in ``system``."""
    places = gpd.GeoSeries(layer.geometry(system), index=layer.frame.index)
    plain = pd.DataFrame(layer.frame.drop(columns="geometry")).convert_dtypes()
    return gpd.GeoDataFrame(plain, geometry=places)


def _as_mask(result: Any, rows: int) -> npt.NDArray[np.bool_]:  # noqa: ANN401 (any operand)
    if isinstance(result, bool):  # a filter of constants
        return np.full(rows, result)
    if not isinstance(result, pd.Series) or not pd.api.types.is_bool_dtype(result.dtype):
        msg = "no condition"
        raise TypeError(msg)
    mask: npt.NDArray[np.bool_] = result.astype("boolean").fillna(value=False).to_numpy(dtype=bool)
    return mask
