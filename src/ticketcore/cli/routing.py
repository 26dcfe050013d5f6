"""Why a ticket came into its queue, in words."""

from ticketcore.config.durations import written_duration
from ticketcore.events import Routed
from ticketcore.model import QueueState, RuleMatch


def routed_because(event: Routed) -> str:
    """Which rules applied, with the keywords that stand in the message and how the queues were that they looked at."""
    if event.rule is None and not event.matches:
        return "because no rule applies"
    matches = event.matches or (RuleMatch(event.rule or ""),)
    return f"because the rule {', then '.join(map(_applied, matches))} applies"


def _applied(match: RuleMatch) -> str:
    reasons = [f"keyword {keyword}" for keyword in match.keywords] + [_state(state) for state in match.queues]
    return f"{match.rule} ({', '.join(reasons)})" if reasons else match.rule


def _state(state: QueueState) -> str:
    staff = "" if state.on_duty is None else f" and {state.on_duty} on duty"
    return f"{state.queue} with {state.waiting} waiting up to {written_duration(state.wait)}{staff}"
