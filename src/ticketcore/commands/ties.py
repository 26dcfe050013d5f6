"""What can be asked about two tickets: to merge, split and link them, and to undo it; and to delete one with its parts.

A command that cannot be used is ``InvalidInput`` naming the field, already when it is made.
"""

import attrs

from ticketcore.checks import as_distinct, as_member, is_name, member, names
from ticketcore.commands.about import TicketCommand
from ticketcore.errors import InvalidInput
from ticketcore.model import LINKS, Deletion, Relation, SplitClocks
from ticketcore.model.values import quick

MAX_SPLIT = 1000
"""How many messages can be split off at once."""


@quick
@attrs.frozen
class Merge(TicketCommand):
    """Make the ticket a part of the ticket ``into``: what is said to either is said to both, and one is worked on.

    When a customer would see a conversation that is not theirs, it is refused with who and which (``gains_sight``),
    unless it is to be ``shared``.
    """

    into: str = attrs.field(validator=is_name)
    shared: bool = False


@quick
@attrs.frozen
class Unmerge(TicketCommand):
    """Undo the merge of the ticket: it is where it was, with what was sent to it since."""


def _clocks(value: SplitClocks | str) -> SplitClocks:
    return as_member(SplitClocks, value)


@quick
@attrs.frozen
class Split(TicketCommand):
    """Make a new ticket of some ``messages`` of the ticket, up to 1000, by their ids; at least one has to stay.

    Its customer is who wrote the first of them.  Attributes and heading of the ticket go along if it is theirs.
    ``clocks`` says whether its clocks begin anew, or go on from where those of the ticket are.
    """

    messages: tuple[str, ...] = attrs.field(converter=as_distinct, validator=names)
    clocks: SplitClocks = attrs.field(default=SplitClocks.NEW, converter=_clocks, validator=member(SplitClocks))

    def __attrs_post_init__(self) -> None:
        if not 1 <= len(self.messages) <= MAX_SPLIT:
            raise InvalidInput("Split.messages", f"must be 1 to {MAX_SPLIT} messages, not {len(self.messages)}")


@quick
@attrs.frozen
class Unsplit(TicketCommand):
    """Undo the split that made the ticket: its first messages go back, and what came since is said there too."""


def _deletion(value: Deletion | str) -> Deletion:
    return as_member(Deletion, value)


@quick
@attrs.frozen
class Delete(TicketCommand):
    """Delete the ticket: the words of it and of its messages and files are gone for good; ``cause`` is why.

    Its number stays used, and its history stays, in which there are no words.  One into which others were merged is
    deleted only ``with_parts``: they go as well.  What was split off from it stays.
    """

    cause: Deletion = attrs.field(converter=_deletion, validator=member(Deletion))
    with_parts: bool = False


def _relation(value: Relation | str) -> Relation:
    return as_member(Relation, value)


@attrs.frozen
class LinkCommand(TicketCommand):
    """A command about a link: what the ticket is to the ``other`` one, its ``relation``."""

    relation: Relation = attrs.field(converter=_relation, validator=member(Relation))
    other: str = attrs.field(validator=is_name)

    def __attrs_post_init__(self) -> None:
        if self.relation not in LINKS and self.relation.opposite not in LINKS:
            raise InvalidInput(f"{type(self).__name__}.relation", f"{self.relation} comes of a split only")


@quick
@attrs.frozen
class Link(LinkCommand):
    """Say what the ticket is to the ``other`` one, such as a child."""


@quick
@attrs.frozen
class Unlink(LinkCommand):
    """Say that the ticket is no longer that to the ``other`` one."""


TieCommand = Merge | Unmerge | Split | Unsplit | Delete | Link | Unlink
"""The commands about two tickets, and about one with its parts."""
