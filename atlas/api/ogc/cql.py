"""
Filters in CQL2 text, evaluated on the columns of a collection by pygeofilter.

A comparison with a missing value is neither true nor false, as in SQL: the columns have
pandas' nullable types, and negation keeps what is unknown unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from lark.exceptions import LarkError
from pygeofilter import ast
from pygeofilter.backends.evaluator import handle
from pygeofilter.backends.geopandas.evaluate import GeoPandasEvaluator
from pygeofilter.parsers.cql2_text import parse

from atlas.errors import RequestError

if TYPE_CHECKING:
    import numpy.typing as npt

    from atlas.api.ogc.crs import System
    from atlas.api.ogc.layers import Layer

LONGEST: Final = 2_000
"""Characters of a filter: more cannot be nested than Python evaluates."""
MOST_WILDCARDS: Final = 4
"""Each ``%`` multiplies the ways in which a regular expression can try a text."""

_REASON: Final = 200  # characters of a foreign message
# What operators raise on values that they do not fit.
_REFUSED: Final = (
    ArithmeticError, AssertionError, AttributeError, KeyError, LookupError, NotImplementedError,
    RecursionError, TypeError, ValueError,
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
            return cls(parse(text), system)
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
            return _as_mask(Evaluator(columns).evaluate(self.tree), len(columns))
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
