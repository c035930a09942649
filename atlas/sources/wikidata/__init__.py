"""Wikidata: the classes of places that are asked for, the question, and its answer."""

from atlas.sources.wikidata.answer import parse, read
from atlas.sources.wikidata.query import fetch, query_text

__all__ = ["fetch", "parse", "query_text", "read"]
