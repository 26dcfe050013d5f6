"""Which mails of a list belong together: laws, then each kind of evidence."""

import attrs
from hypothesis import given
from hypothesis import strategies as st

from ticketcore.segmenting import Mail, threaded

IDS = ["<a@x>", "<b@x>", "<c@x>", "<20260101090000.77-1-k@x>", "<20260101090000.77-2-k@x>"]
SUBJECTS = ["", "Hm", "Re: Hm", "[PATCH 1/2] Cache", "[PATCH 2/2] Clean", "Re: [PATCH 1/2] Cache", "AW: [list] Hm"]
TEXTS = ["", "The cache is made anew each time.", "> The cache is made anew each time.\nWhy is that so?", "> >\n\x00"]


@st.composite
def mails(draw):
    return [
        Mail(
            draw(st.sampled_from(["", *IDS])),
            draw(st.sampled_from(TEXTS)),
            draw(st.sampled_from(SUBJECTS)),
            draw(st.sampled_from(["kim", "bo"])),
            draw(st.none() | st.sampled_from([0.0, 60.0, 1e7])),
            draw(st.sampled_from(["", *IDS])),
            tuple(draw(st.lists(st.sampled_from(IDS), max_size=2))),
        )
        for _ in range(draw(st.integers(0, 8)))
    ]


def groups(labels):
    return {frozenset(at for at, each in enumerate(labels) if each == label) for label in labels}


@given(mails())
def test_threads_are_numbered_as_they_begin(found):
    labels = threaded(found)
    assert list(dict.fromkeys(labels)) == list(range(len(set(labels))))


@given(mails())
def test_mails_that_name_one_id_are_together(found):
    labels = threaded(found)
    for id in IDS:
        named = {
            label
            for label, mail in zip(labels, found, strict=True)
            if id in (mail.message_id, mail.in_reply_to, *mail.references)
        }
        assert len(named) <= 1


@given(mails())
def test_a_mail_of_another_matter_changes_nothing(found):
    other = Mail("<z@y>", "Something else altogether, with no relation.", "Zoo", "zoe", 0.0)
    assert groups(threaded([*found, other])) == groups(threaded(found)) | {frozenset({len(found)})}
    assert threaded([other, *found])[1:].count(0) == 0


@given(mails())
def test_senders_count_only_by_being_the_same(found):
    assert threaded([attrs.evolve(mail, sender=mail.sender * 2) for mail in found]) == threaded(found)


def test_the_parts_of_a_series_by_one_sender_are_together_until_it_begins_anew():
    parts = [Mail("", str(at), f"[PATCH v2 {at}/2] Part {at}", "kim", 60.0 * at) for at in (0, 1, 2)]
    again = [attrs.evolve(mail, at=mail.at + 600) for mail in parts]
    other = [attrs.evolve(mail, sender="bo") for mail in parts]
    assert threaded(parts + again) == [0, 0, 0, 1, 1, 1]
    assert threaded(parts + other) == [0, 0, 0, 1, 1, 1]
    assert threaded([*parts, attrs.evolve(parts[0], subject="[PATCH v3 0/2] Part 0")]) == [0, 0, 0, 1]


def test_ids_of_one_run_are_together_and_of_two_are_not():
    one = [Mail(f"<20260101090000.77-{at}-kim@x>", "", f"[PATCH {at}/2] P{at}", "kim", 0.0) for at in (1, 2)]
    two = [attrs.evolve(mail, message_id=mail.message_id.replace("77", "78")) for mail in one]
    assert threaded([one[0], two[1], one[1], two[0]]) == [0, 1, 0, 1]


def test_a_reply_without_headers_is_found_by_what_it_quotes_or_by_its_subject():
    first = Mail("<1@x>", "The cache is made anew each time it is asked for.", "Slow", "kim", 0.0)
    quotes = Mail("<2@x>", "> The cache is made anew each time it is asked for.\nYes.", "Re: caches", "bo", 60.0)
    answers = Mail("<3@x>", "Yes.", "AW: [list] Slow", "lee", 90.0)
    assert threaded([first, quotes, answers]) == [0, 0, 0]
    assert threaded([first, attrs.evolve(answers, at=1e8)]) == [0, 1]


def test_hostile_mails_are_read_in_part():
    many = [Mail(f"<{at}>", "> a line that is quoted again and again\n" * 50, "Re: " * 1000, "k") for at in range(300)]
    assert len(threaded(many)) == 300
    assert threaded([Mail("", ">" * 1_000_000, "[" * 100_000)]) == [0]
