# `make run` and `make test` are all that is needed; both install what they need.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
# Each process of the site, and there are many in tests, would compile all of it anew.
export PYTHONDONTWRITEBYTECODE :=
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# Values under which the code is checked as it is deployed; they open nothing.
DEPLOYED := HOLDFAST_MODE= DEBUG=0 SECRET_KEY=$$(head -c 48 /dev/urandom | base64 -w0) ALLOWED_HOSTS=shop.example

.PHONY: help run test check bench contract install install-dev browser lock format

help: ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

run: install ## install, start everything, serve with demo data (PORT, STATE_DIR)
	@STARTED_BY=$$PPID exec $(BIN)/python -m inventory_site.supervisor

test: ## every test, on real PostgreSQL and Valkey, pages in Chromium
	@$(MAKE) --no-print-directory -j 2 install-dev browser
	@$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

check: install-dev ## style, types, layers, migrations, deployment, templates
	$(BIN)/ruff check --output-format concise .
	$(BIN)/ruff format --check -q .
	$(DEPLOYED) $(BIN)/python -m inventory_site.with_servers $(BIN)/mypy inventory_site warehouse orders notifications benchmarks
	$(BIN)/lint-imports
	$(DEPLOYED) $(BIN)/python manage.py makemigrations --check --dry-run
	$(DEPLOYED) $(BIN)/python manage.py check --deploy --fail-level WARNING
	find templates -name '*.html' -print0 | xargs -0 $(BIN)/djade --target-version 5.2 --check

bench: install-dev ## speed, as a ratio to PostgreSQL's own floor
	@$(BIN)/python -m benchmarks $(ARGS)

contract: install-dev ## write down what was added to the API, and record its examples anew
	@RECORD=1 $(BIN)/python -m pytest tests/site/test_examples.py tests/site/test_contract.py

install: .venv/.installed ## the virtual environment with what runs
install-dev: .venv/.installed-dev

# What was installed is written down last: an interrupted installation is done again, and so is one of another lock.
.venv/.installed: requirements.lock FORCE
	@cmp -s $< $@ || { $(venv) && $(call installed,$<) && cp $< $@; }

# The development's lock holds all of the other one.
.venv/.installed-dev: requirements-dev.lock FORCE
	@cmp -s $< $@ || { $(venv) && $(call installed,$<) && cp $< $@; }

# pip is what comes last into an environment: without one that runs, its making was interrupted.
venv = { $(BIN)/python -m pip --version >/dev/null 2>&1 || { $(able) && $(PYTHON) -m venv --clear .venv; }; }

able = { $(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null || \
    { echo "Holdfast needs Python 3.11; PYTHON=… says where it is ($(PYTHON) is not)." >&2; false; }; } && \
  { $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
    { echo "$(PYTHON) cannot make environments; install it: apt-get install python3-venv" >&2; false; }; }

# Half by half at once: pip has use for one processor alone. A lock is whole, so neither half looks for what the
# other one brings.
installed = awk '/^[^ \#]/ { n++ } { print > (".venv/half-" n % 2) }' $(1) && \
  { $(pip) -r .venv/half-0 & one=$$!; $(pip) -r .venv/half-1; other=$$?; wait $$one && test $$other = 0; }

pip = $(BIN)/python -m pip install -qq --no-deps --require-hashes

FORCE:

browser: ## the Chromium that pages are tested in, where it can be installed
	@$(PYTHON) tests/browser/chromium.py

lock: install-dev ## compile the lock files anew, with hashes and without addresses
	$(BIN)/pip-compile -q --generate-hashes --strip-extras --no-emit-index-url \
	  --no-emit-find-links --no-emit-trusted-host --no-header -o requirements.lock pyproject.toml
	$(BIN)/pip-compile -q --generate-hashes --strip-extras --no-emit-index-url \
	  --no-emit-find-links --no-emit-trusted-host --no-header --extra dev -c requirements.lock \
	  -o requirements-dev.lock pyproject.toml

format: install-dev ## put the code into form
	$(BIN)/ruff check -q --fix . ; $(BIN)/ruff format -q .
	find templates -name '*.html' -print0 | xargs -0 $(BIN)/djade --target-version 5.2
