"""Which statements serve a ``Query``, and by which index each one goes.

The index is named in the statement, so that the plan is ours and does not turn with statistics.  A condition on one
value walks that value's index, which is in the order of the kind's first order field; a condition on several values
is one such walk each, and the walks are merged.  Any other order is walked itself: it holds only the records that
have a value in it, which is what keeps a page of waiting tickets from looking at closed ones.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from itertools import chain
from operator import itemgetter

from ticketcore.ports import FIELDS, Query, Scalar
from ticketcore.stores.sqlite.schema import PREFIX

Row = tuple[Scalar, str, str]
"""The value that a record is sorted by (0 in the order of ids), its id and its body."""


def rows(cursor: sqlite3.Cursor, tenant: str, query: Query) -> list[Row]:
    """The records of one page in order, and one more if there is one."""
    walks = list(statements(tenant, query))
    if len(walks) == 1:
        return cursor.execute(*walks[0]).fetchall()
    found: list[Row] = list(chain.from_iterable(cursor.execute(*walk) for walk in walks))
    found.sort(key=itemgetter(0, 1), reverse=query.descending)
    return found[: query.limit + 1]


def statements(tenant: str, query: Query) -> Iterator[tuple[str, list[Scalar]]]:
    """The walks that together find the page, each with its parameters."""
    wanted = {
        field: tuple(dict.fromkeys(value)) if isinstance(value, tuple) else (value,)
        for field, value in query.where.items()
    }
    if not all(wanted.values()):
        return  # A field is to have one of no values.
    if wanted and query.sort in (None, *FIELDS[query.kind].order[:1]):
        narrowest = min(wanted, key=lambda field: len(wanted[field]))
        for value in wanted[narrowest]:
            yield _walk(tenant, query, narrowest, {**wanted, narrowest: (value,)})
    else:
        yield _walk(tenant, query, query.sort, wanted)


def _walk(
    tenant: str, query: Query, index: str | None, wanted: Mapping[str, tuple[Scalar, ...]]
) -> tuple[str, list[Scalar]]:
    sort, after = query.sort, query.after
    conditions: list[str] = ["tenant = ?"]
    parameters: list[Scalar] = [tenant]
    for field, values in wanted.items():
        conditions.append(_one_of(field, values))
        parameters.extend(value for value in values if value is not None)
    if sort is not None:
        conditions.append(f'"{sort}" IS NOT NULL')
    if after is not None:
        beyond = "<" if query.descending else ">"
        conditions.append(f"id {beyond} ?" if sort is None else f'("{sort}", id) {beyond} (?, ?)')
        parameters.extend((after.id,) if sort is None else after)
    by = "" if index is None else f"INDEXED BY {PREFIX}{query.kind}_{index} "
    down = " DESC" if query.descending else ""
    order = f"id{down}" if sort is None else f'"{sort}"{down}, id{down}'
    shown = "0" if sort is None else f'"{sort}"'
    statement = (
        f"SELECT {shown}, id, body FROM {PREFIX}{query.kind} {by}WHERE {' AND '.join(conditions)} "
        f"ORDER BY {order} LIMIT ?"
    )
    return statement, [*parameters, query.limit + 1]


def _one_of(field: str, values: tuple[Scalar, ...]) -> str:
    given = sum(value is not None for value in values)
    if values == (None,):
        return f'"{field}" IS NULL'
    if given == len(values) == 1:
        return f'"{field}" = ?'
    listed = f'"{field}" IN ({", ".join("?" * given)})'
    return listed if given == len(values) else f'({listed} OR "{field}" IS NULL)'
