# The menu. `make demo` and `make test` set everything up by themselves.
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=
# The tests whose desk has a database.
POSTGRES := tests/storage tests/stories tests/crash tests/demo tests/rules/pipeline tests/rules/reports
DATA ?= ../shared/data

.PHONY: help setup demo init run check test test-postgres test-plain coverage lint bench chaos bench-retrieval eval-tools fuzz-files manifest schema prompts lock clean

help:            ## show this menu
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 18

setup: .venv/ready ## build the virtual environment from the locked requirements

.venv/ready: requirements.lock requirements-dev.lock pyproject.toml
	@$(PYTHON) -c "import sys; v = sys.version_info[:2]; sys.exit(v < (3, 11) and 'Deskhand needs Python 3.11 or newer, and $(PYTHON) is %d.%d: make PYTHON=python3.11 setup' % v or 0)"
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/run: requirements.lock pyproject.toml
	@$(PYTHON) -c "import sys; v = sys.version_info[:2]; sys.exit(v < (3, 11) and 'Deskhand needs Python 3.11 or newer, and $(PYTHON) is %d.%d: make PYTHON=python3.11 run' % v or 0)"
	test -e .venv/ready || $(PYTHON) -m venv .venv
	test -e .venv/ready || $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	test -e .venv/ready || $(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

demo: .venv/run  ## play a day at the desk on an emulated workspace (ARGS=--once to check and exit)
	$(BIN)/python -m demo $(ARGS)

init: .venv/run  ## set up a new desk: ask, check, write .env and desk.toml
	$(BIN)/deskhand init $(ARGS)

run: .venv/run   ## join the real workspace that .env names
	$(BIN)/deskhand run $(ARGS)

check: .venv/run ## say what is missing or wrong in .env, desk.toml and Slack
	$(BIN)/deskhand check $(ARGS)

test: export PYTHONDONTWRITEBYTECODE = # tests are compiled once, not at each run in each process
test: setup      ## the whole suite
	$(BIN)/pytest -n auto --dist load --maxschedchunk 4 $(ARGS)

test-postgres: export PYTHONDONTWRITEBYTECODE =
test-postgres: setup ## stories and storage on a PostgreSQL server of their own (from a wheel)
	$(BIN)/pytest -n auto --dist load --maxschedchunk 4 --database=postgresql $(POSTGRES) $(ARGS)

test-plain: export DESKHAND_PLAIN_TESTS = 1
test-plain: setup ## the whole suite without what makes it fast (ten minutes)
	$(BIN)/pytest -n auto $(ARGS)

coverage: setup  ## which lines and branches the whole suite runs (a quarter of an hour)
	$(BIN)/coverage run -m pytest -n auto --dist load --maxschedchunk 4 $(ARGS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --skip-covered

lint: setup      ## style, types and import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/contracts/test_names.py

bench: setup     ## measure latency, throughput, CPU and memory (a few minutes)
	$(BIN)/python -m benchmarks $(ARGS)

chaos: setup     ## everything fails at once, and a checker says what held (ARGS="--seconds 600")
	$(BIN)/python -m chaos $(ARGS)

fuzz-files: setup ## bend files by the thousand: readers may raise named reasons only (5 minutes)
	$(BIN)/python -m evals.fuzz_files $(ARGS)

eval-tools: setup ## ask the 120 requests over the shop with your key (costs money; skipped without)
	$(BIN)/python -m evals.order_requests $(ARGS)

bench-retrieval: setup ## measure how well and how fast articles are found (needs ../shared/data)
	$(BIN)/python -m evals.retrieval --data $(DATA) $(ARGS)

manifest: setup  ## write manifest.json from what the handlers declare
	$(BIN)/deskhand manifest > manifest.json

schema: setup    ## write desk.schema.json from what desk.toml may say
	$(BIN)/python -m bot.config.desk_schema > desk.schema.json

prompts: setup   ## note the version and text of each prompt that changed
	$(BIN)/python -m bot.llm.prompts

lock:            ## pin every dependency with its hashes again
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header -o requirements.lock pyproject.toml
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml

clean:           ## remove the virtual environment and caches
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage .demo
