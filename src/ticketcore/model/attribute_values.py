"""What a ticket has of an attribute: single values, each of a kind, as one text.

Values that a person worded are Text records, so that they can be erased; all others are plain, and stand in the
history: numbers, instants, choices among options, digests of files, and the ids of services, orders and accounts in the
host's own systems.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum

import attrs

from ticketcore.checks import check_name, check_whole, instant
from ticketcore.errors import InvalidInput
from ticketcore.model.message import Blob
from ticketcore.model.values import quick


class AttributeKind(StrEnum):
    """What the values of an attribute are.

    ``STRING``: what somebody wrote.  ``LIST``: some of its options, or several strings if it has none.  ``INTEGER``: a
    whole number of 64 bits.  ``DECIMAL``: an exact number.  ``BOOLEAN``: true or false.  ``DATETIME``: an instant.
    ``FILE``: a blob.  ``SERVICE``, ``ORDER`` and ``ACCOUNT``: what the request is about, by the id that the host's own
    systems know it by.
    """

    STRING = "string"
    LIST = "list"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATETIME = "datetime"
    FILE = "file"
    SERVICE = "service"
    ORDER = "order"
    ACCOUNT = "account"


REFERENCES = (AttributeKind.SERVICE, AttributeKind.ORDER, AttributeKind.ACCOUNT)
"""The kinds that say what a ticket is about; tickets are found by them."""


@quick
@attrs.frozen(weakref_slot=False)
class AttributeValue:
    """One value that a ticket has of an ``attribute``, by its id; of a list there may be several.

    ``kind`` is what the value is: of a ``STRING`` the ``text`` is the id of a Text record, of any other kind the value
    itself as ``plain_text`` writes it.
    """

    attribute: str
    kind: AttributeKind
    text: str

    @property
    def is_words(self) -> bool:
        """Whether ``text`` is the id of a Text record."""
        return self.kind is AttributeKind.STRING

    @property
    def plain(self) -> "Plain":
        """The value itself: of a ``STRING`` the id of its Text."""
        return _READ[self.kind](self.text)


Plain = str | int | bool | Decimal | datetime | Blob
"""A single value of an attribute."""

_INTEGER = re.compile(r"-?[0-9]{1,19}")
_BLOB = re.compile(r"([0-9a-f]{64})/([0-9]{1,18})")
_DIGITS = 38
"""How many digits a decimal has at most before and after the point, as in most databases."""


def _blob(text: str) -> Blob:
    digest, size = text.split("/")
    return Blob(digest, int(size))


_READ: Mapping[AttributeKind, Callable[[str], Plain]] = {
    **dict.fromkeys((AttributeKind.STRING, AttributeKind.LIST, *REFERENCES), str),
    AttributeKind.INTEGER: int,
    AttributeKind.DECIMAL: Decimal,
    AttributeKind.BOOLEAN: lambda text: text == "true",
    AttributeKind.DATETIME: datetime.fromisoformat,
    AttributeKind.FILE: _blob,
}


def plain_text(kind: AttributeKind, given: object, field: str) -> str:
    """A value of a kind that is not words, as one text; a decimal keeps the digits it is given with.

    Also takes such a text, for what comes from JSON or a command line.  ``InvalidInput`` for ``field``.

    >>> plain_text(AttributeKind.DECIMAL, "12.50", "amount"), plain_text(AttributeKind.BOOLEAN, True, "urgent")
    ('12.50', 'true')
    """
    match kind:
        case AttributeKind.INTEGER:
            return _integer(given, field)
        case AttributeKind.DECIMAL:
            return _decimal(given, field)
        case AttributeKind.BOOLEAN:
            if given not in (True, False, "true", "false") or isinstance(given, float):
                raise InvalidInput(field, f"must be true or false, not {given!r}")
            return given if isinstance(given, str) else str(bool(given)).lower()
        case AttributeKind.DATETIME:
            return _datetime(given, field)
        case AttributeKind.FILE:
            return _file(given, field)
    check_name(given, field)
    return str(given)


def _integer(given: object, field: str) -> str:
    number = int(given) if isinstance(given, str) and _INTEGER.fullmatch(given) else given
    check_whole(number, field, -(2**63), 2**63 - 1)
    return str(number)


def _decimal(given: object, field: str) -> str:
    """In full, with the digits after the point that were given."""
    if (
        isinstance(given, bool)
        or not isinstance(given, int | str | Decimal)
        or (isinstance(given, str) and len(given) > 100)
    ):
        raise InvalidInput(field, f"must be a Decimal, or one as a text, not {type(given).__name__}")
    try:
        number = Decimal(given)
    except (InvalidOperation, ValueError):
        raise InvalidInput(field, f"must be a decimal number, not {given!r}") from None
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int):
        raise InvalidInput(field, f"must be finite, is {number}")
    if number.adjusted() >= _DIGITS or exponent < -_DIGITS or exponent > _DIGITS:
        raise InvalidInput(field, f"has more than {_DIGITS} digits before or after its point")
    return format(number + 0 if number == 0 else number, "f")


def _datetime(given: object, field: str) -> str:
    if isinstance(given, str):
        try:
            given = datetime.fromisoformat(given)
        except ValueError:
            raise InvalidInput(field, f"must be an instant, such as 2026-03-02T09:00+00:00, not {given!r}") from None
    return instant(given, field).isoformat()


def _file(given: object, field: str) -> str:
    found = _BLOB.fullmatch(given) if isinstance(given, str) else None
    blob = Blob(found[1], int(found[2])) if found else given
    if not isinstance(blob, Blob):
        raise InvalidInput(field, f"must be a Blob, not {type(given).__name__}")
    return f"{blob.sha256}/{blob.size}"
