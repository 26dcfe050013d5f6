"""Metrics and policies that measure as four helpdesks do, as far as their documentation says.

Each preset gives metrics, to be added to ``Configuration.metrics``, and the goals of a policy over them; targets,
calendar and steps are the same for all goals, and can be changed in the values.  The metrics have the helpdesk's name
before their own, so that one desk can hold several presets and compare them.  ``docs/how-to/sla.md`` says where they
differ, and what of a helpdesk none of this is.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

import attrs

from ticketcore.model import AROUND_THE_CLOCK, METRICS, Goal, Metric, OnReopen, Signal, SlaPolicy, Step, Target

_USUAL = {metric.id: metric for metric in METRICS}
_PAUSE, _RESUME = (Signal.PENDING,), (Signal.ACTIVE, Signal.ON_HOLD)


class Preset(NamedTuple):
    """What a configuration has to know: the ``metrics``, and the ``policy`` over all of them."""

    metrics: tuple[Metric, ...]
    policy: SlaPolicy


def zendesk(
    targets: timedelta | Iterable[Target] = (), calendar: str = AROUND_THE_CLOCK, steps: Iterable[Step] = ()
) -> Preset:
    """As Zendesk: its seven metrics.

    Time is measured between public answers of people: bots do not count, nor notes, and ``next_reply`` begins at the
    oldest comment that is not answered (support.zendesk.com articles 4408821871642 and 7412192349466).
    ``requester_wait`` pauses while the ticket is pending, ``agent_work`` also while it is on hold, and
    ``total_resolution`` never but while it is solved; reopened, all three go on.
    """
    return _preset(
        "zendesk",
        (
            attrs.evolve(_USUAL["first_response"], id="first_reply"),
            attrs.evolve(_USUAL["next_response"], id="next_reply", after="first_reply"),
            _USUAL["periodic_update"],
            _USUAL["pausable_update"],
            _USUAL["requester_wait"],
            _USUAL["agent_work"],
            _USUAL["total_resolution"],
        ),
        targets,
        calendar,
        steps,
    )


def jira(
    targets: timedelta | Iterable[Target] = (), calendar: str = AROUND_THE_CLOCK, steps: Iterable[Step] = ()
) -> Preset:
    """As Jira Service Management: time to first response, and time to resolution in cycles.

    Start, pause and stop are conditions, of which stop goes before pause and pause before start.  Time to resolution
    pauses while it is the customer's turn; a ticket that is reopened begins a new cycle, which is measured by itself.
    """
    return _preset(
        "jira",
        (
            _USUAL["first_response"],
            Metric(
                "resolution",
                [Signal.OPENED],
                [Signal.SOLVED],
                pause=_PAUSE,
                resume=_RESUME,
                on_reopen=OnReopen.NEW_CYCLE,
            ),
        ),
        targets,
        calendar,
        steps,
    )


def zammad(
    targets: timedelta | Iterable[Target] = (), calendar: str = AROUND_THE_CLOCK, steps: Iterable[Step] = ()
) -> Preset:
    """As Zammad: first response, update in its two modes, and solution time.

    ``update`` is the time from one answer to the next, ``response`` that from the customer's message to the answer, the
    first one too (docs: manage/slas).  All pause while the ticket is pending.  Solution time goes on when the ticket is
    reopened, so that this may escalate at once.
    """
    return _preset(
        "zammad",
        (
            attrs.evolve(_USUAL["first_response"], pause=_PAUSE, resume=_RESUME),
            Metric("update", [Signal.RESPONSE], [Signal.SOLVED], pause=_PAUSE, resume=_RESUME, reset=[Signal.RESPONSE]),
            Metric("response", [Signal.CUSTOMER_MESSAGE], [Signal.RESPONSE], pause=_PAUSE, resume=_RESUME),
            Metric(
                "solution",
                [Signal.OPENED],
                [Signal.SOLVED],
                pause=_PAUSE,
                resume=_RESUME,
                on_reopen=OnReopen.CONTINUE,
            ),
        ),
        targets,
        calendar,
        steps,
    )


def intercom(
    targets: timedelta | Iterable[Target] = (), calendar: str = AROUND_THE_CLOCK, steps: Iterable[Step] = ()
) -> Preset:
    """As Intercom: first and next reply, time to resolve and to close, and speed of answer; nothing pauses.

    Its clocks are always running unless a pause was set up (intercom.com/help article 9263617), so that what waits for
    the customer counts.  Time to resolve ends with the first solution, and time to close with the last.  That page does
    not say what a reopened ticket does: this goes on with ``time_to_close``, and with nothing else.
    """
    return _preset(
        "intercom",
        (
            attrs.evolve(_USUAL["first_response"], id="first_reply"),
            attrs.evolve(_USUAL["next_response"], id="next_reply", after="first_reply"),
            Metric("time_to_resolve", [Signal.OPENED], [Signal.SOLVED]),
            Metric("time_to_close", [Signal.OPENED], [Signal.CLOSED]),
            Metric("speed_of_answer", [Signal.WAITING], [Signal.TAKEN]),
        ),
        targets,
        calendar,
        steps,
    )


def _preset(
    name: str,
    metrics: Iterable[Metric],
    targets: timedelta | Iterable[Target],
    calendar: str,
    steps: Iterable[Step],
) -> Preset:
    """The metrics under the helpdesk's name, and a policy that promises the same of each."""
    named = tuple(
        attrs.evolve(metric, id=f"{name}.{metric.id}", after=metric.after and f"{name}.{metric.after}")
        for metric in metrics
    )
    spans = targets if isinstance(targets, timedelta) else tuple(targets)
    ladder = tuple(steps)
    return Preset(named, SlaPolicy(name, [Goal(metric.id, spans, calendar, ladder) for metric in named]))
