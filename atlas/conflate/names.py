"""
What a name says: its words and what they weigh, what kind of place it calls itself.

The lists are of German words as `atlas.text.words` folds them: lower case, no accents.
"""

from __future__ import annotations

import re
from typing import Final

from atlas.text import words as folded


def _set(text: str) -> frozenset[str]:
    return frozenset(folded(text))


def _codes(table: dict[str, str]) -> dict[str, str]:
    return {word: code for code, text in table.items() for word in folded(text)}


STOP_WORDS: Final = _set(
    "der die das des dem den ein eine und für von vom zu zum zur mit im in am an auf bei bis "
    "the of and at ehem ehemalige ehemaliger ehemaliges ehemaligen ehemals früher frühere "
    "früheres früherer einst ev eingetragener verein gmbh ggmbh ag kg co mbh e v fur fruher "
    "fruhere fruheres fruherer gem gemeinnutzige"
)
SYNONYMS: Final = {
    "st": "sankt", "skt": "sankt", "str": "strasse", "bhf": "bahnhof", "bf": "bahnhof",
    "hbf": "hauptbahnhof", "zk": "zeche", "theatre": "theater", "centre": "zentrum",
    "center": "zentrum", "centrum": "zentrum", "kath": "katholische", "evang": "evangelische",
    "juz": "jugendzentrum", "jz": "jugendzentrum", "kuz": "kulturzentrum", "vhs": "volkshochschule",
    "deutschen": "deutsche", "deutscher": "deutsche", "deutsches": "deutsche",
    "alter": "alte", "altes": "alte", "alten": "alte", "neuer": "neue", "neues": "neue",
    "neuen": "neue", "kleines": "kleine", "kleiner": "kleine", "grosses": "grosse",
    "grosser": "grosse", "historisches": "alte", "historischer": "alte", "historische": "alte",
    "stadtisches": "stadtische", "stadtischer": "stadtische", "gallery": "galerie",
    "forderturm": "fordergerust", "schachtgerust": "fordergerust",
    "forderturme": "fordergerust", "fordergeruste": "fordergerust",
    "maschinenhaus": "maschinenhalle",
    "maschinenhallen": "maschinenhalle", "fordermaschinenhaus": "maschinenhalle",
    "torhauser": "torhaus", "ateliers": "atelier", "hallen": "halle", "studios": "studio",
    "filmtheater": "kino", "lichtspiele": "kino", "lichtspielhaus": "kino", "cinema": "kino",
    "bucherei": "bibliothek", "stadtbucherei": "stadtbibliothek", "hackspace": "hackerspace",
    "arkaden": "arcaden", "kirchengemeinde": "kirche",
    "probenraume": "proberaume", "proberaum": "proberaume",
}  # fmt: skip
_KINDS: Final = {
    "theatre": "theater bühne schauspielhaus schauspiel bühnenhaus stadttheater",
    "opera": "oper opernhaus musiktheater", "concert": "konzerthaus philharmonie konzertsaal",
    "museum": "museum stadtmuseum", "gallery": "galerie", "cinema": "kino",
    "church": "kirche dom kathedrale kapelle basilika",
    "station": "bahnhof hauptbahnhof empfangsgebäude",
    "mine": "zeche bergwerk schachtanlage schacht", "coking": "kokerei", "steel": "hütte stahlwerk",
    "library": "bibliothek stadtbibliothek mediothek", "archive": "archiv", "bunker": "bunker",
    "school": "schule gymnasium realschule gesamtschule volkshochschule",
    "studio": "atelier atelierhaus", "rehearsal": "proberäume probenzentrum",
    "makers": "fablab makerspace hackerspace", "coworking": "coworking workspace",
    "parking": "parkhaus tiefgarage parkplatz", "bath": "hallenbad freibad stadtbad freizeitbad",
    "castle": "schloss burg wasserschloss", "monastery": "kloster abtei", "townhall": "rathaus",
    "fire": "feuerwache", "brewery": "brauerei", "mill": "mühle", "brickworks": "ziegelei",
    "waterworks": "wasserwerk pumpwerk", "synagogue": "synagoge",
    "quarter": "quartier kreativquartier creativquartier creativrevier", "hotel": "hotel",
    "youth": "jugendzentrum jugendhaus", "arena": "arena stadion", "festival": "festspielhaus",
    "trade": "messe", "citizens": "bürgerhaus", "mall": "einkaufszentrum", "powerstation":
    "kraftwerk umspannwerk", "hospital": "krankenhaus klinik", "academy": "akademie hochschule",
    "clinic": "praxis", "kindergarten": "kindergarten kita", "stop": "haltestelle",
    "business": "gründerzentrum technologiezentrum gewerbehof", "hall": "stadthalle halle saal",
}  # fmt: skip
# Parts of a site: what one name has and the other has not tells the whole from its part.
_PARTS: Final = {
    "machine_hall": "maschinenhalle", "headframe": "fördergerüst", "malakow": "malakowturm",
    "baths": "waschkaue kaue weißkaue schwarzkaue", "pay_hall": "lohnhalle lichthalle",
    "gate": "torhaus pförtnerhaus", "administration": "verwaltung verwaltungsgebäude",
    "boiler_house": "kesselhaus", "workshop": "werkstatt zechenwerkstatt lokwerkstatt",
    "store": "magazingebäude magazin", "blower_hall": "gebläsehalle", "washery": "kohlenwäsche",
    "mixing_plant": "kohlenmischhalle mischanlage", "switch_house": "schalthaus schaltwarte",
    "cooling_tower": "kühlturm", "water_tower": "wasserturm", "furnace": "hochofen hochofenanlage",
    "compressors": "kompressorenhalle", "power_house": "kraftzentrale zentralwerkstatt",
    "restaurant": "restaurant gaststätte bistro café cafe casino kasino biergarten kantine",
    "shop": "shop museumsshop buchladen", "garden": "garten skulpturengarten",
    "foyer": "foyer theaterfoyer opernfoyer",
    "signal_box": "stellwerk", "goods_shed": "güterhalle güterbahnhof", "parking": "parkhaus",
    "basement": "keller", "stables": "pferdestall", "park": "park landschaftspark zechenpark",
    "brew_house": "sudhaus", "parish_hall": "gemeindehaus pfarrheim pfarrhaus",
    "rehearsal_stage": "probebühne probezentrum",
    "small_stage": "kammerspiele studiobühne hinterbühne kellertheater kleineshaus",
    "great_stage": "großeshaus", "gasholder": "gasometer",
    "villa": "villa direktorenvilla",
}  # fmt: skip
CHAINS: Final = _set(
    "hm ca pc sparkasse stadtsparkasse volksbank galeria kaufhof karstadt saturn mediamarkt "
    "primark woolworth hertie horten real aldi lidl rewe edeka netto penny rossmann dm mullher "
    "muller deichmann thalia mayersche kaufland ikea decathlon cinestar cinemaxx uci cineplex "
    "postbank commerzbank kodi tedi kik esprit zara sinn leffers kammpgen motorworld "
    "caritas awo diakonie"
)
_GENERIC_WORDS: Final = _set(
    "haus kultur kunst künstler zentrum stadt städtische halle hof raum räume ort platz werk "
    "werke forum alte neue gebäude turm studio club musik verein freie private projekt kreativ "
    "creativ soziokulturelles soziokulturelle kulturelles kulturzentrum kulturhaus kulturort "
    "kunstverein treff begegnungszentrum veranstaltungszentrum stiftung gesellschaft ladenlokal "
    "laden kaufhaus warenhaus geschäftshaus modehaus passage arcaden fabrik industrie denkmal "
    "hochhaus campus werkhof zentral gemeinde evangelische katholische sankt kunsthaus kunsthalle "
    "künstlerhaus lwl lvr ruhr nrw ruhrgebiet revier westfalen rheinland nord süd ost west mitte "
    "innenstadt city dritter deutsche deutsches interim event eventhalle location strasse "
    "kreatives kreativzentrum ausstellung ausstellungen kulturkirche "
    "landesmuseum straßen bürger grosse kleine kulturwerkstatt kunstraum projektraum"
)
# Words that end so are read as two: Musiktheater is a Theater.
SUFFIXES: Final = tuple(
    folded("probenzentrum café theater museum kirche zentrum bahnhof bunker galerie brauerei "
           "schule halle turm werkstatt kino bibliothek archiv mühle proberäume bühne")
)  # fmt: skip
# One to a town, so that the bare word names it.
_UNIQUE: Final = _set(
    "stadthalle rathaus hauptbahnhof opernhaus konzerthaus schauspielhaus philharmonie "
    "stadttheater musiktheater stadtmuseum stadtbibliothek volkshochschule planetarium "
    "freilichtmuseum gasometer hauptpost"
)
_STREET: Final = ("strasse", "platz", "allee", "weg", "markt", "ufer", "gasse", "damm")
PLACING: Final = re.compile(
    r"\s(?:im|in|am|an|auf|bei|beim|mit|unter|hinter)\s(?:der|dem|den|die|das)?\s*", re.IGNORECASE
)
SMALL_HOUSE: Final = re.compile(r"\b(Kleine|Große)s Haus\b")
LETTERED: Final = re.compile(r"\b(?:Halle|Bau|Block|Turm|Saal|Tor|Gebäude|Haus) ([A-H])\b")
SHORTEST_STEM: Final = 3
WEIGHT_WORD: Final = 1.0
WEIGHT_STREET: Final = 0.8
WEIGHT_UNIQUE: Final = 0.6
WEIGHT_LETTER: Final = 0.5
WEIGHT_KIND: Final = 0.3
WEIGHT_GENERIC: Final = 0.2
WEIGHT_OWN_TOWN: Final = 0.1
WEIGHT_PART_OF_TOWN: Final = 0.5
"""Of one of the two names of a town: Kamp, Eickel."""
WEIGHT_DISTRICT: Final = 0.4
"""Of a word behind the town and a hyphen: Duisburg-Ruhrort."""


KIND_OF: Final = _codes(_KINDS)
PART_OF: Final = _codes(_PARTS)


def kind_of(word: str) -> str:
    """Return the kind of place, or the part of a site, that a word names; empty if none."""
    return KIND_OF.get(word) or PART_OF.get(word) or ""


def base_weight(word: str) -> float:
    """Return what a word weighs for telling places apart, before its rarity is known."""
    if word in _UNIQUE:
        return WEIGHT_UNIQUE
    if word in KIND_OF or word in PART_OF or word in CHAINS:
        return WEIGHT_KIND
    if word in _GENERIC_WORDS:
        return WEIGHT_GENERIC
    if len(word) == 1:
        return WEIGHT_LETTER
    return WEIGHT_STREET if word.endswith(_STREET) else WEIGHT_WORD


def is_telling(word: str) -> bool:
    """Return whether a word tells places apart, so that it is worth looking up."""
    return base_weight(word) >= WEIGHT_UNIQUE


def split(word: str) -> list[str]:
    """Return the two words that a compound of a kind is; else the word itself."""
    if word in KIND_OF or word in PART_OF or word in _UNIQUE or word in _GENERIC_WORDS:
        return [word]
    for suffix in SUFFIXES:
        stem = word.removesuffix(suffix)
        if stem != word and len(stem) >= SHORTEST_STEM:
            return [stem.removesuffix("s") if len(stem) > SHORTEST_STEM else stem, suffix]
    return [word]
