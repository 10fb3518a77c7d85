# Each target is one line that calls scripts/; `make` alone says what there is.
.PHONY: help serve build scorm test lint bench bench-peers data golden keras interop interop-torch fuzz

help: ## say what there is
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' Makefile

serve: ## set up, build if something changed, serve, print the URL
	@scripts/serve.sh

build: ## set up and build dist/, which any static host serves from any path
	@scripts/build.sh

scorm: ## pack a task for learning platforms; WIDGET=, STATE=, TITLE=, PASS=, LANG_OF=, LOCK=, HIDE=, GOAL=, OUT=
	@scripts/scorm.sh

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

interop: ## open what svertka writes with Keras, ONNX Runtime, TensorFlow.js, TensorBoard and Jupyter, and read theirs
	@scripts/interop.sh

interop-torch: ## the same with PyTorch, which is large
	@scripts/interop.sh make torch

fuzz: ## feed every reader of files with damaged ones, FUZZ_SECONDS long (60)
	@scripts/fuzz.sh
