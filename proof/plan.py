"""Which modules are changed, and which tests are asked.

The tests that concern a module come first; what they let pass meets the wider ones.
"""

from collections.abc import Mapping
from pathlib import Path

import attrs

ROOT = Path(__file__).parents[1]

Tests = tuple[str, ...]
"""What pytest is told to run, in this order."""

_DESK: Tests = (
    *("tests/test_commands.py", "tests/test_intake.py", "tests/test_timers.py", "tests/test_lifecycle.py"),
    *("tests/test_routing.py", "tests/test_assignment.py", "tests/test_pages.py", "tests/test_imports.py"),
    *("tests/test_laws.py", "tests/test_generated_docs.py", "tests/test_inputs.py", "tests/test_stores.py"),
)
"""What a desk in memory can show."""

_SAME: Tests = ("tests/test_sqlite_store.py::TestSqliteStore::test_the_same_as_in_memory",)


@attrs.frozen
class Target:
    """A module whose changes are tried, and the tests in the rounds in which they are asked."""

    module: str
    rounds: tuple[Tests, ...]

    @property
    def path(self) -> Path:
        """The file of the module."""
        path = ROOT.joinpath("src", "ticketcore", *self.module.split("."))
        return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _rule(module: str, *first: str) -> Target:
    concern = tuple(f"tests/test_{name}.py" for name in first)
    doctests = f"tests/test_docstrings.py::test_doctests[ticketcore.{module}]"
    return Target(module, (concern, (doctests,), _DESK))


def _store(module: str, *tests: str) -> Target:
    """The store in memory is what that in SQLite is compared with, so this comparison tells about both."""
    return Target(f"stores.{module}", (("tests/test_stores.py", *_SAME), tests))


_HOURS: Tests = ("tests/test_calendar.py", "tests/test_calendar_oracle.py::test_a_few_cases")

_TARGETS = (
    _rule("decide", "commands", "intake", "assignment", "organisations", "own_conversations"),
    _rule("decide.agents", "commands", "assignment"),
    _rule("decide.people", "capacity", "shifts"),
    Target("model.capacity", (("tests/test_capacity.py",),)),
    Target("model.absence", (("tests/test_absence.py",),)),
    Target("model.shifts", (("tests/test_shifts.py",),)),
    _rule("decide.tickets", "commands", "assignment", "intake", "workflow", "attributes", "reopening"),
    _rule("decide.escalating", "escalation", "affinity"),
    _rule("decide.placing", "offers", "assignment", "workflow"),
    _rule("decide.offers", "offers", "missed_offers"),
    _rule("offers", "offers", "missed_offers"),
    _rule("decide.moving", "commands", "workflow", "attributes", "merging", "assignment"),
    _rule("decide.slots", "commands", "assignment", "intake", "merging"),
    _rule("decide.merging", "merging", "splitting", "tie_laws"),
    _rule("decide.deleting", "deleting"),
    _rule("decide.splitting", "splitting", "own_conversations", "tie_laws"),
    _rule("decide.linking", "linking", "tie_laws"),
    _rule("ties", "merging", "splitting", "linking", "tie_laws"),
    _rule("decide.timing", "alarms"),
    _rule("decide.migrating", "migrations"),
    _rule("decide.asked", "access", "commands", "alarms", "linking", "attributes", "merging"),
    _rule("evolve", "evolve", "commands", "lifecycle", "intake", "organisations"),
    _rule("staffing", "evolve", "commands", "people", "capacity"),
    _rule("lifecycle", "lifecycle", "workflow", "linking", "workflow_laws"),
    Target(
        "model.workflow",
        (
            *(("tests/test_workflow.py",), ("tests/test_config_workflows.py",), ("tests/test_workflow_laws.py",)),
            ("tests/test_docstrings.py::test_doctests[ticketcore.model.workflow]", "tests/test_generated_docs.py"),
        ),
    ),
    Target("drawing", (("tests/test_workflow_drawing.py",),)),
    Target("config.workflows", (("tests/test_config_workflows.py", "tests/test_config.py"),)),
    Target("config.workflow_tables", (("tests/test_config_workflows.py", "tests/test_config.py"),)),
    _rule("assignment", "assignment"),
    _rule("segmentation", "intake"),
    _rule("matching.machines", "machines"),
    _rule("matching.naming", "matching", "tokens"),
    _rule("matching.counting", "limits"),
    _rule("conversing", "matching", "limits", "intake"),
    _rule("matching.tokens", "tokens", "matching"),
    _rule("matching.trust", "matching"),
    _rule("decide.held", "matching", "machines"),
    _rule("reopening", "reopening"),
    _rule("clocks", "reopening"),
    _rule("routing.ready", "routing", "organisations"),
    _rule("routing.walking", "routing", "organisations"),
    _rule("keywords.indexes", "keywords"),
    _rule("text", "keywords"),
    _rule("identity", "intake"),
    _rule("requirement", "assignment"),
    _rule("escalation", "escalation", "access", "affinity"),
    _rule("facts", "commands"),
    _rule("records", "intake", "memory_store"),
    _store("memory.store", "tests/test_memory_store.py"),
    _store("memory.agenda", "tests/test_memory_store.py"),
    _store("sqlite.writing", "tests/test_sqlite_store.py"),
    _store("sqlite.seen", "tests/test_sqlite_store.py"),
    Target("stores.sqlite.joined", (("tests/test_joined_store.py", "tests/test_within.py"),)),
    *(Target(f"calendar.{module}", (_HOURS,)) for module in ("explaining", "table", "wall")),
    *(
        Target(
            f"sla.{module}",
            (
                ("tests/test_sla.py",),
                ("tests/test_clocks.py",),
                ("tests/test_merging.py",),
                ("tests/test_splitting.py",),
            ),
        )
        for module in ("keeping", "signals", "explaining", "counting", "presets")
    ),
    Target("timekeeping", (("tests/test_sla.py",), ("tests/test_clocks.py",), ("tests/test_splitting.py",))),
    Target("turns.clocks", (("tests/test_clocks.py",), ("tests/test_splitting.py",), ("tests/test_clock_laws.py",))),
    Target("turns.rearming", (("tests/test_timers.py",),)),
    Target(
        "turns.surroundings", (("tests/test_own_conversations.py", "tests/test_intake.py", "tests/test_merging.py"),)
    ),
    Target("config.service", (("tests/test_config.py",),)),
    Target("shell", (("tests/test_hooks.py", "tests/test_within.py", "tests/test_inputs.py", "tests/test_intake.py"),)),
)

TARGETS: Mapping[str, Target] = {target.module: target for target in _TARGETS}
"""By the name of the module."""
