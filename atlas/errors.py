"""
The errors of the atlas: each says what happened, where, and what to do.

Messages are German message ids with placeholders; :meth:`AtlasError.localized`
renders them in another language through the same catalogue as the interface.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd


class MessageId(str):
    """A value of a placeholder that is itself a German message id."""

    __slots__ = ()


class AtlasError(Exception):
    """
    Base of all errors that a person can act on.

    Parameters
    ----------
    message
        What happened and where: a German message id, with ``{placeholders}``.
    hint
        What to do about it: a German message id, may use the same placeholders.
    params
        Values of the placeholders; one that is an error of ours is told in the same language.
    """

    def __init__(self, message: str, *, hint: str = "", **params: object) -> None:
        self.message = message
        self.hint = hint
        self.params = params
        super().__init__(self.localized(str))

    def localized(self, translate: Callable[[str], str]) -> str:
        """Return message and hint as one text, translated by ``translate``."""
        parts = [translate(part) for part in (self.message, self.hint) if part]
        params = {key: _told(value, translate) for key, value in self.params.items()}
        return " ".join(part.format(**params) for part in parts)


def _told(value: object, translate: Callable[[str], str]) -> object:
    if isinstance(value, AtlasError):
        return value.localized(translate)
    return translate(value) if isinstance(value, MessageId) else value


class ConfigError(AtlasError):
    """A setting or a declared mapping is wrong."""


class SourceError(AtlasError):
    """A source could not be used; ``source`` is its name."""

    def __init__(self, message: str, *, source: str, hint: str = "", **params: object) -> None:
        self.source = source
        super().__init__(message, hint=hint, source=source, **params)


class SourceUnavailableError(SourceError):
    """The source did not answer: missing file, network, time-out."""


class SourceFormatError(SourceError):
    """The source answered, but not in the promised shape."""


class SchemaError(AtlasError):
    """A table breaks its rules; ``failure_cases`` has row, column, value, rule."""

    def __init__(
        self, message: str, *, failure_cases: pd.DataFrame, hint: str = "", **params: object
    ) -> None:
        self.failure_cases = failure_cases
        super().__init__(message, hint=hint, **params)


class CrsError(AtlasError):
    """A coordinate reference system is missing or not the expected one."""


class BuildError(AtlasError):
    """A build cannot go on; the table before it still counts."""


class RequestError(AtlasError):
    """Somebody asks in a way that has no answer: HTTP 400, a wrong call of a command."""


def no_such_value(name: str, given: str, known: Iterable[str]) -> RequestError:
    """Return that ``given`` is none of the values that the parameter ``name`` can have."""
    if not given:
        return RequestError(
            "{name}: es fehlt der Wert.",
            hint="Möglich sind: {known}.",
            name=name,
            known=", ".join(known),
        )
    return RequestError(
        "{name}: „{given}“ gibt es nicht.",
        hint="Möglich sind: {known}.",
        name=name,
        given=given,
        known=", ".join(known),
    )


def not_valid(name: str, given: str, expected: str) -> RequestError:
    """Return that ``given`` has not the form that the parameter ``name`` wants."""
    return RequestError(
        "{name}: „{given}“ ist kein gültiger Wert.",
        hint="So schreiben: {expected}",
        name=name,
        given=given,
        expected=expected,
    )


class ExportError(AtlasError):
    """A file could not be written, or a format refuses the data."""


_OS_REASONS: Final = {
    errno.ENOENT: "es gibt sie nicht",
    errno.EISDIR: "das ist ein Ordner",
    errno.ENOTDIR: "der Ordner fehlt",
    errno.EACCES: "keine Berechtigung",
    errno.EROFS: "das Laufwerk ist schreibgeschützt",
    errno.ENOSPC: "kein Platz mehr",
}


def why(error: OSError) -> MessageId:
    """Return the reason of a refused file in German, else as the system says it."""
    return MessageId(_OS_REASONS.get(error.errno or 0, error.strerror or str(error)))
