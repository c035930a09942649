"""Asking the table: filters, text and radius search, facet counts, order."""

from atlas.query.apply import apply
from atlas.query.facets import facets
from atlas.query.filters import CODE_FIELDS, RANGE_FIELDS, CodeField, Filters, Near, Range
from atlas.query.link import Link, read_link
from atlas.query.masks import age_class
from atlas.query.order import Order, nearest, order
from atlas.query.relax import relaxations
from atlas.query.search import WordIndex

__all__ = [
    "CODE_FIELDS",
    "RANGE_FIELDS",
    "CodeField",
    "Filters",
    "Link",
    "Near",
    "Order",
    "Range",
    "WordIndex",
    "age_class",
    "apply",
    "facets",
    "nearest",
    "order",
    "read_link",
    "relaxations",
]
