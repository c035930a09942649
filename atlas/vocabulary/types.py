"""What a space is: kinds, types and their groups."""

from __future__ import annotations

from atlas.vocabulary.terms import SpaceType, Term, TypeGroup, index

KINDS = index(
    Term("creative_quarter", "Kreativ.Quartier", "Creative quarter"),
    Term("key_property", "Schlüsselimmobilie", "Key property"),
    Term("creative_site", "Ort der Kultur- und Kreativwirtschaft", "Creative site"),
)

TYPE_GROUPS = index(
    TypeGroup("studio", "Atelier & Künstlerhaus", "Studios", "A"),
    TypeGroup("rehearsal", "Probe & Aufnahme", "Rehearsal & recording", "P"),
    TypeGroup("workshop", "Werkstatt & Makerspace", "Workshop & makerspace", "W"),
    TypeGroup("work", "Coworking & Gründung", "Coworking & start-up", "C"),
    TypeGroup("gallery", "Galerie & Projektraum", "Gallery & project space", "G"),
    TypeGroup("museum", "Museum & Archiv", "Museum & archive", "M"),
    TypeGroup("stage", "Bühne, Musik & Kino", "Stage, music & cinema", "B"),
    TypeGroup("socioculture", "Soziokultur & Treffpunkt", "Socio-culture & meeting place", "S"),
    TypeGroup("industry", "Zeche, Werk & Speicher", "Mine, works & warehouse", "Z"),
    TypeGroup("retail", "Kaufhaus & Ladenlokal", "Department store & shop", "L"),
    TypeGroup("building", "Kirche, Bahnhof & Einzelbau", "Church, station & other building", "K"),
    TypeGroup("quarter", "Quartier", "Quarter", "Q"),
)

TYPES = index(
    SpaceType("quarter", "Kreativ.Quartier", "Creative quarter", "quarter"),
    # studio
    SpaceType("studio_house", "Atelierhaus, Künstlerhaus", "Studio house", "studio"),
    SpaceType("studio", "Atelier", "Artist's studio", "studio"),
    # rehearsal
    SpaceType("rehearsal_rooms", "Proberäume", "Rehearsal rooms", "rehearsal"),
    SpaceType("recording_studio", "Ton- und Medienstudio", "Recording studio", "rehearsal"),
    SpaceType("music_school", "Musik- und Kunstschule", "Music or art school", "rehearsal"),
    # workshop
    SpaceType("makerspace", "Offene Werkstatt, Makerspace", "Makerspace", "workshop"),
    SpaceType("hackerspace", "Hackerspace", "Hackerspace", "workshop"),
    SpaceType("craft_workshop", "Kunsthandwerk, Werkstatt", "Craft workshop", "workshop"),
    # work
    SpaceType("coworking", "Coworking", "Coworking", "work"),
    SpaceType("creative_hub", "Kreativzentrum", "Creative hub", "work"),
    SpaceType("business_park", "Gründerzentrum, Gewerbehof", "Business or start-up centre", "work"),
    # gallery
    SpaceType("gallery", "Galerie", "Gallery", "gallery"),
    SpaceType("project_space", "Projektraum, Off-Space", "Project space", "gallery"),
    SpaceType("exhibition_hall", "Ausstellungshalle", "Exhibition hall", "gallery"),
    # museum
    SpaceType("museum", "Museum", "Museum", "museum"),
    SpaceType("archive", "Archiv", "Archive", "museum"),
    SpaceType(
        "industrial_heritage_venue",
        "Ort der Industriekultur",
        "Industrial heritage venue",
        "museum",
    ),
    # stage
    SpaceType("theatre", "Theater", "Theatre", "stage"),
    SpaceType("concert_hall", "Konzerthaus", "Concert hall", "stage"),
    SpaceType("music_venue", "Musikspielstätte", "Music venue", "stage"),
    SpaceType("club", "Club", "Club", "stage"),
    SpaceType("cinema", "Kino", "Cinema", "stage"),
    SpaceType("event_hall", "Veranstaltungshalle", "Event hall", "stage"),
    # socioculture
    SpaceType(
        "sociocultural_centre", "Soziokulturelles Zentrum", "Socio-cultural centre", "socioculture"
    ),
    SpaceType("cultural_venue", "Kulturort, Kulturzentrum", "Cultural venue", "socioculture"),
    SpaceType("community_centre", "Bürger- und Begegnungshaus", "Community centre", "socioculture"),
    SpaceType("church_venue", "Kulturkirche", "Church used for culture", "socioculture"),
    SpaceType("library", "Bibliothek, Dritter Ort", "Library, third place", "socioculture"),
    # industry
    SpaceType("colliery", "Zeche, Schachtanlage", "Colliery", "industry"),
    SpaceType("coking_plant", "Kokerei", "Coking plant", "industry"),
    SpaceType("steelworks", "Hütte, Stahlwerk", "Steelworks", "industry"),
    SpaceType("factory", "Fabrik", "Factory", "industry"),
    SpaceType("brewery", "Brauerei", "Brewery", "industry"),
    SpaceType("mill", "Mühle", "Mill", "industry"),
    SpaceType("brickworks", "Ziegelei", "Brickworks", "industry"),
    SpaceType("power_station", "Kraftwerk, Umspannwerk", "Power station, substation", "industry"),
    SpaceType("waterworks", "Wasserwerk, Pumpwerk", "Waterworks", "industry"),
    SpaceType("workshop_hall", "Werkstatthalle, Betriebshof", "Workshop hall, depot", "industry"),
    SpaceType("warehouse", "Speicher, Lagerhaus", "Warehouse", "industry"),
    # retail
    SpaceType("department_store", "Kaufhaus, Warenhaus", "Department store", "retail"),
    SpaceType("shopping_centre", "Einkaufszentrum", "Shopping centre", "retail"),
    SpaceType("shopping_arcade", "Ladenpassage", "Shopping arcade", "retail"),
    SpaceType("retail_building", "Geschäftshaus", "Retail building", "retail"),
    SpaceType("shop", "Ladenlokal", "Shop", "retail"),
    # building
    SpaceType("church", "Kirche", "Church", "building"),
    SpaceType("synagogue", "Synagoge", "Synagogue", "building"),
    SpaceType("monastery", "Kloster", "Monastery", "building"),
    SpaceType("station", "Bahnhof, Empfangsgebäude", "Station building", "building"),
    SpaceType("signal_box", "Stellwerk", "Signal box", "building"),
    SpaceType("school", "Schule", "School", "building"),
    SpaceType("town_hall", "Rathaus", "Town hall", "building"),
    SpaceType("administration", "Verwaltungsgebäude", "Administrative building", "building"),
    SpaceType("office", "Bürohaus", "Office building", "building"),
    SpaceType("highrise", "Hochhaus", "High-rise", "building"),
    SpaceType("fire_station", "Feuerwache", "Fire station", "building"),
    SpaceType("bunker", "Hochbunker", "Air-raid shelter", "building"),
    SpaceType("prison", "Gefängnis", "Prison", "building"),
    SpaceType("hospital", "Krankenhaus", "Hospital", "building"),
    SpaceType("swimming_pool", "Hallenbad", "Swimming baths", "building"),
    SpaceType("castle", "Burg, Schloss", "Castle", "building"),
    SpaceType("manor", "Haus, Gutshof", "Manor, estate", "building"),
    SpaceType("inn", "Gasthaus, Hotel", "Inn, hotel", "building"),
    SpaceType("dwelling", "Wohnhaus, Ledigenheim", "Dwelling", "building"),
    SpaceType("historic_building", "Historisches Gebäude", "Historic building", "building"),
)
