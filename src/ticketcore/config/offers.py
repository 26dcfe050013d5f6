"""How a queue offers its tickets, the table ``[queues.ID.offering]`` of a desk.toml, as read and written."""

from collections.abc import Mapping

from ticketcore.config.durations import written_duration
from ticketcore.config.notation import Path, Plain
from ticketcore.config.tables import Fault, Reader, made, one_of, span, table, text, texts, under, whole
from ticketcore.model import Delay, Exhausted, Misfit, Offering

OFFERING: Mapping[str, Reader] = {
    "within": span,
    "calendar": text,
    "reasons": texts,
    "exhausted": one_of({one.value: one for one in Exhausted}),
    "misfit": one_of({one.value: one for one in Misfit}),
    "excluded_for": span,
    "away_after": whole,
}
"""The keys of such a table."""


def read_offering(value: object, path: Path) -> Offering:
    """How a queue offers.  ``Fault`` for what cannot be used."""
    given = table(OFFERING)(value, path)
    if "within" not in given:
        raise Fault((*path, "within"), "is missing")
    placed = under(path, {"span": ("within",)})
    within = made(lambda: Delay(given.pop("within"), given.pop("calendar", None)), placed)
    return made(lambda: Offering(within, **given), placed)


def offering_table(offering: Offering) -> dict[str, Plain]:
    """The same as a table, without a calendar where there is none."""
    said: dict[str, Plain] = {
        "within": written_duration(offering.within.span),
        "reasons": list(offering.reasons),
        "exhausted": offering.exhausted.value,
        "misfit": offering.misfit.value,
        "away_after": offering.away_after,
    }
    if offering.within.calendar is not None:
        said["calendar"] = offering.within.calendar
    if offering.excluded_for is not None:
        said["excluded_for"] = written_duration(offering.excluded_for)
    return said
