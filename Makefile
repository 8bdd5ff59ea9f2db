# Two commands are enough: `make run` and `make test`. Each first makes .venv and installs all of it;
# a machine needs Python 3.11 (with venv), make and a shell, nothing else.

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
WORKERS ?= 2
DEMO ?= gk-demo
CODE = $(wildcard src tests bench)

.DEFAULT_GOAL := help
.PHONY: help run test test-full check format diagrams openapi audit bench clean

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

run: $(INSTALLED) ## load a real prefecture's year and serve it on 127.0.0.1:8000
	$(BIN)/gk demo --data-dir $(DEMO)
	$(BIN)/gk serve --data-dir $(DEMO)

test: check ## everything that must hold before a change goes in (under ten minutes)
	$(BIN)/coverage erase
	$(BIN)/pytest -n $(WORKERS) --dist worksteal --cov --cov-report=
	$(BIN)/coverage report --include='src/gk_workflow/core/*' --fail-under=100
	$(BIN)/coverage report --fail-under=95

test-full: check ## the long form: more and longer generated lives, 3,000 hostile API cases
	GK_TEST_PROFILE=full $(BIN)/pytest -n $(WORKERS) --dist worksteal

check: $(INSTALLED) ## format, lint, types, import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports --no-logo

format: $(INSTALLED) ## rewrite the code in the house form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

diagrams: $(INSTALLED) ## redraw diagrams/ from the code
	$(BIN)/gk diagrams

openapi: $(INSTALLED) ## rewrite docs/openapi.json from the code
	$(BIN)/gk export openapi --output docs/openapi.json

audit: $(INSTALLED) ## report known weaknesses of the dependencies (asks the network)
	$(BIN)/python .ci/audit

bench: $(INSTALLED) ## measure against the stock library, in ratios
	$(BIN)/python -m bench

clean: ## remove what the tools made; data directories stay
	rm -rf $(VENV) build dist htmlcov .coverage .coverage.* .hypothesis .import_linter_cache \
	    .mypy_cache .pytest_cache .ruff_cache

# Remade when a dependency changes. PYTHON=... chooses the interpreter.
$(INSTALLED): pyproject.toml constraints.txt
	@set -e; \
	for python in $(PYTHON) python3.11 python3 python; do \
	    if "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
	        2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$${found-}" ]; then \
	    echo 'No Python 3.11 or newer with the venv module was found.' >&2; \
	    echo 'Install it (Debian: apt install python3 python3-venv)' >&2; \
	    echo 'or name it: make PYTHON=/path/to/python3.11 ...' >&2; \
	    exit 1; \
	fi; \
	echo "Installing into $(VENV) with $$("$$found" --version)"; \
	"$$found" -m venv $(VENV); \
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'; \
	touch $@
