# The commands of this project; `make` lists them. Everything runs in .venv, which is made and kept up to date as needed.

PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
TEMPLATES = $$(find templates -name '*.html' | sort)

# Names of an account and a site that do not exist: enough to load the settings, nothing to connect to.
MADE_UP := DJANGO_SECRET_KEY=only-to-load-the-settings-b7Qx2Vn9Lk4Tz8Rw1Yc6Hd3Mf5Pg0Js DJANGO_DEBUG=false \
	DJANGO_ALLOWED_HOSTS=book.example.com DATABASE_URL=sqlite://:memory: CACHE_URL=locmemcache:// \
	BOOKEO_BASE_URL=https://api.bookeo.com/v2 BOOKEO_SECRET_KEY=made-up BOOKEO_API_KEY=made-up
PRODUCTION := $(MADE_UP) DEMO=false SITE_HTTPS=true

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset setup test check lint format coverage-of-the-api bench bench-sandbox race chaos fairness bulk-day audit lock clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

demo: ## Run the site on the sandbox, at http://127.0.0.1:8000 (HOST, PORT and SANDBOX_PORT change that)
	@$(PYTHON) deploy/demo.py

demo-reset: ## Throw the demo's data away
	@$(PYTHON) deploy/demo.py --reset

setup: ## Make .venv with everything that development needs
	@$(PYTHON) deploy/install.py requirements-dev.txt

test: setup ## Run all tests, or those in ARGS: make test ARGS="tests/bookeo -x"
	$(BIN)/python -m pytest --numprocesses 4 --dist worksteal $(ARGS)

check: lint test ## Everything that must pass before a commit

lint: setup ## Style, types, layers, templates, settings, migrations
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(MADE_UP) $(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djade --check --target-version 5.2 $(TEMPLATES)
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(MADE_UP) $(BIN)/python manage.py makemigrations --check --dry-run

format: setup ## Put code and templates into their standard form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(BIN)/djade --target-version 5.2 $(TEMPLATES)

coverage-of-the-api: setup ## Write docs/reference/api-coverage.md anew
	$(MADE_UP) $(BIN)/python -m tests.api_coverage

bench: setup ## How fast pages render
	$(MADE_UP) DEMO=true $(BIN)/python manage.py bench_pages

bench-sandbox: setup ## How fast the sandbox searches, and how much memory it takes
	$(BIN)/python -m bench.sandbox $(ARGS)

race: setup ## Sell the last seats of fifty times to many buyers at once, over HTTP
	$(BIN)/python -m bench.race $(ARGS)

chaos: setup ## A thousand customers book while everything goes wrong: ARGS="--seed 7 --checkouts 100" makes it another
	$(BIN)/python -m bench.chaos $(ARGS)

fairness: setup ## Many look around while some book, at two calls a second
	$(BIN)/python -m bench.fairness $(ARGS)

bulk-day: setup ## Call off a day of 200 bookings while calls fail and workers are killed (a quarter of an hour)
	$(BIN)/python -m bench.bulk_day $(ARGS)

audit: setup ## Look for known vulnerabilities in what we install (needs the network)
	$(BIN)/pip-audit --require-hashes --disable-pip --requirement requirements.txt
	$(BIN)/pip-audit --require-hashes --disable-pip --requirement requirements-dev.txt

# Two weeks let others find what is wrong with a release. Read the difference: the resolver may fall back silently.
LOCK = uv pip compile --quiet --universal --no-strip-extras --python-version 3.11.2 --generate-hashes --no-header \
	--exclude-newer "$$($(PYTHON) -c 'import datetime as d; print(d.date.today() - d.timedelta(14))')" pyproject.toml

lock: ## Choose versions anew and write both lock files (needs uv and the network)
	$(LOCK) --output-file requirements.txt
	$(LOCK) --group dev --constraint requirements.txt --output-file requirements-dev.txt

clean: ## Remove what can be made again: .venv, caches, collected files. Data in var/ stays
	rm -rf .venv staticfiles .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
