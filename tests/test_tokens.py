"""Signed tokens and message ids: what was signed is known again, and nothing else is, whoever tries."""

from datetime import timedelta
from random import Random

import attrs
import pytest
from desks import AT, DAY, opened
from desks import desk as new
from hypothesis import given
from hypothesis import strategies as st

from ticketcore import InvalidInput
from ticketcore.channels.email import EmailChannel
from ticketcore.config import KeySource, load_keys, read_desk, read_keys, write_desk
from ticketcore.matching import Key, Keyring, Tokens, read_token

SECRET, OTHER = bytes(range(32)), bytes(range(1, 33))
RING = Keyring([Key("a", SECRET)])
TOKENS = Tokens(RING, "acme")
KIM = "kim@x.example"
TICKET = opened(new("ana"))
BASE = "support@shop.example"

names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=60)


def known(token, tokens=TOKENS, ticket=TICKET, recipients=(KIM,), at=AT):
    read = read_token(token)
    return read is not None and tokens.genuine(read, ticket, recipients, at)


@given(st.integers(1, 2**63 - 1), names, names, st.integers(1, 3000))
def test_what_was_signed_is_known_again_by_its_number(number, id, recipient, days):
    ticket = attrs.evolve(TICKET, number=number, id=id)
    tokens = Tokens(Keyring([Key("z", OTHER)], timedelta(days=days)), "acme")
    token = tokens.reply_token(ticket, recipient, AT)
    read = read_token(token.upper())
    assert read.number == number
    assert len(token) <= 33
    assert token.isalnum()
    assert tokens.genuine(read, ticket, ["somebody@else.example", recipient], AT + timedelta(days=days))
    assert not tokens.genuine(read, ticket, [recipient], AT + timedelta(days=days + 1)), "it has ended"


def test_a_token_is_for_one_tenant_ticket_recipient_and_time():
    token = TOKENS.reply_token(TICKET, " Kim@X.example", AT)
    assert known(token)
    assert known(token, recipients=["lee@x.example", KIM, "max@x.example"])
    assert not known(token, recipients=["lee@x.example"])
    assert not known(token, recipients=[])
    assert not known(token, ticket=attrs.evolve(TICKET, number=2))
    assert not known(token, ticket=attrs.evolve(TICKET, id="another"))
    assert not known(token, Tokens(RING, "other"))
    assert known(token, at=AT + 365 * DAY)
    assert not known(token, at=AT + 367 * DAY)


@given(st.integers(0, 10_000))
def test_no_token_survives_a_change_of_any_character(seed):
    chance = Random(seed)
    token = TOKENS.reply_token(TICKET, KIM, AT)
    place = chance.randrange(len(token))
    other = chance.choice([one for one in "abcdefghijklmnopqrstuvwxyz234567" if one != token[place]])
    forged = token[:place] + other + token[place + 1 :]
    read = read_token(forged)
    if read is not None and read != read_token(token):  # Bits beside the last byte mean nothing.
        assert not known(forged)


@given(names)
def test_a_signed_message_id_names_its_message_in_any_case(id):
    message_id = TOKENS.message_id(id, "shop.example", AT)
    assert TOKENS.message_of(message_id, AT) == TOKENS.message_of(message_id.upper(), AT) == id
    assert Tokens(RING, "other").message_of(message_id, AT) is None
    assert Tokens(Keyring([Key("a", OTHER)]), "acme").message_of(message_id, AT) is None
    assert TOKENS.message_of(message_id.replace(".a", ".b", 1), AT) is None


@given(st.text())
def test_any_text_is_read_without_an_error(text):
    assert TOKENS.message_of(text, AT) is None
    assert TOKENS.message_of(f"{text}.a{'a' * 16}@x", AT) is None
    assert read_token(text) is None or text.isalnum()


def test_keys_change_without_a_day_on_which_no_token_counts():
    before = Tokens(RING, "acme")
    token, message_id = before.reply_token(TICKET, KIM, AT), before.message_id("m1", "shop.example", AT)
    after = Tokens(Keyring([Key("b", OTHER), Key("a", SECRET, AT + 30 * DAY)]), "acme")
    assert known(token, after)
    assert after.message_of(message_id, AT) == "m1"
    assert after.reply_token(TICKET, KIM, AT)[0] == "b", "the first signs"
    assert not known(token, after, at=AT + 30 * DAY)
    assert after.message_of(message_id, AT + 30 * DAY) is None
    assert known(after.reply_token(TICKET, KIM, AT), after, at=AT + 30 * DAY)
    over = Tokens(Keyring([Key("a", SECRET, AT)]), "acme")
    with pytest.raises(InvalidInput, match="none counts any more"):
        over.reply_token(TICKET, KIM, AT)
    with pytest.raises(InvalidInput, match="none counts any more"):
        over.message_id("m1", "shop.example", AT)


def test_an_address_with_a_token_is_ours_and_gives_it_back():
    address = TOKENS.reply_address(BASE, TICKET, KIM, AT)
    token = TOKENS.reply_token(TICKET, KIM, AT)
    channel = EmailChannel([BASE, "sales@shop.example"])
    for written in (address, address.upper(), address.replace("+", "-"), address.replace("+", "=")):
        raw = f"From: {KIM}\nTo: other@x.example, {written}\nSubject: x\n\nHi\n".encode()
        inbound = channel.decode(raw).inbound
        assert inbound.account == BASE
        assert [one.lower() for one in inbound.tokens] == [token]
    for unlike in ("support+web@shop.example", BASE):
        inbound = channel.decode(f"From: {KIM}\nTo: {unlike}\n\nHi\n".encode()).inbound
        assert inbound.account == BASE
        assert [read_token(one) for one in inbound.tokens] == [None] * len(inbound.tokens)


@pytest.mark.parametrize("address", ["support", "@shop.example", "support@", f"{'s' * 45}@shop.example"])
def test_an_address_has_to_have_room(address):
    with pytest.raises(InvalidInput, match="address"):
        TOKENS.reply_address(address, TICKET, KIM, AT)


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Key("", SECRET), "Key.id"),
        (lambda: Key("ab", SECRET), "Key.id"),
        (lambda: Key("A", SECRET), "Key.id"),
        (lambda: Key("a", SECRET[1:]), "Key.secret"),
        (lambda: Key("a", "x" * 32), "Key.secret"),
        (lambda: Key("a", SECRET, AT.replace(tzinfo=None)), "Key.until"),
        (lambda: Keyring([]), "Keyring.keys"),
        (lambda: Keyring([Key("a", SECRET), Key("a", OTHER)]), "Keyring.keys"),
        (lambda: Keyring([Key("a", SECRET)], timedelta(hours=23)), "Keyring.lifetime"),
        (lambda: Keyring([Key("a", SECRET)], timedelta(days=18_263)), "Keyring.lifetime"),
        (lambda: KeySource(), "KeySource.file"),
        (lambda: KeySource("a", "b"), "KeySource.file"),
        (lambda: KeySource("a", lifetime=timedelta(0)), "KeySource.lifetime"),
    ],
)
def test_keys_that_cannot_be_used(make, field):
    with pytest.raises(InvalidInput) as error:
        make()
    assert error.value.field == field


KEYS = """
b = {secret = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="}
a = {secret = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", until = 2026-04-01T00:00:00Z}
"""


def test_keys_stand_in_a_file_or_in_the_environment_and_are_never_shown(tmp_path, monkeypatch):
    (tmp_path / "keys.toml").write_text(KEYS)
    monkeypatch.setenv("DESK_KEYS", KEYS)
    for said in ('file = "keys.toml"', 'variable = "DESK_KEYS"'):
        desk = read_desk(f'[desk]\ntenant = "acme"\n\n[keys]\n{said}\nlifetime = "90 days"\n')
        assert read_desk(write_desk(desk)) == desk
        ring = load_keys(desk.keys, tmp_path)
        assert [(key.id, key.secret) for key in ring.keys] == [("b", OTHER), ("a", SECRET)]
        assert ring.lifetime == timedelta(days=90)
        assert not {str(OTHER)[2:20], "AQIDBAUG"} & set(repr(ring).split("'"))
        assert repr(OTHER) not in repr(ring)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("b = {", "keys"),
        ("b = 1", "keys.b"),
        ("b = {}", "keys.b.secret"),
        ("b = {secret = 'AAEC'}", "keys.b.secret"),
        ("b = {secret = 'top secret!'}", "keys.b.secret"),
        ("b = {secret = 'AAEC', more = 1}", "keys.b"),
        (KEYS.replace("2026-04-01T00:00:00Z", "7"), "keys.a.until"),
        (KEYS.replace("00:00:00Z", "00:00:00"), "keys.a.until"),
        (KEYS.replace("b =", "bb ="), "keys.bb.id"),
        ("", "Keyring.keys"),
    ],
)
def test_what_is_wrong_with_keys_is_named_without_the_secret(text, field):
    with pytest.raises(InvalidInput) as error:
        read_keys(text)
    assert error.value.field == field
    assert "secret!" not in str(error.value)


def test_keys_that_are_not_where_they_should_be(tmp_path, monkeypatch):
    monkeypatch.delenv("DESK_KEYS", raising=False)
    (tmp_path / "bad").write_bytes(b"\xff")
    for source, field in (
        (KeySource("keys.toml"), "keys.file"),
        (KeySource("bad"), "keys.file"),
        (KeySource(variable="DESK_KEYS"), "keys.variable"),
    ):
        with pytest.raises(InvalidInput) as error:
            load_keys(source, tmp_path)
        assert error.value.field == field


@pytest.mark.parametrize(
    ("said", "known"),
    [
        (None, None),
        ("mx.shop.example; dmarc=pass header.from=x.example", True),
        ("MX.shop.example 1; spf=pass; dmarc=fail (p=none) header.from=x.example", False),
        ("mx.shop.example; (dmarc=pass) spf=pass; dkim=pass", None),
        ("mx.shop.example; dmarc=temperror", None),
        ("mx.shop.example; dmarc/1 = pass", True),
        ("mx.evil.example; dmarc=pass", None),
        ("; dmarc=pass", None),
    ],
)
def test_only_our_own_server_is_believed_about_a_sender(said, known):
    head = (
        "" if said is None else f"Authentication-Results: {said}\nAuthentication-Results: mx.shop.example; dmarc=pass\n"
    )
    raw = f"{head}From: {KIM}\nTo: {BASE}\n\nHi\n".encode()
    assert EmailChannel([BASE], verifiers=["mx.shop.example"]).decode(raw).inbound.authenticated is known
    assert EmailChannel([BASE]).decode(raw).inbound.authenticated is None
