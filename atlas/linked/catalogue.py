"""
The catalogue entry by DCAT-AP.de 3.0: who publishes which tables, where, under which licence.

Properties and vocabularies: the specification at https://www.dcat-ap.de/def/dcatde/3.0/spec/
(docs/decisions/022). Nothing is blank: each node has an address under the catalogue's.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, XSD

from atlas.i18n import marked as _
from atlas.i18n import translator
from atlas.linked.tables import Table, tables
from atlas.schema import earliest_day, latest_day
from atlas.vocabulary import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from atlas.settings import Settings
    from atlas.store import Atlas

DCATDE: Final = Namespace("http://dcat-ap.de/def/dcatde/")
DCATAP: Final = Namespace("http://data.europa.eu/r5r/")
ADMS: Final = Namespace("http://www.w3.org/ns/adms#")
VCARD: Final = Namespace("http://www.w3.org/2006/vcard/ns#")
GEO: Final = Namespace("http://www.opengis.net/ont/geosparql#")
_OWN_LICENCE: Final = URIRef("http://dcat-ap.de/def/licenses/cc-by/4.0")  # of the description
_VERSION: Final = URIRef(f"{DCAT}version")  # of DCAT 3, which rdflib does not list yet
_EU: Final = "http://publications.europa.eu/resource/authority/"
_GEOCODING: Final = "http://dcat-ap.de/def/politicalGeocoding/"
_IANA: Final = "https://www.iana.org/assignments/media-types/"
_PREFIXES: Final = {
    "dcat": DCAT, "dcterms": DCTERMS, "foaf": FOAF, "dcatde": DCATDE, "dcatap": DCATAP,
    "adms": ADMS, "vcard": VCARD, "geo": GEO, "xsd": XSD,
}  # fmt: skip
_FORMATS: Final = {
    "csv": ("CSV", "text/csv"),
    "geojson": ("GEOJSON", "application/geo+json"),
    "gpkg": ("GPKG", "application/geopackage+sqlite3"),
    "xlsx": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
NO_OPERATOR: Final = _("Der Betreiber dieser Instanz ist nicht eingetragen.")
_ROW_RIGHTS: Final = _(
    "Jede Zeile nennt in den Spalten licence und coordinate_licence ihre Lizenz."
)
SERIALIZATIONS: Final = {
    "jsonld": ("json-ld", "application/ld+json"),
    "ttl": ("turtle", "text/turtle; charset=utf-8"),
    "rdf": ("pretty-xml", "application/rdf+xml"),
}
"""Ending of the address → how rdflib calls the format, and its media type."""


def catalogue(atlas: Atlas, settings: Settings, *, base: str) -> Graph:
    """
    Return the catalogue as a graph.

    Parameters
    ----------
    base
        Address of the instance, without a slash at the end.

    Returns
    -------
    graph
        Every text in German and English; the publisher as the settings name it, or the
        statement that nobody is entered.
    """
    return _Writer(atlas, settings, base).graph()


def serialized(graph: Graph, ending: str) -> bytes:
    """Return a graph in the format of ``ending``, a key of `SERIALIZATIONS`."""
    name, _media_type = SERIALIZATIONS[ending]
    if name != "json-ld":
        return graph.serialize(format=name).encode()
    context = {prefix: str(uri) for prefix, uri in _PREFIXES.items()}
    written = json.loads(graph.serialize(format=name, context=context))
    return json.dumps(written, ensure_ascii=False, indent=1, sort_keys=True).encode()


class _Writer:
    """Adds what is known to one graph."""

    def __init__(self, atlas: Atlas, settings: Settings, base: str) -> None:
        self.atlas = atlas
        self.settings = settings
        self.base = base
        self.written = Graph()
        for prefix, uri in _PREFIXES.items():
            self.written.bind(prefix, uri)

    def graph(self) -> Graph:
        """Return the whole catalogue."""
        described = tables(self.atlas)
        self._agent()
        self._catalogue(described)
        self._service(described)
        for table in described:
            self._dataset(table)
        return self.written

    def node(self, name: str) -> URIRef:
        """Return the address of a part of the catalogue."""
        return URIRef(f"{self.base}/atlas/catalog#{name}")

    def add(self, subject: URIRef, pairs: Iterable[tuple[URIRef, Any]]) -> None:
        """Add statements about ``subject``; nothing is said where the value is ``None``."""
        for predicate, value in pairs:
            if value is not None:
                self.written.add((subject, predicate, value))

    def say(self, subject: URIRef, predicate: URIRef, message: str) -> None:
        """Add a text in every language."""
        for language in LANGUAGES:
            text = Literal(translator(language)(message), lang=language)
            self.written.add((subject, predicate, text))

    def _agent(self) -> None:
        agent = self.node("publisher")
        self.add(agent, [(RDF.type, FOAF.Agent)])
        name = self.settings.operator_name
        if name:
            self.add(agent, [(FOAF.name, Literal(name))])
        else:
            self.say(agent, FOAF.name, NO_OPERATOR)
        email = self.settings.operator_email
        if email:
            self.add(self.node("contact"), [
                (RDF.type, VCARD.Kind), (VCARD.fn, Literal(name or email)),
                (VCARD.hasEmail, URIRef(f"mailto:{email}")),
            ])  # fmt: skip

    def _common(self, subject: URIRef, kind: URIRef, title: str, about: str) -> None:
        modified = Literal(self.atlas.retrieved_on.isoformat(), datatype=XSD.date)
        self.add(subject, [(RDF.type, kind), (DCTERMS.publisher, self.node("publisher")),
                           (DCTERMS.modified, modified)])  # fmt: skip
        self.say(subject, DCTERMS.title, title)
        self.say(subject, DCTERMS.description, about)

    def _catalogue(self, described: Iterable[Table]) -> None:
        own = self.node("catalog")
        self._common(own, DCAT.Catalog, _("Raumatlas Ruhr: Datenkatalog"), _(
            "Offene Daten über Orte der Kreativwirtschaft und ihren Leerstand in den 53 Städten "
            "und Gemeinden des Ruhrgebiets."))  # fmt: skip
        self.add(own, [
            (FOAF.homepage, URIRef(f"{self.base}/")),
            (DCTERMS.license, _OWN_LICENCE),
            (DCAT.themeTaxonomy, URIRef(f"{_EU}data-theme")),
            (DCAT.service, self.node("api")),
            *((DCTERMS.language, URIRef(f"{_EU}language/{code}")) for code in ("DEU", "ENG")),
            *((DCAT.dataset, self.node(table.name)) for table in described),
        ])  # fmt: skip
        self._where(own)

    def _service(self, described: Iterable[Table]) -> None:
        own = self.node("api")
        self._common(own, DCAT.DataService, _("OGC API – Features des Raumatlas Ruhr"), _(
            "Abruf der Tabellen nach Ausschnitt, Eigenschaften und Datum, für GIS und "
            "Programme."))  # fmt: skip
        self.add(own, [
            (DCAT.endpointURL, URIRef(f"{self.base}/ogc")),
            (DCAT.endpointDescription, URIRef(f"{self.base}/ogc/openapi")),
            (DCTERMS.conformsTo,
             URIRef("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core")),
            *((DCAT.servesDataset, self.node(table.name)) for table in described),
        ])  # fmt: skip

    def _dataset(self, table: Table) -> None:
        own = self.node(table.name)
        self._common(own, DCAT.Dataset, table.title, table.about)
        for keyword in table.keywords:
            self.say(own, DCAT.keyword, keyword)
        contributor = self.settings.contributor_id
        contact = self.node("contact") if self.settings.operator_email else None
        self.add(own, [
            (DCTERMS.identifier, Literal(str(own))),
            (_VERSION, Literal(self.atlas.version)),
            (DCAT.landingPage, URIRef(f"{self.base}/")),
            (DCAT.contactPoint, contact),
            (DCATDE.contributorID, URIRef(contributor) if contributor else None),
            (DCTERMS.accessRights, URIRef(f"{_EU}access-right/PUBLIC")),
            (DCTERMS.accrualPeriodicity, URIRef(f"{_EU}frequency/IRREG")),
            *((DCAT.theme, URIRef(f"{_EU}data-theme/{theme}")) for theme in table.themes),
        ])  # fmt: skip
        self._where(own)
        if table.has_files:
            self._when(own)
            for ending, (form, media_type) in _FORMATS.items():
                address = f"{self.base}/atlas/download/{ending}"
                self._distribution(table, ending, address, form, media_type)
        self._api_distribution(table)

    def _where(self, subject: URIRef) -> None:
        """Name the municipalities by their keys, and the box around them in degrees."""
        west, south, east, north = (round(float(end), 5)
                                    for end in self.atlas.municipalities.total_bounds)  # fmt: skip
        area = self.node("region")
        ring = f"{west} {south},{east} {south},{east} {north},{west} {north},{west} {south}"
        polygon = Literal(f"POLYGON(({ring}))", datatype=GEO.wktLiteral)  # CRS84 by default
        self.add(area, [(RDF.type, DCTERMS.Location), (DCAT.bbox, polygon)])
        keys = [URIRef(f"{_GEOCODING}municipalityKey/{ags}")
                for ags in self.atlas.municipalities["ags"]]  # fmt: skip
        state = URIRef(f"{_GEOCODING}stateKey/05")
        self.add(subject, [(DCTERMS.spatial, place) for place in (area, state, *keys)])
        if (subject, RDF.type, DCAT.Dataset) in self.written:
            self.add(subject, [
                (DCATDE.politicalGeocodingLevelURI, URIRef(f"{_GEOCODING}Level/municipality")),
                *((DCATDE.politicalGeocodingURI, key) for key in keys),
            ])  # fmt: skip

    def _when(self, subject: URIRef) -> None:
        dates = self.atlas.spaces["observed_on"]
        first, last = earliest_day(dates).min(), latest_day(dates).max()
        if first is None or first != first:  # noqa: PLR0124 (NaT)
            return
        span = self.node("observed")
        ends = ((DCAT.startDate, first), (DCAT.endDate, last))
        self.add(span, [
            (RDF.type, DCTERMS.PeriodOfTime),
            *((name, Literal(day.date().isoformat(), datatype=XSD.date)) for name, day in ends),
        ])  # fmt: skip
        self.add(subject, [(DCTERMS.temporal, span)])

    def _distribution(
        self, table: Table, ending: str, address: str, form: str, media_type: str
    ) -> URIRef:
        own = self.node(f"{table.name}-{ending}")
        said = self.atlas.registry.attributions(table.sources, "de")
        modified = Literal(self.atlas.retrieved_on.isoformat(), datatype=XSD.date)
        self.add(self.node(table.name), [(DCAT.distribution, own)])
        self.say(own, DCTERMS.title, table.title)
        self.add(own, [
            (RDF.type, DCAT.Distribution),
            (DCAT.accessURL, URIRef(address)),
            (DCTERMS.license, URIRef(table.licence)),
            (DCATDE.licenseAttributionByText, Literal("; ".join(said), lang="de")),
            (DCTERMS.format, URIRef(f"{_EU}file-type/{form}")),
            (DCAT.mediaType, URIRef(_IANA + media_type)),
            (DCTERMS.modified, modified),
            (ADMS.status, URIRef("http://purl.org/adms/status/Completed")),
            (DCAT.downloadURL, URIRef(address) if ending in _FORMATS else None),
        ])  # fmt: skip
        if len(table.licences) > 1 and table.has_files:
            self.say(own, DCTERMS.rights, _ROW_RIGHTS)
        return own

    def _api_distribution(self, table: Table) -> None:
        address = f"{self.base}/ogc/collections/{table.name}/items"
        form, media_type = _FORMATS["geojson"]
        own = self._distribution(table, "api", address, form, media_type)
        self.add(own, [(DCAT.accessService, self.node("api"))])
