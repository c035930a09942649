"""
Measure how far off the offline geocoding is, and write the figures into docs/geocoding.md.

    python scripts/measure_geocoding.py           measure and rewrite the figures
    python scripts/measure_geocoding.py --check   exit 1 if the figures are out of date

Addresses of known position come from three places that do not know of each other nor of
the gazetteer: schools (tests/data/geocode), places of the registry whose coordinate is that
of the building and not from a stop, and railway stations with their street address. One half
of them sets the uncertainty of `atlas.geocode.accuracy`, the other shows what it is worth.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from atlas.gazetteer import Gazetteer
from atlas.gazetteer.table import read
from atlas.geo import metric_xy, points_from_lonlat
from atlas.geocode import ACCURACY, Address, Finder, Found, parse
from atlas.geocode.names import without_number
from atlas.schema.place import Towns
from atlas.store import read_boundaries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT: Final = Path(__file__).resolve().parent.parent
GEO: Final = ROOT / "data" / "geo"
SCHOOLS: Final = ROOT / "tests" / "data" / "geocode" / "addresses.csv"
ANSWERS: Final = ROOT / "tests" / "data" / "geocode" / "nominatim.csv"
REGISTRY: Final = ROOT / "data" / "spaces.csv"
DOCUMENT: Final = ROOT / "docs" / "geocoding.md"
BEGIN: Final = "<!-- measured: begin -->"
END: Final = "<!-- measured: end -->"

STOPS: Final = {"db_stops", "db_stations", "geonames", "postcodes"}
"""What the gazetteer is made of: coordinates from there would measure themselves."""


def schools() -> Iterator[tuple[Address, dict[str, object]]]:
    """Yield the schools: street, postcode and municipality are known."""
    for line in _lines(SCHOOLS):
        street, number = without_number(line["address"])
        address = Address(
            street=street, house_number=number, postcode=line["postcode"],
            municipality=line["municipality"], ags=line["ags"],
        )  # fmt: skip
        yield address, _known(line, line["ref"], "schools")


def registry() -> Iterator[tuple[Address, dict[str, object]]]:
    """Yield the rows of the registry that lie where a publisher says the building is."""
    for line in _lines(REGISTRY):
        independent = line["coordinate_source"] not in STOPS
        if line["coordinate_precision"] == "building" and independent:
            yield Address.of(line), _known(line, line["space_id"], "registry")


def stations() -> Iterator[tuple[Address, dict[str, object]]]:
    """Yield the railway stations with their street address; a district stands in brackets."""
    with (GEO / "gazetteer.tsv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if line["kind"] == "station" and line["detail"]:
                address = parse(line["detail"])
                inside = address.municipality.partition("(")[2].rstrip(")")
                yield (
                    Address(
                        street=address.street, house_number=address.house_number,
                        postcode=address.postcode, locality=inside, ags=line["ags"],
                    ),
                    _known(line, f"{line['ags']} {line['name']}", "stations"),
                )  # fmt: skip


def answers() -> Iterator[dict[str, object]]:
    """Yield recorded answers of Nominatim about the schools, where they lie in their town."""
    schools_by_ref = {line["ref"]: line for line in _lines(SCHOOLS)}
    recorded = pd.DataFrame(list(_lines(ANSWERS)))
    recorded["ags"] = [schools_by_ref[ref]["ags"] for ref in recorded["ref"]]
    recorded[["lat", "lon"]] = recorded[["lat", "lon"]].astype(float)
    towns = Towns(read_boundaries(GEO / "municipalities.geojson"))
    is_outside = towns.is_outside(recorded.assign(coordinate_uncertainty_m=0.0))
    for row in recorded[~is_outside].to_dict("records"):
        method = "online_building" if row["kind"] == "house" else "online_street"
        known = _known(schools_by_ref[row["ref"]], row["ref"], "schools")
        radius = ACCURACY[method].uncertainty_m
        found = Found(row["lat"], row["lon"], method, radius, "nominatim", "", "", "")
        yield _case(known, "nominatim", found) | {"radius_m": None, "has_street": True}


def measure() -> pd.DataFrame:
    """
    Look every address up in each way it can be found, and compare with where it is.

    Returns
    -------
    cases
        ``ref``, ``sample``, ``half`` (fit or test), ``asked`` (all of the address, without
        the postcode, only the postcode, only the district; or nominatim), ``method``
        (empty: not found), ``precision``, ``error_m``, ``uncertainty_m``, ``radius_m`` (of
        the postcode area), ``has_street``.
    """
    places, areas = read(GEO)
    everywhere = Finder(Gazetteer(places, areas))
    # A station would find itself.
    stations_left_out = Finder(Gazetteer([p for p in places if p.kind != "station"], areas))
    radius = {place.name: place.uncertainty_m for place in places if place.kind == "postcode"}
    rows = []
    for source in (schools, registry, stations):
        finder = stations_left_out if source is stations else everywhere
        for address, known in source():
            for asked, question in _questions(address).items():
                found = finder.find(question)
                case = _case(known, asked, found)
                case["radius_m"] = radius.get(address.postcode)
                case["has_street"] = bool(address.street)
                rows.append(case)
    return _with_errors(pd.DataFrame([*rows, *answers()]))


def figures(cases: pd.DataFrame, *, by: str) -> pd.DataFrame:
    """
    Return one row per way of finding and value of ``by`` (``half`` or ``sample``).

    Returns
    -------
    table
        ``method``, ``group``, ``n``, ``median_m``, ``p95_m``, ``worst_m``,
        ``p95_per_radius`` (the 95th percentile of the error beyond the constant part of the
        uncertainty, in radii of the postcode area), ``within`` (share within the stated
        uncertainty).
    """
    # The whole address may be found by its postcode too: once is enough.
    found = cases[cases["method"] != ""].drop_duplicates(["sample", "ref", "method"])
    lines = [
        _figures(method, str(group), part)
        for method in ACCURACY
        for group, part in found[found["method"] == method].groupby(by)
    ]
    return pd.DataFrame(lines)


def document(cases: pd.DataFrame) -> str:
    """Return the measured part of docs/geocoding.md."""
    lines = [
        "| way of finding | precision | half | n | median error | 95th percentile | worst "
        "| stated uncertainty | within it |",
        "|---|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    for row in figures(cases, by="half").itertuples():
        method = str(row.method)
        lines.append(
            f"| `{method}` | {ACCURACY[method].precision} | {row.group} | {row.n} "
            f"| {row.median_m:,.0f} m | {row.p95_m:,.0f} m | {row.worst_m:,.0f} m "
            f"| {_stated(method)} | {row.within:.0%} |"
        )
    lines += ["", "The same by where the addresses come from, both halves together:", "",
              "| way of finding | addresses | n | median error | 95th percentile | within |",
              "|---|---|---:|---:|---:|---:|"]  # fmt: skip
    lines += [
        f"| `{row.method}` | {row.group} | {row.n} | {row.median_m:,.0f} m | {row.p95_m:,.0f} m "
        f"| {row.within:.0%} |"
        for row in figures(cases, by="sample").itertuples()
    ]
    return "\n".join(
        [*lines, "", "How many whole addresses were found at all:", "", *_yield(cases)]
    )


def _yield(cases: pd.DataFrame) -> Iterator[str]:
    yield "| addresses | n | to the street | to the district | no coordinate |"
    yield "|---|---:|---:|---:|---:|"
    whole = cases[(cases["asked"] == "address") & cases["has_street"]]
    for sample, part in whole.groupby("sample"):
        found = part["precision"].value_counts()
        cells = [f"{found.get(name, 0):,}" for name in ("street", "district", "")]
        yield f"| {sample} with a street | {len(part):,} | {' | '.join(cells)} |"


def write(text: str, *, check: bool) -> bool:
    """Put the figures between the marks of the document; return whether they were current."""
    old = DOCUMENT.read_text("utf-8")
    head, _, rest = old.partition(BEGIN)
    _, _, tail = rest.partition(END)
    new = f"{head}{BEGIN}\n\n{text}\n\n{END}{tail}"
    if not check and new != old:
        DOCUMENT.write_text(new, "utf-8")
    return new == old


def main() -> int:
    """Measure, print the figures, and write or compare them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, do not write")
    arguments = parser.parse_args()
    text = document(measure())
    print(text)
    is_current = write(text, check=arguments.check)
    return int(arguments.check and not is_current)


def _lines(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _known(line: Mapping[str, str], ref: str, sample: str) -> dict[str, object]:
    return {"ref": ref, "sample": sample, "lat": float(line["lat"]), "lon": float(line["lon"])}


def _questions(address: Address) -> dict[str, Address]:
    """Return what is asked: the address, and what it would be with less of it known."""
    town = {"municipality": address.municipality, "ags": address.ags}
    street = {"street": address.street, "house_number": address.house_number}
    asked = {"address": address, "street": Address(**street, **town)}
    if address.postcode:
        asked["postcode"] = Address(postcode=address.postcode, **town)
    if address.locality:
        asked["district"] = Address(locality=address.locality, **town)
    return {name: question for name, question in asked.items() if not question.is_empty}


def _case(known: Mapping[str, object], asked: str, found: Found | str) -> dict[str, object]:
    digest = hashlib.sha256(str(known["ref"]).encode()).digest()
    half = "fit" if digest[0] % 2 else "test"
    case = {**known, "asked": asked, "half": half, "method": "", "precision": ""}
    if isinstance(found, str):
        return case | {"reason": found}
    return case | {
        "method": found.method, "precision": found.precision, "found_lat": found.lat,
        "found_lon": found.lon, "uncertainty_m": found.uncertainty_m,
    }  # fmt: skip


def _with_errors(cases: pd.DataFrame) -> pd.DataFrame:
    truth = metric_xy(points_from_lonlat(cases["lon"], cases["lat"]))
    found = metric_xy(points_from_lonlat(cases["found_lon"], cases["found_lat"]))
    away = found - truth
    return cases.assign(error_m=np.hypot(away["x"], away["y"]))


def _figures(method: str, group: str, part: pd.DataFrame) -> dict[str, object]:
    errors = part["error_m"]
    beyond = (errors - ACCURACY[method].uncertainty_m) / part["radius_m"]
    return {
        "method": method,
        "group": group,
        "n": len(part),
        "median_m": errors.median(),
        "p95_m": errors.quantile(0.95),
        "worst_m": errors.max(),
        "p95_per_radius": beyond.quantile(0.95),
        "within": float((errors <= part["uncertainty_m"]).mean()),
    }


def _stated(method: str) -> str:
    accuracy = ACCURACY[method]
    if accuracy.per_radius:
        return f"{accuracy.per_radius:g} radii"
    return f"{accuracy.uncertainty_m:,.0f} m"


if __name__ == "__main__":
    sys.exit(main())
