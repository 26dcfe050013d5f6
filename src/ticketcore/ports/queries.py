"""Which records a page holds."""

from collections.abc import Mapping
from typing import NamedTuple, cast

import attrs

from ticketcore.checks import check_words
from ticketcore.codec import Value
from ticketcore.errors import InvalidInput
from ticketcore.model import Kind
from ticketcore.model.values import quick
from ticketcore.ports.commits import FIELDS, Scalar

MAX_PAGE = 1000
"""The most records that one page holds."""


class Range(NamedTuple):
    """Numbers from ``at_least`` on (None: from the smallest) and below ``below`` (None: to the largest)."""

    at_least: int | None = None
    below: int | None = None


Condition = Scalar | tuple[Scalar, ...] | Range
"""What is demanded of a field: one value, None for absent, any of several values, or a range."""


@quick
@attrs.frozen
class Query:
    """Which records of a ``kind``, in which order (``descending`` or not), and from where on.

    ``where`` demands something of each field that it names: one value, None for absent, or a tuple of values for any
    of them, none of which finds nothing; of an order field a value, several, or a ``Range``, which a plain one takes
    too.  A field that holds several texts has a value if that is among them, and is absent if it holds none.  ``sort``
    is a declared order field, or None for the order of ids; records that have no value in it are not in that order,
    and equal values follow the order of ids.  ``after`` is the ``next`` of the page before; ``limit`` is at most
    ``MAX_PAGE``.

    ``InvalidInput`` for a field that the kind does not declare, or a limit out of range.
    """

    kind: Kind
    where: Mapping[str, Condition] = attrs.field(factory=dict)
    sort: str | None = None
    descending: bool = False
    after: "Cursor | None" = None
    limit: int = 100

    def __attrs_post_init__(self) -> None:
        fields = FIELDS[self.kind]
        where: dict[str, Condition] = {}
        for field, value in self.where.items():
            if field in fields.order or (field in fields.plain and isinstance(value, Range)):
                where[field] = _number(field, value)
            elif field in (*fields.equal, *fields.several, *fields.plain):
                where[field] = _wanted(field, value)
            else:
                raise InvalidInput(f"Query.where[{field!r}]", f"a {self.kind} is not found by it")
        object.__setattr__(self, "where", where)
        if self.sort is not None and self.sort not in fields.order:
            raise InvalidInput("Query.sort", f"a {self.kind} is not sorted by {self.sort!r}")
        if not isinstance(self.limit, int) or not 1 <= self.limit <= MAX_PAGE:
            raise InvalidInput("Query.limit", f"must be from 1 to {MAX_PAGE}, is {self.limit}")


def _wanted(field: str, value: object) -> Scalar | tuple[Scalar, ...]:
    if isinstance(value, list | tuple | set | frozenset) and not isinstance(value, Range):
        several = tuple(value)
        if all(_is_scalar(field, item) for item in several):
            return several
    elif _is_scalar(field, value):
        return cast(Scalar, value)
    raise InvalidInput(f"Query.where[{field!r}]", "must be a text, a whole number, None, or several of these")


def _is_scalar(field: str, value: object) -> bool:
    """Whether it is a value of a field; ``InvalidInput`` for a text that no database can hold."""
    if isinstance(value, str):
        check_words(value, f"Query.where[{field!r}]")
    return value is None or isinstance(value, str | int)


def _number(field: str, value: object) -> Condition:
    if isinstance(value, Range):
        if all(bound is None or isinstance(bound, int) for bound in value):
            return value
    elif isinstance(value, list | tuple | set | frozenset):
        several = tuple(value)
        if all(isinstance(item, int) for item in several):
            return several
    elif isinstance(value, int):
        return value
    raise InvalidInput(f"Query.where[{field!r}]", "must be a whole number, several of these, or a Range")


class Cursor(NamedTuple):
    """Where a page ended: the sort ``value`` and the ``id`` of its last record."""

    value: Scalar
    id: str


@attrs.frozen
class Page:
    """The ``values`` of some records in order, and in ``next`` where the next page begins: None when there is none."""

    values: tuple[Value, ...]
    next: Cursor | None
