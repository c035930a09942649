"""The whole conflation: block, score, cluster, merge; nothing is lost on the way."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from atlas.conflate import review
from atlas.conflate.cluster import Pair, cluster, implied_by
from atlas.conflate.fields import contributors
from atlas.conflate.scoring import DIFFERENT, REVIEW, SAME_PLACE
from atlas.conflate.table import sources_of
from atlas.conflate.verdicts import Verdict, check
from atlas.conflate.work import Here
from atlas.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import geopandas as gpd

    from atlas.conflate.work import Work

    Key = tuple[str, str]

_VERDICT_SCORE: Final = 1.0


@dataclass(frozen=True)
class Conflated:
    """
    The result.

    Attributes
    ----------
    spaces
        One row per place: the columns of the input and ``contributions`` (JSON), ordered
        by source and source_ref, RangeIndex.
    review
        Pairs for a person, columns `atlas.conflate.review.COLUMNS`, the most likely first.
    inputs, pairs
        Number of rows in, and of pairs compared.
    blocks
        See `atlas.conflate.block.Candidates`: what blocking compared and left out.
    idle
        Verdicts about rows that are not in the table.
    """

    spaces: gpd.GeoDataFrame
    review: pd.DataFrame
    inputs: int
    pairs: int
    blocks: pd.DataFrame
    idle: tuple[Verdict, ...]

    @property
    def merged(self) -> int:
        """Number of rows that went into another one: inputs = places + merged."""
        return self.inputs - len(self.spaces)


@dataclass(frozen=True)
class Links:
    """
    What follows from scores and verdicts.

    Attributes
    ----------
    same, review
        Scored pairs; ``same`` with those of verdicts, the surest first.
    apart
        Pairs that must not come together, not even through others.
    implied
        Pairs that a person's verdicts make one place, also through others: if a is b and
        a is c, then b is c.
    """

    same: pd.DataFrame
    review: pd.DataFrame
    apart: list[Pair]
    implied: list[Pair]


def conflate(
    spaces: gpd.GeoDataFrame,
    *,
    verdicts: Sequence[Verdict] = (),
    work: Callable[[gpd.GeoDataFrame], Work] = Here,
) -> Conflated:
    """
    Recognise the same place in several rows and make one row of them.

    Parameters
    ----------
    spaces
        Checked rows of all sources: typed columns of the schema, ``x`` and ``y``
        (EPSG:25832, NaN without coordinate), points in any CRS; perhaps
        ``contributions`` of rows that were conflated before. The order does not matter.
    verdicts
        Of a person; they win over the score.
    work
        Where the steps run whose work grows with the table; the result is the same.

    Returns
    -------
    conflated
        Every (source, source_ref) of the input is in exactly one row.

    Raises
    ------
    ConfigError
        If a key comes twice, if verdicts contradict each other, or if one would part
        what is one row of the input already.
    """
    rows = spaces.sort_values(["source", "source_ref"], ignore_index=True)
    made_of = contributors(rows)
    positions = _positions(made_of)
    check(verdicts)
    told = _told(verdicts, positions)
    steps = work(rows)
    candidates = steps.candidates()
    links = link(steps.scored(candidates.pairs), told)
    clusters = cluster(
        sources_of(made_of),
        zip(links.same["i"].tolist(), links.same["j"].tolist(), strict=True),
        apart=links.apart,
        one_source=[*_allowed(links.same), *links.implied],
    )
    doubtful = review.waiting(links, clusters, told)
    return Conflated(
        spaces=steps.merged(clusters.labels),
        review=review.listed(rows, doubtful),
        inputs=len(rows),
        pairs=len(candidates.pairs),
        blocks=candidates.blocks,
        idle=tuple(v for v in verdicts if v.a not in positions or v.b not in positions),
    )


def link(chunks: Iterable[pd.DataFrame], told: Mapping[Pair, str]) -> Links:
    """
    Let scores and verdicts decide.

    Parameters
    ----------
    chunks
        The scored candidates in any order, see `atlas.conflate.scoring.score`.
    told
        Verdict per pair of positions, the lower first.
    """
    kept, apart = [], [pair for pair, verdict in told.items() if verdict == DIFFERENT]
    for scored in chunks:
        against = scored[scored["contradicted"]]
        apart += zip(against["i"].tolist(), against["j"].tolist(), strict=True)
        kept.append(scored[scored["decision"] != DIFFERENT])
    scored = pd.concat(kept, ignore_index=True)
    decided = [
        pair in told for pair in zip(scored["i"].tolist(), scored["j"].tolist(), strict=True)
    ]
    scored = scored[~np.array(decided, dtype=bool)]
    same = scored[scored["decision"] == SAME_PLACE]
    same = same.sort_values(["score", "i", "j"], ascending=[False, True, True])
    joined = [pair for pair, verdict in sorted(told.items()) if verdict == SAME_PLACE]
    told_same = pd.DataFrame(joined, columns=["i", "j"], dtype=np.int64)
    told_same = told_same.assign(score=_VERDICT_SCORE, decision=SAME_PLACE, id=1.0)
    # A verdict overrules what the names say against it; so does what follows from several.
    implied = implied_by(joined)
    return Links(
        same=pd.concat([told_same, same], ignore_index=True),
        review=scored[scored["decision"] == REVIEW],
        apart=sorted(set(apart) - implied),
        implied=sorted(implied),
    )


def _positions(made_of: Sequence[tuple[Key, ...]]) -> dict[Key, int]:
    """Return the row of every key, contributors included."""
    positions = {key: row for row, keys in enumerate(made_of) for key in keys}
    counts = Counter(key for keys in made_of for key in keys)
    if len(positions) < counts.total():
        source, ref = min(key for key, count in counts.items() if count > 1)
        raise ConfigError(
            "Der Schlüssel „{ref}“ der Quelle „{source}“ kommt mehrmals vor.",
            hint="Jede Quelle nur einmal in data/build.toml nennen.",
            source=source,
            ref=ref,
        )
    return positions


def _told(verdicts: Sequence[Verdict], positions: Mapping[Key, int]) -> dict[Pair, str]:
    told: dict[Pair, str] = {}
    for verdict in verdicts:
        if verdict.a not in positions or verdict.b not in positions:
            continue
        i, j = sorted((positions[verdict.a], positions[verdict.b]))
        if i == j and verdict.verdict == DIFFERENT:
            raise ConfigError(
                "decisions.csv, Zeile {line}: {a} und {b} sind in der Tabelle schon eine Zeile.",
                hint="Die Tabelle aus den Quellen neu bauen, nicht aus einer gebauten.",
                line=verdict.line,
                a="/".join(verdict.a),
                b="/".join(verdict.b),
            )
        if i != j:
            told[i, j] = verdict.verdict
    return told


def _allowed(same: pd.DataFrame) -> list[Pair]:
    """Return the linked pairs with a key in common: also two rows of one source may be one."""
    shared = same[same["id"] > 0]
    return list(zip(shared["i"].tolist(), shared["j"].tolist(), strict=True))
