# The front door. `make` alone lists what there is; deploy/native does the work.
#
#   BUILD=release        optimised binaries: twice the time to build, many times the speed
#   LYCEUM_PORT_BASE     first of seven ports, 8080 by default
#   LYCEUM_DATA          folder of all data, .local by default

.PHONY: help run start stop status logs build release test lint format migrate seed demo fuzz fuzz-api \
	bench bench-auth bench-content bench-gateway bench-graph bench-media bench-postgres bench-tools soak setup doctor clean \
	up down images deploy-prod rollback scale backup restore status-prod logs-prod test-deploy

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

run: setup build ## Install what is missing, build, start everything; Ctrl-C stops it
	@exec deploy/native/platform.sh run

start: setup build ## The same in the background; returns when it is healthy
	@deploy/native/platform.sh start

stop: ## Stop what make start started
	@deploy/native/platform.sh stop

status: ## Say which processes run
	@deploy/native/platform.sh status

logs: ## Follow the logs of all services
	@exec deploy/native/platform.sh logs

build: ## Build all services (debug, or BUILD=release)
	@deploy/native/build.sh

release: ## Build all services, optimised
	@BUILD=release deploy/native/build.sh

test: setup ## Run all tests; FILTER=name runs some
	@deploy/native/test.sh $(if $(FILTER),--filter '$(FILTER)')

lint: ## Check the format and the scripts
	@deploy/native/lint.sh

format: ## Format all Swift sources in place
	@swift format --in-place --parallel --recursive Package.swift Shared Services Tests Benchmarks

migrate: setup build ## Bring the four schemas up to date
	@deploy/native/platform.sh migrate

seed: setup build ## Put the demonstration data in place
	@deploy/native/platform.sh seed

demo: start ## Teach with a real book: 19 languages, simulated readers, checked counts
	@deploy/native/demo.sh

fuzz: setup ## Throw random input at the parsers, FUZZ_SECONDS each
	@deploy/native/fuzz.sh

fuzz-api: setup build ## Let schemathesis try every contract, in each role
	@deploy/native/fuzz-api.sh

soak: setup release ## Twelve hours' worth of requests and bodies of 2 GB through the gateway; nothing may grow
	@SOAK_REQUESTS=$${SOAK_REQUESTS:-864000} GATEWAY_PROGRAM=$(CURDIR)/.build/release/gateway \
		deploy/native/test.sh --no-parallel --filter 'SoakTests|StreamingTests'

bench: bench-tools release ## Run all benchmarks and print ratios
	@for script in Benchmarks/bench-*.sh; do $$script || exit; done

bench-content: bench-tools release ## Compare content with FastAPI, and its parts at 10³ and 10⁶ rows
	@Benchmarks/bench-content.sh

bench-postgres: bench-tools release ## Compare Shared/Postgres with pgbench
	@Benchmarks/bench-postgres.sh

bench-gateway: bench-tools release ## Compare the gateway with Envoy, HAProxy and nginx
	@Benchmarks/bench-gateway.sh

bench-media: release ## Compare downloads from a bucket with the store itself
	@Benchmarks/bench-media.sh

bench-auth: release ## Compare auth on 100,000 users with auth on 100
	@Benchmarks/bench-auth.sh

bench-graph: release ## Time learning paths in PostgreSQL and over Bolt
	@Benchmarks/learning-paths.sh

bench-tools:
	@deploy/native/setup.sh install wrk haproxy nginx

up: ## With Docker: build the images, start the development stack (PROFILES="monitoring kratos")
	@deploy/up.sh

down: ## Stop the development stack; its data stays
	@deploy/up.sh --down

images: ## Build the images of a version (TAG=1.0)
	@deploy/images.sh $(TAG)

deploy-prod: ## Deploy to production (TAG=1.0, SERVICES="auth content" or all)
	@deploy/deploy.sh --tag "$(TAG)" $(SERVICES)

rollback: ## Put a service back (SERVICE=content, TO=version or the one before)
	@deploy/rollback.sh $(SERVICE) $(if $(TO),--to $(TO))

scale: ## Run so many replicas (SERVICE=content N=3)
	@deploy/scale.sh $(SERVICE) $(N)

backup: ## Back up production now (VERIFY=1 restores it into a scratch stack)
	@deploy/backup.sh $(if $(VERIFY),--verify)

restore: ## Put a backup of production back (FROM=name, SERVICES="content" or all)
	@deploy/restore.sh $(if $(FROM),--from $(FROM)) $(SERVICES)

status-prod: ## Say how production is
	@deploy/status.sh

logs-prod: ## Follow the logs of production (SERVICES="auth content" or all)
	@exec deploy/logs.sh $(SERVICES)

test-deploy: ## Try images, Compose files and scripts on a real engine, with faults (STEPS="…" or all)
	@deploy/test/run.sh $(STEPS)

setup: ## Install what is missing from the distribution
	@deploy/native/setup.sh

doctor: ## Say what is missing, install nothing
	@deploy/native/setup.sh check

clean: ## Stop everything, delete the build and all local data
	@deploy/native/clean.sh
