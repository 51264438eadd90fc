# make run          serve the site on http://HOST:PORT/
# make dev          the same with DEBUG on, reloading after changes
# make test         lint, types, migrations and tests; ARGS is passed to pytest: make test ARGS="-k browser"
# make test-all     make test with branch coverage of 95 %, many more examples of property tests and
#                   10,000 requests made from openapi.json
# make screenshots  take a screenshot of every page into screenshots/
# make messages     extract and compile the translation catalogs
# make references   render the reference images of tests/references/
# make bench        run the benchmarks, for a few minutes
# make clean        remove installed packages and caches, never the data
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
# The server needs an IP address.
override HOST := $(HOST:localhost=127.0.0.1)
export HOST PORT

BIN := .venv/bin
# IPv6 addresses are written in brackets.
ADDRESS = $(if $(findstring :,$(HOST)),[$(HOST)],$(HOST)):$(PORT)
PREPARE = @$(BIN)/python manage.py prepare --address http://$(ADDRESS)/
PIP = .venv/bin/python -m pip install --quiet --disable-pip-version-check

.PHONY: run dev test test-all lint screenshots messages references bench clean

# `exec` replaces the shell, so that signals reach the server. A stopping worker finishes its requests,
# for at most 12 s. Each of 2,048 connections needs a file descriptor. HTTP/1 only, because with both
# versions granian waits for the first bytes of a connection without a limit.
run: .venv/run.stamp
	$(PREPARE)
	@echo "Serving on http://$(ADDRESS)/ (Ctrl-C ends it)"
	@ulimit -S -n $$(ulimit -H -n) 2>/dev/null; exec $(BIN)/granian plotsite.asgi:application \
		--interface asginl --http 1 --no-ws --host $(HOST) --port $(PORT) --workers 1 --backlog 2048 \
		--respawn-failed-workers --workers-kill-timeout 12 --log-level error

dev: export DEBUG = 1
dev: .venv/run.stamp
	$(PREPARE)
	@exec $(BIN)/python manage.py runserver $(ADDRESS)

# These settings use a temporary data folder.
test test-all lint screenshots messages references: export DJANGO_SETTINGS_MODULE = tests.settings
test-all: export HYPOTHESIS_PROFILE = thorough
test-all: export API_REQUESTS = 10000
test-all: COVERAGE = --cov
test test-all: lint .venv-oldest/stamp
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m pytest -n auto --dist loadgroup $(COVERAGE) $(ARGS)

lint: .venv/dev.stamp
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

screenshots: .venv/dev.stamp
	$(BIN)/python -m pytest -q tests/screenshots.py

messages: .venv/dev.stamp
	@$(BIN)/python -m tests.messages

references: .venv/dev.stamp
	@$(BIN)/python -m tests.references

bench: .venv/run.stamp
	@$(BIN)/python -m benchmarks

# pip is the last file that venv writes. If it is missing, the environment is incomplete.
.venv/bin/pip:
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(None if v >= (3, 11) else \
		"plotsite needs Python 3.11 or newer, this is %d.%d: make PYTHON=python3.12" % v[:2])'
	$(PYTHON) -m venv --clear .venv

# A stamp has the time of the last installation.
.venv/run.stamp: requirements.txt | .venv/bin/pip
	@echo "Installing into .venv (once, takes a minute)"
	@$(PIP) -r $<
	@touch $@

.venv/dev.stamp: requirements-dev.txt .venv/run.stamp
	@$(PIP) -r $<
	@touch $@

# The oldest matplotlib that is supported, used in place of that of .venv by a test.
.venv-oldest/stamp: requirements-oldest.txt | .venv/bin/pip
	@rm -rf .venv-oldest
	@$(PIP) --no-deps --target .venv-oldest -r $<
	@touch $@

clean:
	rm -rf .venv .venv-oldest .mypy_cache .pytest_cache .ruff_cache .coverage*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
