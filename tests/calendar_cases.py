"""Random calendars in their plain form, near dates on which something odd happens to the clocks."""

from datetime import UTC, date, datetime, timedelta

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
PLACES = (
    ("Europe/Berlin", "2026-03-29"),
    ("Europe/Berlin", "2026-10-25"),
    ("America/New_York", "2026-03-08"),
    ("America/New_York", "2026-11-01"),
    ("Asia/Kolkata", "2026-01-26"),  # half an hour, no changes
    ("Asia/Kathmandu", "1986-01-01"),  # from 5:30 to 5:45
    ("Australia/Lord_Howe", "2026-04-05"),  # changes of half an hour
    ("Australia/Lord_Howe", "2026-10-04"),
    ("Australia/Adelaide", "2026-10-04"),
    ("Pacific/Chatham", "2026-04-05"),  # 12:45 and 13:45
    ("Pacific/Apia", "2011-12-30"),  # a date that is skipped
    ("Pacific/Kwajalein", "1993-08-21"),
    ("America/Sao_Paulo", "2018-11-04"),  # changes at midnight: no 00:00
    ("America/Sao_Paulo", "2018-02-18"),  # 23:00 twice
    ("Asia/Beirut", "2022-03-27"),
    ("Asia/Beirut", "2022-10-30"),
    ("America/St_Johns", "2010-03-14"),  # a change at 00:01
    ("America/St_Johns", "2010-11-07"),
    ("Africa/Casablanca", "2026-02-15"),  # back for Ramadan
    ("Africa/Cairo", "2010-08-11"),  # four changes in one year
    ("America/Recife", "2000-10-08"),  # two changes within a week
    ("America/Caracas", "2016-05-01"),  # from -4:30 to -4:00
    ("Asia/Pyongyang", "2018-05-04"),
    ("Antarctica/Troll", "2026-03-29"),  # two hours
    ("Europe/Lisbon", "1992-09-27"),  # an offset that stays when the clocks do not
    ("UTC", "2028-02-29"),
    ("America/Los_Angeles", "2024-02-29"),
    ("Asia/Tokyo", "2000-02-29"),
)
"""Zones, and a date near which something happens."""


def clock(random, last=1439):
    """A time of day: mostly a quarter of an hour, sometimes any minute."""
    minute = random.choice(
        (random.randrange(0, last + 1), random.randrange(0, last + 1, 15), random.choice((0, 540, 1320)))
    )
    return f"{minute // 60:02}:{minute % 60:02}"


def hours(random):
    """A start and an end, in any order."""
    return [clock(random), random.choice((clock(random), clock(random), "24:00"))]


def near(random, around, days=12):
    """A date within some days of ``around``."""
    return around + timedelta(days=random.randrange(-days, days + 1))


def recurring(random, around, day):
    """A rule that gives ``day``, or one near it, and the date from which it counts."""
    years = random.randrange(1, 12)
    before = day - timedelta(days=366 * years)
    anniversary = date(day.year - years, day.month, min(day.day, 28))
    nth = f"{min((day.day - 1) // 7 + 1, 4)}{WEEKDAYS[day.weekday()]}"
    return random.choice(
        (
            ("FREQ=YEARLY", anniversary),
            (f"FREQ=YEARLY;UNTIL={around:%Y%m%d}", anniversary),
            (f"FREQ=YEARLY;BYEASTER={random.randrange(-50, 60)}", before),
            (f"FREQ=YEARLY;BYMONTH={day.month};BYDAY={nth}", before),
            ("FREQ=MONTHLY;BYMONTHDAY=-1", day - timedelta(days=300)),
            (f"FREQ=WEEKLY;INTERVAL={random.randrange(1, 4)}", day - timedelta(days=42)),
            (f"FREQ=DAILY;COUNT={random.randrange(1, 6)}", day),
        )
    )


def holiday(random, around):
    """A holiday in its plain form."""
    day = near(random, around)
    item = {"date": day.isoformat()}
    if random.random() < 0.4:
        item["rule"], first = recurring(random, around, day)
        item["date"] = first.isoformat()
        if item["rule"] == "FREQ=YEARLY" and random.random() < 0.5:
            item["excluded"] = [first.replace(year=day.year).isoformat()]
    if random.random() < 0.4:
        item["hours"] = hours(random)
    if random.random() < 0.5:
        item["name"] = random.choice(("Christmas", "中秋節"))
    return item if len(item) > 1 or random.random() < 0.5 else item["date"]


def calendar(random, zone, around):
    """A calendar in its plain form."""
    weekly = [[random.randrange(7), *hours(random)] for _ in range(random.choice((0, 1, 3, 7, 10)))]
    if random.random() < 0.1:
        weekly = [[day, "00:00", "24:00"] for day in range(7)]
    if not weekly or random.random() < 0.3:
        weekly += [[day, *hours(random)] for day in range(5)]
    return {
        "tz": zone,
        "weekly": weekly,
        "holidays": [holiday(random, around) for _ in range(random.choice((0, 0, 1, 2, 5)))],
        "holiday_rule": random.choice(("date", "shift")),
        "overrides": {
            near(random, around).isoformat(): [hours(random) for _ in range(random.randrange(3))]
            for _ in range(random.choice((0, 0, 1, 3)))
        },
    }


def place(random):
    """A zone, and a date near which something happens."""
    zone, day = random.choice(PLACES)
    return zone, date.fromisoformat(day)


def instant(random, around, days=12):
    """A whole minute within some days of a date, in UTC."""
    midnight = datetime(around.year, around.month, around.day, tzinfo=UTC)
    return midnight + timedelta(minutes=random.randrange(-days * 1440, days * 1440))
