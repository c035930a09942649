"""The day that ages are counted from: one for pages, downloads and commands."""

from __future__ import annotations

import datetime as dt


def today() -> dt.date:
    """Return the day where this process runs."""
    return dt.datetime.now().astimezone().date()
