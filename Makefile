# make run: serve the demonstration library, or what is there.  make test: the tests of rules, pages and commands.  Each installs what it needs
# first, into one folder: to serve takes requirements.txt alone.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SERVER := $(VENV)/requirements.txt
TOOLS := $(VENV)/requirements-dev.txt
# one more than there are processors: tests wait for programs and pages
PARALLEL ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
PREFIX ?= /opt/madoguchi
WHEELHOUSE := dist/madoguchi-$(shell sed -n 's/^VERSION = "\(.*\)"/\1/p' settings/config.py)
PYTEST := $(BIN)/python -m pytest
TESTS ?= tests

# what was compiled once is kept, whatever the machine says: the tests start a hundred processes
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help setup setup-dev wheelhouse setup-server run test test-screens test-faults test-long test-all-ways test-postgres coverage check bench

help:
	@echo "make run        serve the demonstration library at http://127.0.0.1:8000/"
	@echo "make test       the tests of rules, pages and commands"
	@echo "make test-screens  those in Chromium (tests/browser)"
	@echo "make test-faults  those that kill, fill or cut off real processes (tests/faults)"
	@echo "make test-long  the long form of all these: 500 kills (KILLS=100: a fifth of them), thousands of mails, every screen in nine ways"
	@echo "make test-all-ways  every screen in every width, size and colours: half an hour, before a release (ONLY=words: those mended since)"
	@echo "make test-postgres  all but the long ones and those of SQLite's files, on a PostgreSQL server of their own (Debian: postgresql)"
	@echo "make coverage   all but the long ones, and which lines none of them ran"
	@echo "make setup      what the server needs, into $(VENV); make setup-dev: what tests and checks need, too"
	@echo "make check      style, types, templates, and what must not be in the tree"
	@echo "make wheelhouse  all that a server needs in one file, dist/madoguchi-X.Y.Z.tar"
	@echo "make setup-server  installs it, without a network, into PREFIX=/opt/madoguchi"
	@echo "make bench      what is promised about speed, measured"

setup: $(SERVER)

setup-dev: $(TOOLS)

$(TOOLS): $(SERVER) requirements-postgres.txt

# what is installed lies in $(VENV) as the list by which it was
$(VENV)/%.txt: %.txt scripts/make-venv
	@PYTHON="$(PYTHON)" scripts/make-venv $(VENV) $<
	@cp $< $@

wheelhouse: $(TOOLS)
	@scripts/make-wheelhouse dist

# the same words do the same on a server, in the unpacked wheelhouse
setup-server:
	@[ -d "$(WHEELHOUSE)" ] || { echo "madoguchi: $(WHEELHOUSE) is missing: make wheelhouse" >&2; exit 1; }
	@$(WHEELHOUSE)/deploy/setup-server $(PREFIX)

run: $(SERVER)
	@MADOGUCHI_DEVELOPMENT=1 exec $(BIN)/python app.py --demonstration

# each test is run by one of the first four: its mark is that of its folder, and long is long wherever it stands (tests/house/test_commands.py)
RUN_TESTS = $(PYTEST) -n $(PARALLEL) --dist worksteal $(TESTS) -m
# what is not there is not read: ten seconds
test-screens test-all-ways: TESTS = tests/browser
test-faults: TESTS = tests/faults
IN_CHROMIUM = chrome=$$(scripts/chromium) && reader=$$(scripts/screen-reader) && CHROME_PATH="$$chrome" SCREEN_READER="$$reader"

test: $(TOOLS)
	@$(RUN_TESTS) "not browser and not faults and not long"

test-screens: $(TOOLS)
	@$(IN_CHROMIUM) $(RUN_TESTS) "browser and not long"

test-faults: $(TOOLS)
	@$(RUN_TESTS) "faults and not long"

test-long: $(TOOLS)
	@TEXTLINT=$$(scripts/textlint) && export TEXTLINT && $(IN_CHROMIUM) $(RUN_TESTS) "long"

test-all-ways: $(TOOLS)
	@$(IN_CHROMIUM) ALL_WAYS=$(if $(ONLY),again,1) $(RUN_TESTS) "long" -k "by_day_by_night$(if $(ONLY), and ($(ONLY)))"

test-postgres: $(TOOLS)
	@$(IN_CHROMIUM) scripts/with-postgres $(RUN_TESTS) "not long"

coverage: $(TOOLS)
	@-$(IN_CHROMIUM) $(RUN_TESTS) "not long" --cov --cov-report=term:skip-covered

check: $(TOOLS)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --lint --quiet templates
	PYRIGHT_PYTHON_IGNORE_WARNINGS=1 $(BIN)/pyright -p pyproject.toml
	$(BIN)/python scripts/check_tree.py

bench: $(TOOLS)
	$(BIN)/python benchmarks/promises.py
