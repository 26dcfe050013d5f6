"""The same mails into ``django-helpdesk``, by its own entry point for mail.

Run once in a process: Django is set up for a whole process.  Its database is a SQLite file with a write-ahead log and
normal durability.  It renders no answers to customers, as its templates of mail are removed: that would be more work
than ours does.
"""

import logging
import sys
import time
from types import ModuleType

import django
from django.conf import settings
from django.core.management import call_command
from django.urls import include, path

from bench.mails import DESK, Sent
from bench.measure import begun

_APPS = ("admin", "auth", "contenttypes", "sessions", "messages", "sites", "humanize")


def take_in(folder: str, mails: list[Sent]) -> float:
    """Mails per CPU second; what came of them is checked."""
    _set_up(folder)
    from helpdesk.email import extract_email_metadata
    from helpdesk.models import FollowUp, Queue, Ticket

    queue = Queue.objects.create(
        title="Support", slug="support", allow_email_submission=True, email_address=DESK, email_box_type="local"
    )
    log = logging.getLogger("bench")
    texts = [mail.raw.decode("utf-8", "replace") for mail in mails]
    start = begun()
    for text in texts:
        extract_email_metadata(text, queue, log)
    spent = time.process_time() - start
    tickets = dict(FollowUp.objects.values_list("message_id", "ticket_id"))
    threads = {mail.thread: tickets[mail.message_id] for mail in mails}
    assert all(tickets[mail.message_id] == threads[mail.thread] for mail in mails)
    assert Ticket.objects.count() == len(set(threads.values())) == len(threads)
    assert FollowUp.objects.count() == len(mails)
    return len(mails) / spent


def _set_up(folder: str) -> None:
    """A new database with a desk that sends nothing."""
    settings.configure(
        SECRET_KEY="bench",
        USE_TZ=True,
        TIME_ZONE="UTC",
        SITE_ID=1,
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": f"{folder}/django.db",
                "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"},
            }
        },
        INSTALLED_APPS=[
            *("django.contrib." + name for name in _APPS),
            "rest_framework",
            "helpdesk.apps.HelpdeskConfig",
        ],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        MEDIA_ROOT=f"{folder}/media",
        ROOT_URLCONF="bench_urls",
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
        HELPDESK_TEAMS_MODE_ENABLED=False,
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        LOGGING_CONFIG=None,
    )
    logging.disable(logging.CRITICAL)
    django.setup()
    urls = sys.modules["bench_urls"] = ModuleType("bench_urls")
    urls.__dict__["urlpatterns"] = [path("", include("helpdesk.urls", namespace="helpdesk"))]
    call_command("migrate", verbosity=0)
    from helpdesk.models import EmailTemplate

    EmailTemplate.objects.all().delete()
