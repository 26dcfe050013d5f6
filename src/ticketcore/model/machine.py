"""What a message that no person wrote may bring about, and that a message of ours came back."""

import re
from typing import Any

import attrs

from ticketcore.checks import instance, is_name
from ticketcore.errors import InvalidInput
from ticketcore.model.values import quick

_STATUS = re.compile(r"[245](?:\.[0-9]{1,3}){2}")


def _is_status(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    if value != "" and not (isinstance(value, str) and _STATUS.fullmatch(value)):
        path = f"{type(owner).__name__}.{attribute.name}"
        raise InvalidInput(path, f"must be a status such as 5.1.1, or empty, not {value!r}")


@attrs.frozen
class Bounce:
    """That a message of ours did not reach its recipient.

    ``of`` is the provider's id of that message.  ``permanent`` says that it never will; otherwise it is late, and still
    tried.  ``status`` is the code for the cause (RFC 3463) such as "5.1.1", empty when there is none.

    Raises ``InvalidInput`` naming the field.
    """

    of: str = attrs.field(validator=is_name)
    permanent: bool = attrs.field(default=True, validator=instance(bool))
    status: str = attrs.field(default="", validator=_is_status)


@quick
@attrs.frozen
class MachineVerdict:
    """What may come of a message, by what its headers say of machines: three questions, each with its own answer.

    ``may_acknowledge``: an automatic answer may go to its sender.  ``may_reopen``: it may take up a ticket again that
    is solved or closed.  ``bounce_of`` is the provider's id of the message of ours that it says came back, if any.
    """

    may_acknowledge: bool = True
    may_reopen: bool = True
    bounce_of: str | None = None
