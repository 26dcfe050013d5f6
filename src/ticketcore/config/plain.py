"""The parts of a desk as tables of TOML, with every key, also those that have their default."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta

from ticketcore.config.disciplines import discipline_said
from ticketcore.config.distributions import distribution_said
from ticketcore.config.durations import written_duration
from ticketcore.config.escalations import plan_table, queue_when_table
from ticketcore.config.notation import Plain
from ticketcore.config.offers import offering_table
from ticketcore.config.people import USUAL_SHIFT, agent_table, levels, profile_table, shift_table
from ticketcore.config.sections import NEVER, NO_TIME
from ticketcore.config.service import (
    USUAL_CALENDAR,
    USUAL_METRIC,
    brief_policy,
    calendar_table,
    metric_table,
    policy_table,
)
from ticketcore.config.ticket_types import brief_type, type_table
from ticketcore.config.workflow_tables import Table, alone, workflow_table
from ticketcore.errors import InvalidInput
from ticketcore.feeds import FeedSettings
from ticketcore.model import (
    MATCHERS,
    Affinity,
    AgentProfile,
    CapacityProfile,
    Channel,
    Condition,
    Configuration,
    Limit,
    Queue,
    RoutingRule,
    Skill,
    Team,
)

USUAL: Mapping[str, Callable[[str], Table]] = {
    "channels": lambda name: channel_table(Configuration().channel(name)),
    "skills": lambda name: _skill(Skill(name)),
    "teams": lambda name: _team(Team(name)),
    "queues": lambda name: _queue(Queue(name)),
    "capacity_profiles": lambda name: profile_table(CapacityProfile(name)),
    "shifts": lambda _: USUAL_SHIFT,
    "agents": lambda name: agent_table(AgentProfile(name)),
    "calendars": lambda _: USUAL_CALENDAR,
    "metrics": lambda _: USUAL_METRIC,
    "limits": lambda _: {},
    "escalations": lambda _: {},
    "affinities": lambda name: {**affinity_table(Affinity(name, "owner")), "to": ""},
}
"""What a thing is of which only the name was said, by the table that such things stand in."""


def brief_thing(kind: str, name: str, table: Table) -> Table:
    """A thing of those that ``thing_tables`` gives, without what is as usual."""
    if kind == "types":
        return brief_type(name, table)
    if kind == "sla":
        return brief_policy(table)
    return alone(table) if kind == "workflows" else unusual(table, USUAL[kind](name))


def desk_table(configuration: Configuration) -> Table:
    """What a configuration has to say under ``[desk]``."""
    said: Table = {
        "default_queue": configuration.default_queue,
        "zone": configuration.zone,
        "solve_after": NEVER if configuration.solve_after is None else written_duration(configuration.solve_after),
        "close_after": NEVER if configuration.close_after is None else written_duration(configuration.close_after),
        "segmenting": configuration.segmenting.value,
        "ask_below": configuration.ask_below,
    }
    if configuration.after_calendar is not None:
        said["after_calendar"] = configuration.after_calendar
    said["reassign_on"] = [str(when) for when in configuration.reassign_on]
    said["absence_grace"] = _length(configuration.absence_grace)
    said["presence_settles"] = _length(configuration.presence_settles)
    said["discipline"] = discipline_said(configuration.discipline)
    said["distribution"] = distribution_said(configuration.distribution)
    if configuration.agent_attributes:
        said["agent_attributes"] = list(configuration.agent_attributes)
    if configuration.matchers != MATCHERS:
        said["matchers"] = [matcher.value for matcher in configuration.matchers]
    return said


def thing_tables(configuration: Configuration) -> Mapping[str, Mapping[str, Table]]:
    """What a configuration declares, by kind and name."""
    return {
        "channels": {channel.name: channel_table(channel) for channel in configuration.channels},
        "skills": {skill.id: _skill(skill) for skill in configuration.skills},
        "teams": {team.id: _team(team) for team in configuration.teams},
        "queues": {queue.id: _queue(queue) for queue in configuration.queues},
        "capacity_profiles": {profile.id: profile_table(profile) for profile in configuration.capacity_profiles},
        "shifts": {shift.id: shift_table(shift) for shift in configuration.shifts},
        "agents": {agent.id: agent_table(agent) for agent in configuration.agents},
        "types": {type.id: type_table(type) for type in configuration.types},
        "workflows": {workflow.id: workflow_table(workflow) for workflow in configuration.workflows},
        "calendars": {calendar.id: calendar_table(calendar) for calendar in configuration.calendars},
        "metrics": {metric.id: metric_table(metric) for metric in configuration.metrics},
        "sla": {policy.id: policy_table(policy) for policy in configuration.policies},
        "limits": {limit.id: limit_table(limit) for limit in configuration.limits},
        "escalations": {plan.id: plan_table(plan) for plan in configuration.escalations},
        "affinities": {affinity.id: affinity_table(affinity) for affinity in configuration.affinities},
    }


def channel_table(channel: Channel) -> Table:
    """A channel, without its name."""
    return {
        "threading": channel.threading.value,
        "quiet_gap": written_duration(channel.quiet_gap),
        "shared_addresses": channel.shared_addresses,
        **_wrap_up(channel.wrap_up),
    }


def limit_table(limit: Limit) -> Table:
    """A limit, without what it limits."""
    return {"at_most": limit.at_most, "period": written_duration(limit.period)}


def affinity_table(affinity: Affinity) -> Table:
    """An affinity, without its id."""
    return {
        "to": affinity.to.value,
        **_given({"agent": affinity.agent}),
        "patience": written_duration(affinity.patience),
        "presences": [presence.value for presence in affinity.presences],
        "queues": list(affinity.queues),
        "tiers": list(affinity.tiers),
    }


def rule_table(rule: RoutingRule) -> Table:
    """A rule.  ``InvalidInput`` when its condition asks for two values of one attribute, which no table can hold."""
    attributes = dict(rule.when.attributes)
    if len(attributes) < len(rule.when.attributes):
        raise InvalidInput("Condition.attributes", f"the rule {rule.id!r} asks for two values of one")
    when: Table = {
        "keywords": list(rule.when.keywords),
        "channels": list(rule.when.channels),
        "accounts": list(rule.when.accounts),
        "organisations": list(rule.when.organisations),
        "tags": list(rule.when.tags),
        "attributes": attributes,
        "tiers": list(rule.when.tiers),
        "languages": list(rule.when.languages),
        **_given({"during": rule.when.during, "outside": rule.when.outside}),
        "queues": {condition.queue: queue_when_table(condition) for condition in rule.when.queues},
    }
    then: Table = {"queue": rule.queue, "tags": list(rule.tags), "skills": levels(rule.skills), "raised": rule.raised}
    if rule.type is not None:
        then["type"] = rule.type
    if rule.requirement is not None:
        then["requirement"] = json.loads(rule.requirement)
    if rule.priority is not None:
        then["priority"] = rule.priority.name.lower()
    return {"name": rule.id, **_given({"team": rule.team}), "when": when, "then": then}


def _given(table: Mapping[str, Plain | None]) -> Table:
    return {name: value for name, value in table.items() if value is not None}


def feed_tables(feeds: FeedSettings) -> Mapping[str, Table]:
    """What was said to the feeds, by table.  ``InvalidInput`` for a time zone that has no name."""
    mail: Table = {"addresses": list(feeds.addresses)} if feeds.addresses else {}
    if feeds.verifiers:
        mail["verifiers"] = list(feeds.verifiers)
    whatsapp: Table = {}
    if feeds.zone is not None:
        if not feeds.zone.key:
            raise InvalidInput("FeedSettings.zone", "has no name")
        whatsapp["zone"] = feeds.zone.key
    if feeds.own_name:
        whatsapp["own_name"] = feeds.own_name
    if feeds.dates is not None:
        whatsapp["dates"] = feeds.dates.value
    return {"mail": mail, "whatsapp": whatsapp}


def unusual(table: Mapping[str, Plain], usual: Mapping[str, Plain]) -> Table:
    """What of a table is not as usual, and of the tables in it; of those that are usual, nothing may be left."""
    found: Table = {}
    for name, value in table.items():
        other = usual.get(name)
        if isinstance(value, Mapping):
            rest = unusual(value, other if isinstance(other, Mapping) else {})
            if rest or other is None:
                found[name] = rest
        elif value != other:
            found[name] = value
    return found


def brief_rule(rule: RoutingRule) -> Table:
    """A rule without what every rule has.  ``InvalidInput`` as for ``rule_table``."""
    return unusual(rule_table(rule), _USUAL_RULE)


def _skill(skill: Skill) -> Table:
    return {"name": skill.name}


def _team(team: Team) -> Table:
    return {"name": team.name}


def _queue(queue: Queue) -> Table:
    said: Table = {"team": queue.team, "name": queue.name, **_given({"escalation": queue.escalation})}
    said |= _wrap_up(queue.wrap_up)
    if queue.access is not None:
        said["access"] = json.loads(queue.access)["must"]
    return said if queue.offering is None else {**said, "offering": offering_table(queue.offering)}


def _wrap_up(wrap_up: timedelta | None) -> Table:
    return {} if wrap_up is None else {"wrap_up": _length(wrap_up)}


def _length(span: timedelta) -> str:
    return written_duration(span) if span else NO_TIME


_USUAL_RULE = {**rule_table(RoutingRule("rule", Condition())), "name": ""}
