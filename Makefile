# make run    starts the app          make test   runs every test
# make dev    the same, reloading     make check  format, lint, types
# make bench  speed and memory        make shots  a screenshot of every page

SHELL := /bin/sh
PORT ?= 8501
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

# One thread per process: two made small products up to eight times slower.
export OPENBLAS_NUM_THREADS ?= 1

.PHONY: run dev test check bench shots clean

run: .venv/.run
	$(BIN)/streamlit run serve.py --server.port $(PORT)

dev: .venv/.run
	$(BIN)/streamlit run serve.py --server.port $(PORT) \
		--server.fileWatcherType auto --client.showErrorDetails full

test: .venv/.dev
	$(BIN)/python -m tools.chromium --install
	$(BIN)/python -m tools.caddy --install
ifdef ARGS
	$(BIN)/python -m pytest $(ARGS)
else
	sh tools/halves.sh $(BIN)/python
endif

check: .venv/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: .venv/.dev
	$(BIN)/python -m bench.engine
	$(BIN)/python -m bench.crossed
	$(BIN)/python -m bench.glmm
	$(BIN)/python -m bench.panel
	$(BIN)/python -m bench.replication
	$(BIN)/python -m bench.lme4
	$(BIN)/python -m tools.caddy --install
	$(BIN)/python -m bench.learners
	$(BIN)/python -m bench.pages
	$(BIN)/python -m bench.headlines

shots: .venv/.dev
	$(BIN)/python -m tools.chromium --install
	$(BIN)/python -m tools.shots

clean:
	rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .hypothesis

# The environment. Each stamp is as old as the requirements it was made from.
.venv/bin/python:
	sh tools/venv.sh

.venv/.run: requirements.txt .venv/bin/python
	$(PIP) -r requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.run
	$(PIP) -r requirements-dev.txt
	@touch $@
