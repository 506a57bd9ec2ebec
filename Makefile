# `make` prints the targets.
PY := .venv/bin/python
STAMP := .venv/.stamp

.DEFAULT_GOAL := help
.PHONY: help setup format demo run test check sim e2e bench bench-setup lock

help: ## print this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: $(STAMP) ## make .venv with pinned dependencies

$(STAMP): pyproject.toml constraints.txt
	@if command -v uv >/dev/null 2>&1; then \
	  test -d .venv || uv venv -q .venv; \
	  uv pip install -q --python $(PY) -c constraints.txt -e '.[dev]'; \
	else \
	  test -x $(PY) || python3 -m venv .venv; \
	  $(PY) -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[dev]'; \
	fi
	@touch $@

demo: setup ## the whole job on 2,000 events, then stay up (DEMO_EXIT=1: stop at the end)
	@$(PY) examples/birthday/demo.py

run: setup ## API and engine with the bundled PostgreSQL
	.venv/bin/tearoff run

test: setup ## all tests but the long ones
	$(PY) -m pytest -n 2 --dist loadfile -m 'not sim and not e2e'

format: setup ## format the code
	.venv/bin/ruff check -q --fix . ; .venv/bin/ruff format -q .

check: setup ## style, types, imports
	.venv/bin/ruff format --check -q . && .venv/bin/ruff check -q .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-cache
	$(PY) -m pytest -q tests/test_tidy.py

sim: setup ## the long simulation
	$(PY) -m pytest -m sim

e2e: setup ## whole installations, as a new user
	$(PY) -m pytest -m e2e

bench: setup ## every benchmark at its real size; writes docs/operating/capacity.md
	.venv/bin/tearoff bench all --size real --into docs/operating/capacity.md

bench-setup: ## install the rivals that the benchmarks are measured against (Debian)
	DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y --no-install-recommends redis-server postfix

lock: setup ## write constraints.txt anew from .venv
	$(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip -q
	$(PY) -m pip freeze --exclude-editable | grep -v '@ ' > constraints.txt
