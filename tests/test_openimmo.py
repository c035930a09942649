"""OpenImmo: what stands after all transfers, where it may be told, and nobody's telephone."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from source_fixtures import DATA, REGISTRY, TODAY, assert_sound, problems_of, text_of, zipped

from atlas.errors import SourceFormatError, SourceUnavailableError
from atlas.i18n import translator
from atlas.settings import Settings
from atlas.sources import archive, openimmo
from atlas.store import MUNICIPALITIES_FILE, read_boundaries

if TYPE_CHECKING:
    from atlas.schema import Intake

SOURCE = REGISTRY.get("property_feed")
FULL = (DATA / "openimmo" / "full.xml").read_bytes()
PART = (DATA / "openimmo" / "part.xml").read_bytes()


def parse(*payloads: bytes | str) -> Intake:
    files = [payload.encode() if isinstance(payload, str) else payload for payload in payloads]
    intake = openimmo.parse(files, source=SOURCE, retrieved_on=TODAY)
    assert_sound(intake)
    return intake


def offer(inner: str = "", *, key: str = "O1", action: str = "", objekt: str = "") -> str:
    kind = objekt or '<hallen_lager_prod hallen_typ="HALLE"/>'
    return (
        f"<immobilie><objektkategorie><objektart>{kind}</objektart></objektkategorie>"
        f"<geo><plz>44135</plz><ort>Dortmund</ort></geo>{inner}<verwaltung_techn>"
        f"<openimmo_obid>{key}</openimmo_obid><aktion aktionart='{action}'/></verwaltung_techn>"
        "</immobilie>"
    )


def transfer(*offers: str, umfang: str = "TEIL", provider: str = "A1", modus: str = "") -> str:
    return (
        f"<openimmo><uebertragung umfang='{umfang}' modus='{modus}' "
        f"timestamp='2026-11-20T00:00:00'/><anbieter><anbieternr>{provider}</anbieternr>"
        f"{''.join(offers)}</anbieter></openimmo>"
    )


def cell(column: str, inner: str) -> str | None:
    value = parse(transfer(offer(inner))).cells[column].iloc[0]
    return value if pd.notna(value) else None


def standing(intake: Intake) -> list[str]:
    return sorted(intake.cells["source_ref"])


def test_a_full_transfer_becomes_rows_that_keep_every_rule():
    intake = parse(FULL)
    towns = read_boundaries(Settings().data_dir / MUNICIPALITIES_FILE)
    assert standing(intake) == ["A1/X2", "OBID-1", "OBID-4"]
    assert problems_of(intake, towns) == []
    assert problems_of(parse(FULL, PART), towns) == []


def test_the_namespace_does_not_matter():
    bare = FULL.replace(b' xmlns="http://www.openimmo.de"', b"")
    prefixed = bare.replace(b"<", b"<oi:").replace(b"<oi:/", b"</oi:").replace(b"<oi:?", b"<?")
    prefixed = prefixed.replace(b"<oi:openimmo>", b'<oi:openimmo xmlns:oi="urn:x">')
    expected = parse(FULL)
    for other in (bare, prefixed):
        pd.testing.assert_frame_equal(parse(other).cells, expected.cells)


def test_people_prose_and_pictures_reach_nothing():
    told = text_of(parse(FULL, PART))
    for private in ("Musterfrau", "example.org/", "0231", "Traumhaft", "Rufen", "Foto",
                    "Beispiel Gewerbe GmbH"):  # fmt: skip
        assert private not in told
    for private in ("Musterfrau", "0231", "Traumhaft", "Beispiel Gewerbe GmbH"):
        assert private in FULL.decode()


def test_a_withheld_address_leaves_the_municipality_only():
    row = parse(FULL).cells.set_index("source_ref").loc["A1/X2"]
    assert row[["street", "house_number", "lat", "lon", "coordinate_precision"]].isna().all()
    assert row[["postcode", "municipality"]].tolist() == ["45879", "Gelsenkirchen"]
    assert "Geheime" not in " ".join(row.dropna())
    assert "51.505" not in text_of(parse(FULL))


def test_an_address_that_nobody_released_is_withheld():
    geo = "<geo><strasse>Weg</strasse><geokoordinaten breitengrad='51.5' laengengrad='7.4'/></geo>"
    assert cell("street", geo) is None
    assert cell("lat", geo) is None


def test_zero_is_no_coordinate():
    row = parse(FULL).cells.set_index("source_ref").loc["OBID-4"]
    assert pd.isna(row["lat"])
    assert row["street"] == "Musterweg"


@pytest.mark.parametrize(
    ("geo", "code"),
    [("breitengrad='7.4' laengengrad='51.5'", "bad_coordinate"),
     ("breitengrad='48.1' laengengrad='11.5'", "outside"),
     ("breitengrad='abc' laengengrad='7.4'", "bad_coordinate")],
)  # fmt: skip
def test_coordinates_that_cannot_be_meant_are_faults(geo, code):
    inner = (f"<geo><geokoordinaten {geo}/></geo><verwaltung_objekt><objektadresse_freigeben>true"
             "</objektadresse_freigeben></verwaltung_objekt>")  # fmt: skip
    assert parse(transfer(offer(inner))).faults["code"].tolist() == [code]


def test_a_partial_transfer_changes_and_deletes_single_objects():
    intake = parse(FULL, PART)
    assert standing(intake) == ["OBID-1", "OBID-4"]
    cells = intake.cells.set_index("source_ref")
    assert cells.loc["OBID-1", "vacancy"] == "in_use"
    assert cells.loc["OBID-1", "availability"] == "not_offered"
    assert dict(intake.faults[["row", "code"]].to_numpy()) == {
        1: "repeated", 2: "withdrawn", 3: "not_a_space", 6: "withdrawn", 7: "not_a_space",
    }  # fmt: skip


def test_the_order_of_transfers_counts():
    change, delete = transfer(offer(action="CHANGE")), transfer(offer(action="DELETE"))
    assert standing(parse(change, delete)) == []
    assert standing(parse(delete, change)) == ["O1"]
    assert (
        standing(parse(change, transfer(modus="DELETE"), transfer(offer(), modus="DELETE"))) == []
    )


def test_a_full_transfer_replaces_what_its_own_providers_sent():
    before = [transfer(offer(key="a"), offer(key="b"), umfang="VOLL"),
              transfer(offer(key="c"), umfang="VOLL", provider="B2")]  # fmt: skip
    intake = parse(*before, transfer(offer(key="a"), umfang="VOLL"))
    assert standing(intake) == ["a", "c"]
    assert intake.read == 4
    assert standing(parse(*before, transfer(umfang="VOLL"))) == ["c"]


def test_the_files_of_one_archive_are_one_delivery_if_they_were_sent_at_once():
    parts = [transfer(offer(key=key), umfang="VOLL").encode() for key in ("a", "b")]
    assert standing(parse(zipped(a__xml=parts[0], b__xml=parts[1]))) == ["a", "b"]
    later = parts[1].replace(b"2026-11-20", b"2026-11-21")
    assert standing(parse(zipped(a__xml=parts[0], b__xml=later))) == ["b"]
    assert standing(parse(*parts)) == ["b"]


def test_a_reference_is_no_offer():
    assert parse(transfer(offer(action="REFERENZ"))).faults["code"].tolist() == ["not_a_space"]


def test_an_object_without_any_key_is_a_fault():
    assert parse(transfer(offer(key=""))).faults["code"].tolist() == ["malformed"]


@pytest.mark.parametrize(
    ("objekt", "expected"),
    [("<buero_praxen buero_typ='LOFT_ATELIER'/>", "studio"), ("<buero_praxen/>", "office"),
     ("<buero_praxen buero_typ='COWORKING'/>", "coworking"),
     ("<einzelhandel handel_typ='KAUFHAUS'/>", "department_store"),
     ("<hallen_lager_prod hallen_typ='LAGER'/>", "warehouse"),
     ("<hallen_lager_prod hallen_typ='NEU_ERFUNDEN'/>", "workshop_hall"),
     ("<gastgewerbe gastgew_typ='DISCOTHEK'/>", "club"), ("<gastgewerbe/>", "inn"),
     ("<zinshaus_renditeobjekt zins_typ='GESCHAEFTSHAUS'/>", "retail_building")],
)  # fmt: skip
def test_kind_and_attribute_are_the_type(objekt, expected):
    assert parse(transfer(offer(objekt=objekt))).cells["type"].tolist() == [expected]


@pytest.mark.parametrize(
    ("objekt", "code"),
    [("<wohnung/>", "not_a_space"), ("<haus/>", "not_a_space"), ("<parken/>", "not_a_space"),
     ("<grundstueck/>", "not_a_space"),
     ("<hallen_lager_prod hallen_typ='FREIFLAECHEN'/>", "not_a_space"),
     ("<sonstige/>", "no_type"), ("<unerhoert/>", "no_type")],
)  # fmt: skip
def test_homes_and_land_are_no_spaces(objekt, code):
    assert parse(transfer(offer(objekt=objekt))).faults["code"].tolist() == [code]


@pytest.mark.parametrize(
    ("prices", "rent"),
    [("<nettokaltmiete>500</nettokaltmiete>", "5"),
     ("<nettokaltmiete>1.200,50</nettokaltmiete>", "12.01"),
     ("<nettokaltmiete>6000</nettokaltmiete><preis_zeiteinheit zeiteinheit='JAHR'/>", "5"),
     ("<nettokaltmiete>60</nettokaltmiete><preis_zeiteinheit zeiteinheit='TAG'/>", None),
     ("<mietpreis_pro_qm>7.5</mietpreis_pro_qm><nettokaltmiete>1</nettokaltmiete>", "7.5"),
     ("<nettokaltmiete>500</nettokaltmiete><waehrung iso_waehrung='CHF'/>", None),
     ("<nettokaltmiete>0.00</nettokaltmiete>", None), ("<kaufpreis>500000</kaufpreis>", None)],
)  # fmt: skip
def test_the_rent_is_euro_per_square_metre_and_month(prices, rent):
    inner = f"<flaechen><gesamtflaeche>100</gesamtflaeche></flaechen><preise>{prices}</preise>"
    assert cell("rent_eur_per_m2_month", inner) == rent


def test_the_smallest_part_is_smaller_than_the_whole():
    inner = "<flaechen><nutzflaeche>100</nutzflaeche><teilbar_ab>{}</teilbar_ab></flaechen>"
    assert cell("area_min_m2", inner.format(40)) == "40"
    assert cell("area_min_m2", inner.format(400)) is None


@pytest.mark.parametrize(
    ("objekt", "availability", "vacancy"),
    [("<verfuegbar_ab>ab sofort</verfuegbar_ab>", "now", "vacant"),
     ("<verfuegbar_ab>01.03.2026</verfuegbar_ab>", "now", "vacant"),
     ("<verfuegbar_ab>ab 01.03.2027</verfuegbar_ab>", "from_date", "unknown"),
     ("<abdatum>2027-03-01</abdatum>", "from_date", "unknown"),
     ("<verfuegbar_ab>n.V.</verfuegbar_ab>", "by_arrangement", "unknown"),
     ("<verfuegbar_ab>irgendwann</verfuegbar_ab>", "unknown", "unknown"),
     ("<bisdatum>2027-12-31</bisdatum>", "interim_until", "unknown"),
     ("<verfuegbar_ab>sofort</verfuegbar_ab><vermietet>1</vermietet>", "not_offered", "in_use")],
)  # fmt: skip
def test_on_offer_is_not_empty(objekt, availability, vacancy):
    inner = f"<verwaltung_objekt>{objekt}</verwaltung_objekt>"
    assert cell("availability", inner) == availability
    assert cell("vacancy", inner) == vacancy


def test_empty_because_to_be_had_at_once_is_a_conclusion():
    inner = "<verwaltung_objekt>{}</verwaltung_objekt>"
    assert cell("confidence", inner.format("<verfuegbar_ab>sofort</verfuegbar_ab>")) == "inferred"
    for stated in ("<vermietet>1</vermietet>", "<verfuegbar_ab>n.V.</verfuegbar_ab>"):
        assert cell("confidence", inner.format(stated)) == "reported"


def test_what_is_reserved_or_sold_is_not_offered():
    inner = "<zustand_angaben><verkaufstatus stand='{}'/></zustand_angaben>"
    assert cell("availability", inner.format("RESERVIERT")) == "not_offered"
    assert cell("availability", inner.format("OFFEN")) == "unknown"


def test_an_offer_that_is_over_is_withdrawn():
    inner = "<verwaltung_objekt><bisdatum>2025-12-31</bisdatum></verwaltung_objekt>"
    assert parse(transfer(offer(inner))).faults["code"].tolist() == ["withdrawn"]


def test_files_of_an_archive_are_taken_in_the_order_of_their_names():
    both = zipped(b__xml=PART, a__xml=FULL, foto__jpg=b"x")
    pd.testing.assert_frame_equal(parse(both).cells, parse(FULL, PART).cells)


BOMB = (
    '<!DOCTYPE openimmo [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
    + "]><openimmo><uebertragung/><anbieter><firma>&m;</firma></anbieter></openimmo>"
)
EXTERNAL = (
    '<!DOCTYPE openimmo [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    "<openimmo><uebertragung/><anbieter><firma>&x;</firma></anbieter></openimmo>"
)


@pytest.mark.parametrize(
    "payload",
    [b"", b"<", b"<a/>", b"<openimmo/>", b"PK\x03\x04", FULL[:-20], FULL[: len(FULL) // 2],
     BOMB, EXTERNAL, BOMB.encode("utf-16"), EXTERNAL.encode("utf-16"),
     "<openimmo>" + "<a>" * 100_000, zipped(readme__txt=b"x"), zipped(a__xml=b"<openimmo"),
     FULL.replace(b"UTF-8", b"ISO-9999"), b"\x00" * 100],
    ids=range(16),
)  # fmt: skip
def test_what_is_no_whole_and_harmless_file_is_refused(payload):
    with pytest.raises(SourceFormatError):
        parse(payload)


def test_the_broken_one_among_many_files_is_named(tmp_path):
    for name, content in (("a.xml", FULL), ("b.zip", zipped(x__xml=PART, y__xml=PART[:-30]))):
        (tmp_path / name).write_bytes(content)
    paths = [tmp_path / "a.xml", tmp_path / "b.zip"]
    with pytest.raises(SourceFormatError, match=r"property_feed, b\.zip, y\.xml: die Datei ist"):
        openimmo.read(paths, source=SOURCE, retrieved_on=TODAY)
    (tmp_path / "b.zip").write_bytes(zipped(x__xml=PART)[:-9])
    with pytest.raises(SourceFormatError, match=r"property_feed, b\.zip: das ZIP-Archiv"):
        openimmo.read(paths, source=SOURCE, retrieved_on=TODAY)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("payload", [PART[:-30], FULL[:90], b"<a/>", BOMB, b"<openimmo/>", b"<"])
def test_what_is_said_about_a_broken_file_are_sentences(payload, language):
    with pytest.raises(SourceFormatError) as caught:
        parse(payload)
    said = caught.value.localized(translator(language))
    assert not re.search(r" [.,:]|\.\.|: \.|[{}]|  ", said), said
    assert said.endswith(".")


def test_one_broken_file_leaves_none_half_read():
    with pytest.raises(SourceFormatError):
        parse(FULL, PART[:-30])


def raw_zip(name: str, content: bytes, *, encrypted: bool = False) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    data = bytearray(buffer.getvalue())
    if encrypted:  # the flag of the local and of the central header
        data[6] |= 1
        data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("payload", "reason"),
    [(raw_zip("../../etc/a.xml", FULL), "aus dem Archiv hinaus"),
     (raw_zip("/a.xml", FULL), "aus dem Archiv hinaus"),
     (raw_zip("C:\\a.xml", FULL), "aus dem Archiv hinaus"),
     (raw_zip("a.xml", FULL, encrypted=True), "verschlüsselt"),
     (raw_zip("a.zip", zipped(a__xml=FULL)), "Archiv im Archiv"),
     (raw_zip("a.xml", zipped(a__xml=FULL)), "Archiv im Archiv"),
     (raw_zip("a.xml", b"\x00" * 50_000_000), "entpackt zu groß")],
)  # fmt: skip
def test_archives_that_mean_harm_are_refused(payload, reason):
    with pytest.raises(SourceFormatError, match=reason):
        parse(payload)


def test_an_archive_of_very_many_files_is_refused():
    many = zipped(**{f"{n}__xml": b"" for n in range(archive.DEFAULT.files + 1)})
    with pytest.raises(SourceFormatError, match="zu viele Dateien"):
        parse(many)


def test_a_damaged_archive_is_told():
    whole = zipped(a__xml=FULL)
    for cut in (whole[:-30], whole[:60], whole[:40] + b"xxxx" + whole[44:]):
        with pytest.raises(SourceFormatError, match="beschädigt"):
            parse(cut)


def test_a_missing_file_is_unavailable(tmp_path):
    with pytest.raises(SourceUnavailableError):
        openimmo.read([tmp_path / "none.xml"], source=SOURCE, retrieved_on=TODAY)
