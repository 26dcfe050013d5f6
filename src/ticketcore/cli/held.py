"""``ticketcore held``, the messages in quarantine; and what ``ticketcore show`` tells about them, and about what named
tickets, or made them likely.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from ticketcore.cli.common import (
    everything,
    harmless,
    json_option,
    kept,
    kept_tenant_option,
    opened,
    print_json,
    store_option,
)
from ticketcore.cli.listing import cursor_of, customers, page_after
from ticketcore.desk import Desk
from ticketcore.events import MatchDisputed, MessageBounced
from ticketcore.model import Fate, Kind, Likelihood, Message, Quarantine, Ref, Ticket, TicketClaim
from ticketcore.ports import Query
from ticketcore.turns import HeldPage


@click.command()
@store_option
@kept_tenant_option
@click.option("--ticketless", is_flag=True, help="Only those that name no ticket, which no ticket shows.")
@click.option(
    "--fate", type=click.Choice([fate.value for fate in Fate]), default="held", show_default=True, help="Of what fate."
)
@click.option("--limit", type=click.IntRange(1, 1000), default=25, show_default=True, help="The messages of a page.")
@click.option("--page", default=None, help="Where the page begins: what the page before gave as next.")
@json_option
def held(
    store_file: Path, tenant: str | None, ticketless: bool, fate: str, limit: int, page: str | None, as_json: bool
) -> None:
    """List messages in quarantine, page by page, the one that came first before all others.

    Example: ticketcore held --store desk.db --ticketless
    """
    with opened(kept(store_file, tenant), store_file) as desk:
        after = None if page is None else cursor_of(page)
        found = desk.held(fate=fate, ticketless=ticketless, after=after, limit=limit)
        following = None if found.next is None else page_after(found.next)
        if as_json:
            print_json({"held": list(_as_json(found)), "next": following})
            return
        for line in _listed(desk, found):
            click.echo(harmless(line))
        if following is not None:
            click.echo(f"next: --page {following}")


def _as_json(page: HeldPage) -> Iterator[dict[str, str | None]]:
    for one in page.held:
        yield {
            "message": one.id,
            "at": one.held_at.isoformat(),
            "cause": one.cause,
            "fate": one.fate,
            "ticket": one.ticket,
            "contact": one.contact,
            "text": page.texts.get(one.id, ""),
        }


def _listed(desk: Desk, page: HeldPage) -> Iterator[str]:
    """A line for each message, with the id by which it is let go."""
    if not page.held:
        yield "no messages"
    tickets = desk.store.load(desk.tenant, [Ref(Kind.TICKET, one.ticket) for one in page.held if one.ticket])
    numbers = {one.id: one.number for one in tickets if isinstance(one, Ticket)}
    for one, who in zip(page.held, customers(desk, [one.contact for one in page.held]), strict=True):
        names = f"for ticket {numbers[one.ticket]}" if one.ticket in numbers else "for no ticket"
        yield f"{one.held_at:%Y-%m-%d %H:%M}  {one.id}  {names}, from {who}, because of {plain(one.cause)}: " + (
            page.texts.get(one.id, "")
        )


def quarantined(desk: Desk, ticket: Ticket) -> list[Quarantine]:
    """The messages that name the ticket and are, or were, in quarantine, the first held first."""
    query = Query(Kind.QUARANTINE, {"ticket": ticket.homes}, "held_at")
    return [value for value in everything(desk, query) if isinstance(value, Quarantine)]


def held_lines(desk: Desk, held: list[Quarantine]) -> list[str]:
    """A line for each: since when, what became of it, from whom, why, and what it says."""
    messages = desk.store.load(desk.tenant, [Ref(Kind.MESSAGE, one.id) for one in held]) if held else ()
    texts = [value.text if isinstance(value, Message) else None for value in messages]
    words = desk.words(texts)
    return [
        f"{one.held_at:%Y-%m-%d %H:%M}  {one.fate} in quarantine, from {who}, because of {plain(one.cause)}: "
        f"{words.get(text or '', '')}"
        for one, who, text in zip(held, customers(desk, [one.contact for one in held]), texts, strict=True)
    ]


def bounced_words(event: MessageBounced) -> str:
    """What became of an answer."""
    return f"an answer {'came back' if event.permanent else 'is late'}{f' ({event.status})' if event.status else ''}"


def disputed_words(event: MatchDisputed, names: Mapping[str, str]) -> str:
    """What named tickets, in the order in which it was believed; ``names`` says what these are called."""
    claims = ", ".join(_claim(claim, names) for claim in event.claims)
    return f"its message names {'tickets that do not agree' if len(event.claims) > 1 else 'another ticket'}: {claims}"


def _claim(claim: TicketClaim, names: Mapping[str, str]) -> str:
    part = "" if claim.takes_part else ", of which its sender is no part"
    return (
        f"{'none' if claim.ticket is None else names[claim.ticket]} by {plain(claim.matcher)} ({claim.strength}{part})"
    )


def plain(name: str) -> str:
    """The name of something in plain words."""
    return name.replace("_", " ")


def likely_words(found: Likelihood, names: Mapping[str, str]) -> str:
    """How likely a ticket was, and what came next; ``names`` says what tickets are called."""
    other = "a new ticket" if found.runner_up is None else names[found.runner_up]
    chances = f"{found.probability:.2f}; {other} has {found.runner_up_probability:.2f}"
    return f"its message is for it with a probability of {chances}"


def moving_words(found: Likelihood) -> str:
    """The features that made it likely, and those that spoke against it, with their values."""
    told = []
    for side, sign in (("for it", 1), ("against it", -1)):
        named = [f"{each.name} {each.value:.3g}" for each in found.moving if sign * each.weight > 0]
        told += [f"{side}: {', '.join(named)}"] if named else []
    return "; ".join(told)
