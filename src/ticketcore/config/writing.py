"""Writing a desk.toml."""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from ticketcore.config.keys import source_table
from ticketcore.config.notation import Plain, inline, key
from ticketcore.config.plain import brief_rule, brief_thing, desk_table, feed_tables, thing_tables, unusual
from ticketcore.config.reopening import brief_reopening
from ticketcore.config.service import brief_policy, policy_table
from ticketcore.config.values import DeskFile
from ticketcore.config.workflow_tables import Table, brief_workflow
from ticketcore.feeds import FeedSettings
from ticketcore.model import REQUEST, Configuration, SlaPolicy, Workflow


def write_desk(file: DeskFile) -> str:
    """The text of a desk.toml that says the same: ``read_desk`` gives the value again.  Equal values, equal texts.

    What has its default is left out.  So is the version of the configuration, which belongs to a store.
    ``InvalidInput`` for what a file cannot say: a time zone that has no name, and a rule that asks for two values of
    one attribute.

    >>> from ticketcore.model import AgentProfile
    >>> print(write_desk(DeskFile("acme", Configuration(agents=[AgentProfile("ana", capacity=3)]))), end="")
    [desk]
    tenant = "acme"
    <BLANKLINE>
    [agents.ana]
    capacity = 3
    """
    configuration = file.configuration
    usual = Configuration()
    desk: Table = {"tenant": file.tenant}
    if file.feeds.account != FeedSettings().account:
        desk["account"] = file.feeds.account
    blocks = [_block("[desk]", {**desk, **unusual(desk_table(configuration), desk_table(usual))})]
    known = thing_tables(usual)
    for kind, things in thing_tables(configuration).items():
        if kind not in ("workflows", "sla") and things != known[kind]:
            for name, table in things.items():
                blocks += _thing(f"{kind}.{key(name)}", brief_thing(kind, name, table))
            blocks += [] if things else [_block(f"[{kind}]", {})]
    if configuration.workflows != usual.workflows:
        blocks += _workflows(configuration.workflows)
    for policy in configuration.policies:
        blocks += _policy(policy)
    blocks += [_block("[[rules]]", brief_rule(rule)) for rule in configuration.rules]
    blocks += [_block("[[reopening]]", brief_reopening(rule)) for rule in configuration.reopening]
    blocks += [_block(f"[{name}]", table) for name, table in feed_tables(file.feeds).items() if table]
    blocks += [_block("[keys]", source_table(file.keys))] if file.keys else []
    return "\n".join(blocks)


def _workflows(workflows: Sequence[Workflow]) -> Iterator[str]:
    """The blocks of each; what is based on the usual one is based on the last of its name."""
    base = REQUEST
    for workflow in workflows:
        table = brief_workflow(workflow, base)
        head = f"workflows.{key(workflow.id)}"
        parts = {name: table.pop(name, {}) for name in ("states", "moves")}
        yield _block(f"[{head}]", table)
        for name, part in parts.items():
            if isinstance(part, Mapping) and part:
                yield _block(f"[{head}.{name}]", part)
        if workflow.id == base.id:
            base = workflow


def _thing(head: str, table: Table) -> Iterator[str]:
    """The block of a thing; attributes have one of their own, in which each is a line."""
    attributes = table.pop("attributes", {})
    yield _block(f"[{head}]", table)
    if isinstance(attributes, Mapping) and attributes:
        yield _block(f"[{head}.attributes]", attributes)


def _policy(policy: SlaPolicy) -> Iterator[str]:
    """The blocks of a policy and of each of its goals."""
    table = brief_policy(policy_table(policy))
    goals = cast("dict[str, Table]", table.pop("goals", {}))
    head = f"sla.{key(policy.id)}"
    yield _block(f"[{head}]", table)
    for metric, goal in goals.items():
        yield _block(f"[{head}.goals.{key(metric)}]", goal)


def _block(head: str, table: Mapping[str, Plain]) -> str:
    return "".join([f"{head}\n", *(f"{key(name)} = {inline(value)}\n" for name, value in table.items())])
