# `make` prints the targets.
PY := .venv/bin/python
STAMP := .venv/.stamp

.DEFAULT_GOAL := help
CONSOLE := src/tearoff/console_dist/index.html
HAS_NODE := $(shell node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null && echo yes)

.PHONY: help setup format demo run test check console need-node console-check console-demo sim e2e browser fuzz bench bench-setup lock

help: ## print this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: $(STAMP) ## make .venv with pinned dependencies

$(STAMP): pyproject.toml constraints.txt
	@echo "Setting up .venv …"
	@if command -v uv >/dev/null 2>&1; then \
	  test -d .venv || uv venv -q .venv; \
	  uv pip install -q --python $(PY) -c constraints.txt -e '.[dev]'; \
	else \
	  test -x $(PY) || python3 -m venv .venv; \
	  $(PY) -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[dev]'; \
	fi
	@touch $@

demo: setup console-demo ## the whole job on 2,000 events, then stay up (DEMO_EXIT=1: stop at the end)
	@$(PY) examples/birthday/demo.py

console: need-node ## build the console (needs Node 20 or newer), so that `tearoff run` serves it
	@$(MAKE) -s $(CONSOLE)

need-node:
	@test -n "$(HAS_NODE)" || { echo "The console needs Node 20 or newer: https://nodejs.org"; exit 1; }

console-check: console/src/api/schema.d.ts ## style and types of the console
	cd console && npm run --silent check

console-demo:
ifdef HAS_NODE
	@$(MAKE) -s console
else
	@echo "The console is left out: install Node 20 or newer (https://nodejs.org) and run \`make console\`."
endif

$(CONSOLE): console/src/api/schema.d.ts $(shell find console -path '*/node_modules' -prune -o -type f -print 2>/dev/null)
	@cd console && npm run --silent build

console/node_modules/.stamp: console/package.json console/package-lock.json
	@echo "Building the console …"
	@cd console && npm install --silent --no-save --no-audit --no-fund
	@touch $@

console/src/api/schema.d.ts: console/node_modules/.stamp $(shell find src/tearoff -name '*.py') | setup
	@.venv/bin/tearoff openapi > console/openapi.json
	@cd console && npm run --silent client > /dev/null

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
ifdef HAS_NODE
	@$(MAKE) -s console-check
endif

sim: setup ## the long simulation
	$(PY) -m pytest -m sim

e2e: setup console browser ## whole installations, as a new user and in a browser
	$(PY) -m pytest -m e2e

browser:
	@command -v chromium >/dev/null || { apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium fonts-dejavu-core >/dev/null; }

fuzz: setup ## templates of random bytes, guided by coverage, for FUZZ_SECONDS (600)
	$(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip -q
	test -d .fuzz || $(PY) -m pip install -q --disable-pip-version-check --target .fuzz 'atheris>=2.3'
	PYTHONPATH=.:.fuzz $(PY) tests/velocity/fuzz.py -max_total_time=$${FUZZ_SECONDS:-600} -artifact_prefix=/tmp/

bench: setup ## every benchmark at its real size; writes docs/operating/capacity.md
	.venv/bin/tearoff bench all --size real --into docs/operating/capacity.md

bench-setup: ## install the rivals that the benchmarks are measured against (Debian)
	DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y --no-install-recommends redis-server postfix

lock: setup ## write constraints.txt anew from .venv
	$(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip -q
	$(PY) -m pip freeze --exclude-editable | grep -v '@ ' > constraints.txt
