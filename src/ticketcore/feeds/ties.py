"""Facts about two tickets: merges, splits and links, and what undid them; and about one that was deleted."""

import attrs

from ticketcore.checks import as_distinct, as_member, instance, is_name, is_optional_name, member, names
from ticketcore.errors import InvalidInput
from ticketcore.feeds.observed import About, Observed, is_about
from ticketcore.model import LINKS, Deletion, Relation, SplitClocks


def _relation(value: Relation | str) -> Relation:
    return as_member(Relation, value)


def _clocks(value: SplitClocks | str) -> SplitClocks:
    return as_member(SplitClocks, value)


RELATIONS = tuple(relation for relation in Relation if relation in LINKS or relation.opposite in LINKS)
"""What a ticket can be to another by a link."""


@attrs.frozen
class MergeFact(Observed):
    """The ticket ``about`` became a part of the ticket ``into``, by ``agent`` if one is named.

    ``shared`` says that its customer may see the conversation that they are then answered in, if it is not theirs.
    """

    KIND = "merge"

    about: About = attrs.field(validator=is_about)
    into: About = attrs.field(validator=is_about)
    shared: bool = attrs.field(default=False, validator=instance(bool))
    agent: str | None = attrs.field(default=None, validator=is_optional_name)


@attrs.frozen
class UnmergeFact(Observed):
    """The ticket ``about``, which was merged, is one of its own again, by ``agent`` if one is named."""

    KIND = "unmerge"

    about: About = attrs.field(validator=is_about)
    agent: str | None = attrs.field(default=None, validator=is_optional_name)


@attrs.frozen
class SplitFact(Observed):
    """Some ``messages`` became a ticket of their own, by ``agent`` if one is named.

    They are named by their provider's ids on our ``account`` on a ``channel``, and all of one ticket.  ``clocks`` says
    whether its clocks begin with that.
    """

    KIND = "split"

    channel: str = attrs.field(validator=is_name)
    account: str = attrs.field(validator=is_name)
    messages: tuple[str, ...] = attrs.field(converter=as_distinct, validator=names)
    clocks: SplitClocks = attrs.field(default=SplitClocks.NEW, converter=_clocks, validator=member(SplitClocks))
    agent: str | None = attrs.field(default=None, validator=is_optional_name)

    def __attrs_post_init__(self) -> None:
        if not self.messages:
            raise InvalidInput("SplitFact.messages", "must name at least one message")


@attrs.frozen
class UnsplitFact(Observed):
    """The ticket ``about``, which was split off, is a part of where it came from again; by ``agent`` if named."""

    KIND = "unsplit"

    about: About = attrs.field(validator=is_about)
    agent: str | None = attrs.field(default=None, validator=is_optional_name)


def _deletion(value: Deletion | str) -> Deletion:
    return as_member(Deletion, value)


@attrs.frozen
class DeleteFact(Observed):
    """The ticket ``about`` was deleted, because of a ``cause``, by ``agent`` if one is named.

    ``with_parts`` says that those go as well that had been merged into it.
    """

    KIND = "delete"

    about: About = attrs.field(validator=is_about)
    cause: Deletion = attrs.field(converter=_deletion, validator=member(Deletion))
    with_parts: bool = attrs.field(default=False, validator=instance(bool))
    agent: str | None = attrs.field(default=None, validator=is_optional_name)


@attrs.frozen
class RelationFact(Observed):
    """What the ticket ``about`` is to the ``other`` one: its ``relation``; by ``agent`` if one is named."""

    about: About = attrs.field(validator=is_about)
    relation: Relation = attrs.field(converter=_relation, validator=member(Relation))
    other: About = attrs.field(validator=is_about)
    agent: str | None = attrs.field(default=None, validator=is_optional_name)

    def __attrs_post_init__(self) -> None:
        if self.relation not in RELATIONS:
            raise InvalidInput(f"{type(self).__name__}.relation", f"{self.relation} comes of a split only")


@attrs.frozen
class LinkFact(RelationFact):
    """The ticket ``about`` is this to the ``other`` one, its ``relation``; ``agent`` said so, if one is named."""

    KIND = "link"


@attrs.frozen
class UnlinkFact(RelationFact):
    """The ticket ``about`` is no longer this to the ``other`` one, its ``relation``; ``agent`` said so, if named."""

    KIND = "unlink"


TieFact = MergeFact | UnmergeFact | SplitFact | UnsplitFact | DeleteFact | LinkFact | UnlinkFact
"""What a feed tells about two tickets, or the end of one."""
