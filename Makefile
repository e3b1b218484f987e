# Everything runs in .venv, which brings its own Node.js; nothing is installed elsewhere.
#   make run     synthesize app.py with the CDK CLI, and show what it made
#   make test    everything else: style, types, tests, packaging
PYTHON ?= python3
VENV := .venv
BIN := $(abspath $(VENV)/bin)
export PATH := $(BIN):$(PATH)
export CDK_DISABLE_CLI_TELEMETRY := true
export CDK_DISABLE_VERSION_CHECK := true
SDK_VENV := .venv-sdk

.PHONY: run test style check unit packaging bench clean

run: $(VENV)/.run node_modules/.cdk
	@npx cdk synth --quiet --output cdk.out
	@python -m sagemaker_model.cli.describe cdk.out

test: check unit packaging

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
	@touch $@

$(SDK_VENV)/.done: requirements-sdk.txt
	$(PYTHON) -m venv $(SDK_VENV)
	$(SDK_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-sdk.txt
	$(SDK_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps sagemaker-core==2.27.0
	@touch $@

node_modules/.cdk: package.json package-lock.json $(VENV)/.run
	npm ci --silent
	@touch $@
