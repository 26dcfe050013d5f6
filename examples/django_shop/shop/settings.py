"""Settings of the shop; what matters to the desk is how the database is opened."""

from pathlib import Path

FOLDER = Path.cwd()

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": FOLDER / "shop.db",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",  # Who begins may write, and finds out at once if somebody else does.
            "init_command": "PRAGMA journal_mode = WAL",  # Readers wait for nobody.
        },
        "TEST": {"NAME": FOLDER / "test.db"},  # A file, since the desk opens it too.
    }
}
INSTALLED_APPS = ["shop"]
ROOT_URLCONF = "shop.urls"
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
SECRET_KEY = "for this example only"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
