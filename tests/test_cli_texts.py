"""The commands that answer about texts, a line of JSON for each."""

import gzip
import json

import pytest
from click.testing import CliRunner

from ticketcore.classification import classify
from ticketcore.cli.main import ticketcore

MAIL = "Yes, please.\n\nBest regards\nKim\n\nOn 5 May 2026 at 9:00, Bo wrote:\n> Shall I?\n"
LINES = [{"id": "a", "text": MAIL, "gold": "No", "source": "x"}, {"id": 7, "text": "Where is my parcel?"}]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(line) + "\n" for line in LINES))
    return tmp_path


def call(*arguments):
    return CliRunner().invoke(ticketcore, arguments)


def rows(path):
    raw = path.read_bytes()
    return [json.loads(line) for line in (gzip.decompress(raw) if path.suffix == ".gz" else raw).splitlines()]


def test_reply_text(folder):
    done = call("reply-text", "in.jsonl", "--out", "out.jsonl")
    assert (done.exit_code, done.stdout) == (0, "out.jsonl: 2 written, 0 rejected\n")
    assert rows(folder / "out.jsonl") == [
        {"id": "a", "reply": "Yes, please.", "signature": "Best regards\nKim"},
        {"id": 7, "reply": "Where is my parcel?", "signature": ""},
    ]


def test_classify(folder):
    assert call("classify", "in.jsonl", "--out", "out.jsonl").exit_code == 0
    answers = rows(folder / "out.jsonl")
    assert [list(answer) for answer in answers] == [["id", "label", "probability"]] * 2
    for line, answer in zip(LINES, answers, strict=True):
        found = classify(line["text"])
        assert (answer["label"], answer["probability"]) == (found.label, round(found.probability, 6))


@pytest.mark.parametrize("command", ["classify", "reply-text"])
def test_packed_in_and_out_is_the_same(command, folder):
    call(command, "in.jsonl", "--out", "out.jsonl")
    (folder / "in.jsonl.gz").write_bytes(gzip.compress((folder / "in.jsonl").read_bytes()))
    assert call(command, "in.jsonl.gz", "--out", "out.jsonl.gz").exit_code == 0
    assert rows(folder / "out.jsonl.gz") == rows(folder / "out.jsonl")


@pytest.mark.parametrize("command", ["classify", "reply-text"])
def test_what_is_wrong_is_rejected_with_its_line_and_the_rest_goes_through(command, folder):
    wrong = ['{"id": 1}', '{"text": "x"}', '{"id": true, "text": "x"}', "[]", "{", '{"id": 1, "text": 5}']
    (folder / "in.jsonl").write_text("\n".join([*wrong, '{"id": 1, "text": "x"}']))
    done = call(command, "in.jsonl", "--out", "out.jsonl", "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout) == {"written": 1, "rejected": 6, "out": "out.jsonl"}
    assert [line.split(": ")[:2] for line in done.stderr.splitlines()] == [
        ["in.jsonl:1", "text"],
        ["in.jsonl:2", "id"],
        ["in.jsonl:3", "id"],
        ["in.jsonl:4", "line"],
        ["in.jsonl:5", "line"],
        ["in.jsonl:6", "text"],
    ]
    assert [row["id"] for row in rows(folder / "out.jsonl")] == [1]


def test_half_a_pair_of_surrogates_comes_out_as_it_went_in(folder):
    (folder / "in.jsonl").write_text('{"id": "\\ud800", "text": "Hi \\udc80"}\n')
    assert call("reply-text", "in.jsonl", "--out", "out.jsonl").exit_code == 0
    assert rows(folder / "out.jsonl") == [{"id": "\ud800", "reply": "Hi \udc80", "signature": ""}]


def test_the_input_may_be_the_output(folder):
    assert call("reply-text", "in.jsonl", "--out", "in.jsonl").exit_code == 0
    assert [row["id"] for row in rows(folder / "in.jsonl")] == ["a", 7]
    assert [path.name for path in folder.iterdir()] == ["in.jsonl"]


def test_what_was_there_stays_when_the_command_ends_early(folder, monkeypatch):
    (folder / "out.jsonl").write_text("before\n")
    (folder / "bad.jsonl.gz").write_bytes(gzip.compress(b'{"id": 1, "text": "x"}\n')[:-9])
    assert call("reply-text", "bad.jsonl.gz", "--out", "out.jsonl").exit_code == 1
    assert call("reply-text", "missing.jsonl", "--out", "out.jsonl").exit_code == 2
    assert call("reply-text", "in.jsonl").exit_code == 2


@pytest.mark.parametrize("command", ["classify", "reply-text"])
def test_help_has_an_example(command):
    assert f"Example: ticketcore {command} " in call(command, "--help").stdout


STREAM = {
    "id": "s",
    "gold": [9, 9],
    "messages": [
        {"text": "Hello, I need a taxi", "t": "2026-01-02T09:00:00Z", "channel": "chat", "role": "customer"},
        {"text": "For when?", "t": "2026-01-02T09:01:00", "role": "agent", "reply_to": 0, "resolved": None},
        {"text": "At 8:30", "clock": "09:03", "speaker": None},
    ],
}
MAILS = {
    "id": 3,
    "messages": [
        {"message_id": "<a>", "references": [], "in_reply_to": None, "subject": "Hm", "sender": "k", "text": "x"},
        {"message_id": "<b>", "references": ["<a>"], "date": "2026-01-02T09:01:00+01:00", "text": "y"},
        {"text": "z"},
    ],
}


def test_segment_and_thread(folder):
    (folder / "in.jsonl").write_text("\n".join(map(json.dumps, (STREAM, {"id": 2, "messages": []}))))
    assert call("segment", "in.jsonl", "--out", "out.jsonl").exit_code == 0
    assert rows(folder / "out.jsonl") == [{"id": "s", "pred": [0, 0, 0]}, {"id": 2, "pred": []}]
    (folder / "in.jsonl").write_text(json.dumps(MAILS))
    assert call("thread", "in.jsonl", "--out", "out.jsonl.gz").exit_code == 0
    assert rows(folder / "out.jsonl.gz") == [{"id": 3, "pred": [0, 0, 1]}]


def test_a_list_of_texts_is_a_stream(folder):
    (folder / "in.jsonl").write_text(json.dumps({"id": 1, "utterances": ["Hello, I need a taxi", "Thanks, bye"]}))
    assert call("segment", "in.jsonl", "--out", "out.jsonl").exit_code == 0
    assert len(rows(folder / "out.jsonl")[0]["pred"]) == 2


@pytest.mark.parametrize(
    ("command", "message", "words"),
    [
        ("segment", 5, "messages[0]: must be an object"),
        ("segment", {}, "messages[0].text: must be a text"),
        ("segment", {"text": "x", "t": "noon"}, "messages[0].t: must be an instant as in ISO 8601"),
        ("segment", {"text": "x", "t": 12}, "messages[0].t: must be a text"),
        ("segment", {"text": "x", "clock": "25:00"}, "messages[0].clock: must be hours and minutes, as in 09:30"),
        ("segment", {"text": "x", "reply_to": True}, "messages[0].reply_to: must be a whole number"),
        ("thread", {"text": "x", "references": "<a>"}, "messages[0].references: must be a list of texts"),
        ("thread", "x", "messages[0]: must be an object"),
    ],
)
def test_a_message_that_cannot_be_used_is_named(command, message, words, folder):
    (folder / "in.jsonl").write_text(json.dumps({"id": 1, "messages": [message]}) + '\n{"id": 2}\n')
    done = call(command, "in.jsonl", "--out", "out.jsonl")
    assert done.exit_code == 1
    assert f"in.jsonl:1: {words}\n" in done.stderr
    assert "in.jsonl:2: messages: must be a list\n" in done.stderr
