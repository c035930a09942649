"""
Templates that are compiled when they are first used.

Folium compiles the templates of all its classes when it is imported, some eighty of them,
which takes four fifths of that import; the map of the atlas uses five.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, Template

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME: Final = "from_string"
_kinds: dict[type[Template], type[Template]] = {}


@contextmanager
def templates_later() -> Iterator[None]:
    """Make every template that is created meanwhile compile at its first use."""
    usual = Environment.from_string

    def from_string(
        environment: Environment,
        source: Any,  # noqa: ANN401 - a text or a parsed template, as Jinja takes it
        globals: Any = None,  # noqa: A002, ANN401 - Jinja's name
        template_class: type[Template] | None = None,
    ) -> Template:
        kind = _later(template_class or environment.template_class)
        template = object.__new__(kind)
        template.__dict__["_make"] = lambda: usual(environment, source, globals, kind.__base__)
        return template

    setattr(Environment, _NAME, from_string)
    try:
        yield
    finally:
        setattr(Environment, _NAME, usual)


def _later(kind: type[Template]) -> type[Template]:
    def missing(template: Template, name: str) -> object:
        # Asked only for what is not there: at first use that is everything.
        own = template.__dict__
        make = own.get("_make")
        if make is not None:
            own.update(make().__dict__)
            own.pop("_make", None)
        if name not in own:
            raise AttributeError(name)
        return own[name]

    if kind not in _kinds:
        _kinds[kind] = type(kind.__name__, (kind,), {"__getattr__": missing})
    return _kinds[kind]
