"""Computing the figures while the page waits: a bar above one second."""

from __future__ import annotations

from typing import TYPE_CHECKING

from atlas.figures.answers import all_figures
from atlas.figures.shown import Shown, shown
from atlas.ui import question
from atlas.ui.components.hotspot_work import waited, workers

if TYPE_CHECKING:
    from atlas.figures.shown import PageName
    from atlas.ui.view import View
    from atlas.ui.words import Words


def figures_of(view: View, page: PageName, keys: tuple[str, ...], say: Words) -> Shown:
    """
    Return what ``page`` shows; meanwhile it shows how much is done.

    Parameters
    ----------
    keys
        Parameters of the link that the page reads.

    Raises
    ------
    ConfigError
        If the extra "analysis" is not installed.
    """
    now, day = view.data.snapshot, view.today
    asked = question.params(page, keys)
    shares: list[float] = [0.0]
    waited(workers().submit(lambda: all_figures(now, today=day, progress=shares.append)), shares,
           say)  # fmt: skip
    return shown(now, page, asked, language=view.language, today=day)
