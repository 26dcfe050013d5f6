"""``ticketcore tickets``: pages of tickets, found and sorted."""

import base64
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.table import Table
from rich.text import Text

from ticketcore.cli.common import (
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
from ticketcore.desk import Desk
from ticketcore.errors import InvalidInput
from ticketcore.identity import alias_of
from ticketcore.model import DELETED, MERGED, Category, Contact, Kind, Priority, Ref, Ticket
from ticketcore.ports import Cursor
from ticketcore.records import alias_key
from ticketcore.turns import Span, TicketPage

_F = TypeVar("_F", bound=Callable[..., Any])

NONE = "none"
"""How an option asks for what has no value."""

SORTS = {
    "number": "number",
    "priority": "priority",
    "waiting": "waiting_since",
    "queued": "queued_since",
    "updated": "updated_at",
}
"""What ``--sort`` takes, and the index field that it means."""


def _several(name: str, help: str, known: Iterable[str] = ()) -> Callable[[_F], _F]:
    kind = click.Choice([str(one) for one in known]) if known else None
    return click.option(f"--{name}", multiple=True, type=kind, help=help)


def _when(name: str, help: str) -> Callable[[_F], _F]:
    return click.option(f"--{name}", metavar="TIME", default=None, help=help)


@click.command()
@store_option
@kept_tenant_option
@_several(
    "state",
    "Its state, such as open, solved or closed, also merged or deleted; may be given again, as most of these.",
)
@_several("category", "What its state means.", Category)
@_several("queue", "The queue.")
@_several("team", "The team whose queue it is in.")
@_several("assignee", "The agent who has it, or 'none'.")
@_several("tag", "One of its tags, or 'none'.")
@_several("service", "A service that it is about, or 'none'.")
@_several("order", "An order that it is about, or 'none'.")
@_several("organisation", "The organisation that its customer belongs to, or 'none'.")
@click.option("--contact", default=None, help="The customer: an id, or an address on --channel (or e-mail).")
@click.option("--account", default="", help="Which account of ours that address wrote to, on a chat.")
@_several("channel", "The channel on which it was opened.")
@_several("priority", "low, normal, high, urgent or 'none'.")
@_when("opened-since", "Opened at this instant or later, such as 2026-03-02T09:00+01:00.")
@_when("opened-before", "Opened before it.")
@_when("updated-since", "Changed last at this instant or later.")
@_when("updated-before", "Changed last before it.")
@click.option("--sort", type=click.Choice(list(SORTS)), default="number", show_default=True, help="What to sort by.")
@click.option("--descending", is_flag=True, help="The largest, or latest, first.")
@click.option("--limit", type=click.IntRange(1, 1000), default=25, show_default=True, help="The tickets of a page.")
@click.option("--page", default=None, help="Where the page begins: what the page before gave as next.")
@json_option
def tickets(
    store_file: Path,
    tenant: str | None,
    contact: str | None,
    account: str,
    sort: str,
    descending: bool,
    limit: int,
    page: str | None,
    as_json: bool,
    **asked: Any,
) -> None:
    """List tickets, page by page.

    Example: ticketcore tickets --store desk.db --state open --tag vip --sort waiting
    """
    with opened(kept(store_file, tenant), store_file) as desk:
        try:
            where = _where(asked)
            _check_states(desk, asked["state"])
            if contact is not None:
                where["contact"] = _contact(desk, contact, asked["channel"], account)
            found = desk.tickets(
                sort=SORTS[sort],
                descending=descending,
                after=None if page is None else cursor_of(page),
                limit=limit,
                words=True,
                **where,
            )
        except InvalidInput as error:
            fail(str(error))
        following = None if found.next is None else page_after(found.next)
        if as_json:
            print_json({"tickets": [summary(ticket, found) for ticket in found.tickets], "next": following})
            return
        _print(desk, found, following)


def summary(ticket: Ticket, page: TicketPage) -> dict[str, object]:
    """The ticket as JSON has it."""
    return {
        "number": ticket.number,
        "id": ticket.id,
        "state": ticket.state,
        "category": ticket.category,
        "priority": None if ticket.priority is None else ticket.priority.name.lower(),
        "queue": ticket.queue,
        "assignee": ticket.assignee,
        "contact": ticket.contact,
        "channel": ticket.channel,
        "type": ticket.type,
        "tags": ticket.tags,
        "attributes": attributes(ticket, page),
        "subject": page.words.get(ticket.subject or ""),
        "opened_at": ticket.opened_at.isoformat(),
        "updated_at": ticket.updated_at.isoformat(),
        "waiting_since": None if ticket.waiting_since is None else ticket.waiting_since.isoformat(),
    }


def attributes(ticket: Ticket, page: TicketPage) -> dict[str, list[str]]:
    """The values of each of its attributes, as texts."""
    found: dict[str, list[str]] = {}
    for value in ticket.attributes:
        text = page.words.get(value.text, "") if value.is_words else value.text
        found.setdefault(value.attribute, []).append(text)
    return found


def _where(asked: dict[str, Any]) -> dict[str, Any]:
    where: dict[str, Any] = {}
    for name in (
        "state",
        "category",
        "queue",
        "team",
        "assignee",
        "tag",
        "channel",
        "service",
        "order",
        "organisation",
    ):
        if asked[name]:
            where[name] = tuple(None if value == NONE else value for value in asked[name])
    if asked["priority"]:
        where["priority"] = tuple(_priority(value) for value in asked["priority"])
    for name in ("opened", "updated"):
        bounds = [
            None if asked[f"{name}_{end}"] is None else instant_of(asked[f"{name}_{end}"], f"--{name}-{end}")
            for end in ("since", "before")
        ]
        if any(bounds):
            where[name] = Span(*bounds)
    return where


def _check_states(desk: Desk, wanted: Iterable[str]) -> None:
    known = (*desk.configuration().states, MERGED, DELETED)
    for state in wanted:
        if state not in known:
            raise InvalidInput("--state", f"must be one of {', '.join(known)}, not {state!r}")


def _priority(value: str) -> Priority | None:
    names = {priority.name.lower(): priority for priority in Priority}
    if value != NONE and value.lower() not in names:
        raise InvalidInput("--priority", f"must be {', '.join(names)} or {NONE}, not {value!r}")
    return names.get(value.lower())


def instant_of(value: str, option: str) -> datetime:
    """The instant that an option names; without an offset by the clocks here.  ``InvalidInput`` for what names none."""
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise InvalidInput(option, f"must be a date and time, such as 2026-03-02T09:00+01:00, not {value!r}") from None
    return at if at.tzinfo is not None else at.astimezone()


def _contact(desk: Desk, contact: str, channels: tuple[str, ...], account: str) -> str:
    """The id of the customer with this id or address."""
    keys: list[Any] = [Ref(Kind.CONTACT, contact)]
    for name in channels or ("email",):
        keys.append(alias_key(alias_of(desk.configuration().channel(name), account, contact, "")))
    for value in desk.store.load(desk.tenant, keys):
        if isinstance(value, Contact):
            return value.id
    raise InvalidInput("--contact", f"nobody is known as {contact!r}")


def page_after(cursor: Cursor) -> str:
    """How ``--page`` says where a page begins."""
    return base64.urlsafe_b64encode(json.dumps(list(cursor)).encode()).decode().rstrip("=")


def cursor_of(page: str) -> Cursor:
    """Where the page begins that ``--page`` names.  ``InvalidInput`` for what names none."""
    try:
        value, id = json.loads(base64.urlsafe_b64decode(page + "=" * (-len(page) % 4)))
    except ValueError:
        raise InvalidInput("--page", "is not what a page gave as next") from None
    return Cursor(value, str(id))


def _print(desk: Desk, page: TicketPage, following: str | None) -> None:
    ids = list(dict.fromkeys(ticket.contact for ticket in page.tickets))
    names = dict(zip(ids, customers(desk, ids), strict=True))
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in ("number", "state", "priority", "queue", "assignee", "customer", "channel", "tags", "subject"):
        table.add_column(head, justify="right" if head == "number" else "left", no_wrap=True, overflow="ellipsis")
    for ticket in page.tickets:
        priority = "" if ticket.priority is None else ticket.priority.name.lower()
        cells = (
            str(ticket.number),
            ticket.state,
            priority,
            ticket.queue or "",
            ticket.assignee or "-",
            names[ticket.contact],
            ticket.channel,
            " ".join(ticket.tags),
            page.words.get(ticket.subject or "", ""),
        )
        table.add_row(*(Text(harmless(cell)) for cell in cells))
    print_rich(table if page.tickets else "no tickets")
    if following is not None:
        click.echo(f"next: --page {following}")


def customers(desk: Desk, ids: Sequence[str]) -> list[str]:
    """What to call each customer: by name, or else by address."""
    values = desk.store.load(desk.tenant, [Ref(Kind.CONTACT, id) for id in ids])
    return [_called(value) if isinstance(value, Contact) else id for id, value in zip(ids, values, strict=True)]


def _called(contact: Contact) -> str:
    return contact.name or (contact.aliases[0].address if contact.aliases else contact.id)
