# Needs Python 3.11 or later with pip, and make. Every target sets up .venv by itself.
PYTHON ?= python3
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif
READY := .venv/ready

.PHONY: demo test conformance check bench catalogue docs format clean

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c "import sys; sys.exit('campaign-mcp needs Python 3.11 or later') if sys.version_info < (3, 11) else None"
	@if command -v uv >/dev/null 2>&1; then \
	  (test -d .venv || uv venv --quiet --python $(PYTHON) .venv) && \
	  uv pip install --quiet --python $(BIN)/python --constraint constraints.txt --group dev --editable ".[postgres]"; \
	else \
	  (test -d .venv || $(PYTHON) -m venv .venv) && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1" && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group dev --editable ".[postgres]"; \
	fi
	@$(PYTHON) -c "import pathlib; pathlib.Path('$(READY)').touch()"

demo: $(READY)
	$(BIN)/campaign-mcp demo $(DEMO)

test: check
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder --cov --cov-report=term:skip-covered --cov-fail-under=90 $(TESTS)

# The official suite of the protocol against our server. Needs npm; without it this says so and counts as skipped.
conformance: $(READY)
	$(BIN)/python -m tests.conformance.run

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m mcp_server.generated --check

catalogue docs: $(READY)
	$(BIN)/python -m mcp_server.generated --write

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY)
	$(BIN)/python -m bench

clean:
	$(PYTHON) -c "import shutil; shutil.rmtree('.venv', ignore_errors=True)"
