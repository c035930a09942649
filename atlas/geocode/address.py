"""Addresses: as a row of a source has them, and as people write them in one line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from atlas.geocode.names import MAX_LENGTH, without_number

if TYPE_CHECKING:
    from collections.abc import Mapping

FIELDS: Final = ("street", "house_number", "postcode", "locality", "municipality", "ags")

_POSTCODE = re.compile(r"\b\d{5}\b")


@dataclass(frozen=True, slots=True)
class Address:
    """
    What a source says about a place; empty where it says nothing.

    Attributes
    ----------
    ags
        Key of the municipality, if the source has it.
    """

    street: str = ""
    house_number: str = ""
    postcode: str = ""
    locality: str = ""
    municipality: str = ""
    ags: str = ""

    @classmethod
    def of(cls, cells: Mapping[str, object]) -> Address:
        """
        Return the address in the columns of a row; whatever is no text is missing.

        A house number in the column of the street is taken for what it is.
        """
        texts = {name: _text(cells.get(name)) for name in FIELDS}
        if not texts["house_number"]:
            texts["street"], texts["house_number"] = without_number(texts["street"])
        return cls(**texts)

    @property
    def is_empty(self) -> bool:
        """Whether it does not even name a town."""
        return not any((self.street, self.postcode, self.locality, self.municipality, self.ags))

    @property
    def street_line(self) -> str:
        """Street and house number in one line."""
        return f"{self.street} {self.house_number}".strip()


def _text(value: object) -> str:
    if not isinstance(value, str):
        return ""
    # What cannot be seen, like a mark that turns the writing direction, is no part of a name.
    spaced = " ".join(value[:MAX_LENGTH].split())
    return "".join(char for char in spaced if char.isprintable())


def parse(text: str) -> Address:
    """
    Take ``Street 1, 44787 Town`` apart; ``Street 1, District, Town`` has a locality too.

    Raises nothing: what cannot be understood is taken for the street.
    """
    line = _text(text)
    code = _POSTCODE.search(line)
    parts = [" ".join(part.split()) for part in _POSTCODE.sub(" ", line).split(",")]
    parts = [part for part in parts if part]
    street, *rest = parts or [""]
    if not rest and code is not None and code.start() > 0:
        # "Street 1 44787 Town": the postcode parts the two.
        street, rest = _text(line[: code.start()]).strip(" ,"), [_text(line[code.end() :])]
    elif not rest and code is not None:
        street, rest = "", [street]
    name, number = without_number(street)
    return Address(
        street=name,
        house_number=number,
        postcode=code.group() if code else "",
        locality=rest[0] if len(rest) > 1 else "",
        municipality=rest[-1] if rest else "",
    )
