# Every command builds what it needs: `make run` in a fresh clone is enough.
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
FLASK := $(VENV)/bin/flask --app wsgi
SETUP := $(VENV)/.setup
DEV := $(VENV)/.dev

# Without a SECRET_KEY of its own a first look makes one under var/; production refuses to.
run demo: export CAMPAIGNS_ENV = development

.PHONY: help setup dev run demo serve worker test lint faults bench pictures screenshots clean

help: ## what can be done here
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(SETUP) ## the environment: virtualenv with the locked dependencies

$(SETUP): requirements.lock
	@scripts/system-packages pdf
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(VENV)/bin/python -c "from campaigns.fonts import make; make()"
	@touch $@

dev: $(DEV)

$(DEV): $(SETUP) requirements-dev.lock
	@$(VENV)/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

run: setup ## web and worker with demo data on http://127.0.0.1:8000
	@exec $(FLASK) up --port $(PORT)

demo: setup ## a whole campaign over real HTTP; papers and a table to check by hand
	@exec $(FLASK) demo

serve: setup ## the production server alone
	@$(FLASK) db upgrade
	@exec $(FLASK) serve --port $(PORT)

worker: setup ## one background worker
	@exec $(FLASK) worker

# Modules are compiled once, and not anew in each of the many processes that tests start.
test: dev ## the whole suite, on SQLite and PostgreSQL
	@exec env -u PYTHONDONTWRITEBYTECODE scripts/test $(ARGS)

faults: dev ## the long fault and soak runs, with seeds, one after the other
	@scripts/system-packages bench
	@exec env -u PYTHONDONTWRITEBYTECODE scripts/test -n 0 -m faults tests $(ARGS)

bench: dev ## how fast, as ratios of bare Flask on both databases; QUICK=1 for one short round
	@scripts/system-packages bench
	@PG_OPTIONS="-c fsync=on" exec scripts/postgresql $(VENV)/bin/python -m bench

pictures: dev ## the sample pictures of docs/documents.md
	@$(VENV)/bin/python scripts/pictures

screenshots: dev ## the pictures of main pages in docs/img
	@scripts/system-packages test
	@$(VENV)/bin/python scripts/screenshots

lint: dev ## ruff, mypy, template lint, the import test
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/djlint --quiet --lint campaigns/templates
	@$(VENV)/bin/python -m pytest -q tests/test_architecture.py

clean: ## remove the environment and everything under var/
	rm -rf $(VENV) var
