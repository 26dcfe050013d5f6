"""What time is counted in: calendars, as data of a ``Configuration``."""

import attrs

from ticketcore.calendar.business import BusinessCalendar
from ticketcore.checks import instance, is_name


@attrs.frozen
class Calendar:
    """A calendar by its ``id``: the open ``hours`` whose time counts.

    Raises ``InvalidInput`` naming the field.
    """

    id: str = attrs.field(validator=is_name)
    hours: BusinessCalendar = attrs.field(validator=instance(BusinessCalendar))
