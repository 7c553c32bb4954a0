# Nghe Dân. A bare clone needs only Python 3.11 or newer, make and git.
#
#   make demo       a sample commune: web chat, officers' page, first report
#   make test       every test
#   make setup      only builds .venv
#   make check      style, types, imports, documents
#   make bench      measures itself against its yardsticks
#   make test-long  the long forms of the slow suites
#   make lock       remakes the two lock files
#   make clean      removes what was built

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup dev demo test test-long check bench lock clean
.SUFFIXES:

# The first interpreter that is new enough; `make PYTHON=/path/to/python3.12 setup` takes another.
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)

UV_VERSION := 0.13.8
ROOMS := bot surveys feedback vietnam storage reports web app
BIN := .venv/bin
UV = $$(command -v uv || echo .tools/bin/uv)
UV_PIP = $(UV) pip install --quiet --python $(BIN)/python
PO := $(wildcard */locale/*/LC_MESSAGES/*.po)
WORKERS ?= 2

help:
	@sed -n '/^#  /s/^#  //p' Makefile

setup: .venv/.ready
dev: .venv/.ready-dev .venv/.ready

.tools/.uv:
	@if test -z "$(PYTHON)" || ! $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
		echo "Nghe Dân needs Python 3.11 or newer; found: $$($(or $(PYTHON),python3) --version 2>&1 || echo none)."; \
		echo "Install one (Debian, Ubuntu: apt install python3.11), or say which: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; \
		exit 1; fi
	@mkdir -p .tools
	@if command -v uv >/dev/null; then :; \
	elif test -x .tools/bin/uv; then :; \
	elif $(PYTHON) -m pip --version >/dev/null 2>&1; then \
		echo "uv is not here: getting it into .tools with pip"; \
		$(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target .tools uv==$(UV_VERSION); \
	elif rm -rf .tools/venv && $(PYTHON) -m venv .tools/venv >/dev/null 2>&1; then \
		echo "uv is not here: getting it into .tools with pip"; \
		.tools/venv/bin/python -m pip install --quiet --disable-pip-version-check --root-user-action=ignore uv==$(UV_VERSION) && \
		mkdir -p .tools/bin && ln -sf ../venv/bin/uv .tools/bin/uv; \
	else \
		echo "This Python has neither pip nor venv. Debian, Ubuntu: apt install python3-pip (or python3-venv), then again."; \
		exit 1; fi
	@touch $@

.venv/.python: .tools/.uv
	@test -x $(BIN)/python || { echo "Building .venv"; $(UV) venv --quiet --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv; }
	@touch $@

# The product's own libraries: all that `make demo` needs.
.venv/.locked: requirements.lock | .venv/.python
	@echo "Installing the product's libraries (every one by its hash)"
	@$(UV_PIP) --compile-bytecode --require-hashes -r requirements.lock
	@touch $@

.venv/.installed: pyproject.toml hatch_build.py | .venv/.locked
	@$(UV_PIP) --no-deps --editable .
	@touch $@

.venv/.catalogues: $(PO) app/catalogues.py | .venv/.installed
	@$(BIN)/python -m app.catalogues >/dev/null
	@touch $@

# Python compiles again what is newer than its bytecode, so this only saves the first start.
.venv/.ready: .venv/.locked .venv/.installed .venv/.catalogues
	@$(BIN)/python -m compileall -q $(ROOMS)
	@touch $@

.venv/.ready-dev: requirements-dev.lock | .venv/.ready
	@echo "Installing what tests and checks need (every one by its hash)"
	@$(UV_PIP) --require-hashes -r requirements-dev.lock
	@touch $@

demo: setup
	@exec $(BIN)/nghedan demo

test: dev
	$(BIN)/pytest -n $(WORKERS) --dist loadfile -m "not long"

test-long: dev
	$(BIN)/pytest -n $(WORKERS) -m long --timeout 1800

check: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/unit/test_docs_and_settings.py

# `make bench ARGS="--short turn"` runs one of them in its short form.
bench: dev
	$(BIN)/python -m benchmarks $(ARGS)

# Versions stay where they are unless `make lock ARGS=--upgrade` asks for newer ones.
lock: .tools/.uv
	$(UV) pip compile --quiet --generate-hashes --no-annotate --no-header --python-version 3.11 $(ARGS) \
		pyproject.toml -o requirements.lock
	$(UV) pip compile --quiet --generate-hashes --no-annotate --no-header --python-version 3.11 $(ARGS) \
		pyproject.toml --group dev -o requirements-dev.lock

clean:
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist demo
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -f $(PO:.po=.mo)
