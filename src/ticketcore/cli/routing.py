"""Why a ticket came into its queue, in words."""

from ticketcore.config.durations import written_duration
from ticketcore.escalation import wanted_by
from ticketcore.events import AffinityEnded, Escalated, Routed, RoutingFailed
from ticketcore.model import Failure, Parting, QueueState, RuleMatch


def routed_because(event: Routed) -> str:
    """Which rules applied, with the keywords that stand in the message and how the queues were that they looked at."""
    wanted = wanted_by(event.requirement)
    first = f"; for {wanted[1]} first, by the affinity {wanted[0]}" if wanted else ""
    if event.rule is None and not event.matches:
        return f"because no rule applies{first}"
    matches = event.matches or (RuleMatch(event.rule or ""),)
    return f"because the rule {', then '.join(map(_applied, matches))} applies{first}"


def parted_words(event: AffinityEnded) -> str:
    """Why the ticket waits no longer for an agent of its own."""
    match event.reason:
        case Parting.PATIENCE:
            why = "has waited long enough"
        case Parting.PRESENCE:
            why = "they are not on duty"
        case Parting.UNABLE:
            why = "they cannot take it"
    return f"waits no longer for {event.agent}: {why}"


def escalated_words(event: Escalated) -> str:
    """What a step of a plan came to."""
    return f"{'reaches' if event.granted else 'passes'} the step {event.step} of the plan {event.plan}"


def escalated_because(event: Escalated) -> str:
    """How the queues were that the step's guard looked at; nothing for one without a guard."""
    if not event.queues:
        return ""
    return f"because its guard {'holds' if event.granted else 'does not hold'}: {', '.join(map(_state, event.queues))}"


def failed_words(event: RoutingFailed) -> str:
    """Why the ticket waits in vain."""
    match event.reason:
        case Failure.UNSERVED:
            return "waits in vain: nobody is in a team that it can go to"
        case Failure.UNMET:
            return "waits in vain: nobody at all meets what it asks"
        case Failure.EXHAUSTED:
            return f"waits in vain: the plan {event.plan} is at its end"


def failed_because(event: RoutingFailed) -> str:
    """What it is that nobody meets, as it stands in the file; nothing where that is not the reason."""
    return "" if event.unmet is None else f"because nobody has {event.unmet}"


def _applied(match: RuleMatch) -> str:
    reasons = [f"keyword {keyword}" for keyword in match.keywords] + [_state(state) for state in match.queues]
    return f"{match.rule} ({', '.join(reasons)})" if reasons else match.rule


def _state(state: QueueState) -> str:
    staff = "" if state.on_duty is None else f" and {state.on_duty} on duty"
    return f"{state.queue} with {state.waiting} waiting up to {written_duration(state.wait)}{staff}"
