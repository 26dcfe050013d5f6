"""What may come of a message if a machine wrote it, by its headers.

The signs are those of RFC 3834 (automatic answers), RFC 3464 (bounces) and the odd ones of programs that know
neither.  A list and X-Auto-Response-Suppress ask not to be answered, and prove nothing about who wrote: people write to
lists, and Exchange sets the header on what people write.
"""

from ticketcore.model import Inbound, MachineVerdict

PERSON = MachineVerdict()
"""The verdict about what a person wrote, and nothing else speaks against answering."""

_BULK = frozenset(("bulk", "junk", "list"))
_LISTS = ("list-id", "list-unsubscribe")
_UNANSWERED = frozenset(("all", "autoreply"))
"""What X-Auto-Response-Suppress says where it means automatic answers (MS-OXCMAIL, 2.1.3.2.20)."""

_NOBODY = frozenset(("mailer-daemon", "no-reply", "noreply", "do-not-reply", "donotreply"))


def machine_verdict(inbound: Inbound) -> MachineVerdict:
    """The verdict about a message.  Linear in its headers.

    >>> machine_verdict(Inbound("email", "shop", "kim", "Back on Monday", headers={"Auto-Submitted": "auto-replied"}))
    MachineVerdict(may_acknowledge=False, may_reopen=False, bounce_of=None)
    >>> machine_verdict(Inbound("email", "shop", "kim", "On a list", headers={"List-Id": "<all.x.example>"}))
    MachineVerdict(may_acknowledge=False, may_reopen=True, bounce_of=None)
    """
    bounce = inbound.bounce
    if bounce is not None:
        return MachineVerdict(False, False, bounce.of)
    automatic = inbound.is_automatic
    if not automatic and not _wants_no_answer(inbound):
        return PERSON
    return MachineVerdict(False, not automatic)


def _wants_no_answer(inbound: Inbound) -> bool:
    local = inbound.sender.partition("@")[0].lower()
    if local in _NOBODY or local.startswith("owner-") or local.endswith("-request"):  # RFC 3834, 2
        return True
    if not inbound.headers:
        return False
    if any(inbound.header(name) for name in _LISTS) or inbound.header("precedence").strip().lower() in _BULK:
        return True
    suppressed = inbound.header("x-auto-response-suppress").lower().replace(",", " ").split()
    return not _UNANSWERED.isdisjoint(suppressed)
