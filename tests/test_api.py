"""The routes under /atlas/: caching, compression, errors with a next step, nothing else."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from typing import TYPE_CHECKING, Any

import httpx
import pandas as pd
import pytest
from starlette.applications import Starlette

from atlas.analysis.asked import Asked
from atlas.api import download, routes, warming
from atlas.api.body import Body
from atlas.api.handlers import handlers
from atlas.api.routes import PATHS
from atlas.clock import today
from atlas.current import current
from atlas.export import FORMATS
from atlas.query import Filters
from atlas.settings import Settings
from atlas.text import fold
from benchmarks.synthetic import write_data_dir

if TYPE_CHECKING:
    from pathlib import Path

ROWS = 60
JSON_PATHS = (
    "/atlas/map/spaces.json", "/atlas/map/words.json", "/atlas/map/base.json",
    "/atlas/map/stops.json", "/atlas/map/config.json", "/atlas/datapackage.json",
)  # fmt: skip
FILES = {
    "/atlas/map/map.js": "text/javascript",
    "/atlas/map/map.css": "text/css",
    "/atlas/leaflet/leaflet.js": "text/javascript",
    "/atlas/leaflet/leaflet.css": "text/css",
    "/atlas/leaflet/images/layers.png": "image/png",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data_dir(tmp_path_factory.mktemp("data"), ROWS, data_dir=Settings().data_dir)


class Client:
    """Asks the real application in this process, without a socket."""

    def __init__(self, folder: Path) -> None:
        self.app = Starlette(routes=routes(Settings(data_dir=folder)))

    async def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://atlas") as client:
            return await client.request(method, path, **options)

    def get(self, path: str, **options: Any) -> httpx.Response:
        return asyncio.run(self.ask("GET", path, **options))

    def head(self, path: str) -> httpx.Response:
        return asyncio.run(self.ask("HEAD", path))


@pytest.fixture(scope="module")
def client(folder: Path) -> Client:
    return Client(folder)


@pytest.mark.parametrize("path", JSON_PATHS)
def test_data_is_json_with_an_etag(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.json()
    again = client.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", JSON_PATHS)
def test_a_weak_or_listed_etag_is_recognised_too(client: Client, path: str) -> None:
    etag = client.get(path).headers["etag"]
    answer = client.get(path, headers={"If-None-Match": f'"other", W/{etag}'})
    assert answer.status_code == 304


@pytest.mark.parametrize(("path", "media_type"), FILES.items())
def test_files_have_their_type(client: Client, path: str, media_type: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(media_type)


@pytest.mark.parametrize("path", [*JSON_PATHS, "/atlas/leaflet/leaflet.js", "/atlas/health"])
def test_head_tells_what_get_would_send_without_sending_it(client: Client, path: str) -> None:
    head, get = client.head(path), client.get(path)
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers.get("etag") == get.headers.get("etag")


def test_compressed_is_the_same_as_plain(client: Client) -> None:
    plain = client.get("/atlas/map/spaces.json", headers={"Accept-Encoding": "identity"})
    packed = client.get("/atlas/map/spaces.json", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 2


def test_the_same_content_gives_the_same_bytes() -> None:
    one, other = (Body.of_json({"a": [1, None, "ß"]}) for _ in range(2))
    assert one == other
    assert json.loads(gzip.decompress(one.packed)) == {"a": [1, None, "ß"]}


def test_an_asset_with_its_hash_may_be_kept_for_ever(client: Client) -> None:
    from atlas.webmap.assets import bundle

    hashed = client.get(f"/atlas/map/map.js?v={bundle('map.js').version}")
    assert "immutable" in hashed.headers["cache-control"]
    assert client.get("/atlas/map/map.js?v=old").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    ["/atlas/leaflet/../../../etc/passwd", "/atlas/leaflet/%2e%2e/%2e%2e/__init__.py",
     "/atlas/leaflet/..%2f__init__.py", "/atlas/leaflet//etc/passwd", "/atlas/map/guard.js",
     "/atlas/map/..%2f..%2fsettings.py", "/atlas/", "/atlas/nothing",
     "/atlas/leaflet/leaflet-src.js"],
)  # fmt: skip
def test_nothing_else_of_the_disk_can_be_asked_for(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "root:" not in answer.text


def test_an_unknown_address_names_known_ones(client: Client) -> None:
    said = client.get("/atlas/nothing").json()
    assert "/atlas/nothing" in said["error"]
    assert "/atlas/health" in said["hint"]


def test_a_person_gets_a_page_and_its_text_is_escaped(client: Client) -> None:
    answer = client.get("/atlas/<b>x", headers={"Accept": "text/html"})
    assert answer.headers["content-type"].startswith("text/html")
    assert "<b>" not in answer.text
    assert '<html lang="de">' in answer.text


def test_health_counts_the_rows(client: Client) -> None:
    said = client.get("/atlas/health").json()
    assert said["status"] == "ok"
    assert said["spaces"] == ROWS


def test_the_configuration_speaks_the_language_asked_for(client: Client) -> None:
    english = client.get("/atlas/map/config.json?lang=en").json()
    assert english["labels"]["vacancy"]["in_use"] == "in use"
    assert client.get("/atlas/map/config.json?lang=<x>").json()["language"] == "de"


def test_a_changed_table_is_served_without_a_restart(folder: Path, tmp_path: Path) -> None:
    changing = tmp_path / "data"
    shutil.copytree(folder, changing)
    client = Client(changing)
    before = client.get("/atlas/map/spaces.json")
    write_data_dir(changing, ROWS + 5, data_dir=Settings().data_dir)
    known = {"If-None-Match": before.headers["etag"]}
    after = client.get("/atlas/map/spaces.json", headers=known)
    assert after.status_code == 200
    assert after.json()["n"] == ROWS + 5
    assert after.json()["version"] != before.json()["version"]


def test_a_broken_table_is_said_and_a_repaired_one_is_served(folder: Path, tmp_path: Path) -> None:
    broken = tmp_path / "data"
    shutil.copytree(folder, broken)
    (broken / "spaces.csv").write_text("nonsense\n")
    client = Client(broken)
    answer = client.get("/atlas/map/spaces.json")
    assert answer.status_code == 503
    assert answer.json()["error"]
    assert answer.headers["cache-control"] == "no-store"
    shutil.copy(folder / "spaces.csv", broken / "spaces.csv")
    assert client.get("/atlas/map/spaces.json").status_code == 200


def is_prepared(client: Client, wait_s: float) -> bool:
    end = time.monotonic() + wait_s
    while time.monotonic() < end:
        if client.get("/atlas/health").json()["prepared"]:
            return True
        time.sleep(0.2)
    return False


@pytest.mark.parametrize("path", ["/atlas/map/spaces.json", "/atlas/map/words.json"])
def test_after_the_first_map_the_usual_analyses_are_there(
    folder: Path, tmp_path: Path, path: str
) -> None:
    mine = tmp_path / "data"
    shutil.copytree(folder, mine)
    client = Client(mine)
    assert client.get(path).status_code == 200
    # The words alone are no map: the companion that shows what is made without it.
    is_map = "spaces" in path
    assert is_prepared(client, 90 if is_map else 2) is is_map
    now = current(Settings(data_dir=mine)).snapshot()
    made: list[str] = []
    now.answer(("hotspots", Asked().question), lambda: made.append("hotspots"))
    now.answer("attraction", lambda: made.append("attraction"))
    now.answer(("figures", today()), lambda: made.append("figures"))
    assert made == ([] if is_map else ["hotspots", "attraction", "figures"])


def test_what_is_prepared_waits_for_a_moment_of_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warming, "MOMENT_S", 0.05)
    for thread in threading.enumerate():  # what other tests began computes in this process too
        if thread.name == warming.THREAD:
            thread.join()
    stop = threading.Event()

    def compute() -> None:
        while not stop.is_set():
            sum(range(1000))

    def waited() -> float:
        begun = time.monotonic()
        warming.wait_for_rest(longest_s=0.5)
        return time.monotonic() - begun

    busy = threading.Thread(target=compute)
    busy.start()
    while_busy = waited()
    stop.set()
    busy.join()
    assert while_busy >= 0.5
    assert waited() < 0.5


def test_who_has_no_analysis_installed_gets_the_map_all_the_same(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / "data"
    shutil.copytree(folder, mine)
    monkeypatch.setitem(sys.modules, "h3", None)
    client = Client(mine)
    assert client.get("/atlas/map/spaces.json").json()["n"] == ROWS
    assert client.get("/atlas/analysis/areas.json").status_code == 503
    assert is_prepared(client, 90)  # as far as it can be


@pytest.mark.parametrize("form", FORMATS)
def test_a_download_holds_exactly_what_is_filtered(client: Client, form: str) -> None:
    answer = client.get(f"/atlas/download/{form}?vacancy=vacant")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].endswith(f'.{FORMATS[form].extension}"')
    assert len(answer.content) > 100
    if form == "geojson":
        features = answer.json()["features"]
        assert features
        assert {feature["properties"]["vacancy"] for feature in features} == {"vacant"}


def test_a_download_repeats_the_parameters_of_the_page(client: Client) -> None:
    filters = Filters(vacancy=frozenset({"vacant", "in_use"}), kinds=frozenset({"creative_site"}))
    answer = client.get("/atlas/download/geojson", params=filters.to_params())
    kinds = {feature["properties"]["kind"] for feature in answer.json()["features"]}
    assert kinds == {"creative_site"}


def test_a_selection_comes_with_one_file_per_licence(client: Client) -> None:
    answer = client.get("/atlas/download/geojson?per_licence=1&lang=en")
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].endswith('.geojson.zip"')
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        note, *files = archive.namelist()
        assert note == "README.txt"
        assert len(files) > 1
        for name in files:
            said = json.loads(archive.read(name))["licence"]
            assert name.endswith(f"_{said.split(' AND ')[0]}.geojson")


def test_the_package_for_planners_is_made_once_per_table(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    original = download.planner_package

    def counted(*args: object, **options: object) -> bytes:
        made.append(options["language"])
        return original(*args, **options)

    monkeypatch.setattr(download, "planner_package", counted)
    first = client.get("/atlas/download/planner.gpkg")
    assert first.status_code == 200, first.text
    assert first.content.startswith(b"SQLite format 3")
    assert first.headers["content-disposition"].endswith('"planner.gpkg"')
    again = client.get("/atlas/download/planner.gpkg")
    assert again.content == first.content
    known = {"If-None-Match": first.headers["etag"]}
    assert client.get("/atlas/download/planner.gpkg", headers=known).status_code == 304
    client.get("/atlas/download/planner.gpkg?lang=en")
    assert made == ["de", "en"]


def test_an_unknown_format_names_the_known_ones(client: Client) -> None:
    answer = client.get("/atlas/download/pdf")
    assert answer.status_code == 404
    assert "geojson" in answer.json()["hint"]


def test_every_path_has_a_handler_and_every_handler_a_path(folder: Path) -> None:
    assert set(handlers(Settings(data_dir=folder))) == set(PATHS)


def test_the_routes_are_there_before_the_table_is() -> None:
    code = "import sys, atlas.api; sys.exit('geopandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(("sort", "column"), [("name", "name"), ("size", "area_m2")])
def test_a_download_has_the_order_of_the_list(client: Client, sort: str, column: str) -> None:
    answer = client.get(f"/atlas/download/csv?sort={sort}")
    values = pd.read_csv(io.BytesIO(answer.content))[column].dropna()
    expected = sorted(values, key=fold) if sort == "name" else sorted(values, reverse=True)
    assert list(values) == expected
