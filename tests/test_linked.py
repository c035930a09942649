"""Linked data: RDF that is complete and offline, pages that say what is known, and no more."""

from __future__ import annotations

import asyncio
import csv
import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF
from starlette.applications import Starlette

from atlas import vocabulary as v
from atlas.api import routes
from atlas.linked import tables
from atlas.linked.catalogue import SERIALIZATIONS, catalogue, serialized
from atlas.linked.place import place, script
from atlas.linked.types import SITE_KIND, SITE_TYPES, schema_type
from atlas.provenance import LICENCES
from atlas.settings import Settings
from atlas.store import load
from benchmarks.synthetic import write_data_dir

if TYPE_CHECKING:
    from pathlib import Path

    from atlas.store import Atlas

# rdflib's own reader of JSON-LD makes the class that rdflib deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")

ROWS = 60
BASE = "https://atlas.example"
DCATDE = Namespace("http://dcat-ap.de/def/dcatde/")
SCHEMA = Namespace("https://schema.org/")
READERS = {"jsonld": "json-ld", "ttl": "turtle", "rdf": "xml"}
HOSTILE = "Halle </script><script>alert(1)</script> & „Süd“ <b>"
# What DCAT-AP.de 3.0 demands and recommends (spec/03_overview_table), as far as it is known here.
MANDATORY = {
    DCAT.Catalog: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCAT.dataset,
                   DCTERMS.modified, DCTERMS.language, FOAF.homepage, DCTERMS.license,
                   DCAT.themeTaxonomy, DCTERMS.spatial),
    DCAT.Dataset: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCAT.keyword,
                   DCATDE.politicalGeocodingLevelURI, DCATDE.politicalGeocodingURI, DCAT.theme,
                   DCTERMS.spatial, DCAT.distribution),
    DCAT.DataService: (DCTERMS.title, DCTERMS.publisher, DCAT.endpointURL,
                       DCAT.endpointDescription, DCAT.servesDataset),
    DCAT.Distribution: (DCAT.accessURL, DCTERMS.license, DCTERMS.title, DCTERMS.modified,
                        DCTERMS.format, DCATDE.licenseAttributionByText),
    FOAF.Agent: (FOAF.name,),
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = write_data_dir(tmp_path_factory.mktemp("data"), ROWS, data_dir=Settings().data_dir)
    path = made / "spaces.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0]["name"] = HOSTILE
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return made


@pytest.fixture(scope="module")
def atlas(folder: Path) -> Atlas:
    return load(Settings(data_dir=folder))


@pytest.fixture(scope="module")
def shipped() -> Atlas:
    return load(Settings())


class Client:
    def __init__(self, folder: Path) -> None:
        self.app = Starlette(routes=routes(Settings(data_dir=folder)))

    def get(self, path: str, **options: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
                return await client.get(path, **options)

        return asyncio.run(ask())


@pytest.fixture(scope="module")
def client(folder: Path) -> Client:
    return Client(folder)


def lacking(graph: Graph) -> list[str]:
    """Return class and property of every node that lacks what its class demands."""
    found = []
    for kind, demanded in MANDATORY.items():
        assert graph.query("ASK { ?any a ?kind }", initBindings={"kind": kind}).askAnswer, kind
        for name in demanded:
            missing = graph.query(
                "SELECT ?node WHERE { ?node a ?kind FILTER NOT EXISTS { ?node ?name ?value } }",
                initBindings={"kind": kind, "name": name},
            )
            found += [f"{row[0]} {name}" for row in missing]
    return found


@pytest.mark.parametrize("operator", ["", "Regionalverband"])
def test_nothing_demanded_is_missing(shipped: Atlas, operator: str) -> None:
    graph = catalogue(shipped, Settings(operator_name=operator), base=BASE)
    assert lacking(graph) == []


@pytest.mark.parametrize(
    ("kind", "name"), [(k, n) for k, names in MANDATORY.items() for n in names]
)
def test_a_missing_property_is_noticed(shipped: Atlas, kind: URIRef, name: URIRef) -> None:
    graph = catalogue(shipped, Settings(), base=BASE)
    node = next(iter(graph.subjects(RDF.type, kind)))
    graph.remove((node, name, None))
    assert f"{node} {name}" in lacking(graph)


def test_every_notation_says_the_same_and_needs_no_network(shipped: Atlas) -> None:
    graph = catalogue(shipped, Settings(), base=BASE)
    for ending in SERIALIZATIONS:
        content = serialized(graph, ending)
        assert Graph().parse(data=content, format=READERS[ending]).isomorphic(graph)
        assert serialized(catalogue(shipped, Settings(), base=BASE), ending) == content


def test_the_publisher_is_the_operator_or_said_to_be_unknown(shipped: Atlas) -> None:
    [unknown] = {str(name) for name in catalogue(shipped, Settings(), base=BASE).objects(
        None, FOAF.name) if name.language == "de"}  # fmt: skip
    assert unknown == "Der Betreiber dieser Instanz ist nicht eingetragen."
    settings = Settings(operator_name="Amt", operator_email="amt@example.org",
                        contributor_id="http://dcat-ap.de/def/contributors/amt")  # fmt: skip
    graph = catalogue(shipped, settings, base=BASE)
    assert list(graph.objects(None, FOAF.name)) == [Literal("Amt")]
    assert URIRef("mailto:amt@example.org") in set(graph.objects())
    assert len(list(graph.subject_objects(DCATDE.contributorID))) == 3


def test_a_file_with_open_street_map_is_under_its_licence(shipped: Atlas) -> None:
    graph = catalogue(shipped, Settings(), base=BASE)
    licences = {str(graph.value(node, DCAT.accessURL)): str(graph.value(node, DCTERMS.license))
                for node in graph.subjects(RDF.type, DCAT.Distribution)}  # fmt: skip
    assert licences[f"{BASE}/atlas/download/csv"] == "http://dcat-ap.de/def/licenses/odbl"
    # Their figures count spaces, some of which are from OpenStreetMap.
    towns = licences[f"{BASE}/ogc/collections/municipalities/items"]
    assert towns == "http://dcat-ap.de/def/licenses/odbl"


def test_every_licence_has_an_address_in_the_list() -> None:
    assert set(tables.LICENCES) == set(LICENCES)


def test_the_region_is_named_by_keys(shipped: Atlas) -> None:
    graph = catalogue(shipped, Settings(), base=BASE)
    spaces = URIRef(f"{BASE}/atlas/catalog#spaces")
    keys = {str(uri).rsplit("/", 1)[-1] for uri in graph.objects(
        spaces, DCATDE.politicalGeocodingURI)}  # fmt: skip
    assert keys == set(shipped.municipalities["ags"])
    mirrored = set(graph.objects(spaces, DCTERMS.spatial))
    assert set(graph.objects(spaces, DCATDE.politicalGeocodingURI)) <= mirrored


@pytest.mark.parametrize("ending", READERS)
def test_the_catalogue_is_served_in_each_notation(client: Client, ending: str) -> None:
    answer = client.get(f"/atlas/catalog.{ending}")
    assert answer.headers["content-type"] == SERIALIZATIONS[ending][1]
    graph = Graph().parse(data=answer.content, format=READERS[ending])
    assert lacking(graph) == []
    for name in (DCAT.accessURL, DCAT.endpointURL):
        for url in graph.objects(None, name):
            assert str(url).startswith(f"{BASE}/")
            found = client.get(str(url), params={"limit": "1"} if "/items" in str(url) else {})
            assert found.status_code == 200, url


def test_another_notation_is_not_found(client: Client) -> None:
    assert client.get("/atlas/catalog.exe").status_code == 404


def described(atlas: Atlas, at: int, language: v.Language = "de") -> dict[str, Any]:
    row = atlas.spaces.iloc[at]
    return place(row, atlas, page=f"{BASE}/atlas/space/{row['space_id']}", language=language)


def test_every_space_is_rdf_without_a_network(shipped: Atlas) -> None:
    for at, row in enumerate(shipped.spaces.to_dict("records")):
        for language in v.LANGUAGES if at < 5 else ("de",):
            text = json.dumps(described(shipped, at, language))
            graph = Graph().parse(data=text, format="json-ld")
            node = URIRef(f"{BASE}/atlas/space/{row['space_id']}#place")
            assert str(graph.value(node, SCHEMA.name)) == row["name"]
            assert graph.value(node, RDF.type) in {SCHEMA[kind] for kind in
                                                   {*SITE_TYPES.values(), "Place"}}  # fmt: skip


def test_nothing_unknown_is_claimed(shipped: Atlas) -> None:
    for at, row in enumerate(shipped.spaces.to_dict("records")):
        said = described(shipped, at)
        assert "NaN" not in json.dumps(said, allow_nan=False)
        states = {one.get("propertyID") for one in said.get("additionalProperty", [])}
        assert ("vacancy" in states) == (row["vacancy"] not in {"unknown", "not_applicable"})
        assert ("area_m2" in states) == (row["area_m2"] == row["area_m2"])
        if row["geometry"] is None:
            assert "geo" not in said


def test_an_inexact_place_is_a_circle(shipped: Atlas) -> None:
    kinds = set()
    for at, row in enumerate(shipped.spaces.to_dict("records")):
        geo = described(shipped, at).get("geo")
        if geo is None:
            continue
        kinds.add(geo["@type"])
        assert (geo["@type"] == "GeoCoordinates") == (row["coordinate_precision"] == "building")
        if geo["@type"] == "GeoCircle":
            assert geo["geoRadius"] == row["coordinate_uncertainty_m"]
    assert kinds == {"GeoCoordinates", "GeoCircle"}


def test_an_inexact_place_without_a_radius_has_no_point(shipped: Atlas) -> None:
    at = int((shipped.spaces["coordinate_precision"] == "district").to_numpy().argmax())
    row = shipped.spaces.iloc[at].copy()
    row["coordinate_uncertainty_m"] = float("nan")
    assert "geo" not in place(row, shipped, page=BASE, language="de")


def test_types_are_ours_and_a_property_is_no_business() -> None:
    assert set(SITE_TYPES) <= set(v.TYPES)
    assert schema_type(SITE_KIND, "theatre") == "PerformingArtsTheater"
    assert schema_type("key_property", "theatre") == "Place"
    assert schema_type(SITE_KIND, "colliery") == "Place"


def test_no_text_ends_the_script() -> None:
    text = script({"name": HOSTILE})
    assert not re.search("[<>&]", text)
    assert json.loads(text) == {"name": HOSTILE}


class Page(HTMLParser):
    """Reads the scripts, links and texts of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.types: list[str | None] = []
        self.tags: list[str] = []
        self.hrefs: dict[str, dict[str, str | None]] = {}
        self._inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        if tag == "script":
            self.types.append(given.get("type"))
        if tag == "link":
            self.hrefs[f"{given['rel']} {given.get('type', given.get('hreflang', ''))}"] = given
        self._inside = tag == "script"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.scripts.append(data)
            self._inside = False


@pytest.mark.parametrize("language", v.LANGUAGES)
def test_a_page_stands_on_its_own(client: Client, atlas: Atlas, language: v.Language) -> None:
    for at in range(0, ROWS, 7):
        row = atlas.spaces.iloc[at]
        answer = client.get(f"/atlas/space/{row['space_id']}?lang={language}")
        assert answer.status_code == 200
        page = Page(answer.text)
        assert page.types == ["application/ld+json"]
        assert not {"img", "iframe", "object", "form"} & set(page.tags)
        assert json.loads(page.scripts[0]) == described(atlas, at, language)
        assert f'<html lang="{language}">' in answer.text
        assert v.VACANCY[row["vacancy"]].label(language) in answer.text
        assert f"/?space={row['space_id']}" in answer.text
        linked = page.hrefs["alternate application/ld+json"]["href"]
        assert client.get(str(linked)).json() == described(atlas, at, language)


def test_a_hostile_name_stays_text(client: Client, atlas: Atlas) -> None:
    key = atlas.spaces["space_id"].iloc[0]
    answer = client.get(f"/atlas/space/{key}")
    page = Page(answer.text)
    assert page.types == ["application/ld+json"]
    assert json.loads(page.scripts[0])["name"] == HOSTILE
    assert "<script>alert" not in answer.text
    listed = client.get(f"/ogc/collections/spaces/items/{key}", headers={"Accept": "text/html"})
    assert "<script" not in listed.text
    assert "&lt;script&gt;" in listed.text


def test_the_client_may_ask_for_linked_data(client: Client, atlas: Atlas) -> None:
    key = atlas.spaces["space_id"].iloc[3]
    by_header = client.get(f"/atlas/space/{key}", headers={"Accept": "application/ld+json"})
    by_ending = client.get(f"/atlas/space/{key}.jsonld")
    assert by_header.headers["content-type"].startswith("application/ld+json")
    assert by_header.json() == by_ending.json()


def test_a_space_that_is_not_there_is_not_found(client: Client) -> None:
    answer = client.get("/atlas/space/0000000000", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert "<html" in answer.text
