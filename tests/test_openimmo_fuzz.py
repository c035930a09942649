"""Whatever arrives as a property feed becomes rows, faults, or one clear error."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

import pytest
from fuzzing import CASES, assert_whole, damaged, survives
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from source_fixtures import DATA, TODAY, zipped

from atlas.sources import openimmo
from atlas.sources.openimmo import terms

READING = openimmo.Reading("property_feed", TODAY)
FULL, PART = ((DATA / "openimmo" / f"{name}.xml").read_bytes() for name in ("full", "part"))
STRUCTURES = 300


def collect(payload: bytes):
    return openimmo.collect([payload], READING)


@pytest.mark.slow
def test_damaged_transfers_never_get_past_the_errors_of_the_atlas():
    archives = [zipped(a__xml=FULL, b__xml=PART), zipped(a__xml=PART)]
    cases, read = survives(damaged([FULL, PART, FULL, PART, *archives], CASES), collect)
    assert cases >= CASES
    assert read > CASES // 20


@pytest.mark.slow
def test_damage_between_the_tags_never_gets_past_the_errors_of_the_atlas():
    pieces = FULL.split(b">")
    texts = [piece.partition(b"<")[0] for piece in pieces]
    at = [n for n, text in enumerate(texts) if text.strip()]

    def changed():
        for n, body in enumerate(damaged([texts[position] for position in at], 2_000)):
            position = at[n % len(at)]
            safe = body.replace(b"<", b"").replace(b"&", b"")
            markup = pieces[position].partition(b"<")
            yield b">".join([*pieces[:position], safe + b"<" + markup[2], *pieces[position + 1 :]])

    cases, read = survives(changed(), collect)
    assert cases == 2_000
    assert read > 500


SAFE = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=10)
texts = SAFE | st.sampled_from(["1", "true", "0.0", "-5", "1e9", "51.5", "7.4", "sofort", "EUR",
                                "ab 32.13.2027", "2027-01-01", "0001-01-01", "JAHR"])  # fmt: skip
PATHS = [
    "geo/plz", "geo/ort", "geo/strasse", "geo/gemeindecode", "geo/geokoordinaten@breitengrad",
    "geo/geokoordinaten@laengengrad", "preise/nettokaltmiete", "preise/mietpreis_pro_qm",
    "preise/preis_zeiteinheit@zeiteinheit", "preise/waehrung@iso_waehrung",
    "flaechen/nutzflaeche", "flaechen/teilbar_ab", "verwaltung_objekt/objektadresse_freigeben",
    "verwaltung_objekt/verfuegbar_ab", "verwaltung_objekt/abdatum", "verwaltung_objekt/bisdatum",
    "verwaltung_objekt/vermietet", "verwaltung_techn/openimmo_obid", "verwaltung_techn/stand_vom",
    "verwaltung_techn/aktiv_bis", "verwaltung_techn/aktion@aktionart",
    "zustand_angaben/verkaufstatus@stand", "zustand_angaben/zustand@zustand_art",
]  # fmt: skip
kinds = st.sampled_from([*terms.KINDS, *terms.RESIDENTIAL, "neu"])
offers = st.tuples(kinds, st.sampled_from([*terms.TYPES, "NEU", ""]),
                   st.dictionaries(st.sampled_from(PATHS), texts))  # fmt: skip


def written(kind: str, code: str, facts: dict[str, str]) -> str:
    attribute = terms.KINDS.get(kind, ("typ", ""))[0]
    parts = [f"<objektkategorie><objektart><{kind} {attribute}={quoteattr(code)}/></objektart>"
             "</objektkategorie>"]  # fmt: skip
    for path, text in facts.items():
        section, _, name = path.partition("/")
        tag, _, key = name.partition("@")
        inner = f"<{tag} {key}={quoteattr(text)}/>" if key else f"<{tag}>{escape(text)}</{tag}>"
        parts.append(f"<{section}>{inner}</{section}>")
    return f"<immobilie>{''.join(parts)}</immobilie>"


@pytest.mark.slow
@settings(max_examples=STRUCTURES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(offers, max_size=4), st.sampled_from(["VOLL", "TEIL", ""]), texts)
def test_no_structure_gets_past_the_errors_of_the_atlas(listed, umfang, number):
    body = "".join(written(*entry) for entry in listed)
    text = (f"<openimmo><uebertragung umfang='{umfang}'/><anbieter><anbieternr>{escape(number)}"
            f"</anbieternr>{body}</anbieter></openimmo>")  # fmt: skip
    rows, faults = openimmo.collect([text.encode(), text.encode()], READING)
    assert_whole(rows, faults)
    assert len(rows) + len(faults) == 2 * len(listed)
