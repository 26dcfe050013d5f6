"""The Django project among the examples, run for real: its own tests, and a server that dies at any moment."""

import contextlib
import http.client
import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest
from desks import check_laws, check_whole, everything

from ticketcore import Desk
from ticketcore.model import Kind
from ticketcore.stores import SqliteStore

pytestmark = pytest.mark.slow
PROJECT = Path(__file__).parents[1] / "examples" / "django_shop"


@pytest.fixture
def project(tmp_path):
    """A copy of the project, with its database in its folder."""
    return Path(shutil.copytree(PROJECT, tmp_path / "shop", ignore=shutil.ignore_patterns("__pycache__")))


def manage(project, *arguments):
    return [sys.executable, "-W", "error", str(project / "manage.py"), *arguments]


def test_the_projects_own_tests_pass(project):
    done = subprocess.run(manage(project, "test"), cwd=project, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "\nOK\n" in done.stderr


def test_its_migrations_say_what_its_models_do(project):
    done = subprocess.run(manage(project, "makemigrations", "--check"), cwd=project, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def test_a_server_that_is_killed_leaves_orders_and_tickets_in_pairs(project):
    """Four customers order all the time; the server is killed in the middle of it, and started again."""
    chance = random.Random(1)
    subprocess.run(manage(project, "migrate"), cwd=project, check=True, capture_output=True)
    answered = []
    for life in range(4):
        port = free_port()
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "shop.settings"}
        server = subprocess.Popen(
            manage(project, "runserver", f"127.0.0.1:{port}", "--noreload"),
            cwd=project,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for(port)
            customers = [threading.Thread(target=order, args=(port, f"{life}-{i}", answered)) for i in range(4)]
            for customer in customers:
                customer.start()
            time.sleep(chance.uniform(0.05, 0.5))
        finally:
            os.kill(server.pid, signal.SIGKILL)
            server.wait()
        for customer in customers:
            customer.join()
        check_pairs(project)
    assert len(answered) > 20
    with closing(sqlite3.connect(project / "shop.db")) as connection:
        stored = {id for (id,) in connection.execute("SELECT id FROM shop_order")}
    assert set(answered) <= stored, "what was answered is stored"


def wait_for(port):
    """Until the server answers."""
    for _ in range(600):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise TimeoutError(port)


def order(port, name, answered):
    """Order until the server is gone; some orders fail when all is done."""
    for i in range(100_000):
        item = "moon" if i % 3 == 2 else "ring"
        fields = urllib.parse.urlencode({"email": f"{name}-{i}@example.org", "item": item}).encode()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/orders", fields, timeout=10) as response:
                answered.append(json.load(response)["order"])
        except urllib.error.HTTPError as error:
            if error.code != 409:
                raise
        except (OSError, http.client.HTTPException, ValueError):
            return  # no answer, or one that was cut off


def check_pairs(project):
    with SqliteStore(project / "shop.db") as store, closing(sqlite3.connect(project / "shop.db")) as connection:
        desk = Desk(store, tenant="shop")
        orders = connection.execute("SELECT ticket FROM shop_order").fetchall()
        assert sorted(number for (number,) in orders) == sorted(item.number for item in everything(desk, Kind.TICKET))
        assert len(everything(desk, Kind.MESSAGE)) == len(orders)
        check_laws(desk)
        check_whole(desk)
