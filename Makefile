# What people and CI call. Each target says what it does; the work is in scripts/ and in CMake.
SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# Where `make run` keeps its store, and where it listens.
DATA ?= build/demo-data
LISTEN ?= 127.0.0.1:8080
# Seconds that each fuzz target runs under `make fuzz`.
FUZZ_SECONDS ?= 60

.PHONY: help
help: ## Show this list
	@echo 'Lifestyle Spaces'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: build
build: ## Build the release binary: build/release/spaces
	@scripts/install-packages build
	@scripts/build release

.PHONY: run
run: build ## Build, fill an empty store with demonstration listings and serve (DATA=, LISTEN=)
	@DATA='$(DATA)' LISTEN='$(LISTEN)' scripts/run-demo

.PHONY: test
test: ## Build and pass every test
	@scripts/test

.PHONY: lambda
lambda: ## Build what AWS Lambda starts, for x86_64 and arm64: build/lambda/*.zip
	@scripts/install-packages build lambda
	@scripts/lambda

.PHONY: test-lambda
test-lambda: ## Build it, and have both start and answer under Amazon's emulator
	@scripts/test --only lambda

.PHONY: bench
bench: ## Measure, each figure beside its limit
	@scripts/install-packages build bench lambda
	@scripts/build bench
	@scripts/lambda "$$(uname -m | sed s/aarch64/arm64/)"
	@bench/run

.PHONY: timing
timing: build ## Ask whether time tells which addresses have an account: a short run of tools/timing-difference
	@tools/timing-difference --count 300 --cost 6

.PHONY: fuzz
fuzz: ## Run each fuzz target for a minute (FUZZ_SECONDS=)
	@scripts/install-packages build develop
	@scripts/fuzz $(FUZZ_SECONDS)

.PHONY: sanitize
sanitize: ## Pass the tests with the address, undefined behaviour and thread sanitizers
	@scripts/test --preset asan
	@scripts/test --preset tsan

.PHONY: coverage
coverage: ## Count the lines and branches that the tests reach: build/coverage/html
	@scripts/install-packages build test develop
	@scripts/coverage

.PHONY: format
format: ## Lay the C++ sources out as .clang-format says
	@scripts/install-packages develop
	@scripts/cpp-files | xargs -0 clang-format-19 -i

.PHONY: lint
lint: ## Check layout, clang-tidy's rules and the tidy test
	@scripts/install-packages build test develop
	@scripts/lint

.PHONY: install-packages
install-packages: ## Install every Debian package that any target here needs
	@scripts/install-packages build test browser bench develop

.PHONY: clean
clean: ## Remove what was built; the store of make run stays
	@find build -mindepth 1 -maxdepth 1 ! -name '$(notdir $(DATA))' -exec rm -rf {} +
