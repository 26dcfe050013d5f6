# Everything a fresh machine needs: Python 3.11 or newer, and make.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
BENCH_READY := $(VENV)/.bench-ready
DEMO := build/demo
SAMPLE := examples/sample_desk
FEEDS := $(addprefix $(SAMPLE)/,roster.jsonl desk.jsonl mail.mbox whatsapp-lin.txt whatsapp-carmen.txt)

.PHONY: demo check test proof mutants bench docs clean

demo: $(READY)  ## five weeks of a made-up helpdesk: feeds in, tickets and a report out
	@mkdir -p $(DEMO) && rm -f $(DEMO)/desk.db* $(DEMO)/report.html
	$(BIN)/ticketcore run $(FEEDS) --desk $(SAMPLE)/desk.toml --store $(DEMO)/desk.db --report $(DEMO)/report.html \
	|| test $$? -eq 1 -a -s $(DEMO)/report.html  # 1: some lines are broken on purpose

check: $(READY)  ## lint, types and the fast tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -q -n auto --dist loadfile --no-loadscope-reorder -m "not slow"

test: $(READY)  ## lint, types and all tests: what CI runs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	HYPOTHESIS_PROFILE=repeatable $(BIN)/pytest -q -n auto --dist loadfile --no-loadscope-reorder

proof: $(READY)  ## the full counts of what the tests sample, and the proof that the tests can fail
	HYPOTHESIS_PROFILE=proof $(BIN)/pytest -q -n auto --dist loadfile --no-loadscope-reorder
	$(BIN)/python -m ticketcore.sim.truth
	$(BIN)/python -m proof

mutants: $(READY)  ## the proof that the tests can fail; MODULE=name for one module, such as lifecycle
	$(BIN)/python -m proof $(addprefix --module ,$(MODULE))

bench: $(BENCH_READY)  ## side by side with peers, in one run; AREA=name for one area
	$(BIN)/python -m bench $(AREA)

docs: $(READY)  ## the site in build/docs, after the pages that are drawn from the code
	$(BIN)/python -m docs.generate
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going --nitpicky docs build/docs

clean:
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(READY): pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,docs]'
	touch $@

$(BENCH_READY): pyproject.toml $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	touch $@
