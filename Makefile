# make run: serve the demonstration library, or what is there.  make test: all tests but the long ones.  Both make what they need first.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed
# one more than there are processors: tests wait for programs and pages
PARALLEL ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
PREFIX ?= /opt/madoguchi
WHEELHOUSE := dist/madoguchi-$(shell sed -n 's/^VERSION = "\(.*\)"/\1/p' config.py)
PYTEST := $(BIN)/python -m pytest
TESTS ?= tests

# what was compiled once is kept, whatever the machine says: the tests start a hundred processes
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help setup wheelhouse setup-server run test test-long test-postgres test-screens coverage check bench

help:
	@echo "make run        serve the demonstration library at http://127.0.0.1:8000/"
	@echo "make test       all tests but the long ones, in Chromium too"
	@echo "make test-long  the long ones: 500 kills (KILLS=100: a fifth of them), thousands of mails"
	@echo "make test-postgres  all tests but those of SQLite's files, on a PostgreSQL server of their own (Debian: postgresql)"
	@echo "make test-screens  every screen in every width, size and colours: half an hour, before a release (ONLY=words: those mended since)"
	@echo "make coverage   make test, and which lines no test ran"
	@echo "make check      style, types, templates, and what must not be in the tree"
	@echo "make wheelhouse  all that a server needs in one file, dist/madoguchi-X.Y.Z.tar"
	@echo "make setup-server  installs it, without a network, into PREFIX=/opt/madoguchi"
	@echo "make bench      what is promised about speed, measured"

setup: $(STAMP)

$(STAMP): requirements.txt requirements-dev.txt scripts/make-venv
	@PYTHON="$(PYTHON)" scripts/make-venv $(VENV)
	@touch $@

wheelhouse: $(STAMP)
	@scripts/make-wheelhouse dist

# the same words do the same on a server, in the unpacked wheelhouse
setup-server:
	@[ -d "$(WHEELHOUSE)" ] || { echo "madoguchi: $(WHEELHOUSE) is missing: make wheelhouse" >&2; exit 1; }
	@$(WHEELHOUSE)/deploy/setup-server $(PREFIX)

run: $(STAMP)
	@MADOGUCHI_DEVELOPMENT=1 exec $(BIN)/python app.py --demonstration

test: $(STAMP)
	@chrome=$$(scripts/chromium) && CHROME_PATH="$$chrome" $(PYTEST) -n $(PARALLEL) --dist worksteal -m "not long" $(TESTS)

test-long: $(STAMP)
	@chrome=$$(scripts/chromium) && CHROME_PATH="$$chrome" $(PYTEST) -n $(PARALLEL) --dist worksteal -m long $(TESTS)

test-postgres: $(STAMP)
	@chrome=$$(scripts/chromium) && CHROME_PATH="$$chrome" scripts/with-postgres $(PYTEST) -n $(PARALLEL) --dist worksteal -m "not long" $(TESTS)

test-screens: $(STAMP)
	@chrome=$$(scripts/chromium) && ALL_WAYS=$(if $(ONLY),again,1) CHROME_PATH="$$chrome" $(PYTEST) -n $(PARALLEL) --dist worksteal -m long \
		-k "by_day_by_night$(if $(ONLY), and ($(ONLY)))" tests/browser/test_screens.py

coverage: $(STAMP)
	@-chrome=$$(scripts/chromium) && CHROME_PATH="$$chrome" $(PYTEST) -n $(PARALLEL) --dist worksteal -m "not long" \
		--cov --cov-report=term:skip-covered $(TESTS)

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --lint --quiet templates
	PYRIGHT_PYTHON_IGNORE_WARNINGS=1 $(BIN)/pyright -p pyproject.toml
	$(BIN)/python scripts/check_tree.py

bench: $(STAMP)
	$(BIN)/python benchmarks/run_all.py
