"""What a clock has to say, minute by minute: an oracle that knows nothing of ticketcore.

Time is a list of minutes, and events lie on whole minutes.  A minute counts for a metric if the metric is on and not
held in it, and the desk is open; nothing is ever subtracted.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple


class Rule(NamedTuple):
    """The conditions of a metric, as sets of names."""

    start: frozenset[str]
    stop: frozenset[str]
    pause: frozenset[str]
    resume: frozenset[str]
    reset: frozenset[str]
    on_reopen: str


class Cycle(NamedTuple):
    """One cycle: the minutes that counted, and the minute at whose end the target was used up, if it went on then."""

    minutes: tuple[int, ...]
    missed: int | None


def cycles(
    rule: Rule,
    story: Sequence[tuple[int, frozenset[str], str]],
    until: int,
    is_open: Callable[[int], bool],
    target: int,
) -> list[Cycle]:
    """The cycles of a metric by a story: minutes, names of what happened, and the state of the ticket then."""
    found: list[list[int]] = []
    missed: list[int | None] = []
    on = held = False
    story = [*story, (until, frozenset(), "")]
    for (minute, names, state), (following, _, _) in pairwise(story):
        was_on, was_held = on, held
        pauses = bool(names & (rule.pause | {"solved"}))
        resumes = bool(names & (rule.resume | {"reopened"}))
        begins = False
        if names & (rule.stop | {"closed"}):
            on = held = False
        elif was_on and names & rule.reset:
            begins, held = True, pauses or (was_held and not resumes)
        elif was_on:
            held = pauses or (was_held and not resumes)
        elif "reopened" in names and found and rule.on_reopen != "ignore":
            on, held = True, pauses
            begins = rule.on_reopen == "new_cycle"
        elif names & rule.start:
            on = begins = True
            held = pauses or state in rule.pause or state in ("solved", "closed")
        if begins:
            found.append([])
            missed.append(None)
        for one in range(minute, following):
            if on and not held and is_open(one):
                if len(found[-1]) == target and missed[-1] is None:
                    missed[-1] = _end(found[-1])
                found[-1].append(one)
            elif on and not held and len(found[-1]) == target and missed[-1] is None:
                missed[-1] = _end(found[-1])  # the desk is closed, and still nobody has stopped it
    return [Cycle(tuple(minutes), late) for minutes, late in zip(found, missed, strict=True)]


def _end(minutes: Iterable[int]) -> int:
    return max(minutes) + 1
