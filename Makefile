# make run    serves the site on http://HOST:PORT/
# make dev    the same with debug on, reloading when a file changes
# make test   lint, types, migrations, tests; ARGS goes to pytest: make test ARGS="-k browser"
# make screenshots  puts a picture of every page into screenshots/, for somebody to look at
# make messages  looks for strings to translate, and compiles the catalogues of translations
# make references  draws anew what tests/test_references.py compares every kind's example with
# make bench  measures the site beside what people paste, in a few minutes
# make clean  removes what the others installed and cached, never the data
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
# The server listens on addresses, not on names.
override HOST := $(HOST:localhost=127.0.0.1)
export HOST PORT

BIN := .venv/bin
# An IPv6 address stands in brackets before a port.
ADDRESS = $(if $(findstring :,$(HOST)),[$(HOST)],$(HOST)):$(PORT)
PREPARE = @$(BIN)/python manage.py prepare --address http://$(ADDRESS)/
PIP = .venv/bin/python -m pip install --quiet --disable-pip-version-check

.PHONY: run dev test lint screenshots messages references bench clean

# `exec` leaves no shell between make and the server, so that signals reach it. A worker that is told
# to stop lets requests in flight finish, for which a render has 10 s; then it is killed. Threads
# mostly wait for a render process; there are more of them than places in its queue.
run: .venv/run.stamp
	$(PREPARE)
	@echo "Serving on http://$(ADDRESS)/ (Ctrl-C ends it)"
	@exec $(BIN)/granian plotsite.wsgi:application --interface wsgi --no-ws \
		--host $(HOST) --port $(PORT) --workers 1 --blocking-threads 64 \
		--respawn-failed-workers --workers-kill-timeout 12 --log-level error

dev: export DEBUG = 1
dev: .venv/run.stamp
	$(PREPARE)
	@exec $(BIN)/python manage.py runserver $(ADDRESS)

# These settings have a data folder of their own.
test lint screenshots messages references: export DJANGO_SETTINGS_MODULE = tests.settings
test: lint
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m pytest -n auto --dist loadgroup $(ARGS)

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

# pip is the last file that venv writes: where it is missing, the environment is not whole.
.venv/bin/pip:
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(None if v >= (3, 11) else \
		"plotsite needs Python 3.11 or newer, this is %d.%d: make PYTHON=python3.12" % v[:2])'
	$(PYTHON) -m venv --clear .venv

# A stamp is as new as its last installation.
.venv/run.stamp: requirements.txt | .venv/bin/pip
	@echo "Installing into .venv (once, takes a minute)"
	@$(PIP) -r $<
	@touch $@

.venv/dev.stamp: requirements-dev.txt .venv/run.stamp
	@$(PIP) -r $<
	@touch $@

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
