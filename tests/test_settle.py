"""Which municipality a record belongs to: what the source states, then where it lies."""

from __future__ import annotations

import pytest
from core_fixtures import TOWNS, cells, located, row

from atlas.build.settle import name_towns, settle
from atlas.locate import assign_municipality

NOWHERE = {"municipality": "", "ags": ""}


def settled(*rows):
    return settle(name_towns(cells(*rows), TOWNS), TOWNS, locate=assign_municipality)


@pytest.mark.parametrize(
    "written",
    ["Westheim", "WESTHEIM", "Stadt Westheim", "Westheim (Ruhr)", "Westheim/Ruhr",
     "Westheim a. d. Ruhr", "Westheim an der Ruhr", "Gemeinde Westheim"],
)  # fmt: skip
def test_a_name_is_understood_however_it_is_written(written):
    rows, faults = settled(row(municipality=written, ags=""))
    assert rows[["ags", "municipality"]].iloc[0].tolist() == ["05000001", "Westheim"]
    assert faults == []


@pytest.mark.parametrize("written", ["Westheimer Heide", "Ostheim", "Neu-Westheim"])
def test_another_name_is_not_taken_for_it(written):
    """The companion: understanding does not mean guessing."""
    rows, faults = settled(row(municipality=written, ags=""))
    assert rows.empty
    assert [(fault.code, fault.value) for fault in faults] == [("outside", written)]


def test_what_is_stated_counts_before_the_coordinate():
    at = located(51.45, 7.15)  # Mittelstadt
    rows, _ = settled(row("w/key", municipality="", ags="05000003", **at),
                      row("w/name", municipality="Westheim", ags="", **at),
                      row("w/point", **NOWHERE, **at))  # fmt: skip
    assert rows["municipality"].tolist() == ["Osthausen", "Westheim", "Mittelstadt"]


def test_a_foreign_key_is_outside_whatever_else_is_said():
    rows, faults = settled(row(municipality="Westheim", ags="05999999", **located(51.45, 7.05)))
    assert rows.empty
    assert faults[0].code == "outside"


def test_a_point_outside_and_a_record_without_any_place_are_told_apart():
    rows, faults = settled(row("w/far", **NOWHERE, **located(51.9, 7.05)), row("w/no", **NOWHERE))
    assert rows.empty
    assert [(fault.row, fault.code) for fault in faults] == [(2, "outside"), (3, "no_place")]
    assert faults[0].value == "51.9, 7.05"


def test_every_row_is_settled_or_a_fault_in_the_order_given():
    given = [row("w/a"), row("w/b", **NOWHERE), row("w/c", municipality="Nirgendwo", ags=""),
             row("w/d", **NOWHERE, **located(51.45, 7.25))]  # fmt: skip
    rows, faults = settled(*given)
    assert list(rows.index) == [2, 5]
    assert [fault.row for fault in faults] == [3, 4]
