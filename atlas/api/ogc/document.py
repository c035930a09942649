"""
The OpenAPI document: pygeoapi's, corrected where it says what is not so.

What is wrong in it and why it is replaced: docs/decisions/021.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from atlas.api.ogc.asked import DEFAULT_ITEMS, FILTER_LANGUAGES, FORMATS, MOST_ITEMS
from atlas.api.ogc.crs import CRS84, SYSTEMS
from atlas.i18n import translator
from atlas.vocabulary import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from atlas.api.ogc.layers import Layer
    from atlas.vocabulary import Language

Schema = dict[str, Any]

_TEXT: Final[Schema] = {"type": "string"}
_LINKS: Final[Schema] = {"type": "array", "items": {"$ref": "#/components/schemas/link"}}


def _enum(*values: str, default: str = "") -> Schema:
    return {"type": "string", "enum": list(values), **({"default": default} if default else {})}


def _object(required: tuple[str, ...], **properties: Schema) -> Schema:
    return {"type": "object", "required": list(required), "properties": properties}


_PARAMETERS: Final[dict[str, tuple[str, Schema]]] = {
    "f": ("Format; the Accept header counts where it is missing.", _enum(*FORMATS)),
    "lang": ("Language of texts; the Accept-Language header counts where it is missing.",
             _enum(*LANGUAGES)),
    "crs": ("Reference system of the answer.", _enum(*SYSTEMS, default=CRS84)),
    "bbox": ("Box that features touch: left, bottom, right, top, in the axis order of bbox-crs.",
             {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}),
    "bbox-crs": ("Reference system of bbox.", _enum(*SYSTEMS, default=CRS84)),
    "datetime": ("Day of observation: a date, or two joined by a slash, one of them may be `..`.",
                 _TEXT),
    "limit": (f"Features on a page; more than {MOST_ITEMS} are cut to that.",
              {"type": "integer", "minimum": 1, "maximum": MOST_ITEMS, "default": DEFAULT_ITEMS}),
    "offset": ("Features to pass over.",
               {"type": "integer", "minimum": 0, "maximum": 999_999_999, "default": 0}),
    "resulttype": ("`hits` counts without sending features.",
                   _enum("results", "hits", default="results")),
    "sortby": ("Properties to sort by, `-` in front for descending.", _TEXT),
    "skipGeometry": ("Leave the geometry out.", {"type": "boolean", "default": False}),
    "filter": ("Condition in CQL2 text, for example `vacancy = 'vacant' AND area_m2 > 500`.",
               _TEXT),
    "filter-lang": ("Language of filter.", _enum(*FILTER_LANGUAGES)),
    "filter-crs": ("Reference system of geometries in filter.", _enum(*SYSTEMS, default=CRS84)),
}  # fmt: skip
_GENERAL: Final = ("f", "lang")
_SCHEMAS: Final[dict[str, Schema]] = {
    "link": _object(("href", "rel"), href=_TEXT, rel=_TEXT, type=_TEXT, title=_TEXT,
                    hreflang=_TEXT),
    "exception": _object(("code",), code=_TEXT, type=_TEXT, description=_TEXT),
    "landing": _object(("links",), title=_TEXT, description=_TEXT, links=_LINKS),
    "conformance": _object(("conformsTo",), conformsTo={"type": "array", "items": _TEXT}),
    "collection": _object(
        ("id", "links"), id=_TEXT, title=_TEXT, description=_TEXT, attribution=_TEXT, links=_LINKS,
        extent={"type": "object"}, itemType=_TEXT, storageCrs=_TEXT,
        crs={"type": "array", "items": _TEXT},
    ),
    "collections": _object(
        ("links", "collections"), links=_LINKS,
        collections={"type": "array", "items": {"$ref": "#/components/schemas/collection"}},
    ),
    "jsonSchema": _object(("type", "properties"), type=_enum("object"), title=_TEXT,
                          properties={"type": "object"}),
    "openapi": _object(("openapi", "info", "paths"), openapi=_TEXT, info={"type": "object"},
                       paths={"type": "object"}),
    "feature": _object(
        ("type", "id", "geometry", "properties"), type=_enum("Feature"), id=_TEXT, links=_LINKS,
        geometry={"type": "object", "nullable": True}, properties={"type": "object"},
    ),
    "features": _object(
        ("type", "features", "numberMatched", "numberReturned"),
        type=_enum("FeatureCollection"), links=_LINKS, timeStamp=_TEXT,
        features={"type": "array", "items": {"$ref": "#/components/schemas/feature"}},
        numberMatched={"type": "integer", "minimum": 0},
        numberReturned={"type": "integer", "minimum": 0},
    ),
}  # fmt: skip
_JSON: Final = "application/json"
_ANSWERS: Final = {
    "": ("collection", _JSON),
    "/schema": ("jsonSchema", "application/schema+json"),
    "/queryables": ("jsonSchema", "application/schema+json"),
    "/geojson-schema": ("jsonSchema", "application/schema+json"),
    "/items": ("features", "application/geo+json"),
    "/items/{featureId}": ("feature", "application/geo+json"),
}
"""Ending of a path behind a collection → what it answers with."""
_SERVER: Final = {
    "/": ("landing", _JSON),
    "/openapi": ("openapi", "application/vnd.oai.openapi+json;version=3.0"),
    "/conformance": ("conformance", _JSON),
    "/collections": ("collections", _JSON),
}


def document(
    config: Mapping[str, Any], layers: Mapping[str, Layer], language: Language
) -> dict[str, Any]:
    """
    Return the OpenAPI document of the service, without its address.

    Parameters
    ----------
    config
        pygeoapi's configuration over the same ``layers``.
    """
    from pygeoapi.openapi import get_oas  # noqa: PLC0415 (late, as all of pygeoapi)

    written = get_oas(config)
    paths: dict[str, Any] = {
        path: _operation(written["paths"][path], answer, _GENERAL)
        for path, answer in _SERVER.items()
    }
    for layer in layers.values():
        for ending, answer in _ANSWERS.items():
            path = f"/collections/{layer.name}{ending}"
            names = _names(layer, ending)
            known = written["paths"].get(path, _of_geojson_schema(layer.name))
            paths[path] = _operation(known, answer, names)
            if ending == "/items":
                paths[path]["get"]["parameters"] += _own(layer, language)
            if ending.endswith("{featureId}"):
                paths[path]["get"]["parameters"].append(_KEY)
    info = {key: value for key, value in written["info"].items() if value}
    return {
        "openapi": written["openapi"],
        "info": _info(info),
        "tags": [{"name": "server"}, *({"name": name} for name in layers)],
        "paths": paths,
        "components": {"parameters": _components(), "schemas": _SCHEMAS},
    }


def _of_geojson_schema(name: str) -> dict[str, Any]:
    text = "JSON Schema of a feature"
    return {"get": {"summary": text, "description": text, "tags": [name],
                    "operationId": f"get{name.capitalize()}GeojsonSchema"}}  # fmt: skip


def feature_schema(layer: Layer, language: Language, *, address: str) -> dict[str, Any]:
    """
    Return the JSON Schema of a feature as it is sent, which every property may lack.

    pygeoapi's own schema lists the properties alone, without saying where they stand.
    """
    properties = {name: field.schema(language) for name, field in layer.fields.items()}
    return {
        "$schema": "https://json-schema.org/draft/2019-09/schema",
        "$id": address,
        "title": translator(language)(layer.title),
        "type": "object",
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "string"},
            "properties": {"type": "object", "properties": properties},
        },
    }


_KEY: Final = {"name": "featureId", "in": "path", "required": True, "schema": _TEXT}


def _info(written: dict[str, Any]) -> dict[str, Any]:
    licence = written.get("license", {})
    kept = {key: value for key, value in written.items() if key not in ("license", "contact")}
    contact = {
        key: value
        for key, value in written.get("contact", {}).items()
        if value and key in ("name", "url", "email")
    }
    return {**kept, "contact": contact, **({"license": licence} if licence.get("url") else {})}


def _names(layer: Layer, ending: str) -> tuple[str, ...]:
    if ending == "/items":
        return tuple(name for name in _PARAMETERS if name != "datetime" or layer.time_field)
    return (*_GENERAL, "crs") if ending.endswith("{featureId}") else _GENERAL


def _operation(
    written: Mapping[str, Any], answer: tuple[str, str], names: tuple[str, ...]
) -> dict[str, Any]:
    """Return one path with pygeoapi's texts and our parameters and answers."""
    get = written["get"]
    schema, media_type = answer
    described = {key: get[key] for key in ("summary", "description", "operationId", "tags")}
    return {
        "get": {
            **described,
            "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in names],
            "responses": {
                "200": {
                    "description": get["summary"],
                    "content": {
                        media_type: {"schema": {"$ref": f"#/components/schemas/{schema}"}},
                        "text/html": {"schema": _TEXT},
                    },
                },
                **{status: _refusal(text) for status, text in _REFUSALS.items()},
            },
        }
    }


_REFUSALS: Final = {"400": "A parameter is wrong.", "404": "There is no such thing."}


def _refusal(text: str) -> dict[str, Any]:
    exception = {"schema": {"$ref": "#/components/schemas/exception"}}
    return {"description": text, "content": {_JSON: exception, "text/html": {"schema": _TEXT}}}


def _components() -> dict[str, Any]:
    return {name: _parameter(name, text, schema) for name, (text, schema) in _PARAMETERS.items()}


def _parameter(name: str, text: str, schema: Schema) -> dict[str, Any]:
    return {
        "name": name, "in": "query", "description": text, "required": False, "schema": schema,
        "style": "form", "explode": False,
    }  # fmt: skip


def _own(layer: Layer, language: Language) -> list[dict[str, Any]]:
    """Return the parameters of one collection: which properties to send, and a value for each."""
    listed: Schema = {"type": "array", "items": _enum(*layer.fields)}
    chosen = _parameter("properties", "Properties to send.", listed)
    equal = []
    for name, field in layer.fields.items():
        schema = {key: value for key, value in field.schema(language).items()
                  if key in ("type", "enum")}  # fmt: skip
        equal.append(
            _parameter(name, f"Only rows with this value. {field.title(language)}.", schema)
        )
    return [chosen, *equal]
