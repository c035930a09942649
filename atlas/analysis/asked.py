"""What the Hotspots page asks, as it stands in a link; hostile and old links give an answer."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeVar, get_args

from atlas.analysis.areas import Unit
from atlas.analysis.hexagons import DEFAULT_RESOLUTION, RESOLUTIONS
from atlas.analysis.hotspots import ALPHA, PERMUTATIONS, HotspotQuestion
from atlas.query.url import ANALYSIS_KEYS, Params, format_number, parse_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CodeT = TypeVar("CodeT", bound=str)
Topic = Literal["creative", "vacant", "energy"]
Shown = Literal["hotspot", "cluster", "density"]
TOPICS: Final[tuple[Topic, ...]] = get_args(Topic)
SHOWN: Final[tuple[Shown, ...]] = get_args(Shown)
UNITS: Final[tuple[Unit, ...]] = get_args(Unit)
ALPHAS: Final = (0.01, ALPHA, 0.1)
PERMUTATION_COUNTS: Final = (999, 9999)
BANDWIDTHS_M: Final = (1000, 2000, 3000, 5000, 7500, 10_000)
"""On offer; a link may name any other between `_NARROWEST_M` and `_WIDEST_M`."""
_NARROWEST_M: Final = 250
_WIDEST_M: Final = 50_000


@dataclass(frozen=True, slots=True)
class Asked:
    """
    An analysis and what of it is shown; hashable.

    Attributes
    ----------
    topic
        ``creative`` and ``vacant`` ask for hotspots of these, ``energy`` for both together.
    shown
        ``hotspot`` (Gi*), ``cluster`` (local Moran) or ``density``; without effect on
        ``energy``.
    question
        Unit, bandwidth and the parameters of the tests; its subject follows ``topic``.
    """

    topic: Topic = "creative"
    shown: Shown = "hotspot"
    question: HotspotQuestion = dataclasses.field(default_factory=HotspotQuestion)

    @classmethod
    def from_params(cls, params: Mapping[str, Sequence[str]]) -> Asked:
        """
        Read a link; what is unknown or missing is the default. Nothing raises.

        Parameters
        ----------
        params
            Each with all its values; the last one counts.
        """
        read = Params(params)
        given = {key: values[-1] for key in ANALYSIS_KEYS if (values := read.values(key))}
        topic = _one(given, "topic", TOPICS)
        bandwidth = parse_number(
            given.get("bandwidth", ""), minimum=_NARROWEST_M, maximum=_WIDEST_M
        )
        question = HotspotQuestion(
            subject="vacant" if topic == "vacant" else "creative",
            unit=_one(given, "unit", UNITS),
            resolution=int(_one(given, "cell", tuple(map(str, RESOLUTIONS)), _DEFAULT_CELL)),
            bandwidth_m=bandwidth if bandwidth is None else float(round(bandwidth)),
            permutations=int(
                _one(given, "permutations", tuple(map(str, PERMUTATION_COUNTS)), str(PERMUTATIONS))
            ),
            alpha=float(_one(given, "alpha", tuple(map(str, ALPHAS)), str(ALPHA))),
        )
        return cls(topic, _one(given, "shown", SHOWN), question)

    def to_params(self) -> dict[str, list[str]]:
        """Return what `from_params` reads back; defaults are left out."""
        asked, usual = self.question, HotspotQuestion()
        every = {
            "topic": (self.topic, "creative"),
            "unit": (asked.unit, usual.unit),
            "cell": (str(asked.resolution), _DEFAULT_CELL),
            "shown": (self.shown, "hotspot"),
            "bandwidth": ("".join(format_number(asked.bandwidth_m)), ""),
            "alpha": (str(asked.alpha), str(usual.alpha)),
            "permutations": (str(asked.permutations), str(usual.permutations)),
        }
        return {key: [value] for key, (value, default) in every.items() if value != default}

    @property
    def classed(self) -> str:
        """Return the column of the result that colours the areas."""
        return "energy_class" if self.topic == "energy" else self.shown


_DEFAULT_CELL: Final = str(DEFAULT_RESOLUTION)


def _one(
    given: Mapping[str, str], key: str, known: tuple[CodeT, ...], usual: CodeT | None = None
) -> CodeT:
    """Return the value of ``key`` if it is known, else the usual one, else the first."""
    value = given.get(key, "")
    return next((code for code in known if code == value), usual or known[0])
