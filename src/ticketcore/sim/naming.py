"""Policies and disciplines by name, for a command line or a file: those that need no numbers, and your own."""

import sys
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import cast

from ticketcore.checks import meant
from ticketcore.engine import (
    DistributionPolicy,
    QueueDiscipline,
    SmoothWeightedRoundRobin,
    default_policy,
    discipline_of,
    policy_of,
)
from ticketcore.errors import InvalidInput
from ticketcore.model import Discipline, Distribution, Precedence, Share
from ticketcore.model.discipline import NEEDED
from ticketcore.sim.sweeping import Candidate

POLICIES: Mapping[str, Callable[[], DistributionPolicy]] = {
    "default": default_policy,
    **{by.value: partial(policy_of, Distribution(by)) for by in Share if by is not Share.IDLENESS_RATIO},
    "smooth_weighted_round_robin": SmoothWeightedRoundRobin,
}
"""Policies by name; ``default`` is what a desk shares by unless it says otherwise."""

DISCIPLINES: Mapping[str, Callable[[], QueueDiscipline]] = {
    by.value: partial(discipline_of, Discipline(by)) for by in Precedence if by not in NEEDED
}
"""Disciplines by name; ``priority_fifo`` is a desk's."""


def candidate_of(text: str, folder: Path | None = None) -> Candidate:
    """What a text such as ``longest_idle``, ``longest_idle/lifo`` or ``mine:policy`` names, under this name.

    Before the stroke stands a policy, after it a discipline.  With a colon it is an object of a module of yours, or a
    function that makes it, and the module is also looked for in the ``folder``, which stays where modules are looked
    for.  Raises ``InvalidInput``.

    >>> candidate_of("longest_idle/lifo").discipline
    Lifo()
    """
    policy, _, discipline = text.partition("/")
    return Candidate(
        text,
        cast(DistributionPolicy, _named(policy, POLICIES, "policy", folder)),
        cast(QueueDiscipline, _named(discipline or "priority_fifo", DISCIPLINES, "discipline", folder)),
    )


def _named(name: str, known: Mapping[str, Callable[[], object]], kind: str, folder: Path | None) -> object:
    if ":" in name:
        return _own(name, kind, folder)
    if name not in known:
        hint = meant(name, known) or f"; known are {', '.join(known)}"
        raise InvalidInput(kind, f"no {kind} is called {name!r}{hint}")
    return known[name]()


def _own(name: str, kind: str, folder: Path | None) -> object:
    module, _, attribute = name.partition(":")
    if folder is not None and str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    try:
        found: object = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise InvalidInput(kind, f"{name!r} cannot be loaded: {error}") from error
    made = found() if callable(found) and not isinstance(getattr(found, "name", None), str) else found
    made = made() if isinstance(made, type) else made
    asked = "rank" if kind == "policy" else "place"
    if not callable(getattr(made, asked, None)):
        raise InvalidInput(kind, f"{name!r} is no {kind}: it has no method {asked!r}")
    return made
