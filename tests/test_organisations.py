"""Organisations that customers belong to: known by an id, named outside of the history, seen by rules and views."""

import json

import pytest
from click.testing import CliRunner
from desks import ANA, AT, HOUR, check_laws, desk, everything, kinds, opened, say
from hypothesis import given
from hypothesis import strategies as st

from ticketcore import Actor, AgentProfile, Condition, Configuration, Inbound, InvalidInput, NotFound, RoutingRule
from ticketcore.cli.main import ticketcore
from ticketcore.codec import encode_event
from ticketcore.commands import NameOrganisation, SetOrganisation
from ticketcore.config import read_desk
from ticketcore.model import Contact, Kind, Organisation, Queue, Ref, TicketType
from ticketcore.routing import Routable, route
from ticketcore.stores import SqliteStore
from ticketcore.turns import reading

pytestmark = pytest.mark.usefixtures("every_driver")

HOST = Actor.bot("host")
STORES = {"memory": lambda _: None, "sqlite": lambda path: SqliteStore(path / "desk.db")}


@pytest.fixture(params=STORES)
def one(request, tmp_path):
    """A desk over each store, with a queue for one organisation."""
    rules = [RoutingRule("acme", Condition(organisations=["acme"]), "gold")]
    return desk("ana", queues=[Queue("support"), Queue("gold")], rules=rules, store=STORES[request.param](tmp_path))


def contact(one, ticket) -> Contact:
    (value,) = one.store.load(one.tenant, [Ref(Kind.CONTACT, ticket.contact)])
    return value


def named(one, id) -> Organisation | None:
    (value,) = one.store.load(one.tenant, [Ref(Kind.ORGANISATION, id)])
    return value


def test_a_customer_belongs_to_an_organisation_until_they_belong_to_another(one):
    kim = opened(one)
    one.handle(SetOrganisation(kim.contact, "acme", HOST), AT)
    assert one.handle(SetOrganisation(kim.contact, "acme", HOST), AT).events == ()
    was = contact(one, kim)
    assert (was.organisation, was.name, [alias.address for alias in was.aliases]) == ("acme", "", ["kim"])
    one.handle(SetOrganisation(kim.contact, None, HOST), AT)
    assert contact(one, kim).organisation is None
    assert kinds(one, Ref(Kind.CONTACT, kim.contact)).count("ContactAffiliated") == 2
    check_laws(one)


def test_an_organisation_has_a_name_that_is_not_in_its_history(one):
    assert named(one, "acme") is None
    one.handle(NameOrganisation("acme", "Acme Rings", HOST), AT)
    assert one.handle(NameOrganisation("acme", "Acme Rings", HOST), AT).events == ()
    one.handle(NameOrganisation("acme", "Acme & Sons", HOST), AT)
    assert named(one, "acme") == Organisation("acme", 2, "Acme & Sons")
    events = [encode_event(item.event) for item in one.history(Ref(Kind.ORGANISATION, "acme"))]
    assert len(events) == 2
    assert not any("Sons" in event or "Rings" in event for event in events)
    check_laws(one)


def test_what_the_host_says_with_a_message_is_known_to_its_rules_at_once(one):
    first = opened(one, organisation="acme", sender_name="Kim")
    assert (first.queue, contact(one, first).organisation, contact(one, first).name) == ("gold", "acme", "Kim")
    assert opened(one, at=AT + 9 * HOUR).queue == "gold"
    moved = opened(one, at=AT + 18 * HOUR, organisation="other")
    assert (moved.queue, contact(one, moved).organisation) == ("support", "other")
    assert opened(one, sender="lee").queue == "support"
    check_laws(one)


def test_tickets_are_found_by_the_organisation_of_their_customer(one):
    a, b, c = (opened(one, sender=who) for who in ("kim", "lee", "may"))
    for ticket, id in ((a, "acme"), (b, "globe")):
        one.handle(SetOrganisation(ticket.contact, id, HOST), AT)

    def found(**where):
        return [ticket.id for ticket in one.tickets(**where).tickets]

    assert found(organisation="acme") == [a.id]
    assert found(organisation=("acme", None)) == [a.id, c.id]
    assert found(organisation="acme", contact=(a.contact, b.contact)) == [a.id]
    assert found(organisation="acme", contact=b.contact) == []
    assert found(organisation="nobody's") == []


def test_an_organisation_of_too_many_is_refused_by_name(one, monkeypatch):
    monkeypatch.setattr(reading, "MAX_MEMBERS", 1)
    for who in ("kim", "lee"):
        one.handle(SetOrganisation(opened(one, sender=who).contact, "acme", HOST), AT)
    with pytest.raises(InvalidInput, match="organisation: has more than 1 customers"):
        one.tickets(organisation="acme")


def test_what_cannot_be_is_refused_by_name(one):
    with pytest.raises(NotFound):
        one.handle(SetOrganisation("nobody", "acme", HOST), AT)
    for command, field in (
        (lambda: SetOrganisation("c", "", HOST), "SetOrganisation.organisation"),
        (lambda: NameOrganisation("acme", "", HOST), "NameOrganisation.name"),
        (lambda: Condition(organisations=[3]), r"Condition.organisations\[0\]"),
        (lambda: Inbound("chat", "shop", "kim", organisation=3), "Inbound.organisation"),
    ):
        with pytest.raises(InvalidInput, match=field):
            command()


def test_a_customer_sees_the_name_of_their_own_and_of_no_other(one):
    kim = opened(one, organisation="acme")
    lee = opened(one, sender="lee", organisation="globe")
    assert one.customer_view(kim.id).organisation == ""
    one.handle(NameOrganisation("acme", "Acme Rings", HOST), AT)
    assert (one.customer_view(kim.id).organisation, one.customer_view(lee.id).organisation) == ("Acme Rings", "")


def test_show_says_whose_customer_it_is(tmp_path):
    store = SqliteStore(tmp_path / "desk.db")
    one = desk("ana", store=store)
    opened(one, organisation="acme", sender_name="Kim")
    arguments = ["show", "1", "--store", str(tmp_path / "desk.db")]
    assert "from Kim of acme by chat" in CliRunner().invoke(ticketcore, arguments).output
    one.handle(NameOrganisation("acme", "Acme Rings", ANA), AT)
    assert "from Kim of Acme Rings by chat" in CliRunner().invoke(ticketcore, arguments).output
    assert json.loads(CliRunner().invoke(ticketcore, [*arguments, "--json"]).output)["organisation"] == "acme"
    listed = CliRunner().invoke(
        ticketcore, ["tickets", "--store", str(tmp_path / "desk.db"), "--organisation", "acme", "--json"]
    )
    assert [ticket["number"] for ticket in json.loads(listed.output)["tickets"]] == [1]
    store.close()


ids = st.sampled_from(["a", "b", "c"])


@given(st.sets(ids, max_size=3), st.none() | ids)
def test_a_rule_for_organisations_holds_for_whoever_belongs_to_one(asked, own):
    config = Configuration(
        queues=[Queue("support"), Queue("q")], rules=[RoutingRule("r", Condition(organisations=asked), "q")]
    )
    known = Contact("c", 1, "", (), own)
    routed = route(config, Routable(Inbound("chat", "shop", "kim"), AT, known))
    named = route(config, Routable(Inbound("chat", "shop", "kim", organisation=own), AT, Contact("c", 1, "", (), "x")))
    assert (routed.rule == "r") is (not asked or own in asked)
    if own is not None:
        assert named == routed


# The type by rule


TYPES = [TicketType("request"), TicketType("claim"), TicketType("outage", kind="tracker")]


def test_a_rule_gives_a_type_that_what_the_host_says_stands_above():
    rules = [RoutingRule("claims", Condition(keywords=["broken"]), type="claim")]
    one = desk(AgentProfile("ana"), types=TYPES, rules=rules)
    received = say(one, "It came broken")
    assert (received.ticket.type, received.decisions[1].type) == ("claim", "claim")
    assert opened(one, "It came broken", "lee", type="request").type == "request"
    assert opened(one, "Hello", "may").type == "request"
    check_laws(one)


@pytest.mark.parametrize(
    ("type", "reason"), [("clam", "did you mean 'claim'"), ("outage", "is not for customers: 'outage'")]
)
def test_a_type_that_a_rule_cannot_give_is_refused_by_name(type, reason):
    with pytest.raises(InvalidInput, match=rf"Configuration\.rules\[0\]\.type: .*{reason}"):
        Configuration(types=TYPES, rules=[RoutingRule("r", Condition(), type=type)])


def test_both_stand_in_a_file_and_a_fault_has_its_line():
    text = """[desk]
tenant = "acme"
[types.request]
[types.claim]
[[rules]]
name = "claims"
when = { organisations = ["acme"] }
then.type = "clam"
"""
    with pytest.raises(InvalidInput, match=r"line 8: rules\[0\]\.then\.type: .*did you mean 'claim'"):
        read_desk(text)
    (rule,) = read_desk(text.replace("clam", "claim")).configuration.rules
    assert (rule.when.organisations, rule.type) == (("acme",), "claim")
    assert everything(desk("ana"), Kind.ORGANISATION) == []
