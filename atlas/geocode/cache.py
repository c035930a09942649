"""What a geocoder has answered, kept on disk: nothing is asked twice."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

from atlas.errors import SourceUnavailableError

if TYPE_CHECKING:
    from pathlib import Path

ASK_AGAIN_DAYS: Final = 180
"""A service that did not know an address may have learned it since."""

_TABLE = """
CREATE TABLE IF NOT EXISTS answers (
    service TEXT NOT NULL, question TEXT NOT NULL, asked_on TEXT NOT NULL, answer TEXT NOT NULL,
    PRIMARY KEY (service, question)
)
"""


class AnswerCache:
    """
    Answers by service and question, in one SQLite file.

    Parameters
    ----------
    path
        The file; its folder has to exist.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(
        self, service: str, question: str, *, today: dt.date
    ) -> tuple[dt.date, list[dict[str, Any]]] | None:
        """
        Return the day and the places that the service named; ``None`` if it was not asked.

        That it knew none is an answer too, for ``ASK_AGAIN_DAYS``.

        Raises
        ------
        SourceUnavailableError
            If the file is no cache.
        """
        query = "SELECT asked_on, answer FROM answers WHERE service = ? AND question = ?"
        rows = self._run(query, (service, question))
        if not rows:
            return None
        try:
            asked_on, places = dt.date.fromisoformat(rows[0][0]), json.loads(rows[0][1])
        except (TypeError, ValueError):
            return None
        if not isinstance(places, list):
            return None
        is_old = not places and (today - asked_on).days > ASK_AGAIN_DAYS
        return None if is_old else (asked_on, places)

    def put(
        self, service: str, question: str, places: list[dict[str, Any]], *, today: dt.date
    ) -> None:
        """
        Keep an answer.

        Raises
        ------
        SourceUnavailableError
            If the file cannot be written.
        """
        text = json.dumps(places, ensure_ascii=False)
        query = "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)"
        self._run(query, (service, question, today.isoformat(), text))

    def _run(self, query: str, values: tuple[str, ...]) -> list[tuple[str, ...]]:
        try:
            with closing(sqlite3.connect(self._path, timeout=30)) as connection, connection:
                connection.execute(_TABLE)
                return connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise SourceUnavailableError(
                "{source}: Der Zwischenspeicher {path} ist nicht benutzbar ({reason}).",
                source="geocoder",
                hint="Die Datei löschen; sie wird neu angelegt.",
                path=str(self._path),
                reason=str(error),
            ) from error
