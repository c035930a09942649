"""Where the data comes from: sources, licences, rows set aside, the data package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from atlas import vocabulary as v
from atlas.schema import BY_NAME
from atlas.schema.validate import localize
from atlas.ui.components.detail import host, licence_link
from atlas.ui.components.grid import Head, grid, line
from atlas.ui.markup import Html, el, external, icon
from atlas.ui.panel import panel
from atlas.ui.words import known

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence
    from typing import Any

    from atlas.provenance import Source
    from atlas.ui.view import View
    from atlas.ui.words import Words


def sources(view: View, say: Words) -> None:
    """Draw the registry of sources with their licences."""
    items = [_source(source, view, say) for source in view.data.registry.sources.values()]
    html = el("section", el("h2", say("Quellen und Lizenzen"), class_="ra-h2"),
              el("ul", *items, class_="ra-cards"), class_="ra-section")  # fmt: skip
    panel("sources", html)


def _source(source: Source, view: View, say: Words) -> Html:
    about = source.description(say.language)
    rows = int((view.atlas.spaces["source"] == source.id).sum())
    located = int((view.atlas.spaces["coordinate_source"] == source.id).sum())
    counts = [
        say.count("{n} Ort", "{n} Orte", rows) if rows else "",
        say.count("{n} Koordinate", "{n} Koordinaten", located) if located else "",
    ]
    return el(
        "li",
        el("h3", source.label(say.language), class_="ra-h3"),
        el("p", about) if about else None,
        el("p", say("Lizenz:"), " ",
           licence_link(source.licence_published, say), " · ",
           say.label(v.LINEAGE, source.lineage),
           say(" · Stand {vintage}", vintage=say.date(source.vintage)) if source.vintage else None,
           class_="ra-muted"),
        el("p", say("Namensnennung: {sentence}", sentence=source.sentence(say.language)),
           class_="ra-muted"),
        el("p", ", ".join(text for text in counts if text), class_="ra-muted")
        if any(counts) else None,
        el("p", external(host(source.homepage), source.homepage)) if source.homepage else None,
        class_="ra-card",
    )  # fmt: skip


def rejects(view: View, say: Words) -> None:
    """Draw the rows that were set aside, each with its reason."""
    rejects = view.atlas.rejects
    table = localize(rejects, language=view.language)
    if "source" in rejects:  # of a stored table: a row is a position in its source
        places = rejects["source"].astype(str) + " " + rejects["row"].astype(str)
        table = table.assign(row=places)
    count = view.atlas.rejected_rows
    if not count:
        body: Html = el("p", icon("check"), say("Keine Zeile wurde zurückgestellt."))
    else:
        labels = (say("Zeile"), say("Name"), say("Spalte"), say("Wert"), say("Verletzte Regel"),
                  say("Was tun"))  # fmt: skip
        heads = [Head(label) for label in labels]
        lines = (_reject(row, heads, say) for row in table.to_dict("records"))
        body = grid(say("Zurückgestellte Zeilen"), heads, lines)
    title = say("Zurückgestellte Zeilen")
    html = el("section", el("h2", f"{title}: {say.number(count)}", class_="ra-h2"),
              el("p", say("Eine Zeile, die eine Regel verletzt, steht nicht auf der Karte, "
                          "sondern hier mit ihrem Grund.")), body, class_="ra-section")  # fmt: skip
    panel("rejects", html)


def _reject(row: Mapping[Hashable, Any], heads: Sequence[Head], say: Words) -> Html:
    column = str(row["column"])
    label = say.column(BY_NAME[column]) if column in BY_NAME else column
    rule, hint = (str(row[key]) if known(row[key]) else "–" for key in ("rule", "hint"))
    name = row["name"] if known(row["name"]) else "–"
    return line(heads, row["row"], [name, label, str(row["value"]), rule, hint])


def package(view: View, say: Words) -> None:
    """Draw the links to the whole table and its description."""
    version = view.atlas.version
    items = (
        (say("Datenpaket (Frictionless): Spalten, Einheiten, Quellen"), "atlas/datapackage.json"),
        (say("Ganze Tabelle als CSV"), "atlas/download/csv"),
        (say("Ganze Tabelle als GeoPackage (EPSG:25832)"), "atlas/download/gpkg"),
        (
            say("Planungspaket für QGIS: Orte, Quartiere, Gemeinden mit Kennzahlen, Hotspots"),
            "atlas/download/planner.gpkg",
        ),
    )
    html = el(
        "section", el("h2", say("Alles herunterladen"), class_="ra-h2"),
        el("ul", *(el("li", el("a", icon("download"), text, href=f"{url}?lang={say.language}",
                               download=True, class_="ra-button ra-button-plain"))
                   for text, url in items), class_="ra-stack"),
        el("p", say("Fassung {version}", version=version), class_="ra-muted"),
        class_="ra-section",
    )  # fmt: skip
    panel("package", html)
