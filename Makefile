# Everything works on a fresh machine with Python 3.11+ and make: the environment is created in .venv when first needed.
PYTHON ?= python3
BIN := .venv/bin
DEMO := .venv/.demo
READY := .venv/.ready
BENCH := .venv/.bench

.PHONY: demo test lint types notebooks bench differential clean

demo: $(DEMO) ## a messy export becomes calls in a local Metrica
	@$(BIN)/callframe demo

test: $(READY) ## every test
	@$(BIN)/python -m pytest -q -n auto

lint: $(READY) ## style and import rules
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports

types: $(READY) ## mypy --strict on the source
	@$(BIN)/mypy

notebooks: $(READY) ## run the notebooks and keep their output in build/notebooks
	@$(BIN)/python -m pytest -q tests/test_notebooks.py

bench: $(BENCH) ## speed and memory against the goals, hundreds of killed uploads
	@$(BIN)/python benchmarks/phones.py --rows 200000
	@missed=0; for each in run large kills; do $(BIN)/python benchmarks/$$each.py || missed=1; done; exit $$missed

differential: $(READY) ## phones against phonenumbers and times against zoneinfo, over a million texts each: minutes
	@$(BIN)/python benchmarks/phones.py --differential 1000000
	@$(BIN)/python benchmarks/timestamps.py --differential 2

clean: ## remove the environment and everything made
	rm -rf .venv build dist callframe-demo .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(DEMO): pyproject.toml
	@echo "Setting up .venv, once …"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[sandbox]'
	@touch $@

$(READY): $(DEMO)
	@echo "Adding what the tests need, once …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

$(BENCH): $(READY)
	@echo "Adding what the benchmarks compare with, once …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@touch $@
