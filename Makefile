# Each command sets up what it needs by itself; `make` alone lists them.

PORT ?= 8080
DATA ?= data
STACK ?= data-stack
REPLICAS ?=
PYTHON ?=
export PORT DATA STACK REPLICAS PYTHON

IN_VENV := PYTHONPATH=services .venv/bin/python
CHECKED := services tests charts $(wildcard loadtest)

.DEFAULT_GOAL := help
.PHONY: help run stack stack-down test lint chart audit dead-letters backup restore smoke flood conformance replay \
	bench-run bench-stack chaos screen-latency screenshots live-sockets images containers-test kind kind-roll kind-down \
	lock clean

help: ## Show this list
	@echo "make <command> [NAME=value ...]"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Run the whole exchange: PORT=8080 DATA=data MARKET=on|off
	@.ci/setup run page
	@exec env STOP_WITH_PARENT=1 $(IN_VENV) -m standalone

stack: ## Run every service on real servers: PORT=8080 STACK=data-stack REPLICAS=user_portfolio=2
	@.ci/setup stack page
	@exec env STOP_WITH_PARENT=1 $(IN_VENV) -m standalone.stack

stack-down: ## Stop what make stack started: STACK=data-stack
	@.ci/setup run
	@exec env $(IN_VENV) -m standalone.stack down

test: lint ## Check everything; ARGS= goes to pytest, e.g. ARGS="tests/order_matching -x"
	@echo "== tests"
	@$(IN_VENV) -m pytest -q --durations=10 $(ARGS)

lint: ## Check style and types
	@.ci/setup test
	@echo "== style"
	@.venv/bin/ruff check $(CHECKED)
	@.venv/bin/ruff format --check $(CHECKED)
	@echo "== types"
	@$(IN_VENV) -m mypy $(CHECKED)
	@echo "== the page"
	@.ci/npm run --silent lint
	@.ci/npm test --silent

chart: ## Check the Helm chart: lint, render with Helm 3 and 4, validate, compare with the code; ARGS= as for test
	@.ci/setup test
	@.ci/helm
	@$(IN_VENV) -m pytest -q --durations=5 tests/chart $(ARGS)

images: ## Build the container images: [REGISTRY=name] [TAG=version] [BUILD_FLAGS="--pull ..."]
	@.ci/images

containers-test: ## Run the exchange as containers, trade on it, kill some, audit it; needs Docker
	@.ci/setup test
	@$(IN_VENV) -m pytest -q -s tests/containers

kind: ## Run the exchange on a local kind cluster, and trade on it; again: replace what has changed
	@.ci/kind up

kind-roll: ## Replace every pod on it while people trade, and see that nobody notices: [PEOPLE=20]
	@.ci/kind roll

kind-down: ## Remove that cluster
	@.ci/kind down

audit: ## Check every invariant of a running exchange: DATA=data
	@.ci/setup run
	@exec env $(IN_VENV) -m standalone.audit

dead-letters: ## Show or put back what a service gave up on: ARGS="list|show NAME|put-back NAME..|put-back all"
	@.ci/setup run
	@exec env $(IN_VENV) -m standalone.dead_letters $(ARGS)

backup: ## Write all databases of a running exchange into a new folder: INTO=folder [DATA=data]
	@test -n "$(INTO)" || { echo "Name the folder, for example: make backup INTO=backups/monday" >&2; exit 2; }
	@.ci/setup run
	@exec env $(IN_VENV) -m standalone.backup make "$(INTO)"

restore: ## Bring a backup back into a new data folder, or into empty databases: FROM=folder [DATA=data]
	@test -n "$(FROM)" || { echo "Name the backup, for example: make restore FROM=backups/monday" >&2; exit 2; }
	@.ci/setup run
	@exec env $(IN_VENV) -m standalone.backup restore "$(FROM)"

smoke: ## Let two new users trade on a running exchange, and check every trace of it: URL=http://localhost:8080
	@test -n "$(URL)" || { echo "Say where, for example: make smoke URL=http://localhost:8080" >&2; exit 2; }
	@.ci/setup run
	@exec env $(IN_VENV) -m loadtest.smoke "$(URL)"

flood: ## Let a crowd trade on a running exchange: URL=http://localhost:8080 [PEOPLE=20] [SECONDS=30]
	@test -n "$(URL)" || { echo "Say where, for example: make flood URL=http://localhost:8080" >&2; exit 2; }
	@.ci/setup test
	@exec env PYTHONPATH=services:. .venv/bin/python -m locust --config loadtest/locust.conf --host "$(URL)" \
		--users "$(or $(PEOPLE),20)" --run-time "$(or $(SECONDS),30)s"

conformance: ## Drive the order book with a file of order messages: WORKLOAD=file
	@test -n "$(WORKLOAD)" || { echo "Name the messages, for example: make conformance WORKLOAD=messages.txt" >&2; exit 2; }
	@.ci/setup run
	@$(IN_VENV) -m loadtest.conformance "$(WORKLOAD)"

replay: ## Send recorded order flow to a running exchange: MESSAGES=file ORDERBOOK=file [ROWS=n]
	@test -n "$(MESSAGES)" -a -n "$(ORDERBOOK)" || { echo "Name both files, for example:" \
		"make replay MESSAGES=AMZN_message_5.csv ORDERBOOK=AMZN_orderbook_5.csv ROWS=20000" >&2; exit 2; }
	@.ci/setup run
	@$(IN_VENV) -m loadtest.replay --messages "$(MESSAGES)" --orderbook "$(ORDERBOOK)" $(if $(ROWS),--rows "$(ROWS)")

bench-run: ## Measure how many orders per second an exchange on this machine settles
	@.ci/setup run
	@$(IN_VENV) -m loadtest.bench_run

bench-stack: ## Measure the same on a stack, and the CPU seconds of each process: [SECONDS=60]
	@.ci/setup stack
	@$(IN_VENV) -m loadtest.bench_stack $(if $(SECONDS),--seconds "$(SECONDS)")

chaos: ## Trade on a stack while everything is killed and clocks are set, then count: [SECONDS=600] [RATE=50] [SEED=n]
	@.ci/setup stack
	@$(IN_VENV) -m loadtest.chaos $(if $(SECONDS),--seconds "$(SECONDS)") $(if $(RATE),--rate "$(RATE)") \
		$(if $(SEED),--seed "$(SEED)")

screen-latency: ## Measure how long until others see a trade or a level in their browser: [SECONDS=60] [RATE=100]
	@.ci/setup test
	@$(IN_VENV) -m loadtest.screen_latency $(if $(SECONDS),--seconds "$(SECONDS)") $(if $(RATE),--rate "$(RATE)")

screenshots: ## Take pictures of every part of the page: INTO=folder
	@test -n "$(INTO)" || { echo "Name the folder, for example: make screenshots INTO=/tmp/pictures" >&2; exit 2; }
	@.ci/setup test
	@$(IN_VENV) -m loadtest.screenshots "$(INTO)"

live-sockets: ## Measure one live gateway with 500 connections: messages, latency, memory
	@.ci/setup test
	@$(IN_VENV) -m loadtest.live_sockets

lock: ## Pin requirements/*.in anew, for every Python and platform (UPGRADE=--upgrade for newer versions)
	@.ci/lock $(UPGRADE)

clean: ## Remove what the commands here made, except the data folder
	@rm -rf .venv .venv-lock .node .helm .setup.lock frontend/dist frontend/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find services tests $(wildcard loadtest) -name __pycache__ -type d -prune -exec rm -rf {} +
