"""pygeoapi's configuration, made from the collections: no file, no environment of the user."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from atlas.api.ogc.asked import DEFAULT_ITEMS, MOST_ITEMS, Asked
from atlas.api.ogc.crs import CRS84, SYSTEMS
from atlas.i18n import marked as _
from atlas.i18n import translator
from atlas.vocabulary import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from atlas.api.ogc.layers import Layer
    from atlas.settings import Settings

PROVIDER: Final = "atlas.api.ogc.provider.TableProvider"
TITLE: Final = _("Raumatlas Ruhr: Räume, Städte und Gemeinden")
ABOUT: Final = _(
    "Orte der Kreativwirtschaft und ihr Leerstand in den 53 Städten und Gemeinden des "
    "Ruhrgebiets, als OGC API – Features."
)
NO_OPERATOR: Final = _("Der Betreiber dieser Instanz ist nicht eingetragen.")
_KEYWORDS: Final = {
    "de": ["Leerstand", "Kreativwirtschaft", "Ruhrgebiet"],
    "en": ["vacancy", "creative industries", "Ruhr"],
}


def both(message: str) -> dict[str, str]:
    """Return a message id in every language, as pygeoapi wants it."""
    return {language: translator(language)(message) for language in LANGUAGES}


def configuration(layers: Mapping[str, Layer], settings: Settings) -> dict[str, Any]:
    """
    Return the configuration; ``server.url`` is set for each request.

    Nothing in it leads to another host: no map tiles, no templates from elsewhere.
    """
    operator = settings.operator_name or NO_OPERATOR
    licences = next(iter(layers.values())).licences if layers else []
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": 0},  # demanded, never used
            "url": "",
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "languages": list(LANGUAGES),
            "map": {"url": "", "attribution": ""},
            "limits": {"default_items": DEFAULT_ITEMS, "max_items": MOST_ITEMS},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                "title": both(TITLE),
                "description": both(ABOUT),
                "keywords": _KEYWORDS,
                "terms_of_service": "",
                "url": settings.public_url,
            },
            "license": {
                "name": ", ".join(licence.name for licence in licences),
                "url": licences[0].url if licences else "",
            },
            "provider": {"name": operator, "url": settings.public_url},
            "contact": {"name": operator, "email": settings.operator_email},
        },
        "resources": {name: _resource(layer, Asked()) for name, layer in layers.items()},
    }


def _resource(layer: Layer, asked: Asked) -> dict[str, Any]:
    bounds = layer.atlas.municipalities.total_bounds
    return {
        "type": "collection",
        "title": both(layer.title),
        "description": both(layer.about),
        "keywords": _KEYWORDS,
        "links": [
            {"type": "text/html", "rel": "license", "title": licence.name, "href": licence.url}
            for licence in layer.licences
            if licence.url
        ],
        # No span of time: pygeoapi would answer what lies outside with an error.
        "extents": {"spatial": {"bbox": [round(float(end), 5) for end in bounds], "crs": CRS84}},
        "providers": [provider(layer, asked)],
    }


def provider(layer: Layer, asked: Asked) -> dict[str, Any]:
    """Return the definition of the provider of a collection, for one request."""
    return {
        "type": "feature",
        "name": PROVIDER,
        "data": layer,
        "asked": asked,
        "id_field": layer.id_field,
        "title_field": layer.title_field,
        "time_field": layer.time_field or None,
        "geom_field": "geometry",
        "crs": list(SYSTEMS),
        "storage_crs": CRS84,
    }


def for_request(config: Mapping[str, Any], *, url: str, asked: Asked) -> dict[str, Any]:
    """
    Return a configuration for one request, sharing what does not change.

    Parameters
    ----------
    url
        Address of the service as the client sees it.
    """
    resources = {
        name: {**one, "providers": [{**one["providers"][0], "asked": asked}]}
        for name, one in config["resources"].items()
    }
    server = {**config["server"], "url": url}
    return {**config, "server": server, "resources": resources}
