"""The configuration that a desk follows: what the store says, and its own for a tenant that is empty."""

from datetime import datetime

import attrs

from ticketcore.commands import Adopt, Configure
from ticketcore.errors import Conflict
from ticketcore.model import Actor, ActorKind, Configuration
from ticketcore.records import CURRENT
from ticketcore.turns.migrating import move, planned
from ticketcore.turns.rearming import changes_promises, changes_timers, rearm, rearm_absences, rearm_clocks
from ticketcore.turns.requests import Turn, load
from ticketcore.turns.work import Context, Work

SEEDING = Actor(ActorKind.IMPORT, "configuration")
"""Who declares the agents that a tenant starts with."""


def current_configuration(context: Context, at: datetime) -> Turn[Configuration]:
    """The tenant's configuration; an empty tenant is first given the desk's own, with the agents it declares."""
    (stored,) = yield from load((CURRENT,))
    if isinstance(stored, Configuration):
        return stored
    work = Work(Configuration(), at, {}, context.house)
    configure(work, Configure(context.configuration, SEEDING))
    try:
        yield from work.save(context)
    except Conflict:
        return (yield from current_configuration(context, at))
    return work.configuration


def configure(work: Work, command: Configure) -> None:
    """Take in another configuration, as the version after the one the work follows."""
    work.do(command)
    _follow(work, command)


def reconfigure(work: Work, command: Configure) -> Turn[None]:
    """The same for a desk at work: tickets whose state it has not move, or it is ``Refused``."""
    migrations, tickets = yield from planned(work.configuration, command.configuration)
    work.do(Adopt(command.configuration, migrations, command.actor))
    before = work.configuration
    _follow(work, command)
    rearm_absences(work, before)
    move(work, tickets, more=sum(one.tickets for one in migrations) > len(tickets))
    if changes_timers(before, work.configuration):
        yield from rearm(work, None)
    if changes_promises(before, work.configuration):
        yield from rearm_clocks(work, None)


def _follow(work: Work, command: Configure) -> None:
    work.follow(attrs.evolve(command.configuration, version=work.configuration.version + 1))
