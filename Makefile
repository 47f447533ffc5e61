# Every chore of the project by one name. `make help` lists them; `make run` takes a fresh Debian 12 to a working server.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run build release test unit hotlines pages e2e lint format tsan bench bench-memory bench-readme quality deps deps-test swift clean

SWIFT := swift
CONFIG := config/centrala.yaml
# What a build has beyond the usual: TRAITS=G729 (see CONTRIBUTING.md).
export TRAITS
WITH := $(if $(TRAITS),--traits $(TRAITS))
# An import that Package.swift does not allow is an error: the arrows of ARCHITECTURE.md hold.
ARROWS := --explicit-target-dependency-import-check error
# Suites in which more than one thread works on the same memory.
TSAN_SUITES := MediaTests|RecorderTests|SIPTests|CallsTests|StoreTests

help:                 ## this list
	@echo "Centrala: a telephone contact centre. What make can do:"
	@grep -E '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):[^#]*## */  make \1|/' | column -t -s '|'

run: deps             ## install what is missing, build, start the server
	@echo "Building Centrala in release mode. The first time takes about 5 minutes on two cores, later seconds."
	@$(SWIFT) build $(WITH) -c release --product centrala
	@echo "Built. Starting the server; stop it with Ctrl-C."
	@exec .build/release/centrala serve --config $(CONFIG)

build: deps           ## debug build
	@$(SWIFT) build $(WITH) $(ARROWS)

release: deps         ## release build
	@echo "Building in release mode: about 5 minutes the first time on two cores, later seconds."
	@$(SWIFT) build $(WITH) -c release --product centrala
	@$(SWIFT) build $(WITH) -c release --product centrala-bench

test: deps-test       ## every test there is; the last line says how many passed
	@scripts/test unit hotlines pages e2e

unit: deps            ## only the tests in Swift
	@scripts/test unit

hotlines: deps        ## only: the hotlines in config/ are right and pass their own tests
	@scripts/test hotlines

pages: deps-test      ## only: the scripts of the pages pass the type checker
	@scripts/test pages

e2e: deps-test        ## only: real calls through the real server (TESTS="journey …" for some of them)
	@scripts/test e2e

lint: swift           ## style and house rules; changes nothing
	@echo "Checking style."
	@$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests Bench
	@python3 scripts/house_rules.py

format: swift         ## put the Swift sources into the house style
	@$(SWIFT) format format --in-place --recursive --parallel Package.swift Sources Tests Bench

tsan: deps            ## the tests of what threads share, under ThreadSanitizer (FILTER=… for some of them)
	@echo "Building a second time, with the thread sanitizer: about 8 minutes the first time."
	@TSAN_OPTIONS=suppressions=$(CURDIR)/Tests/tsan.suppressions $(SWIFT) test $(WITH) --sanitize=thread --scratch-path .build/tsan --filter '$(or $(FILTER),$(TSAN_SUITES))'

quality: deps-test .venv/quality  ## what callers hear through a bad network: PESQ and delay beside speexdsp's buffer
	@$(SWIFT) build $(WITH) -c release --product centrala-quality
	@.venv/bin/python Bench/Quality/quality.py

bench: deps-test release  ## CPU, memory and delay of calls beside the least they can cost (CASES="prompt relay …" CALLS=400 for some of it)
	@$(MAKE) --no-print-directory -C Bench
	@.venv/bin/python Bench/bench.py $(if $(CALLS),--calls $(CALLS)) $(if $(WINDOWS),--windows $(WINDOWS)) $(if $(JSON),--json $(JSON)) $(CASES)

bench-memory: ## does memory grow over 100,000 calls? Five minutes
	@$(MAKE) --no-print-directory bench CASES="memory-sip memory-legs" JSON="$(or $(JSON),.build/bench-memory.json)"

bench-readme: ## put the figures of the last `make bench` into README.md
	@python3 Bench/readme.py $(JSON)

deps: swift           ## install what building and running need
	@scripts/packages build

deps-test: deps .venv/ready  ## install what the tests need on top of that
	@scripts/packages test

# The virtual environment needs python3-venv, which is one of the test packages.
.venv/ready: Tests/EndToEnd/requirements.txt
	@scripts/packages test
	@echo "Making .venv with the Python modules of the end-to-end tests."
	@/usr/bin/python3 -m venv .venv
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

.venv/quality: Bench/Quality/requirements.txt .venv/ready
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

swift:
	@scripts/swift-present $(SWIFT)

clean:                ## remove everything that was built (recordings and accounts in data/ stay)
	rm -rf .build .venv Tests/EndToEnd/out
	@$(MAKE) --no-print-directory -C Bench clean
