"""The rules for messages to solved tickets in a desk.toml, a list of ``[[reopening]]``, as read and written."""

from collections.abc import Mapping

from ticketcore.config.durations import written_duration
from ticketcore.config.notation import Path, Plain
from ticketcore.config.tables import Fault, Reader, made, one_of, span, table, text, texts, under, whole
from ticketcore.model import Outcome, ReopenRule

PLACES: Mapping[str, Path] = {"id": ("name",)}
"""Where a rule of the file has the fields of a ReopenRule that are called otherwise there."""

REOPENING: Mapping[str, Reader] = {
    "name": text,
    "channels": texts,
    "types": texts,
    "states": texts,
    "within": span,
    "calendar": text,
    "limit": whole,
    "period": span,
    "then": one_of({one.value: one for one in (Outcome.REOPEN, Outcome.FOLLOW_UP, Outcome.NEW)}),
    "otherwise": one_of({one.value: one for one in (Outcome.FOLLOW_UP, Outcome.NEW)}),
}
"""The keys of such a rule."""


def read_reopening(value: object, path: Path) -> ReopenRule:
    """One rule.  ``Fault`` for what cannot be used."""
    given = table(REOPENING)(value, path)
    if "name" not in given:
        raise Fault((*path, "name"), "is missing")
    return made(lambda: ReopenRule(given.pop("name"), **given), under(path, PLACES))


def reopening_table(rule: ReopenRule) -> dict[str, Plain]:
    """A rule as a table, without what says nothing."""
    said: dict[str, Plain] = {
        "name": rule.id,
        "channels": list(rule.channels),
        "types": list(rule.types),
        "states": list(rule.states),
        "within": "" if rule.within is None else written_duration(rule.within),
        "calendar": rule.calendar or "",
        "limit": rule.limit or "",
        "period": "" if rule.period is None else written_duration(rule.period),
        "then": rule.then.value,
        "otherwise": rule.otherwise.value,
    }
    return {name: value for name, value in said.items() if value not in ("", [])}


def brief_reopening(rule: ReopenRule) -> dict[str, Plain]:
    """A rule as a table, without what every rule has."""
    usual = reopening_table(ReopenRule(rule.id))
    return {name: value for name, value in reopening_table(rule).items() if name == "name" or value != usual.get(name)}
