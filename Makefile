# make setup | demo | test | soak | serve | bench | check: see README.md
.PHONY: setup setup-tests demo test soak mutants serve bench lighthouse check format lock
.DEFAULT_GOAL := setup

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement
SERVE ?= 1

setup: $(VENV)/runtime $(VENV)/compiled
setup-tests: $(VENV)/runtime $(VENV)/tests $(VENV)/compiled

$(VENV)/runtime: requirements.lock inspections/site/prerequisites.py
	@$(PYTHON) inspections/site/prerequisites.py
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	@$(PIP_INSTALL) requirements.lock
	@$(BIN)/python -m inspections.typesetting.fonts install
	@touch $@

# the innermost loops of the planner as machine code; without it the first plan takes half a minute for that
$(VENV)/compiled: $(wildcard planners/annealing/*.py) $(VENV)/runtime
	@$(BIN)/python -m planners compile
	@touch $@

$(VENV)/tests: requirements-dev.lock $(VENV)/runtime
	@$(PYTHON) inspections/site/prerequisites.py --tests
	@$(PIP_INSTALL) requirements-dev.lock
	@touch $@

# the main job on the sample county from nothing; SERVE=0 ends after printing what it made
demo: setup
	@$(BIN)/python -m inspections demo
	@test "$(SERVE)" = 0 || exec $(BIN)/python -m inspections serve --plain

test: setup-tests
	@$(BIN)/pytest --numprocesses 2 --dist loadgroup --no-loadscope-reorder

# the long sweeps (thousands of random cases, kills, worlds) of which `make test` runs a sample, and on PostgreSQL
# what `make test` runs on SQLite alone
# PARTS="tamperings kills" runs these campaigns alone and writes what they measured into docs/reliability.md
soak: setup-tests
	@if [ -n "$(PARTS)" ]; then $(BIN)/python -m tests.reliability $(PARTS) --out docs/reliability.md; \
	else $(BIN)/pytest --numprocesses 2 --dist loadgroup --no-loadscope-reorder -m soak; fi

# which small changes of FILE its TESTS do not notice (minutes to an hour); what stands and why: docs/mutants.md
mutants: setup-tests
	@$(BIN)/python -m tests.mutants $(FILE) $(TESTS)

# production: gunicorn over TLS and the worker
serve: setup
	@$(BIN)/python -m inspections init
	@exec $(BIN)/python -m inspections serve

bench: setup-tests
	@$(BIN)/python -m inspections sample-problem 2027年大冶市全域驻点 --out instance/daye.json
	@$(BIN)/python -m tests.bench.planner --problem instance/daye.json --out docs/benchmarks.md
	@$(BIN)/python -m tests.planning.bench --out docs/benchmarks-desk.md
	@$(BIN)/python -m tests.bench.answers --out docs/benchmarks-answers.md
	@$(BIN)/python -m tests.figures.bench --out docs/benchmarks-figures.md
	@$(BIN)/python -m tests.tablet.bench --out docs/benchmarks-tablet.md
	@$(BIN)/python -m tests.typesetting.bench --out docs/benchmarks-papers.md
	@$(BIN)/python -m tests.comparisons.bench --out docs/benchmarks-comparisons.md

# optional, needs node: what Lighthouse says of the tablet's page
lighthouse: setup-tests
	@$(BIN)/python -m tests.tablet.lighthouse

# under a minute: lint, format, types, import rules, the house
check: setup-tests
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo | tail -n 1
	@$(BIN)/pytest tests/house

format:
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# after a change of pyproject.toml; needs `uv` on the path
lock:
	uv pip compile --quiet --generate-hashes --no-annotate --no-header --python-version 3.11 pyproject.toml --output-file requirements.lock
	uv pip compile --quiet --generate-hashes --no-annotate --no-header --python-version 3.11 pyproject.toml --group dev --output-file requirements-dev.lock
