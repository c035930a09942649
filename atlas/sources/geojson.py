"""GeoJSON from outside: strictly read, and only as a whole."""

from __future__ import annotations

import json
from typing import Any

from atlas.errors import SourceFormatError
from atlas.schema.problems import shown


def feature_collection(payload: bytes, *, source: str, encoding: str = "utf-8") -> dict[str, Any]:
    """
    Read a FeatureCollection; a cut-off file or a page of a longer answer is refused.

    Returns
    -------
    document
        Its ``features`` are a list; what is in it, is not checked.

    Raises
    ------
    SourceFormatError
        If it is not valid JSON, no FeatureCollection, or not the whole of it.
    """
    try:
        text = payload.decode("utf-8-sig" if encoding == "utf-8" else encoding)
        loaded = json.loads(text, parse_constant=_no_constant)
    except (ValueError, LookupError, RecursionError) as error:
        raise SourceFormatError(
            "{source}: kein vollständiges JSON ({reason}).", source=source,
            hint="Die Datei noch einmal abrufen; sie soll in UTF-8 stehen.",
            reason=shown(str(error)),
        ) from error  # fmt: skip
    document: dict[str, Any] = loaded if isinstance(loaded, dict) else {}
    features = document.get("features")
    if not isinstance(features, list) or document.get("type") != "FeatureCollection":
        raise SourceFormatError(
            "{source}: das ist keine FeatureCollection.", source=source,
            hint="Die Daten als GeoJSON abrufen; eine Liste von Features genügt nicht.",
        )  # fmt: skip
    _check_whole(document, len(features), source)
    return document


def not_whole(source: str, count: int, total: int) -> SourceFormatError:
    """Return the error for a service that sent a part of its records without saying so."""
    return SourceFormatError(
        "{source}: die Antwort ist nicht vollständig ({count} von {total} Einträgen).",
        source=source,
        hint="Die Abfrage ohne Obergrenze stellen, oder die Seiten zusammenfügen.",
        count=count,
        total=total or "?",
    )


def _check_whole(document: dict[str, Any], count: int, source: str) -> None:
    totals = [document.get(key) for key in ("numberMatched", "totalFeatures")]
    more = [total for total in totals if isinstance(total, int) and total > count]
    if more or document.get("exceededTransferLimit") is True:
        raise not_whole(source, count, max(more, default=0))


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
