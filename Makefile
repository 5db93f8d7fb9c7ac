# Two commands matter: `make run` sets up and starts the daemon, `make test` sets up and runs the whole suite.
# They need Debian's python3 (3.11 or later, with its venv module), git and make; everything else goes into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run demo pictures wheel docs test test-postgresql soak bench bench-quick lint types contracts check constraints clean

run: $(READY)
	@exec $(BIN)/treaty-monitor run

demo: $(READY)
	@exec $(BIN)/treaty-monitor demo

# The README's pictures, taken of the demo's own treaties with Chromium (apt-get install chromium).
pictures: $(READY)
	@$(BIN)/python tools/picture.py

test: $(READY)
	@$(BIN)/python -m pytest -n 2

# What touches the record, over PostgreSQL (Debian's own, started in a temporary folder). `make test` runs the tests of
# storage and pipeline over both databases; the faces and whole installations, slower, run over SQLite there.
test-postgresql: $(READY)
	@TREATY_TEST_DATABASE=postgresql $(BIN)/python -m pytest -n 2 tests/acceptance tests/faces tests/reliability

soak: $(READY)
	@$(BIN)/python -m pytest -n 2 -m soak

# The peers are installed once, each with an environment of its own, under ~/.cache/treaty-monitor-bench or $BENCH_DIR.
bench: $(READY)
	@$(BIN)/python benchmarks/suite.py --write benchmarks/results --others

bench-quick: $(READY)
	@$(BIN)/python benchmarks/suite.py --pages 60 --repeat 1 --peers urlwatch webchanges

wheel: $(READY)
	@$(PIP) wheel --no-deps --no-build-isolation --wheel-dir dist .

# The site, into dist/docs. Its tools are an extra that only this needs.
docs: $(READY)
	@$(PIP) install --constraint constraints.txt "mkdocs-material"
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(READY)
	@$(BIN)/mypy

contracts: $(READY)
	@$(BIN)/lint-imports

check: test lint types contracts

# The pinned versions of everything installed, without this project itself. To renew them: install what is wanted into
# .venv (`.venv/bin/pip install --upgrade …`), run `make constraints`, then `make check`. Do it with the oldest Python that
# is supported, Debian 12's 3.11.2: soupsieve 3 and 4, for one, need 3.11.5.
constraints:
	@$(BIN)/python -m pip freeze --exclude-editable | LC_ALL=C sort --ignore-case > constraints.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist

# Compiled here as pip compiles what it installs: where Python may not write beside its sources, every start would.
# Done once, and again when the pins or the project's own metadata change. The build backend is pinned like the rest.
$(READY): constraints.txt pyproject.toml
	@$(PYTHON) -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "treaty-monitor needs Python 3.11 or later with its venv module; on Debian: apt-get install python3-venv" >&2; \
	  exit 1; }
	@echo "Setting up $(VENV) with the versions of constraints.txt (once)…" >&2
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --constraint constraints.txt hatchling editables
	@$(PIP) install --constraint constraints.txt --no-build-isolation --editable ".[dev]"
	@$(BIN)/python -m compileall -q monitor
	@touch $@
