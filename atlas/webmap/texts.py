"""What the map says, shows and may ask other hosts for: one JSON object per language."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from atlas import vocabulary as v
from atlas.i18n import translator
from atlas.webmap.palette import PALETTES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from atlas.store import Atlas
    from atlas.vocabulary import Language

TEXTS: Final[Mapping[str, str]] = {
    "label": "Karte der Orte",
    "zoom_in": "Vergrößern",
    "zoom_out": "Verkleinern",
    "fit": "Auf das Ergebnis zoomen",
    "full": "Vollbild",
    "legend": "Legende",
    "legend_vacancy": "Leerstand (Farbe)",
    "legend_kind": "Art (Form)",
    "legend_age": "Alter der Beobachtung (Füllung)",
    "legend_place": "Lage (Rand)",
    "legend_letters": "Buchstaben",
    "precise": "genau: Gebäude oder Straße",
    "imprecise": "ungefähr: irgendwo im gestrichelten Kreis",
    "loading": "Orte werden geladen …",
    "count_none": "Kein Ort passt",
    "count_one": "{n} Ort",
    "count_many": "{n} Orte",
    "unplaced": "{n} ohne Lage auf der Karte",
    "choose": "{n} Orte an dieser Stelle",
    "more_one": "und {n} weiterer Ort",
    "more_many": "und {n} weitere Orte",
    "base_map": "Hintergrund",
    "own_map": "Eigene Karte",
    "no_host": "ohne fremde Server",
    "tiles_title": "{name} laden?",
    "tiles_ask": "Anbieter dieser Hintergrundkarte: {operator}. Ihr Browser ruft die Kartenbilder "
    "dort ab und überträgt dabei Ihre IP-Adresse und den Kartenausschnitt. Die Zustimmung gilt, "
    "bis Sie diesen Tab schließen. Die Kartenbilder kommen von:",
    "tiles_yes": "Karte laden",
    "tiles_no": "Abbrechen",
    "tiles_failed": "{host} antwortet nicht. Unter „Hintergrund“ die eigene Karte wählen.",
    "no_base": "Die Hintergrundkarte fehlt; die Orte sind vollständig. Die Seite neu laden.",
    "no_areas": "Die Flächen konnten nicht geladen werden; die Orte sind vollständig. Die Tabelle "
    "unter der Karte hat dieselben Angaben, oder die Seite neu laden.",
    "symbols": "Orte auf der Karte",
    "symbols_key": "Zeichen der Orte",
    "symbols_full": "deutlich",
    "symbols_faint": "blass",
    "symbols_none": "aus",
    "again": "Neu laden",
    "failed": "Die Karte ist unvollständig",
    "fail_network": "Der Server des Raumatlas antwortet nicht. Bitte prüfen, ob er läuft und ob "
    "die Verbindung steht, dann neu laden.",
    "fail_http": "Die Orte konnten nicht geladen werden (Antwort {detail}). Bitte neu laden; "
    "bleibt der Fehler, hilft die Betreiberin mit „atlas validate“ weiter.",
    "fail_format": "Die Daten der Karte sind beschädigt angekommen. Bitte neu laden; bleibt der "
    "Fehler, hilft ein Neustart des Raumatlas.",
    "fail_canvas": "Dieser Browser kann die Karte nicht zeichnen. Bitte einen aktuellen Browser "
    "verwenden; die Liste der Orte funktioniert auch hier.",
    "fail_paint": "Beim Zeichnen der Karte ist ein Fehler aufgetreten. Bitte neu laden; die Liste "
    "der Orte funktioniert auch ohne Karte.",
}
"""German message ids of the map, by the key that the script uses."""

SERVICES: Final[tuple[Mapping[str, str | int], ...]] = (
    {
        "name": "basemap.de (grau)",
        "host": "sgx.geodatenzentrum.de",
        "operator": "Bundesamt für Kartographie und Geodäsie (BKG)",
        "url": "https://sgx.geodatenzentrum.de/wmts_basemapde/tile/1.0.0/"
        "de_basemapde_web_raster_grau/default/GLOBAL_WEBMERCATOR/{z}/{y}/{x}.png",
        "max_zoom": 18,
        "attribution": "© basemap.de / BKG | Datenquellen: © GeoBasis-DE",
    },
    {
        "name": "TopPlusOpen (grau)",
        "host": "sgx.geodatenzentrum.de",
        "operator": "Bundesamt für Kartographie und Geodäsie (BKG)",
        "url": "https://sgx.geodatenzentrum.de/wmts_topplus_open/tile/1.0.0/web_grau/default/"
        "WEBMERCATOR/{z}/{y}/{x}.png",
        "max_zoom": 18,
        "attribution": "© BKG dl-de/by-2-0, Datenquellen: "
        "https://sgx.geodatenzentrum.de/web_public/gdz/datenquellen/datenquellen_topplusopen.html",
    },
    {
        "name": "RVR Stadtplanwerk",
        "host": "geodaten.metropoleruhr.de",
        "operator": "Regionalverband Ruhr (RVR)",
        "url": "https://geodaten.metropoleruhr.de/spw2?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
        "&LAYER=spw2_light&STYLE=default&FORMAT=image/png&TILEMATRIXSET=webmercator_hq"
        "&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}",
        "max_zoom": 18,
        "attribution": "Stadtplanwerk 2.0 © Regionalverband Ruhr (RVR) und Kooperationspartner "
        "(CC BY 4.0), Datengrundlagen: Land NRW (dl-de/by-2-0), © OpenStreetMap "
        "contributors (ODbL)",
    },
)
"""Tile services of public bodies; asked only after a click in a dialog that names the host."""


def config_payload(atlas: Atlas, language: Language) -> dict[str, Any]:
    """Return texts, labels, colours, services and attribution for ``language``."""
    translate = translator(language)
    return {
        "language": language,
        "texts": {key: translate(text) for key, text in TEXTS.items()},
        "labels": {name: _labels(terms, language) for name, terms in _LABELS.items()},
        "letters": [group.letter for group in v.TYPE_GROUPS.values()],
        "age": {"recheck": v.RECHECK_AFTER_DAYS, "outdated": v.OUTDATED_AFTER_DAYS},
        "palettes": {name: asdict(palette) for name, palette in PALETTES.items()},
        "services": [dict(service) for service in SERVICES],
        "attribution": attribution(atlas, language),
    }


_LABELS: Final[Mapping[str, Mapping[str, v.Term]]] = {
    "vacancy": v.VACANCY,
    "kind": v.KINDS,
    "type": v.TYPES,
    "type_group": v.TYPE_GROUPS,
    "age": v.AGE_CLASSES,
}


def _labels(terms: Mapping[str, v.Term], language: Language) -> dict[str, str]:
    return {code: term.label(language) for code, term in terms.items()}


def attribution(atlas: Atlas, language: Language) -> str:
    """Return the sentences of every source that the map shows, in the registry's order."""
    spaces = atlas.spaces
    shown = {*spaces["source"].dropna(), *spaces["coordinate_source"].dropna()}
    base = {key for key, source in atlas.registry.sources.items() if "base" in source.role}
    return " · ".join(atlas.registry.attributions(shown | base, language))
