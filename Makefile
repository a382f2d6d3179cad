# Two commands: `make run` opens the portal, `make test` proves it. `make help` lists the rest.
SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
export PYTHON
python := .venv/bin/python
pip := $(python) -m pip --disable-pip-version-check --quiet
manage := $(python) manage.py
apps := izportal onestop projects zones
linted := $(apps) tests manage.py .ci/prepare

# A test run reads nothing from the caller's environment but what it is given here. Compiled modules are kept for the
# next process: tests are read anew by each otherwise.
clean_env := env --unset=PYTHONDONTWRITEBYTECODE --unset=DATABASE_URL --unset=PRODUCTION --unset=SECRET_KEY \
	--unset=SECRET_KEY_FALLBACKS --unset=DEBUG --unset=ALLOWED_HOSTS --unset=EMAIL_URL --unset=CACHE_URL \
	--unset=SAMPLE_PASSWORD --unset=SITE_URL --unset=CSRF_TRUSTED_ORIGINS --unset=PORT --unset=BEHIND_PROXY \
	--unset=PRIVATE_ROOT --unset=X_ACCEL_PREFIX --unset=CLAMD_ADDRESS --unset=LOG_LEVEL --unset=WORKERS \
	--unset=SIGN_UP --unset=STAFF_SECOND_FACTOR --unset=OIDC_PROVIDER_ID --unset=OIDC_SERVER_URL --unset=OIDC_ORIGINS \
	VAR_DIR="$$PWD/var/test"
pytest := $(clean_env) $(python) -m pytest -q
# On every core; each keeps to modules that lie together, and takes from another's heap when its own is done.
parallel := -n auto --dist worksteal
# Migrates, and leaves what `tests/migrated.py` keeps of it.
tables := tests/test_planting.py -k kept_tables

# Settings as a real server has them, for `check --deploy`; the addresses are never opened.
as_production = env PRODUCTION=true SECRET_KEY=$$($(python) -c 'import secrets; print(secrets.token_urlsafe(64))') \
	ALLOWED_HOSTS=portal.example SITE_URL=https://portal.example \
	DATABASE_URL=postgres://izportal:izportal@127.0.0.1/izportal EMAIL_URL=smtp+tls://portal:portal@mail.example:587

.PHONY: help run test phases check tables-sqlite tables-postgres suite-sqlite suite-postgres journeys prove bench cover \
	po lock clean

help: ## this list
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 18

run: .venv/run.stamp ## everything a first start needs, then the portal and its worker (PORT, DATABASE_URL, …)
	@.ci/system-packages run
	@exec .ci/start

test: .venv/test.stamp ## checks, the suite on SQLite and on PostgreSQL, the browser journeys
	@.ci/system-packages test
	@.ci/postgres $(MAKE) --no-print-directory phases

# The checks and the migrations of either database keep one core busy each: they run side by side.
phases:
	@.ci/phase 'checks' $(MAKE) --no-print-directory --jobs --output-sync check tables-sqlite tables-postgres
	@.ci/phase 'suite on SQLite' $(MAKE) --no-print-directory suite-sqlite
	@.ci/phase 'suite on PostgreSQL' $(MAKE) --no-print-directory suite-postgres
	@.ci/phase 'browser journeys' $(MAKE) --no-print-directory journeys

check: .venv/test.stamp ## lint, types, migrations, settings for production
	@$(python) -m ruff check --quiet --output-format concise $(linted)
	@$(python) -m ruff format --check --quiet $(linted)
	@$(python) -m djlint --lint --quiet templates
	@$(clean_env) $(python) -m mypy
	@$(clean_env) $(manage) makemigrations --check --dry-run
	@$(clean_env) $(as_production) $(manage) check --deploy --fail-level WARNING

tables-sqlite: .venv/test.stamp
	@$(pytest) --quiet $(tables)

tables-postgres: .venv/test.stamp
	@$(clean_env) .ci/postgres $(python) -m pytest -q --quiet $(tables)

suite-sqlite: .venv/test.stamp
	@$(pytest) $(parallel) --half

suite-postgres: .venv/test.stamp
	@$(clean_env) .ci/postgres $(python) -m pytest -q $(parallel) --half

journeys: .venv/test.stamp
	@CHROMIUM="$$(.ci/browser)" $(pytest) -m browser $(parallel) tests/journeys

prove: .venv/test.stamp ## proofs at size, on both databases; minutes long, not part of `make test`
	@.ci/system-packages test
	@$(pytest) -m prove
	@$(clean_env) .ci/postgres $(python) -m pytest -q -m prove

bench: .venv/test.stamp ## what pages, figures and sheets cost, on both databases (PLOTS=2000, CHANGES=20000)
	@.ci/system-packages test
	@$(pytest) -s tests/benchmarks/filing.py tests/benchmarks/land.py tests/benchmarks/match.py \
		tests/benchmarks/site_search.py
	@$(clean_env) .ci/postgres $(python) -m pytest -q -s tests/benchmarks/filing.py tests/benchmarks/desk.py \
		tests/benchmarks/land.py tests/benchmarks/match.py tests/benchmarks/figures.py tests/benchmarks/opendata.py \
		tests/benchmarks/lists.py tests/benchmarks/sheets.py tests/benchmarks/exports.py

cover: .venv/test.stamp ## what the suite reaches
	@$(pytest) -n auto --cov --cov-report=term-missing:skip-covered

po: .venv/run.stamp ## collect the strings for the English catalogue, compile both catalogues
	@.ci/system-packages po
	@$(manage) makemessages --locale en --extension html,txt,py,xml --no-location --no-obsolete --no-wrap --ignore '.venv/*' --ignore 'var/*'
	@$(manage) compilemessages --locale en --locale vi --ignore '.venv/*'

lock: ## both locks from pyproject.toml; `make lock UPGRADE=1` takes newer releases
	@scratch=$$(mktemp --directory); trap 'rm -rf "$$scratch"' EXIT; \
	$(PYTHON) -m venv "$$scratch/venv"; \
	"$$scratch/venv/bin/python" -m pip --quiet install uv; \
	compile() { "$$scratch/venv/bin/python" -m uv pip compile --quiet --universal --python-version 3.11 \
		--generate-hashes --no-header $(if $(UPGRADE),--upgrade) "$$@" pyproject.toml; }; \
	compile --output-file requirements.lock; \
	compile --group dev --constraint requirements.lock --output-file requirements-dev.lock

clean: ## what tools made; the data in var/ stays
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage
	find $(apps) tests -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/made.stamp:
	@.ci/system-packages venv
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed, found %d.%d; name another one: \
	PYTHON=python3.11 make run" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	@echo 'Making the virtual environment in .venv'
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/run.stamp: requirements.lock | .venv/made.stamp
	@echo 'Installing what the portal stands on (requirements.lock)'
	@$(pip) install --require-hashes --requirement requirements.lock
	@touch $@

.venv/test.stamp: requirements-dev.lock .venv/run.stamp
	@echo 'Installing what the tests need (requirements-dev.lock)'
	@$(pip) install --require-hashes --requirement requirements-dev.lock
	@touch $@
