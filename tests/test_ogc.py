"""OGC API – Features: what is asked for is what comes, and nothing malformed breaks it."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from starlette.applications import Starlette

from atlas.api import routes
from atlas.api.ogc.asked import MOST_ITEMS, preferred
from atlas.api.ogc.crs import CRS84, SYSTEMS
from atlas.current import current
from atlas.settings import Settings
from benchmarks.synthetic import write_data_dir

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

ROWS = 130
SPACES = "/ogc/collections/spaces/items"
LATLON = "http://www.opengis.net/def/crs/EPSG/0/4326"
METRES = "http://www.opengis.net/def/crs/EPSG/0/25832"
PAGES = (
    "/ogc", "/ogc/", "/ogc/conformance", "/ogc/openapi", "/ogc/collections",
    "/ogc/collections/spaces", "/ogc/collections/spaces/schema",
    "/ogc/collections/spaces/queryables", "/ogc/collections/spaces/geojson-schema", SPACES,
    "/ogc/collections/municipalities/items", "/ogc/collections/hexagons/items?limit=2",
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data_dir(tmp_path_factory.mktemp("data"), ROWS, data_dir=Settings().data_dir)


class Client:
    """Asks the routes in this process, without a socket."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.app = Starlette(routes=routes(settings))

    async def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://atlas:81") as client:
            return await client.request(method, path, **options)

    def get(self, path: str, **options: Any) -> httpx.Response:
        return asyncio.run(self.ask("GET", path, **options))

    def keys(self, **params: str) -> list[str]:
        answer = self.get(SPACES, params={"limit": "2000", **params})
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["features"]]

    @property
    def spaces(self) -> gpd.GeoDataFrame:
        return current(self.settings).snapshot().atlas.spaces


@pytest.fixture(scope="module")
def client(folder: Path) -> Client:
    return Client(Settings(data_dir=folder))


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_is_json_or_a_page_that_asks_no_other_host(client: Client, path: str) -> None:
    data = client.get(path)
    assert data.status_code == 200
    assert data.json()
    page = client.get(path, headers={"Accept": "text/html,*/*;q=0.1", "Accept-Language": "en"})
    assert page.headers["content-type"].startswith("text/html")
    assert '<html lang="en">' in page.text
    assert not loaded(page.text)


def loaded(page: str) -> list[str]:
    """Return what a browser would fetch for a page; links that are clicked do not count."""
    return [tag for tag in ("<script", "<img", "<iframe", "stylesheet", "@import", "url(")
            if tag in page]  # fmt: skip


def test_a_page_that_loads_something_is_noticed() -> None:
    assert loaded('<link rel="stylesheet" href="https://example.org/a.css">')


def test_links_follow_the_host_that_the_client_knows(client: Client) -> None:
    for path in PAGES:
        for link in client.get(path).json().get("links", []):
            if link["rel"] != "license":
                assert link["href"].startswith("http://atlas:81/ogc"), link
                assert client.get(link["href"]).status_code == 200, link


def test_links_follow_the_address_of_the_operator(folder: Path) -> None:
    behind = Client(Settings(data_dir=folder, public_url="https://atlas.example/ruhr/"))
    links = behind.get("/ogc/collections").json()["links"]
    assert {link["href"].split("?")[0] for link in links} == {
        "https://atlas.example/ruhr/ogc/collections"
    }
    document = behind.get("/ogc/openapi").json()
    assert document["servers"] == [{"url": "https://atlas.example/ruhr/ogc"}]


def test_features_are_the_rows_of_the_atlas(client: Client) -> None:
    answer = client.get(SPACES, params={"limit": "2000"}).json()
    assert answer["numberMatched"] == answer["numberReturned"] == ROWS
    spaces = client.spaces
    assert [one["id"] for one in answer["features"]] == list(spaces["space_id"])
    for one, (_, row) in zip(answer["features"], spaces.iterrows(), strict=True):
        assert one["properties"]["name"] == row["name"]
        assert one["properties"]["vacancy"] == row["vacancy"]
        assert (one["geometry"] is None) == (row["geometry"] is None)
        if one["geometry"]:
            assert one["geometry"]["coordinates"] == [round(row["lon"], 5), round(row["lat"], 5)]


def test_pages_hold_every_row_once_and_end(client: Client) -> None:
    seen: list[str] = []
    url = f"{SPACES}?limit=40&sortby=name&vacancy=vacant"
    backward = []
    while url:
        answer = client.get(url).json()
        seen += [one["id"] for one in answer["features"]]
        rels = {link["rel"]: link["href"] for link in answer["links"]}
        backward.append("prev" in rels)
        url = rels.get("next", "")
    assert seen == client.keys(sortby="name", vacancy="vacant")
    assert len(set(seen)) == answer["numberMatched"]
    assert backward == [False] + [True] * (len(backward) - 1)


def test_a_full_last_page_has_no_page_behind_it(client: Client) -> None:
    answer = client.get(f"{SPACES}?limit={ROWS // 2}&offset={ROWS // 2}").json()
    assert answer["numberReturned"] == ROWS // 2
    assert "next" not in {link["rel"] for link in answer["links"]}
    assert "next" in {link["rel"] for link in client.get(f"{SPACES}?limit=5").json()["links"]}


def test_a_page_is_never_larger_than_allowed(client: Client) -> None:
    links = client.get(f"{SPACES}?limit=999999").json()["links"]
    assert links
    assert MOST_ITEMS == 2_000


def test_hits_count_without_features(client: Client) -> None:
    answer = client.get(f"{SPACES}?resulttype=hits&vacancy=vacant").json()
    assert answer["features"] == []
    assert answer["numberMatched"] == (client.spaces["vacancy"] == "vacant").sum() > 0


@pytest.mark.parametrize(
    ("params", "condition"),
    [
        ({"vacancy": "vacant"}, "vacancy == 'vacant'"),
        ({"kind": "creative_site", "vacancy": "in_use"},
         "kind == 'creative_site' and vacancy == 'in_use'"),
        ({"is_step_free": "true"}, "is_step_free == True"),
        ({"filter": "area_m2 > 500"}, "area_m2 > 500"),
        ({"filter": "vacancy IN ('vacant','partly_vacant') AND NOT (area_m2 > 500)"},
         "vacancy in ['vacant', 'partly_vacant'] and area_m2 <= 500"),
        ({"filter": "area_m2 BETWEEN 100 AND 500"}, "100 <= area_m2 <= 500"),
        ({"filter": "area_m2 IS NULL"}, "area_m2 != area_m2"),
        ({"filter": "stage <> 'idea'"}, "stage.notna() and stage != 'idea'"),
        ({"filter": "stage NOT IN ('idea')"}, "stage.notna() and stage != 'idea'"),
        ({"filter": "vacancy = 'vacant' OR vacancy = 'in_use' AND area_m2 > 500"},
         "vacancy == 'vacant' or (vacancy == 'in_use' and area_m2 > 500)"),
        ({"filter": "NOT ((stage IS NULL))"}, "stage.notna()"),
        ({"filter": "(area_m2 + 100) * 2 > 1200"}, "area_m2 > 500"),
        ({"filter": "casei(name) LIKE CASEI('ZECHE%')"}, "name.str.startswith('Zeche')"),
        ({"filter": "observed_on >= DATE('2024-01-01')"}, "observed_on >= '2024-01-01'"),
        ({"filter": "name LIKE 'Zeche%'", "vacancy": "vacant"},
         "name.str.startswith('Zeche') and vacancy == 'vacant'"),
    ],
)  # fmt: skip
def test_filters_leave_what_pandas_leaves(
    client: Client, params: dict[str, str], condition: str
) -> None:
    expected = list(client.spaces.query(condition, engine="python")["space_id"])
    assert expected
    assert len(expected) < ROWS
    assert client.keys(**params) == expected


def test_a_box_in_degrees_in_either_order_and_in_metres(client: Client) -> None:
    spaces = client.spaces
    west, south, east, north = 6.9, 51.4, 7.1, 51.55
    inside = spaces[spaces["lon"].between(west, east) & spaces["lat"].between(south, north)]
    assert 0 < len(inside) < ROWS
    plain = client.keys(bbox=f"{west},{south},{east},{north}")
    assert plain == list(inside["space_id"])
    swapped = {"bbox": f"{south},{west},{north},{east}", "bbox-crs": LATLON}
    assert client.keys(**swapped) == plain
    spans = [355000, 5695000, 370000, 5705000]
    metric = spaces[
        spaces["x"].between(spans[0], spans[2]) & spaces["y"].between(spans[1], spans[3])
    ]
    assert 0 < len(metric) < ROWS
    found = client.keys(**{"bbox": ",".join(map(str, spans)), "bbox-crs": METRES})
    assert found == list(metric["space_id"])


def test_a_value_is_compared_as_it_is_written(folder: Path, tmp_path: Path) -> None:
    changed = tmp_path / "data"
    shutil.copytree(folder, changed)
    table = changed / "spaces.csv"
    text = table.read_text("utf-8")
    name = text.splitlines()[1].split(",")[1]
    table.write_text(text.replace(f",{name},", ",A & <B>,", 1), "utf-8")
    client = Client(Settings(data_dir=changed))
    assert len(client.keys(name="A & <B>")) == 1


def test_a_doubled_quote_is_a_quote(client: Client) -> None:
    assert client.keys(filter="name = 'O''Neill'") == []
    names = client.spaces["name"]
    assert client.keys(filter="name <> 'O''Neill'") == list(
        client.spaces["space_id"][names.notna()]
    )


def test_a_polygon_of_a_filter_may_be_in_metres(client: Client) -> None:
    shape = "POLYGON((355000 5695000,370000 5695000,370000 5705000,355000 5705000,355000 5695000))"
    found = client.keys(**{"filter": f"S_INTERSECTS(geometry,{shape})", "filter-crs": METRES})
    assert found == client.keys(**{"bbox": "355000,5695000,370000,5705000", "bbox-crs": METRES})
    assert found


def test_coordinates_come_in_the_system_asked_for(client: Client) -> None:
    spaces = client.spaces.set_index("space_id")
    for uri in SYSTEMS:
        answer = client.get(SPACES, params={"crs": uri, "limit": "20"})
        assert answer.headers["content-crs"] == f"<{uri}>"
        for one in answer.json()["features"]:
            row = spaces.loc[one["id"]]
            if one["geometry"] is None:
                continue
            expected = {CRS84: [row["lon"], row["lat"]], LATLON: [row["lat"], row["lon"]],
                        METRES: [row["x"], row["y"]]}[uri]  # fmt: skip
            assert one["geometry"]["coordinates"] == pytest.approx(expected, abs=1e-5)


def test_dates_are_those_of_the_observation(client: Client) -> None:
    from atlas.schema import earliest_day, latest_day

    spaces = client.spaces
    first, last = earliest_day(spaces["observed_on"]), latest_day(spaces["observed_on"])
    expected = spaces[(last >= "2024-03-15") & (first <= "2025-01-31")]
    assert 0 < len(expected) < ROWS
    assert client.keys(datetime="2024-03-15/2025-01-31T00:00:00Z") == list(expected["space_id"])
    assert client.keys(datetime="../1900-01-01") == []
    assert len(client.keys(datetime="../..")) == int(first.notna().sum())


def test_sorting_puts_what_is_missing_last_in_both_directions(client: Client) -> None:
    spaces = client.spaces
    for sign, ascending in (("", True), ("-", False)):
        keys = client.keys(sortby=f"{sign}area_m2")
        values = spaces.set_index("space_id").loc[keys, "area_m2"]
        assert values.dropna().is_monotonic_increasing == ascending
        assert values.isna().to_numpy().argmax() == values.notna().sum()


def test_names_are_sorted_as_people_do(client: Client) -> None:
    from atlas.text import fold

    names = client.spaces.set_index("space_id").loc[client.keys(sortby="name"), "name"]
    assert list(names.map(fold)) == sorted(names.map(fold))


def test_only_the_properties_asked_for(client: Client) -> None:
    answer = client.get(f"{SPACES}?properties=name,vacancy&skipGeometry=true&limit=3").json()
    for one in answer["features"]:
        assert list(one["properties"]) == ["name", "vacancy"]
        assert one["geometry"] is None
        assert one["id"]


def test_a_feature_has_its_key_for_an_address(client: Client) -> None:
    key = client.spaces["space_id"].iloc[7]
    one = client.get(f"{SPACES}/{key}").json()
    assert one["id"] == key
    assert one["properties"]["name"] == client.spaces["name"].iloc[7]
    assert {link["rel"] for link in one["links"]} >= {"self", "alternate", "collection", "license"}


BAD = {
    "unknown": "vacany=vacant", "twice": "vacancy=vacant&vacancy=in_use", "code": "vacancy=empty",
    "format": "f=png", "jsonld": "f=jsonld", "limit": "limit=0", "limit text": "limit=many",
    "limit empty": "limit=", "offset": "offset=-1", "offset long": "offset=" + "9" * 40,
    "sort empty": "sortby=", "sort": "sortby=-nothing", "sort gap": "sortby=name,,kind",
    "box short": "bbox=1,2,3", "box text": "bbox=a,b,c,d", "box nan": "bbox=nan,1,2,3",
    "box inf": "bbox=1,2,inf,4", "box order": "bbox=7,52,8,51",
    "box crs": "bbox=1,2,3,4&bbox-crs=x",
    "box crs alone": f"bbox-crs={CRS84}", "crs": "crs=EPSG:31467", "date": "datetime=yesterday",
    "date day": "datetime=2024-02-30", "date empty": "datetime=", "span": "datetime=2024/2025/2026",
    "number": "area_m2=much", "nan": "area_m2=nan", "boolean": "is_step_free=1",
    "geometry": "skipGeometry=maybe", "result": "resulttype=count", "properties": "properties=x",
    "filter": "filter=vacancy%20==", "filter name": "filter=nothing=1", "filter empty": "filter=",
    "filter type": "filter=area_m2%3E%27a%27", "filter no condition": "filter=area_m2%2B1",
    "filter long": "filter=" + "%28" * 2001, "filter wild": "filter=name%20LIKE%20%27"
    + "%25a" * 9 + "%27", "filter lang": "filter=1=1&filter-lang=sql",
    "filter function": "filter=sleep(9)=1",
}  # fmt: skip


@pytest.mark.parametrize("query", BAD.values(), ids=BAD.keys())
def test_what_is_wrong_is_said(client: Client, query: str) -> None:
    answer = client.get(f"{SPACES}?{query}")
    assert answer.status_code == 400, answer.text
    said = answer.json()
    assert said["code"]
    assert said["description"]
    english = client.get(f"{SPACES}?{query}", headers={"Accept-Language": "en"}).json()
    assert english["code"] == said["code"]


def test_a_wrong_parameter_is_told_in_the_language_and_form_of_the_client(client: Client) -> None:
    german = client.get(f"{SPACES}?vacancy=leer").json()["description"]
    assert german.startswith("vacancy: „leer“ gibt es nicht. Möglich sind: in_use")
    page = client.get(
        f"{SPACES}?vacancy=<b>", headers={"Accept": "text/html", "Accept-Language": "en-GB"}
    )
    assert page.status_code == 400
    assert "&lt;b&gt;" in page.text
    assert "<b>" not in page.text
    assert "Possible are" in page.text


@pytest.mark.parametrize(
    "path",
    ["/ogc/nothing", "/ogc/processes", "/ogc/jobs", "/ogc/stac", "/ogc/admin/config",
     "/ogc/collections/nothing", "/ogc/collections/nothing/items", f"{SPACES}/nothing",
     "/ogc/static/css/default.css", "/ogc/collections/spaces/tiles"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json()["code"] == "NotFound"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_written(client: Client, method: str) -> None:
    answer = asyncio.run(client.ask(method, SPACES, content=b"{}"))
    assert answer.status_code == 405


@pytest.mark.parametrize(
    "headers",
    [{"Accept": "image/png"}, {"Accept": ";;q=x,"}, {"Accept-Language": "x;q=0,*;q=0"},
     {"Accept": "application/ld+json"}, {"Accept-Language": "zz-ZZ-!!"}],
)  # fmt: skip
def test_odd_headers_get_json_in_german(client: Client, headers: dict[str, str]) -> None:
    answer = client.get(f"{SPACES}?limit=1", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/geo+json")
    assert answer.headers["content-language"] == "de"


def test_a_body_is_not_read(client: Client) -> None:
    answer = asyncio.run(client.ask("GET", f"{SPACES}?limit=1", content=b"\xff{"))
    assert answer.status_code == 200


def test_preferences_are_sorted_by_their_weight() -> None:
    assert preferred("text/html;q=0.2, application/json, x/y;q=0") == [
        "application/json", "text/html",
    ]  # fmt: skip


def test_types_of_properties_are_those_of_the_tables(client: Client) -> None:
    import pandas as pd

    from atlas.api.ogc.layers import layers

    for layer in layers(current(client.settings).snapshot()).values():
        frame = layer.frame
        assert [*layer.fields, "geometry"] == [*frame.columns.drop("geometry"), "geometry"]
        for name, field in layer.fields.items():
            values = frame[name]
            if pd.api.types.is_bool_dtype(values.dtype):
                expected = "boolean"
            elif pd.api.types.is_integer_dtype(values.dtype):
                expected = "integer"
            else:
                is_number = pd.api.types.is_float_dtype(values.dtype)
                expected = "number" if is_number else "string"
            assert field.type == expected, (layer.name, name)


def test_queryables_name_the_codes(client: Client) -> None:
    found = client.get("/ogc/collections/spaces/queryables?lang=en").json()["properties"]
    assert found["vacancy"]["enum"] == ["in_use", "interim_use", "partly_vacant", "vacant",
                                        "unknown", "not_applicable", "demolished"]  # fmt: skip
    assert found["vacancy"]["title"] == "Vacancy"
    assert found["area_m2"]["type"] == "number"
    assert found["space_id"]["x-ogc-role"] == "id"


def test_collections_name_licence_source_and_systems(client: Client) -> None:
    for language, name in (("de", "Räume"), ("en", "Spaces")):
        found = client.get(f"/ogc/collections/spaces?lang={language}").json()
        assert found["title"] == name
        assert found["attribution"]
        assert found["crs"] == list(SYSTEMS)
        assert found["storageCrs"] == CRS84
        assert [link for link in found["links"] if link["rel"] == "license"]


def test_conformance_claims_what_is_there(client: Client) -> None:
    claimed = client.get("/ogc/conformance").json()["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in claimed
    assert "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs" in claimed
    assert not [uri for uri in claimed if "features-4" in uri]


def test_the_document_says_every_parameter_that_is_accepted(client: Client) -> None:
    document = client.get("/ogc/openapi").json()
    assert document["openapi"].startswith("3.0")
    refs = [text for text in json.dumps(document).split('"') if text.startswith("http")]
    assert not [text for text in refs if "schemas.opengis" in text or "github" in text]
    parameters = document["paths"]["/collections/spaces/items"]["get"]["parameters"]
    names = [one.get("name") or one["$ref"].rsplit("/", 1)[-1] for one in parameters]
    assert len(names) == len(set(names))
    answer = client.get(f"{SPACES}?nothing=1").json()["description"]
    listed = answer.split("Möglich sind: ")[1].rstrip(".").split(", ")
    assert sorted(listed) == sorted(names)


def test_the_document_is_valid_openapi(client: Client) -> None:
    from pygeoapi.openapi import validate_openapi_document

    document = client.get("/ogc/openapi").json()
    assert validate_openapi_document(document)
    with pytest.raises(Exception, match="is a required property"):
        validate_openapi_document({key: document[key] for key in ("openapi", "info")})


def test_a_changed_table_is_served_without_a_restart(folder: Path, tmp_path: Path) -> None:
    changing = tmp_path / "data"
    shutil.copytree(folder, changing)
    client = Client(Settings(data_dir=changing))
    assert client.get(f"{SPACES}?resulttype=hits").json()["numberMatched"] == ROWS
    write_data_dir(changing, ROWS + 5, data_dir=Settings().data_dir)
    assert client.get(f"{SPACES}?resulttype=hits").json()["numberMatched"] == ROWS + 5


def test_a_broken_table_is_said(folder: Path, tmp_path: Path) -> None:
    broken = tmp_path / "data"
    shutil.copytree(folder, broken)
    (broken / "spaces.csv").write_text("nonsense\n")
    answer = Client(Settings(data_dir=broken)).get("/ogc")
    assert answer.status_code == 503
    assert answer.json()["description"]


IMPORTS = """
import asyncio, logging, os, sys
import httpx
from starlette.applications import Starlette
from atlas.api import routes
from atlas.settings import Settings
app = Starlette(routes=routes(Settings()))
async def ask(path):
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://a") as client:
        return (await client.get(path)).status_code
before = asyncio.run(ask("/atlas/health")), "pygeoapi" in sys.modules
after = asyncio.run(ask("/ogc")), "pygeoapi" in sys.modules
log = logging.getLogger()
print(*before, *after, "PYGEOAPI_CONFIG" in os.environ, log.level, len(log.handlers))
"""


def test_pygeoapi_is_imported_by_the_first_request_and_leaves_the_process_as_it_was() -> None:
    result = subprocess.run(
        [sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=False
    )
    assert result.stdout.split() == ["200", "False", "200", "True", "False", "30", "0"], (
        result.stderr
    )


def test_links_keep_the_parameters_of_the_request(client: Client) -> None:
    answer = client.get(SPACES, params={"limit": "2", "filter": "area_m2 > 5", "lang": "en"})
    after = next(link["href"] for link in answer.json()["links"] if link["rel"] == "next")
    params = dict(parse_qsl(urlsplit(after).query))
    assert params == {"limit": "2", "filter": "area_m2 > 5", "lang": "en", "offset": "2",
                      "f": "json"}  # fmt: skip
