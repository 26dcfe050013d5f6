"""Laws of lengths of time and processes of arrivals in the files of scenarios.  Needs the extra ``sim``.

They are tables that name their kind, as ``{law = "lognormal", mean = "4 min", cv = 1.2}`` and ``{process = "poisson",
per_hour = 30}``; their other keys are the fields of the classes in ``ticketcore.sim.laws`` and
``ticketcore.sim.arrivals``, and ``busy`` and ``batch`` make a process one of busy days or of batches.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import attrs

from ticketcore.config.notation import Path
from ticketcore.config.tables import Fault, Reader, listed, made, one_of, span, table, text, under, whole
from ticketcore.sim.arrivals import Arrivals, Batched, Busy, Piecewise, Poisson, Sinusoidal, Trace
from ticketcore.sim.laws import (
    FOREVER,
    Deterministic,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    InOrder,
    Law,
    Lognormal,
    Periodic,
)

NOT_RENAMED: Mapping[str, Path] = {}
"""Fields that stand in the file under their own names."""


def number(value: object, path: Path) -> float:
    """Any number.  ``Fault`` for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Fault(path, "must be a number")
    return value


def _kinds(key: str, kinds: Mapping[str, tuple[Callable[..., Any], Mapping[str, Reader]]]) -> Reader:
    """Reads a table whose ``key`` says which of some kinds it describes, with the readers of their other keys."""

    def read(value: object, path: Path) -> Any:
        if not isinstance(value, dict):
            raise Fault(path, "must be a table")
        if key not in value:
            raise Fault((*path, key), "is missing")
        make, readers = kinds[one_of({word: word for word in kinds})(value[key], (*path, key))]
        given = table({key: text, **readers})(value, path)
        del given[key]
        return made_of(make, given, path)

    return read


def made_of(make: Any, given: Mapping[str, Any], path: Path, renamed: Mapping[str, Path] = NOT_RENAMED) -> Any:
    """What the class ``make`` makes of what is given; a field that is missing is a ``Fault`` as well."""
    for field in attrs.fields(make):
        if field.init and field.default is attrs.NOTHING and field.name not in given:
            raise Fault((*path, *renamed.get(field.name, (field.name,))), "is missing")
    return made(lambda: make(**given), under(path, renamed))


NEVER = "never"
"""The word for a length of time that has no end."""


def _span_or_never(value: object, path: Path) -> timedelta:
    return FOREVER if value == NEVER else span(value, path)


_LENGTHS = {"mean": span}
LAW: Mapping[str, tuple[Callable[..., Law], Mapping[str, Reader]]] = {
    "exponential": (Exponential, _LENGTHS),
    "deterministic": (Deterministic, _LENGTHS),
    "lognormal": (Lognormal, {**_LENGTHS, "cv": number}),
    "gamma": (Gamma, {**_LENGTHS, "cv": number}),
    "erlang": (Erlang, {**_LENGTHS, "stages": whole}),
    "empirical": (Empirical, {"lengths": listed(span, "lengths of time")}),
    "in_order": (InOrder, {"lengths": listed(_span_or_never, "lengths of time")}),
}
"""The laws by the words for them, each with its keys."""

PROCESS: Mapping[str, tuple[Callable[..., Arrivals], Mapping[str, Reader]]] = {
    "poisson": (Poisson, {"per_hour": number}),
    "piecewise": (Piecewise, {"per_hour": listed(number, "numbers"), "step": span}),
    "sinusoidal": (Sinusoidal, {"per_hour": number, "swing": number, "period": span, "peak": span}),
    "trace": (Trace, {"at": listed(span, "lengths of time")}),
}
"""The processes of arrivals in the same way."""

BUSY: Mapping[str, Reader] = {"cv": number, "every": span}
"""The keys of how busy days are."""

BATCH: Mapping[str, Reader] = {"mean": number}
"""The keys of how large batches are."""

_process = _kinds("process", PROCESS)

law = _kinds("law", LAW)
"""Reads a law."""

PERIODIC: Mapping[str, Reader] = {"laws": listed(law, "laws"), "step": span}
"""The keys of laws that change with the period of the day."""

any_law = _kinds("law", {**LAW, "periodic": (Periodic, PERIODIC)})
"""Reads a law, also one that changes with the period of the day."""


def arrivals(value: object, path: Path) -> Arrivals:
    """A process of arrivals, of busy days or of batches if it says so.  ``Fault`` for what cannot be used."""
    if not isinstance(value, dict):
        raise Fault(path, "must be a table")
    found: Any = _process({key: item for key, item in value.items() if key not in ("busy", "batch")}, path)
    if "busy" in value:
        if isinstance(found, Trace):
            raise Fault((*path, "busy"), "cannot stand beside a trace, which has no rate")
        given = table(BUSY)(value["busy"], (*path, "busy"))
        found = made_of(Busy, {"arrivals": found, **given}, (*path, "busy"))
    if "batch" in value:
        given = table(BATCH)(value["batch"], (*path, "batch"))
        found = made_of(Batched, {"arrivals": found, **given}, (*path, "batch"))
    return found  # type: ignore[no-any-return]  # a process of processes is one
