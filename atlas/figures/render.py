"""Charts as files: PNG and SVG, drawn in this process without any request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from atlas.figures.library import library

if TYPE_CHECKING:
    from altair import TopLevelMixin

_INCHES: Final = 72  # pixels per inch of a chart at scale 1


def to_svg(chart: TopLevelMixin) -> str:
    """
    Return ``chart`` as SVG: shapes and texts, sharp at every size.

    Raises
    ------
    ConfigError
        If the extra ``analysis`` is not installed.
    ValueError
        If the chart asks for data from an address: figures carry their data.
    """
    drawn: str = library("vl_convert").vegalite_to_svg(**_asked(chart))
    return drawn


def to_png(chart: TopLevelMixin, *, scale: float = 2) -> bytes:
    """
    Return ``chart`` as PNG on its background.

    Parameters
    ----------
    scale
        Pixels per pixel of the chart: 2 gives 144 to the inch.

    Raises
    ------
    ConfigError, ValueError
        As `to_svg`.
    """
    drawn: bytes = library("vl_convert").vegalite_to_png(**_asked(chart), scale=scale, ppi=_INCHES)
    return drawn


def _asked(chart: TopLevelMixin) -> dict[str, Any]:
    version = library("altair").VEGALITE_VERSION.rsplit(".", 1)[0]
    # No address at all is allowed: what a chart shows travels inside it.
    return {"vl_spec": chart.to_dict(), "vl_version": version, "allowed_base_urls": []}
