"""``ticketcore show``: one ticket, what was said, what happened, and why."""

from datetime import datetime, timedelta
from pathlib import Path

import click
from rich.text import Text

from ticketcore.cli.clocks import clock_lines
from ticketcore.cli.common import (
    everything,
    fail,
    harmless,
    json_option,
    kept,
    kept_tenant_option,
    opened,
    print_json,
    print_rich,
    store_option,
)
from ticketcore.cli.held import bounced_words, disputed_words, held_lines, likely_words, moving_words, quarantined
from ticketcore.cli.listing import attributes, customers, summary
from ticketcore.cli.routing import (
    escalated_because,
    escalated_words,
    failed_because,
    failed_words,
    parted_words,
    routed_because,
)
from ticketcore.cli.ties import names_of_tickets, tie_words
from ticketcore.codec import encode_event
from ticketcore.config.durations import written_duration
from ticketcore.desk import Desk
from ticketcore.events import (
    AffinityEnded,
    AlarmDropped,
    AlarmSet,
    Assigned,
    AttributesChanged,
    Escalated,
    Event,
    ExclusionEnded,
    Focused,
    FocusLeft,
    HandedOver,
    LinkedMoved,
    MatchDisputed,
    MessageAcknowledged,
    MessageAdded,
    MessageBounced,
    MessageWeighed,
    NoEligibleAgent,
    Offered,
    OfferEnded,
    PriorityChanged,
    Reminded,
    Routed,
    RoutingFailed,
    StateChanged,
    TagsChanged,
    TicketOpened,
    TieEvent,
    Unassigned,
)
from ticketcore.feeds.observed import MAX_NUMBER
from ticketcore.model import (
    Agent,
    Contact,
    Kind,
    Message,
    OfferEnd,
    Organisation,
    Placement,
    Ref,
    Reopening,
    ReopenReason,
    Shortfall,
    Ticket,
)
from ticketcore.ports import Query, Recorded
from ticketcore.report.wording import left_out
from ticketcore.turns import TicketPage


@click.command()
@click.argument("number", metavar="TICKET", type=click.IntRange(1, MAX_NUMBER))
@store_option
@kept_tenant_option
@click.option("--explain", is_flag=True, help="Say why each thing happened.")
@json_option
def show(number: int, store_file: Path, tenant: str | None, explain: bool, as_json: bool) -> None:
    """Show a ticket by its number: its words, and its history.

    Example: ticketcore show 7 --store desk.db --explain
    """
    with opened(kept(store_file, tenant), store_file) as desk:
        page = desk.tickets(number=number, words=True)
        if not page.tickets:
            fail(f"no ticket {number}")
        (ticket,) = page.tickets
        messages = _messages(desk, ticket)
        history = desk.history(Ref(Kind.TICKET, ticket.id))
        words = desk.words([message.text for message in messages])
        if as_json:
            more = {"organisation": _organisation(desk, ticket)[0], "quarantine": _held(desk, ticket)}
            print_json({**_as_json(page, messages, words, history), **more})
        else:
            _print(desk, page, messages, words, history, explain)


def _organisation(desk: Desk, ticket: Ticket) -> tuple[str | None, str]:
    """The id of the organisation that the customer belongs to, if any, and what to call it."""
    (contact,) = desk.store.load(desk.tenant, [Ref(Kind.CONTACT, ticket.contact)])
    id = contact.organisation if isinstance(contact, Contact) else None
    if id is None:
        return None, ""
    (known,) = desk.store.load(desk.tenant, [Ref(Kind.ORGANISATION, id)])
    return id, known.name if isinstance(known, Organisation) else id


def _messages(desk: Desk, ticket: Ticket) -> list[Message]:
    query = Query(Kind.MESSAGE, {"ticket": ticket.homes}, "received_at")
    return [value for value in everything(desk, query) if isinstance(value, Message)]


def _as_json(
    page: TicketPage, messages: list[Message], words: dict[str, str], history: tuple[Recorded, ...]
) -> dict[str, object]:
    (ticket,) = page.tickets
    said = [
        {
            "at": message.received_at.isoformat(),
            "kind": message.kind,
            "author": f"{message.author.kind}:{message.author.id}",
            "text": words.get(message.text or "", ""),
            "attachments": len(message.attachments),
        }
        for message in messages
    ]
    events = [{"position": item.position, "event": encode_event(item.event)} for item in history]
    return {**summary(ticket, page), "messages": said, "history": events}


def _held(desk: Desk, ticket: Ticket) -> list[dict[str, str]]:
    return [
        {"message": one.id, "at": one.held_at.isoformat(), "cause": one.cause, "fate": one.fate}
        for one in quarantined(desk, ticket)
    ]


def _print(
    desk: Desk,
    page: TicketPage,
    messages: list[Message],
    words: dict[str, str],
    history: tuple[Recorded, ...],
    explain: bool,
) -> None:
    (ticket,) = page.tickets
    lines: list[Text] = []
    (customer,) = customers(desk, [ticket.contact])
    subject = page.words.get(ticket.subject or "", "")
    lines.append(Text(harmless(f"ticket {ticket.number}  {ticket.state}  {subject}"), style="bold"))
    have = ticket.assignee or "nobody"
    _, called = _organisation(desk, ticket)
    who = f"{customer} of {called}" if called else customer
    lines.append(Text(harmless(f"from {who} by {ticket.channel}; {have} has it; queue {ticket.queue}; times in UTC")))
    if ticket.is_deleted:
        lines.append(Text("its words, and those of its messages and files, were erased"))
    for name, texts in attributes(ticket, page).items():
        lines.append(Text(harmless(f"{name}: {', '.join(texts)}")))
    by_id = {message.id: message for message in messages}
    names = names_of_tickets(desk, (item.event for item in history))
    for item in history:
        event = item.event
        line = f"{_moment(event.at)}  {_what(event, by_id, words, names)}"
        lines.append(Text(harmless(line)))
        if explain and (why := _why(event)):
            lines.append(Text(harmless(f"{'':18}{why}"), style="dim"))
    lines += [Text(harmless(line)) for line in held_lines(desk, quarantined(desk, ticket))]
    lines += [Text(harmless(line)) for line in _wrapped_up(desk, ticket)]
    if explain:
        lines += [Text(harmless(line), style="dim") for line in clock_lines(desk.explain(ticket.id))]
    print_rich(*lines)


def _wrapped_up(desk: Desk, ticket: Ticket) -> list[str]:
    """Who writes up what was done, and for how long yet."""
    (agent,) = desk.store.load(desk.tenant, [Ref(Kind.AGENT, ticket.assignee)]) if ticket.assignee else (None,)
    items = agent.wrapping if isinstance(agent, Agent) else ()
    return [f"{ticket.assignee} wraps it up until {_moment(one.until)}" for one in items if one.ticket == ticket.id]


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def _what(event: Event, messages: dict[str, Message], words: dict[str, str], names: dict[str, str]) -> str:
    """What happened, in a line."""
    who = f"{event.actor.kind} {event.actor.id}"
    match event:
        case TicketOpened():
            return "opened"
        case MessageAdded(message=id, kind=kind, sent_to=sent_to):
            message = messages.get(id)
            text = "" if message is None else words.get(message.text or "", "")
            files = "" if message is None or not message.attachments else f" [{len(message.attachments)} files]"
            to = "" if sent_to is None else f", sent to {names[sent_to]}"
            return f"{kind}{to}: {text}{files}"
        case MessageBounced():
            return bounced_words(event)
        case MessageAcknowledged():
            return "an automatic answer is owed"
        case MatchDisputed():
            return disputed_words(event, names)
        case MessageWeighed(likelihood=likelihood):
            return likely_words(likelihood, names)
        case StateChanged(state=state, move=move):
            return f"{state}, by {f'{move} of {who}' if move else 'another configuration'}"
        case Routed(queue=queue):
            return f"to the queue {queue}"
        case TagsChanged(added=added, removed=removed):
            return "tags " + " ".join([*(f"+{tag}" for tag in added), *(f"-{tag}" for tag in removed)])
        case PriorityChanged(priority=priority):
            return f"priority {'none' if priority is None else priority.name.lower()}"
        case Assigned(agent=agent):
            return f"given to {agent}"
        case Unassigned(agent=agent, reason=reason):
            return f"taken from {agent}: {reason}"
        case NoEligibleAgent(reason=reason):
            return f"waits: {_WAITS[reason]}"
        case Offered(agent=agent, until=until):
            return f"offered to {agent} until {_moment(until)}"
        case OfferEnded(agent=agent, end=end, reason=why, until=until, missed=missed):
            kept = ", and is away from now on" if missed else ""
            kept += "" if until is None else f"; not asked again before {_moment(until)}"
            return _ENDS[end].format(agent) + (f": {why}" if why else "") + kept
        case ExclusionEnded(agents=agents):
            return f"may be offered again to {' and '.join(agents)}"
        case Escalated():
            return escalated_words(event)
        case AffinityEnded():
            return parted_words(event)
        case RoutingFailed():
            return failed_words(event)
        case Focused() | FocusLeft():
            return f"{event.actor.id} {'opened it' if isinstance(event, Focused) else 'left it'}"
        case AttributesChanged(values=values, cleared=cleared):
            which = dict.fromkeys(value.attribute for value in values)
            return f"attributes {' '.join([*(f'+{name}' for name in which), *(f'-{name}' for name in cleared)])}"
        case HandedOver(type=kind):
            return f"handed over by {who}, as {kind}"
        case AlarmSet(kind=kind, due=due, agent=agent):
            return f"to {kind}{f' {agent}' if agent else ''} at {_moment(due)}"
        case AlarmDropped(kind=kind, due=due):
            return f"no longer to {kind} at {_moment(due)}"
        case Reminded(told=told):
            return f"{told or 'nobody'} is reminded"
        case _:
            return tie_words(event, names) if isinstance(event, TieEvent) else type(event).__name__


_WAITS = {
    Shortfall.ALL_DECLINED: "all who are there have declined it",
    Shortfall.NO_ELIGIBLE_AGENT: "nobody can take it",
}
_ENDS = {
    OfferEnd.ACCEPTED: "{} accepted",
    OfferEnd.DECLINED: "{} declined",
    OfferEnd.EXPIRED: "{} did not answer in time",
    OfferEnd.RESCINDED: "no longer offered to {}",
}


def _why(event: Event) -> str:
    """What decided it, as far as the history says."""
    match event:
        case Routed():
            return routed_because(event)
        case NoEligibleAgent(placement=placement, forgiven=forgiven):
            again = f"; {' and '.join(forgiven)} may be asked again" if forgiven else ""
            return f"because {_placed(placement)}{again}"
        case Assigned(placement=Placement() as placement) | Offered(placement=placement):
            return f"because {_placed(placement)}"
        case OfferEnded(missed=missed) if missed:
            return f"because of {missed} offer{'' if missed == 1 else 's'} in a row without an answer"
        case Escalated():
            return escalated_because(event)
        case RoutingFailed():
            return failed_because(event)
        case LinkedMoved(refused=refused) if refused:
            return f"not solved with it because of {', '.join(refused)}"
        case Assigned():
            return f"because {event.actor.kind} {event.actor.id} said so"
        case MessageWeighed(likelihood=likelihood):
            return moving_words(likelihood)
        case MessageAdded(reopening=Reopening() as decided):
            return _reopened(decided)
        case _:
            return ""


def _reopened(decided: Reopening) -> str:
    """Why a ticket that was solved was reopened, or not."""
    since = ""
    if decided.elapsed is not None:
        since = f", {written_duration(max(decided.elapsed, timedelta(0)))} after it was solved"
    match decided.reason:
        case ReopenReason.NO_RULE:
            return "reopens what was solved, because no rule speaks of it"
        case ReopenReason.IN_TIME:
            return f"{decided.outcome}, because the rule {decided.rule} says so{since}"
        case ReopenReason.LATE:
            return f"{decided.outcome}, because it is too late by the rule {decided.rule}{since}"
        case ReopenReason.TOO_OFTEN:
            return f"{decided.outcome}, because it was reopened {decided.reopens} times, by the rule {decided.rule}"
        case ReopenReason.CLOSED:
            return f"{decided.outcome}, because what is closed stays so, and the rule {decided.rule} says what then"
        case ReopenReason.THANKS:
            return "does not reopen it, because it only says thanks"
        case ReopenReason.AUTOMATIC:
            return "does not reopen it, because no person sent it"


def _placed(placement: Placement) -> str:
    if not placement.pool:
        return "there are no agents"
    of = left_out(placement.pool, placement.excluded)
    if placement.agent is None:
        return f"{of}: nobody is left"
    if placement.affinity is not None:
        return f"{of}: by the affinity {placement.affinity}"
    if placement.returned:
        return f"{of}: {placement.agent} had it before"
    if placement.runner_up is None:
        return f"{of}: only {placement.agent} can take it"
    return f"{of}: {placement.agent} ranks first by {placement.policy}, then {placement.runner_up}"
