# Each target is one line that calls scripts/; `make` alone says what there is.
.PHONY: help serve build test lint bench bench-peers data golden keras

help: ## say what there is
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' Makefile

serve: ## set up, build if something changed, serve, print the URL
	@scripts/serve.sh

build: ## set up and build dist/, which any static host serves from any path
	@scripts/build.sh

test: ## set up and run every check and test
	@scripts/test.sh

lint: ## formatting and clippy only
	@scripts/test.sh format clippy

bench: ## measure the engine, natively and in headless Chromium; writes benches/RESULTS.md
	@scripts/bench.sh native browser report

bench-peers: ## measure other engines beside it, in turns
	@scripts/bench.sh peers keras torch report

data: ## rebuild the data sets in www/data
	@scripts/data.sh

golden: ## rebuild the golden cases in tests/golden with real Keras
	@scripts/golden.sh

keras: ## compare the engine with real Keras on 200 random runs
	@scripts/keras_live.sh
