# Two commands do everything: `make run` and `make test`.  `make help` lists the others.
PYTHON ?= python3.11
VENV   ?= .venv
BIN    := $(VENV)/bin
DATA   ?= $(CURDIR)/demo

.DEFAULT_GOAL := help
.PHONY: help run demo test bench check format lock clean packages

help:   ## show the commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

run: demo   ## set up what is needed and play a case from deposit to certificate

demo: $(VENV)/.run   ## the same, when all is set up
	@MOUQATAA_DATA=$(DATA) $(BIN)/mouqataa demo
	@echo; echo "Here the command is $(BIN)/mouqataa; 'source $(BIN)/activate' lets you write mouqataa."

test: $(VENV)/.test packages   ## run every test, the fast ones first
	@MOUQATAA_TEST_DATA=$${MOUQATAA_TEST_DATA:-} $(BIN)/python -m pytest -n 2 -m 'not slow'
	@$(BIN)/python -m pytest -n 2 -m slow
	@sh tests/left_out.sh

bench: $(VENV)/.test   ## measure it against the naive way, decisions against feelin and zen-engine; the last line is JSON
	@$(BIN)/python -m bench

check: $(VENV)/.test   ## lint, formatting, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.test   ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(VENV)/.test   ## write the lock files anew
	$(BIN)/pip-compile -q --strip-extras --generate-hashes --no-emit-index-url --no-emit-find-links -o requirements/run.txt pyproject.toml
	$(BIN)/pip-compile -q --strip-extras --generate-hashes --no-emit-index-url --no-emit-find-links --allow-unsafe --extra dev -c requirements/run.txt -o requirements/test.txt pyproject.toml

clean:   ## remove what was built, and the demonstration's data
	rm -rf $(VENV) build dist demo .pytest_cache .mypy_cache .ruff_cache

packages:   # what pip cannot bring: Pango for PDF, poppler and PostgreSQL for the tests
	@sh tests/packages.sh

# A venv without ensurepip (Debian's python3 without python3-venv) is filled by the pip outside.
define venv
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) 2>/dev/null || $(PYTHON) -m venv --without-pip --clear $(VENV)
endef
PIP = $$(test -x $(BIN)/pip && echo $(BIN)/pip || echo "$(PYTHON) -m pip --python $(BIN)/python")

$(VENV)/.run: requirements/run.txt pyproject.toml
	$(venv)
	@echo "Installing what the demonstration needs (SQLite, no server)…"
	@$(PIP) install --quiet --require-hashes -r requirements/run.txt
	@$(PIP) install --quiet --no-deps -e .
	@sh tests/packages.sh run
	@touch $@

$(VENV)/.test: requirements/test.txt pyproject.toml
	$(venv)
	@echo "Installing what the tests need…"
	@$(PIP) install --quiet --require-hashes -r requirements/test.txt
	@$(PIP) install --quiet --no-deps -e .
	@touch $@
