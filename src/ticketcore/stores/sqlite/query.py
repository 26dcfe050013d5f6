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

from ticketcore.ports import FIELDS, Condition, Query, Range, Scalar
from ticketcore.stores.sqlite.schema import PREFIX

Row = tuple[Scalar, str, int, str]
"""The value that a record is sorted by (0 in the order of ids), its id, its version and its body."""

_Demand = tuple[Scalar, ...] | Range


def rows(cursor: sqlite3.Cursor, tenant: str, query: Query) -> list[Row]:
    """The records of one page in order, and one more if there is one."""
    walks = list(statements(tenant, query))
    if len(walks) == 1:
        return cursor.execute(*walks[0]).fetchall()
    found: set[Row] = set(chain.from_iterable(cursor.execute(*walk) for walk in walks))
    return sorted(found, key=itemgetter(0, 1), reverse=query.descending)[: query.limit + 1]


def versions(cursor: sqlite3.Cursor, tenant: str, query: Query) -> list[tuple[str, int]]:
    """The ids and versions of one page of a kind without index fields, and one more if there is one."""
    statement, parameters = _walk(tenant, query, None, {}, brief=True)
    return cursor.execute(statement, parameters).fetchall()


def statements(tenant: str, query: Query) -> Iterator[tuple[str, list[Scalar]]]:
    """The walks that together find the page, each with its parameters."""
    demands: dict[str, _Demand] = {field: _demand(condition) for field, condition in query.where.items()}
    if not all(isinstance(demand, Range) or demand for demand in demands.values()):
        return  # A field is to have one of no values.
    fields = FIELDS[query.kind]
    walkable = {field: demand for field, demand in demands.items() if field in fields.equal}
    if walkable and query.sort in (None, *fields.order[:1]):
        narrowest = min(walkable, key=lambda field: len(walkable[field]))
        for value in walkable[narrowest]:
            yield _walk(tenant, query, narrowest, {**demands, narrowest: (value,)})
    else:
        yield _walk(tenant, query, query.sort, demands)


def _demand(condition: Condition) -> _Demand:
    if isinstance(condition, Range):
        return condition
    return tuple(dict.fromkeys(condition)) if isinstance(condition, tuple) else (condition,)


def _walk(
    tenant: str, query: Query, along: str | None, demands: Mapping[str, _Demand], brief: bool = False
) -> tuple[str, list[Scalar]]:
    """The statement that walks along a field's index, or that of ids, and leaves out what does not meet the rest."""
    kind, sort = query.kind, query.sort
    table, fields = f"{PREFIX}{kind}", FIELDS[kind]
    conditions = ["t.tenant = ?"]
    parameters: list[Scalar] = [tenant]
    source = f"{table} AS t" + ("" if along is None else f" INDEXED BY {table}_{along}")
    place = "0" if sort is None else f't."{sort}"'
    for field, demand in demands.items():
        column = f't."{field}"'
        if field in fields.several:
            conditions.append(_among(column, demand, parameters))
        else:
            conditions.append(_meets(column, demand, parameters))
    if sort is not None:
        conditions.append(f't."{sort}" IS NOT NULL')
    if query.after is not None:
        beyond = "<" if query.descending else ">"
        conditions.append(f"t.id {beyond} ?" if sort is None else f"({place}, t.id) {beyond} (?, ?)")
        parameters += (query.after.id,) if sort is None else query.after
    down = " DESC" if query.descending else ""
    order = f"t.id{down}" if sort is None else f"{place}{down}, t.id{down}"
    columns, met = "t.id, t.version" if brief else f"{place}, t.id, t.version, t.body", " AND ".join(conditions)
    statement = f"SELECT {columns} FROM {source} WHERE {met} ORDER BY {order} LIMIT ?"
    return statement, [*parameters, query.limit + 1]


def _meets(column: str, demand: _Demand, parameters: list[Scalar]) -> str:
    """The condition that the column meets the demand."""
    if isinstance(demand, Range):
        bounds = [(f"{column} >= ?", demand.at_least), (f"{column} < ?", demand.below)]
        parameters += [bound for _, bound in bounds if bound is not None]
        return " AND ".join([f"{column} IS NOT NULL", *(text for text, bound in bounds if bound is not None)])
    given = [value for value in demand if value is not None]
    parameters += given
    if not given:
        return f"{column} IS NULL"
    if len(given) == len(demand) == 1:
        return f"{column} = ?"
    listed = f"{column} IN ({', '.join('?' * len(given))})"
    return listed if len(given) == len(demand) else f"({listed} OR {column} IS NULL)"


def _among(column: str, demand: _Demand, parameters: list[Scalar]) -> str:
    """The condition that one of the texts in the column is demanded, or that it has none, if that is."""
    given = [value for value in demand if value is not None]
    parameters += given
    some = f"EXISTS (SELECT 1 FROM json_each({column}) WHERE value IN ({', '.join('?' * len(given))}))"
    return f"({some} OR {column} = '[]')" if None in demand else some
