"""pygeoapi's provider over a collection in memory."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from pygeoapi.provider.base import (
    BaseProvider,
    ProviderInvalidQueryError,
    ProviderItemNotFoundError,
)

from atlas.api.ogc.crs import CRS84, SYSTEMS
from atlas.api.ogc.select import ordered, selected
from atlas.errors import RequestError
from atlas.i18n import translator

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy.typing as npt

    from atlas.api.ogc.asked import Asked
    from atlas.api.ogc.layers import Layer


class TableProvider(BaseProvider):  # type: ignore[misc] # pygeoapi has no types
    """
    Answers from a `Layer`; made anew for each request, as pygeoapi does with providers.

    Parameters
    ----------
    provider_def
        ``data`` is the `Layer`, ``asked`` the `Asked` of the request.
    """

    def __init__(self, provider_def: Mapping[str, Any]) -> None:
        super().__init__(provider_def)
        self.layer: Layer = provider_def["data"]
        self.asked: Asked = provider_def["asked"]
        self.get_fields()

    def get_fields(self) -> dict[str, dict[str, Any]]:
        """Return the properties as JSON Schema; a copy, because pygeoapi changes it."""
        language = self.asked.language
        self._fields = {name: field.schema(language) for name, field in self.layer.fields.items()}
        return self._fields

    def query(
        self,
        offset: int = 0,
        limit: int = 10,
        **options: Any,  # noqa: ANN401 (pygeoapi's)
    ) -> dict[str, Any]:
        """
        Return a page of features as GeoJSON.

        Box, dates, values and condition come from `Asked`, not from pygeoapi: it would turn
        a box in metres into a larger one in degrees, refuse dates outside the table's own,
        escape values for HTML, and read conditions in the language of its release.
        """
        with self._told():
            condition = self.asked.condition
            rows = selected(
                self.layer, box=self.asked.box, interval=self.asked.interval,
                values=self.asked.values,
                condition=condition.matches(self.layer) if condition else None,
            )  # fmt: skip
            rows = ordered(self.layer, rows, options.get("sortby", ()))
        is_counted = options.get("resulttype") == "hits"
        page = rows[:0] if is_counted else rows[offset : offset + limit]
        names = list(options.get("select_properties", ())) or list(self.layer.fields)
        target = _target(options.get("crs_transform_spec"))
        features = self._features(page, names, target, skip=options.get("skip_geometry", False))
        return {
            "type": "FeatureCollection",
            "features": features,
            "numberMatched": len(rows),
            "numberReturned": len(features),
        }

    def get(self, identifier: str, **options: Any) -> dict[str, Any]:  # noqa: ANN401 (pygeoapi's)
        """
        Return the feature with a key.

        Raises
        ------
        ProviderItemNotFoundError
            If there is none.
        """
        at = self.layer.positions.get(identifier)
        if at is None:
            error = RequestError("„{key}“ gibt es hier nicht.", key=identifier)
            raise ProviderItemNotFoundError(user_msg=self._say(error))
        target = _target(options.get("crs_transform_spec"))
        return self._features(np.array([at]), list(self.layer.fields), target, skip=False)[0]

    def _features(
        self,
        rows: npt.NDArray[np.intp],
        names: list[str],
        target: str,
        *,
        skip: bool,
    ) -> list[dict[str, Any]]:
        chosen = pd.DataFrame(self.layer.frame).iloc[rows]
        columns = chosen[names].astype(object)
        records = columns.where(columns.notna(), None).to_dict("records")
        places = self.layer.geometry(SYSTEMS[target])[rows]
        shapes = [None] * len(chosen) if skip else [_geojson(place) for place in places]
        keys = chosen[self.layer.id_field]
        return [
            {"type": "Feature", "id": key, "geometry": shape, "properties": record}
            for key, shape, record in zip(keys, shapes, records, strict=True)
        ]

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except RequestError as error:
            raise ProviderInvalidQueryError(user_msg=self._say(error)) from error

    def _say(self, error: RequestError) -> str:
        return error.localized(translator(self.asked.language))


def _geojson(place: shapely.Geometry | None) -> dict[str, Any] | None:
    if place is None:
        return None
    written: dict[str, Any] = json.loads(shapely.to_geojson(place))
    return written


def _target(spec: Any) -> str:  # noqa: ANN401 (pygeoapi's own)
    return CRS84 if spec is None else str(spec.target_crs_uri)
