# make refresh [DATA=folder] [HOME_DIR=folder]   set up what is missing, then build and publish the warehouse
# make test                                     the same set-up, then the whole test suite
# make test-fast                                what needs no refresh, no published files and no browser
# make test-spark                               the models on a Spark cluster of this machine (Java 17; fifteen minutes)
# make lint                                     style, format, types and SQL: what a merge is held to
# make mutants [HOME_DIR=folder]                plants a kept list of faults; says which nothing stops
# make fuzz                                     alters files of every source in 1,600 ways and says what comes of each
# make audit                                    asks the database of advisories about every locked package
# make coverage                                 the whole suite, with the share of lines it runs
# make ask-engine                               fetch the engine of the report's page Ask (needs npm; 36 MB)
# make bundles                                  write static/vendor/d3-parts.min.js again (needs npm)
#
# Needs Python 3.11 to 3.13, make and a package index; everything else is put into .venv/.

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
# uv puts packages into place in seconds, pip in most of a minute. Where there is no uv for this machine, or it does not
# reach the index that pip is set to, pip does all of it.
PIP := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-deps
UV := $(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps
IMPORTED := great_expectations,reporting.build,reporting.workbook orchestration.definitions,dbt.cli.main,dbt.adapters.duckdb.impl
DATA ?= $(PREVENTION_DATA)
HOME_DIR ?= $(PREVENTION_HOME)

.DEFAULT_GOAL := help
.PHONY: help environment refresh test test-fast test-spark test-tools coverage mutants fuzz audit lint ask-engine bundles clean-environment

help:
	@sed -n 's/^# //p' Makefile

environment: $(STAMP)

# A warm run finds the stamp newer than what it was made from and does nothing.
$(STAMP): requirements.lock pyproject.toml
	@python=; for p in $(PYTHON) python3.13 python3.12 python3.11 python3; do \
	  if $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then python=$$p; break; fi; \
	done; \
	if [ -z "$$python" ]; then echo "No Python 3.11, 3.12 or 3.13 found. Install one, or name it: make PYTHON=/path/to/python" >&2; exit 2; fi; \
	echo "Setting up $(VENV) with $$($$python --version): up to a minute the first time"; \
	$$python -m venv $(VENV)
	@$(PIP) --require-hashes -r requirements-installer.lock 2>/dev/null || true
	@index=$$($(BIN)/python -m pip config list | sed -n "s/^[^=]*\.index.url='\(.*\)'$$/\1/p" | tail -1); \
	  if [ -n "$$index" ]; then export UV_DEFAULT_INDEX="$$index"; fi; \
	  $(UV) --require-hashes -r requirements.lock 2>/dev/null || $(PIP) --no-compile --require-hashes -r requirements.lock
	@$(UV) --no-build-isolation --editable . 2>/dev/null || $(PIP) --no-build-isolation --editable .
	@# What a refresh imports is a third of all there is: compiled by importing it, on two cores.
	@for part in $(IMPORTED); do PYTHONDONTWRITEBYTECODE= $(BIN)/python -c "import $$part" & done; wait
	@touch $(STAMP)

refresh: $(STAMP)
	@$(BIN)/prevention refresh $(if $(DATA),--data "$(DATA)") $(if $(HOME_DIR),--home "$(HOME_DIR)")

test: $(STAMP) test-tools
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not spark"

test-fast: $(STAMP)
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow and not real and not browser and not postgres" tests/unit tests/contract

test-spark: $(STAMP)
	@$(PIP) --require-hashes -r requirements-spark.lock
	$(BIN)/python -m pytest -m spark

coverage: $(STAMP) test-tools
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not spark" --cov --cov-report=term

mutants: $(STAMP)
	$(BIN)/python -m benchmarks.mutants $(if $(HOME_DIR),--home "$(HOME_DIR)")

fuzz: $(STAMP)
	$(BIN)/python -m benchmarks.fuzz --cases 1600

audit: $(STAMP)
	$(BIN)/python -m pip_audit -r requirements.lock --no-deps --disable-pip --require-hashes --vulnerability-service osv

# Tests marked browser and postgres need programs that are no Python packages. Where Debian's packages can be
# installed without asking anybody they are; elsewhere those tests skip and say so. An S3-compatible server is a
# Python package, and a large one: it is left to the first test run, so that no refresh waits for it. With it comes
# the writer of old Excel files that the fuzzer uses.
test-tools: $(STAMP)
	@$(BIN)/python -c "import moto.server, xlwt" 2>/dev/null || \
	  $(PIP) --require-hashes -r requirements-test-tools.lock || echo "No S3-compatible server here: the tests that need it will skip"
	@missing=; \
	command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || missing="$$missing chromium"; \
	ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || command -v postgres >/dev/null 2>&1 || missing="$$missing postgresql"; \
	if [ -n "$$missing" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	  echo "Installing for the tests:$$missing"; \
	  { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $$missing; } \
	    >/dev/null 2>&1 || echo "Could not install$$missing: the tests that need them will skip"; \
	elif [ -n "$$missing" ]; then echo "Not on this machine:$$missing. The tests that need them will skip"; fi

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	cd dbt_project && ../$(BIN)/sqlfluff lint --disable-progress-bar models tests

clean-environment:
	rm -rf $(VENV)

# Pinned by version in reporting/bundles/package.json and by checksum here. Neither is part of a set-up or a test.
ASK_SHA256 := 00d45e5e074b7f7e17e45daabacb0fb67248eac8bd638a72cd1b42dad23788e4
ENGINE := reporting/ask_engine
DUCKDB_WASM := reporting/bundles/node_modules/@duckdb/duckdb-wasm/dist

reporting/bundles/node_modules: reporting/bundles/package.json
	@cd reporting/bundles && npm install --no-audit --no-fund --no-package-lock --ignore-scripts --loglevel=error
	@touch $@

bundles: reporting/bundles/node_modules
	@cd reporting/bundles && npm run --silent build

ask-engine: reporting/bundles/node_modules
	@echo "$(ASK_SHA256)  $(DUCKDB_WASM)/duckdb-eh.wasm" | sha256sum --check --quiet
	@mkdir -p $(ENGINE)
	@cp $(DUCKDB_WASM)/duckdb-eh.wasm $(DUCKDB_WASM)/duckdb-browser-eh.worker.js reporting/bundles/duckdb-wasm.LICENSE $(ENGINE)/
	@mv $(ENGINE)/duckdb-wasm.LICENSE $(ENGINE)/LICENSE
	@cd reporting/bundles && npm run --silent engine
	@echo "The page Ask will have its engine from the next refresh on"
