"""What the command line tells about quarantine, about what came back, and about what does not agree; and its keys."""

import json
import re

import pytest
from click.testing import CliRunner

from ticketcore import Desk, InvalidInput
from ticketcore.cli.main import ticketcore
from ticketcore.config import read_keys
from ticketcore.matching import Tokens
from ticketcore.stores import SqliteStore

MAIL = {"fact": "message", "channel": "email", "account": "help@shop.example"}
KIM = {**MAIL, "sender": "kim@x.example"}
KEYS = 'b = {secret = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="}\n'
LINES = [
    {**KIM, "at": "2026-03-02T09:00:00Z", "text": "It broke", "id": "k1"},
    {**KIM, "at": "2026-03-02T09:10:00Z", "text": "Really", "answers": ["k1"], "id": "k2", "authenticated": False},
    {**KIM, "at": "2026-03-02T09:20:00Z", "text": "Broken", "answers": ["k1"], "id": "k3", "authenticated": False},
    {**MAIL, "at": "2026-03-02T09:30:00Z", "sender": "lee@y.example", "text": "And I", "subject": "[#1]", "id": "l1"},
    {
        **{key: MAIL[key] for key in ("channel", "account")},
        "at": "2026-03-02T10:00:00Z",
        "fact": "quarantine",
        "message": "k2",
        "accept": True,
        "agent": "ana",
    },
    {
        **{key: MAIL[key] for key in ("channel", "account")},
        "at": "2026-03-02T10:01:00Z",
        "fact": "quarantine",
        "message": "nothing",
        "accept": False,
    },
]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "desk.toml").write_text('[desk]\ntenant = "shop"\n\n[agents.ana]\n\n[keys]\nfile = "keys.toml"\n')
    (tmp_path / "keys.toml").write_text(KEYS)
    feed(*LINES)
    return tmp_path


def feed(*lines):
    with open("feed.jsonl", "w") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)


def call(*arguments):
    return CliRunner().invoke(ticketcore, arguments)


def run():
    return call("run", "feed.jsonl", "--desk", "desk.toml", "--store", "desk.db")


def test_a_feed_lets_messages_go_and_show_tells_of_the_rest():
    done = run()
    assert done.exit_code == 1
    assert "feed.jsonl:6: message: no message 'nothing'" in done.output
    assert "2 quarantined" in done.output
    shown = call("show", "1", "--store", "desk.db").output.splitlines()
    assert shown[-2:] == [
        "2026-03-02 09:10  accepted in quarantine, from kim@x.example, because of failed authentication: Really",
        "2026-03-02 09:20  held in quarantine, from kim@x.example, because of failed authentication: Broken",
    ]
    assert "2026-03-02 10:00  customer: Really" in shown
    told = json.loads(call("show", "1", "--store", "desk.db", "--json").output)["quarantine"]
    assert [(one["cause"], one["fate"]) for one in told] == [
        ("failed_authentication", "accepted"),
        ("failed_authentication", "held"),
    ]
    disputed = call("show", "2", "--store", "desk.db").output
    assert "its message names another ticket: " in disputed
    assert " by subject (guessable, of which its sender is no part)" in disputed
    assert "1 stored" not in run().output, "all of it was here before"


def test_a_run_knows_tokens_by_the_keys_that_the_file_names(folder):
    feed(LINES[0])
    run()
    with SqliteStore("desk.db") as store:
        ticket = Desk(store, tenant="shop").tickets().tickets[0]
    token = Tokens(read_keys(KEYS), "shop").reply_token(ticket, "kim@x.example", ticket.opened_at)
    feed({**KIM, "at": "2026-03-03T09:00:00Z", "text": "On Friday", "id": "k9", "tokens": [token]})
    assert "1 stored" in run().output
    assert "0 new tickets" in run().output
    (folder / "keys.toml").unlink()
    missing = run()
    assert (missing.exit_code, "keys.file" in missing.output) == (2, True)


def test_what_a_feed_said_of_senders_is_no_part_of_what_a_message_without_id_is():
    """So that a message which was taken in by an older version is known again."""
    plain = {key: value for key, value in LINES[0].items() if key != "id"}
    feed(plain)
    run()
    feed({**plain, "authenticated": True, "return_address": "k@x.example", "tokens": ["web"]})
    assert "1 here before" in run().output


def test_what_is_held_is_listed_page_by_page():
    feed(*LINES[:3], {**KIM, "at": "2026-03-02T09:25:00Z", "text": "Hi", "id": "k4", "authenticated": False})
    run()
    listed = call("held", "--store", "desk.db", "--limit", "2").output.splitlines()
    assert [line.partition("  ")[0] for line in listed[:2]] == ["2026-03-02 09:10", "2026-03-02 09:20"]
    assert listed[0].endswith("for ticket 1, from kim@x.example, because of failed authentication: Really")
    (last,) = call("held", "--store", "desk.db", "--page", listed[2].removeprefix("next: --page ")).output.splitlines()
    assert last.endswith("for no ticket, from kim@x.example, because of failed authentication: Hi")
    assert call("held", "--store", "desk.db", "--ticketless").output.splitlines() == [last]
    told = json.loads(call("held", "--store", "desk.db", "--ticketless", "--json").output)
    assert [(one["text"], one["ticket"], one["cause"]) for one in told["held"]] == [
        ("Hi", None, "failed_authentication")
    ]
    assert told["held"][0]["message"] in last
    assert call("held", "--store", "desk.db", "--fate", "rejected").output == "no messages\n"
    assert isinstance(call("held", "--store", "desk.db", "--page", "?").exception, InvalidInput)


def test_a_show_tells_how_likely_a_ticket_was(folder):
    (folder / "desk.toml").write_text('[desk]\ntenant = "shop"\nsegmenting = "learned"\n\n[agents.ana]\n')
    feed(LINES[0], {**KIM, "at": "2026-03-02T09:01:00Z", "text": "the red one", "id": "k2"})
    run()
    shown = call("show", "1", "--store", "desk.db", "--explain").output
    assert re.search(r"its message is for it with a probability of [01]\.\d\d; a new ticket has 0\.\d\d", shown)
    assert "for it: " in shown
    assert "for it: " not in call("show", "1", "--store", "desk.db").output


def test_a_deleted_ticket_is_shown_without_words_and_what_answers_it_names_it():
    at = "2026-03-02T11:0{}:00Z"
    gone = {"fact": "delete", "about": {"number": 2}, "cause": "asked", "agent": "ana"}
    later = {**MAIL, "sender": "lee@y.example", "text": "Once more", "answers": ["l1"]}
    feed(*LINES[:5], {**gone, "at": at.format(0)}, {**later, "at": at.format(1)}, {**gone, "at": at.format(2)})
    done = run()
    assert "feed.jsonl:8: fact: deleted (ticket 2)" in done.output
    shown = call("show", "2", "--store", "desk.db").output
    assert shown.splitlines()[0].split() == ["ticket", "2", "deleted"]
    assert "its words, and those of its messages and files, were erased" in shown
    assert re.search("2026-03-02 11:00  ticket 2 deleted by agent ana: asked", shown)
    assert "And I" not in shown
    told = json.loads(call("show", "2", "--store", "desk.db", "--json").output)
    assert (told["state"], told["subject"], [one["text"] for one in told["messages"]]) == ("deleted", None, [""])
    listed = call("tickets", "--store", "desk.db", "--state", "deleted").output.splitlines()
    assert [line.split()[:2] for line in listed[1:]] == [["2", "deleted"]]
    assert call("tickets", "--store", "desk.db", "--state", "merged").output == "no tickets\n"
    named = call("show", "3", "--store", "desk.db").output
    assert "its message names another ticket: ticket 2 by stored id (known)" in named
