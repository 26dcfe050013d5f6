"""What a desk has whichever way it is driven: what the host gave it, and what it tells the host.

This is where time and chance enter: ``clock`` gives the instant when a call names none, and ``ids`` names new things.
Everything below takes both as input.
"""

import logging
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from types import GeneratorType
from typing import Any, TypeVar, cast

import attrs

from ticketcore.checks import check_name
from ticketcore.engine import DistributionPolicy, QueueDiscipline
from ticketcore.errors import Conflict, InvalidInput
from ticketcore.keywords import index_of
from ticketcore.lifecycle import HOUSE_RULES, HouseRules, check_guards
from ticketcore.matching import Keyring, Tokens
from ticketcore.model import Blob, Configuration, Inbound
from ticketcore.ports import BlobStore, Commit, Committed, Segmenter
from ticketcore.routing import IndexOf
from ticketcore.turns import Context, Ids, Save, Turn

_T = TypeVar("_T")
_log = logging.getLogger("ticketcore")

DONE = "done"
"""The outcome of a turn that raised nothing."""

Later = Callable[[Callable[[], None]], object]
"""How a host runs something once its own transaction is committed, and never if it is not."""


def utc_now() -> datetime:
    """The instant it is, in UTC."""
    return datetime.now(UTC)


def new_id(kind: str, key: str) -> str:  # noqa: ARG001  (those who want the same id for the same input use them)
    """A new id of 32 hexadecimal digits, whatever it is for: 12 of the time in milliseconds, then 20 at random.

    Ids that were given out together stand together in an index, which spares a database a page or two a commit (the
    idea of RFC 9562, 5.7).  Nobody guesses one: 80 bits are random.
    """
    return ((time.time_ns() // 1_000_000).to_bytes(6) + os.urandom(10)).hex()


def content_id(kind: str, key: str) -> str:
    """The id that the same input always gives: 32 hexadecimal digits of a SHA-256 of the kind and the key.

    For imports, which are to come to the same when they are made again.
    """
    return sha256(f"{kind}/{key}".encode(errors="surrogatepass")).hexdigest()[:32]


@attrs.frozen
class TurnReport:
    """What one call of a desk took and came to.

    ``name`` is that of the method.  ``duration`` is by a clock that never goes back.  ``retries`` counts how often
    another writer was first and the turn went on from there.  ``outcome`` is "done", or the class of what it raised.
    """

    name: str
    duration: timedelta
    retries: int
    outcome: str


@attrs.frozen
class Parts:
    """What the host may bring.

    ``blobs`` keeps files; without it a message with attachments is ``InvalidInput``: files are never dropped in
    silence.  ``segmenter`` decides which ticket a message is for, in the place of what the configuration says;
    ``policy`` who gets a ticket and ``discipline`` which of those that wait an agent gets, both likewise; ``house`` is
    what the host has to say about the lifecycle.

    ``keywords`` makes what finds the keywords of the routing rules; ``ticketcore.keywords.automaton`` has a faster one.

    ``is_thanks`` says whether a message only says thanks, in whatever language its writer uses.  It is asked about
    messages to tickets that are solved or closed, must be pure, and what it raises ``receive`` raises, with nothing
    written.  Without it nothing is taken for thanks: ticketcore has no words of its own for it, since none would be
    right in every language.

    ``keys`` are the secrets that sign reply tokens and message ids, of which nothing is ever stored; without them
    nothing that a message names is signed.

    ``on_turn`` is called after each call of the desk.  ``after_commit`` is called when something was committed, with
    the commit and what it came to: time to wake whoever sends what is in the outbox.  Both are called by whoever
    called the desk and should not take long; what they raise is logged (by the logger "ticketcore") and goes no
    further, since what was done is done.  A process that dies, or a task that is cancelled, in the moment after a
    commit calls nothing: rely on the outbox, not on the call.
    """

    blobs: BlobStore | None = None
    segmenter: Segmenter | None = None
    policy: DistributionPolicy | None = None
    discipline: QueueDiscipline | None = None
    house: HouseRules = HOUSE_RULES
    is_thanks: Callable[[Inbound], bool] | None = None
    keys: Keyring | None = None
    on_turn: Callable[[TurnReport], None] | None = None
    after_commit: Callable[[Commit, Committed], None] | None = None
    keywords: IndexOf = index_of


@attrs.frozen
class Setup:
    """All that a desk holds besides its store; immutable.

    ``context`` is what its turns work with, ``clock`` gives aware datetimes, ``parts`` are the host's.  ``joined``
    says that the store is in a transaction of the host's, and ``later`` how something runs after it.
    """

    context: Context
    clock: Callable[[], datetime]
    parts: Parts
    joined: bool = False
    later: Later | None = None

    @classmethod
    def of(
        cls,
        tenant: str,
        config: Configuration | None,
        clock: Callable[[], datetime],
        ids: Ids,
        parts: Parts | None,
    ) -> "Setup":
        """From what a desk is made with.  ``InvalidInput`` names what cannot be used."""
        check_name(tenant, "Desk.tenant")
        if config is not None and not isinstance(config, Configuration):
            raise InvalidInput("Desk.config", f"must be Configuration, not {type(config).__name__}")
        parts = parts or Parts()
        check_guards(config or Configuration(), parts.house)
        return cls(
            Context(
                tenant,
                config or Configuration(),
                ids,
                parts.segmenter,
                parts.policy,
                parts.discipline,
                parts.house,
                is_thanks=parts.is_thanks,
                keywords=parts.keywords,
                tokens=None if parts.keys is None else Tokens(parts.keys, tenant),
            ),
            clock,
            parts,
        )

    def within(self, later: Later | None) -> "Setup":
        """The same in a transaction of the host's.  ``InvalidInput`` when a hook could never be called there."""
        if later is None and self.parts.after_commit is not None:
            raise InvalidInput("later", "is needed, since the desk has an after_commit hook")
        return attrs.evolve(self, context=attrs.evolve(self.context, joined=True), joined=True, later=later)

    def without_effects(self) -> "Setup":
        """The same for what has happened already."""
        return attrs.evolve(self, context=attrs.evolve(self.context, effects=False))

    def leaving_placement(self) -> "Setup":
        """The same, for a desk whose turns give nobody a ticket."""
        return attrs.evolve(self, context=attrs.evolve(self.context, places=False))

    def at(self, at: datetime | None) -> datetime:
        """The instant given, or the one it is."""
        return self.clock() if at is None else at

    def put(self, content: bytes) -> Blob:
        """Keep the content of a file.  ``InvalidInput`` without a blob store."""
        if self.parts.blobs is None:
            raise InvalidInput("content", "the desk has no blob store: give it Parts(blobs=...)")
        return self.parts.blobs.put(content)

    def attended(self, turn: Turn[_T]) -> Turn[_T]:
        """The turn, with somebody beside it if anybody wants to know, or if it is not to try again."""
        if self.joined or self.parts.on_turn or self.parts.after_commit:
            return self._attend(turn)
        return turn

    def _attend(self, turn: Turn[_T]) -> Turn[_T]:
        """Pass requests and answers on, and take note.  In the host's transaction, a conflict is the host's affair."""
        began = time.perf_counter()
        conflicts, outcome = 0, DONE
        try:
            request = next(turn)
            while True:
                try:
                    answer = yield request
                except Conflict as conflict:
                    if self.joined:
                        raise
                    conflicts += 1
                    request = turn.throw(conflict)
                except BaseException as error:
                    request = turn.throw(error)
                else:
                    if isinstance(request, Save):
                        self._committed(request.commit, answer)
                    request = turn.send(answer)
        except StopIteration as end:
            result: _T = end.value
            return result
        except BaseException as error:
            outcome = type(error).__name__
            conflicts -= isinstance(error, Conflict) and not self.joined
            raise
        finally:
            if self.parts.on_turn is not None:
                name = cast("GeneratorType[Any, Any, Any]", turn).__name__
                duration = timedelta(seconds=time.perf_counter() - began)
                _tell(self.parts.on_turn, TurnReport(name, duration, conflicts, outcome))

    def _committed(self, commit: Commit, committed: Committed) -> None:
        if self.parts.after_commit is None:
            return
        tell = partial(_tell, self.parts.after_commit, commit, committed)
        if self.later is None:
            tell()
        else:
            self.later(tell)


def _tell(hook: Callable[..., None], *arguments: object) -> None:
    try:
        hook(*arguments)
    except Exception:
        _log.exception("a hook of the host failed")
