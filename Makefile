# make app   sets everything up and serves the atlas at http://localhost:8501
# make test  sets up what the tests need and runs them all
#
# Everything goes into .venv in this folder; a stamp file remembers what is installed,
# so that a second call starts at once.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PORT   ?= 8501
# Files side by side, in their order: the browser tests stay last (tests/conftest.py).
SIDE_BY_SIDE := -n logical --maxprocesses 4 --no-loadscope-reorder
PIP    := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: app test lint format bench bench-build data lock help

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/'

app: $(VENV)/app.stamp ## set up and serve the atlas at http://localhost:8501
	@exec $(BIN)/atlas serve --port $(PORT)

test: $(VENV)/test.stamp ## set up and run all tests, the browser tests included
	@sh scripts/chromium.sh
	@sh scripts/postgis.sh
	@sh scripts/ogr2ogr.sh
	@$(BIN)/python -m pytest $(SIDE_BY_SIDE) --cov --cov-report=term $(ARGS)

lint: $(VENV)/test.stamp ## style, types, import contract
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/test.stamp ## rewrite the code in the house style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(VENV)/test.stamp ## measure and write docs/performance.md
	@sh scripts/chromium.sh
	@$(BIN)/python -m benchmarks

bench-build: $(VENV)/test.stamp ## measure building at a million rows and write docs/scale.md
	@$(BIN)/python -m benchmarks.build

data: $(VENV)/test.stamp ## check the registry; render datapackage.json and the generated docs
	@$(BIN)/atlas validate
	@$(BIN)/python scripts/render.py
	@$(BIN)/python scripts/measure_geocoding.py

lock: ## resolve the dependencies anew (needs uv)
	@sh scripts/lock.sh

$(VENV)/app.stamp: requirements-app.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing the atlas into $(VENV) (once; about a minute) ..."
	@$(PIP) install --quiet --require-hashes -r requirements-app.lock
	@$(PIP) install --quiet --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(VENV)/test.stamp: requirements-test.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing what the tests need into $(VENV) (once; about two minutes) ..."
	@$(PIP) install --quiet --require-hashes -r requirements-test.lock
	@$(PIP) install --quiet --no-deps --no-build-isolation --no-index -e .
	@touch $(VENV)/app.stamp $@

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] + ". Install it and call make PYTHON=python3.12 app") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "python3 cannot make a virtual environment. On Debian and Ubuntu: sudo apt install python3-venv"; exit 1; }
