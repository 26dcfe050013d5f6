"""Which conversation of a group chat a message is part of: several people talk at once and call each other by name."""

from ticketcore.segmenting.chat_opening_trees import CHAT_OPENING_TREES
from ticketcore.segmenting.chat_pair_trees import CHAT_PAIR_TREES
from ticketcore.segmenting.deciding import Decided, Weights, best_of, moved_by
from ticketcore.segmenting.reading import heard
from ticketcore.segmenting.recent import Said
from ticketcore.segmenting.talks import CHAT_OPENING, CHAT_PAIR, Chat, chat_opening

CHAT_WEIGHTS = Weights(CHAT_PAIR_TREES, CHAT_OPENING_TREES)
"""Those of the package."""

SYSTEM = "system"
"""The role of what nobody said."""


class GroupChat:
    """The messages of a channel with several speakers, decided one by one, each from itself and those before it.

    ``ask_below`` is the probability below which a decision ``asks``.  What the server says, whose role is ``system``,
    is a conversation of its own, which nothing continues.

    >>> channel = GroupChat()
    >>> channel.decide(Said("How can I install themes?", at=0.0, speaker="ann")).opens
    True
    >>> channel.decide(Said("ann: with the package manager", at=60.0, speaker="bo")).ticket
    0
    """

    def __init__(self, ask_below: float = 0.0, weights: Weights = CHAT_WEIGHTS) -> None:
        self._chat = Chat()
        self._ask_below = ask_below
        self._weights = weights

    def decide(self, said: Said, *, explained: bool = False) -> Decided:
        """Which conversation the message is part of; ``explained`` with what moved that.

        Linear in the message, of which ``reading.LOOK`` characters are looked at, whatever came before.
        """
        chat, told, called = self._chat, heard(said.text), self._chat.called(said)
        if said.role == SYSTEM:
            return Decided(chat.apart(told), opens=True, probability=1.0)
        candidates = chat.candidates(said, called)
        if not candidates:
            return Decided(chat.put(said, told, called, None), opens=True, probability=1.0)
        pairs = chat.pairs(said, told, called, candidates)
        odds = [self._weights.pairs.odds(pair) for pair in pairs]
        row = chat_opening(chat.around(said, told, called), pairs, odds)
        labels = [talk.label for talk in candidates]
        best, runner_up = best_of(labels, odds, self._weights.openings.odds(row))
        pair = None if best.ticket is None else pairs[labels.index(best.ticket)]
        return Decided(
            chat.put(said, told, called, best.ticket),
            opens=best.ticket is None,
            probability=best.probability,
            runner_up=runner_up,
            asks=best.probability < self._ask_below,
            moved=moved_by(self._weights, CHAT_PAIR, CHAT_OPENING, pair, row) if explained else (),
        )
