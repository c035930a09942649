"""The same place in several sources: finding it, and making one row of it."""

from atlas.conflate.block import Candidates, candidate_pairs
from atlas.conflate.run import Conflated, conflate
from atlas.conflate.scoring import score
from atlas.conflate.verdicts import Verdict, read_verdicts

__all__ = [
    "Candidates",
    "Conflated",
    "Verdict",
    "candidate_pairs",
    "conflate",
    "read_verdicts",
    "score",
]
