"""The closing line: what a run of the suite did not test."""

import pytest

_NAME = "ticketcore-not-tested"


def not_tested(request: pytest.FixtureRequest, gap: str) -> None:
    """Have the run end with a line that names ``gap`` for the class of this test.

    In a run spread over processes (pytest-xdist) the workers have no terminal: there only the reasons of skipped
    tests say it.
    """
    plugins = request.config.pluginmanager
    line = plugins.get_plugin(_NAME)
    if line is None:
        line = _ClosingLine()
        plugins.register(line, _NAME)
    assert isinstance(line, _ClosingLine)
    line.add(request.cls.__name__, gap)


class _ClosingLine:
    """A pytest plugin, registered by the first test that has something to say."""

    def __init__(self) -> None:
        self._gaps: dict[str, dict[str, None]] = {}

    def add(self, suite: str, gap: str) -> None:
        self._gaps.setdefault(suite, {})[gap] = None

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Called by pytest when all tests are done."""
        for suite, gaps in self._gaps.items():
            terminalreporter.write_line(f"{suite}: not tested: {'; '.join(gaps)}.")
