"""
Closed code lists of the spaces table: codes, German and English labels, groups, letters.

The order of every list is its order in the interface; for ``VACANCY`` it is the
order of the scale. Sources of the terms: docs/data-format.md.
"""

from atlas.vocabulary.figures import (
    ATTRACTION_CLASSES,
    CLUSTER_CLASSES,
    ENERGY_CLASSES,
    HOTSPOT_CLASSES,
    INDICATORS,
)
from atlas.vocabulary.states import (
    AGE_CLASSES,
    AVAILABILITY,
    CHANGES,
    CONFIDENCE,
    LINEAGE,
    OUTDATED_AFTER_DAYS,
    PRECISION,
    PROGRAMME_STATUS,
    PROGRAMMES,
    RECHECK_AFTER_DAYS,
    SECTOR_CLASSIFICATION,
    SECTORS,
    STAGES,
    TERMS,
    TERNARY,
    VACANCY,
    VACANCY_SCALE,
)
from atlas.vocabulary.terms import (
    LANGUAGES,
    Indicator,
    Language,
    SpaceType,
    Term,
    TermT,
    TypeGroup,
)
from atlas.vocabulary.types import (
    KINDS,
    TYPE_GROUPS,
    TYPES,
)

__all__ = [
    "AGE_CLASSES",
    "ATTRACTION_CLASSES",
    "AVAILABILITY",
    "CHANGES",
    "CLUSTER_CLASSES",
    "CONFIDENCE",
    "ENERGY_CLASSES",
    "HOTSPOT_CLASSES",
    "INDICATORS",
    "KINDS",
    "LANGUAGES",
    "LINEAGE",
    "OUTDATED_AFTER_DAYS",
    "PRECISION",
    "PROGRAMMES",
    "PROGRAMME_STATUS",
    "RECHECK_AFTER_DAYS",
    "SECTORS",
    "SECTOR_CLASSIFICATION",
    "STAGES",
    "TERMS",
    "TERNARY",
    "TYPES",
    "TYPE_GROUPS",
    "VACANCY",
    "VACANCY_SCALE",
    "Indicator",
    "Language",
    "SpaceType",
    "Term",
    "TermT",
    "TypeGroup",
]
