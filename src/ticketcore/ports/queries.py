"""Which records a page holds."""

from collections.abc import Mapping
from typing import NamedTuple

import attrs

from ticketcore.codec import Value
from ticketcore.errors import InvalidInput
from ticketcore.model import Kind
from ticketcore.ports.commits import FIELDS, Scalar

MAX_PAGE = 1000
"""The most records that one page holds."""


@attrs.frozen
class Query:
    """Which records of a ``kind``, in which order (``descending`` or not), and from where on.

    ``where`` demands a value of each field it names: one value, None for absent, or a tuple of values for any of
    them, none of which finds nothing.  ``sort`` is a declared order field, or None for the order of ids; records
    that have no value in it are not in that order, and equal values follow the order of ids.  ``after`` is the
    ``next`` of the page before; ``limit`` is at most ``MAX_PAGE``.

    ``InvalidInput`` for a field that the kind does not declare, or a limit out of range.
    """

    kind: Kind
    where: Mapping[str, Scalar | tuple[Scalar, ...]] = attrs.field(factory=dict)
    sort: str | None = None
    descending: bool = False
    after: "Cursor | None" = None
    limit: int = 100

    def __attrs_post_init__(self) -> None:
        fields = FIELDS[self.kind]
        where = {}
        for field, value in self.where.items():
            if field not in fields.equal:
                raise InvalidInput(f"Query.where[{field!r}]", f"a {self.kind} is not found by it")
            where[field] = _wanted(field, value)
        object.__setattr__(self, "where", where)
        if self.sort is not None and self.sort not in fields.order:
            raise InvalidInput("Query.sort", f"a {self.kind} is not sorted by {self.sort!r}")
        if not isinstance(self.limit, int) or not 1 <= self.limit <= MAX_PAGE:
            raise InvalidInput("Query.limit", f"must be from 1 to {MAX_PAGE}, is {self.limit}")


def _wanted(field: str, value: object) -> Scalar | tuple[Scalar, ...]:
    if isinstance(value, list | tuple | set | frozenset):
        several = tuple(value)
        if all(item is None or isinstance(item, str | int) for item in several):
            return several
    elif value is None or isinstance(value, str | int):
        return value
    raise InvalidInput(f"Query.where[{field!r}]", "must be a text, a whole number, None, or several of these")


class Cursor(NamedTuple):
    """Where a page ended: the sort ``value`` and the ``id`` of its last record."""

    value: Scalar
    id: str


@attrs.frozen
class Page:
    """The ``values`` of some records in order, and in ``next`` where the next page begins: None when there is none."""

    values: tuple[Value, ...]
    next: Cursor | None
