"""When a library refuses to write a file: an error of ours that says what to do."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError

from atlas.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def told(title: str) -> Iterator[None]:
    """Raise `ExportError` with the ``title`` of the format for what GDAL or the disk refuses."""
    try:
        yield
    except (DataSourceError, DataLayerError, FeatureError, FieldError, OSError) as error:
        raise ExportError(
            "{title} konnte nicht geschrieben werden ({reason}).",
            hint="Freien Platz im Ordner für temporäre Dateien prüfen.",
            title=title,
            reason=error,
        ) from error
