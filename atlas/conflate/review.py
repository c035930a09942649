"""Uncertain pairs: listing them, showing them, keeping what a person decides."""

from __future__ import annotations

import csv
import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from atlas.conflate.scoring import FEATURES, REVIEW
from atlas.conflate.verdicts import COLUMNS as VERDICT_COLUMNS
from atlas.conflate.verdicts import Verdict, check, read_verdicts, to_line
from atlas.errors import ConfigError, why

if TYPE_CHECKING:
    from collections.abc import Mapping

    from atlas.conflate.cluster import Clusters, Pair
    from atlas.conflate.run import Links

REVIEW_FILE: Final = "review.csv"
SHOWN: Final = (
    "source", "source_ref", "name", "type", "street", "house_number", "municipality", "lat",
    "lon", "website", "source_url",
)  # fmt: skip
"""What is told of both rows, with ``_a`` and ``_b``."""
COLUMNS: Final = (
    "score", "reason", "distance_m", "explanation",
    *(f"{name}_a" for name in SHOWN), *(f"{name}_b" for name in SHOWN),
)  # fmt: skip
"""
Columns of ``review.csv``: score (0 to 1), reason (code of `atlas.conflate.explain.REASONS`),
distance in metres (empty without both coordinates), explanation (JSON: points per feature).
"""
_SCORE_DECIMALS: Final = 3
_POINT_DECIMALS: Final = 1


def waiting(links: Links, clusters: Clusters, told: Mapping[Pair, str]) -> pd.DataFrame:
    """Return the scored pairs that a person has to look at: uncertain, or refused as a chain."""
    refused = set(clusters.refused)
    is_refused = [pair in refused for pair in zip(links.same["i"], links.same["j"], strict=True)]
    chained = links.same[is_refused].assign(decision=REVIEW, reason="chain")
    every = pd.concat([chained, links.review], ignore_index=True)
    together = clusters.labels[every["i"].to_numpy(dtype=int)]
    apart = together != clusters.labels[every["j"].to_numpy(dtype=int)]
    undecided = [pair not in told for pair in zip(every["i"], every["j"], strict=True)]
    waits: pd.DataFrame = every[apart & np.array(undecided, dtype=bool)]
    return waits


def listed(rows: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """
    Describe scored pairs for a person.

    Parameters
    ----------
    rows
        The rows that ``i`` and ``j`` count.
    pairs
        From `atlas.conflate.scoring.score`.

    Returns
    -------
    listed
        `COLUMNS`; the most likely pair first.
    """
    pairs = pairs.sort_values(["score", "i", "j"], ascending=[False, True, True])
    columns: dict[str, Any] = {
        "score": pairs["score"].astype(float).round(_SCORE_DECIMALS).to_numpy(),
        "reason": pairs["reason"].to_numpy(dtype=object),
        "distance_m": pairs["distance_m"].astype(float).round().to_numpy(),
        "explanation": [_points(record) for record in pairs.to_dict("records")],
    }
    for side, positions in (("a", pairs["i"]), ("b", pairs["j"])):
        shown = rows.iloc[positions.to_numpy(dtype=int)]
        columns |= {f"{name}_{side}": shown[name].to_numpy() for name in SHOWN}
    return pd.DataFrame(columns, columns=list(COLUMNS))


def _points(record: Mapping[Any, Any]) -> str:
    points = {name: round(float(record[name]), _POINT_DECIMALS) for name in FEATURES}
    return json.dumps({name: value for name, value in points.items() if value})


def write(pairs: pd.DataFrame, path: Path) -> None:
    """Write the list of pairs, all or nothing; the same pairs give the same bytes."""
    text = pairs.to_csv(index=False, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    _replace(path, text)


def read(path: Path) -> pd.DataFrame:
    """
    Read the list of pairs that a build wrote.

    Raises
    ------
    ConfigError
        If there is none, or it is no such list.
    """
    try:
        pairs: pd.DataFrame = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (OSError, ValueError) as error:
        raise ConfigError(
            "{path} ist nicht lesbar: {reason}.",
            hint="Mit „atlas build“ neu erzeugen.",
            path=path.name,
            reason=why(error) if isinstance(error, OSError) else error,
        ) from error
    if list(pairs.columns) != list(COLUMNS):
        raise ConfigError(
            "{path} ist keine Liste unsicherer Paare.",
            hint="Mit „atlas build“ neu erzeugen.",
            path=path.name,
        )
    return pairs


def record(path: Path, verdict: Verdict) -> None:
    """
    Add a verdict to the file, which is complete at any moment.

    Raises
    ------
    ConfigError
        If it contradicts the file, or the file is not readable.
    """
    line = to_line(verdict)
    known = read_verdicts(path)
    check((*known, verdict))
    before = path.read_text("utf-8") if path.exists() else ",".join(VERDICT_COLUMNS) + "\n"
    end = "" if before.endswith("\n") else "\n"
    _replace(path, f"{before}{end}{line}")


def undo(path: Path, verdict: Verdict) -> bool:
    """Take back the last verdict of the file if it is ``verdict``; return whether it was."""
    before = path.read_text("utf-8") if path.exists() else ""
    line = to_line(verdict)
    if not before.endswith(line):
        return False
    _replace(path, before.removesuffix(line))
    return True


def _replace(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
