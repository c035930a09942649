"""Many sources into one stored table: only this package knows the order of the steps."""

from atlas.build.config import BuildConfig, SourceEntry
from atlas.build.engine import engine
from atlas.build.run import build

__all__ = ["BuildConfig", "SourceEntry", "build", "engine"]
