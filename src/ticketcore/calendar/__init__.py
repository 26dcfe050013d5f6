"""Business hours: how much open time lies between two instants, and when so much of it will have passed.

A BusinessCalendar says when a desk is open: shifts by weekday in one time zone, holidays, and dates with hours of
their own.  What its words mean:

- **Open** means that the local wall clock lies in a shift, the start included and the end excluded.  A shift whose end
  is not later than its start runs past midnight.  Shifts that overlap count once.
- **Time** is real elapsed time.  When clocks go back, a wall hour that occurs twice counts twice; when they go
  forward, one that does not occur counts nothing.
- An **override** replaces the shifts that start on its date; no hours close it, but for a shift of the day before.
- A **holiday** closes, by the rule ``DATE``, every instant whose local date is the holiday, and by the rule ``SHIFT``
  the shifts that start on it, whole, and no others.  The hours of an override are no exception: who is open on a
  holiday takes the date from the holidays, or excludes it from the rule that gives it.
- A **partial holiday** closes its wall hours, by either rule.

Everything here is a value; instants need a time zone and are answered in UTC.  The zone database is the system's, or
else that of the package ``tzdata``, as ``zoneinfo`` finds it.
"""

from ticketcore.calendar.business import BusinessCalendar, HolidayRule
from ticketcore.calendar.explaining import Explanation, Stretch
from ticketcore.calendar.values import Holiday, Hours, Override, Shift
from ticketcore.calendar.wall import Why

__all__ = [
    "BusinessCalendar",
    "Explanation",
    "Holiday",
    "HolidayRule",
    "Hours",
    "Override",
    "Shift",
    "Stretch",
    "Why",
]
