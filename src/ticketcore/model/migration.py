"""How tickets come from the states of one configuration into those of another."""

import attrs

from ticketcore.model.values import quick


@quick
@attrs.frozen
class Migration:
    """So many ``tickets`` of a ``type`` are in the state ``source``, which the next configuration has not for them.

    ``target`` is the state that they go to, None where that configuration does not say.
    """

    type: str
    source: str
    target: str | None
    tickets: int
