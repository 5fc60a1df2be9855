# onehealthkg. On a fresh machine, `make demo` and `make test` need Python 3.10 or later, and make.
# Another Python than python3: `PYTHON=python3.12 make test`.

PYTHON ?= python3
BIN := .venv/bin
# The environment is made when pyproject.toml is newer than this file, or $(PYTHON) is another version.
READY := .venv/ready-$(shell $(PYTHON) -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null)

DOCS_READY := $(READY)-docs

.DEFAULT_GOAL := help
.PHONY: help demo test test-slow test-all cov judges lint docs picture build clean

# The tests start the program some hundred times: without bytecode each start would compile it again.
unexport PYTHONDONTWRITEBYTECODE

# The tests of a file go to one worker, which makes what they share once.
PYTEST := $(BIN)/python -m pytest -n auto --dist loadfile --durations=25

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

demo: $(READY) ## build and check the graph, show what of the release is modelled, and who signed what
	$(BIN)/onehealthkg build -o build
	$(BIN)/onehealthkg coverage 2020-02-05-anses-inserm
	$(BIN)/onehealthkg query signatures --organisation Inserm

test: lint ## run the linters, then the quick tests: a sample of examples and of mutants
	$(PYTEST) -m "not slow"

test-slow: judges $(DOCS_READY) ## run the slow tests: wheel, browser, reasoner, servers and other readers
	$(PYTEST) -m slow

test-all: lint judges $(DOCS_READY) ## run every test with all examples, before a release: an hour of CPU time
	ONEHEALTHKG_TESTS=all $(PYTEST)

cov: $(READY) ## run the quick tests, and print which lines of the package none of them runs
	$(PYTEST) -m "not slow" --cov=onehealthkg --cov-report=term-missing:skip-covered

docs: $(DOCS_READY) ## build the documentation as a site, build/docs/index.html
	$(BIN)/python docs/build.py build/docs

picture: $(READY) ## draw docs/agreement.png, the picture of a page in README, with Chromium
	$(BIN)/python docs/picture.py

judges: .venv-judges/ready ## install the other readers of our mappings, 400 MB, in an environment of their own

lint: $(READY) ## run ruff and mypy
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

build: $(READY) ## make the sdist, and from it the wheel, in dist/
	$(BIN)/python -m build --no-isolation

clean: ## remove everything that these commands made
	rm -rf .venv .venv-judges build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find src tests -type d -name __pycache__ -prune -exec rm -rf {} +

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || { \
	  echo "'$(PYTHON)' is not there or is older than Python 3.10. Install Python 3.10 or later," \
	    "or name one: PYTHON=python3.12 make" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "'$(PYTHON)' has no ensurepip, which a virtual environment needs." \
	    "On Debian and Ubuntu install the package" \
	    "$$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')" \
	    "(python3-venv for the system's own Python)." >&2; exit 1; }
	@echo "Making .venv with the project and its tools (about a minute)"
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --upgrade pip
	@$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

$(DOCS_READY): pyproject.toml | $(READY)
	@echo "Adding the tools that build the documentation"
	@$(BIN)/python -m pip install --quiet --editable '.[docs]'
	@touch $@

# In an environment of its own: sssom brings pytest and RDF plugins that would change our own tests.
.venv-judges/ready: pyproject.toml | $(READY)
	@echo "Making .venv-judges with other readers of our mappings (400 MB)"
	@$(PYTHON) -m venv --clear .venv-judges
	@.venv-judges/bin/python -m pip install --quiet --editable '.[judges]'
	@touch $@
