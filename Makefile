# Two commands matter: `make demo` (the main job) and `make test` (all checks).
# Each sets itself up in .venv on a fresh machine.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo test lint types imports unit soak scanners bench chromium speedups jq clean

help:
	@echo "make demo   simulate an account under attack, scan it, write demo/report.html"
	@echo "make test   all checks: format, lint, types, import contracts, tests"
	@echo "make bench  the measurements of docs/benchmarks.md"
	@echo "make soak   what takes minutes: two hundred kills, an hour of load"
	@echo "make scanners  cfn-lint and checkov over what stack synth writes"
	@echo "make clean  remove what the other targets made"

# Debian packages are only ever installed for the tests and the measurements.
define debian
	{ echo "installing $(1)"; SUDO=$$(command -v sudo || true); \
	  $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq $(1) >/dev/null; }
endef

# The stamps make set-up happen once, and again whenever the dependencies change.
$(VENV)/run.stamp: pyproject.toml setup.py $(wildcard src/speedups/*)
	$(PYTHON) -m venv $(VENV)
	$(PIP) --upgrade 'pip>=25.1'
	$(PIP) --editable '.[aws,watch,notify]'
	@touch $@

$(VENV)/test.stamp: $(VENV)/run.stamp
	$(PIP) --group test --group lint
	@touch $@

$(VENV)/bench.stamp: $(VENV)/run.stamp
	$(PIP) --group bench
	@touch $@

demo: $(VENV)/run.stamp
	@rm -rf demo
	$(BIN)/trailwarden simulate demo/archive
	$(BIN)/trailwarden scan demo/archive --stack cis --output terminal --output html=demo/report.html

test: lint types imports unit

lint: $(VENV)/test.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/test.stamp
	$(BIN)/mypy

imports: $(VENV)/test.stamp
	$(BIN)/lint-imports

# The tests of the HTML report drive a real browser: Debian's, where it can be installed.
chromium:
	@command -v chromium >/dev/null || $(call debian,chromium)

# Without a compiler Trailwarden installs and works, only slower; the tests want both ways, and an
# extension that was built for other code is no better than none.
speedups: $(VENV)/run.stamp
	@$(BIN)/python -c 'from trailwarden._speedups import RecordSkimmer, WideKeySet' 2>/dev/null || \
	  { $(call debian,gcc libc6-dev python3-dev); \
	    $(PIP) --no-deps --force-reinstall --editable .; }

jq:
	@command -v jq >/dev/null || $(call debian,jq)

unit: $(VENV)/test.stamp speedups chromium
	$(BIN)/pytest -n auto

soak: $(VENV)/test.stamp speedups
	$(BIN)/pytest -m soak

# checkov pins most of what it stands on, so it lives in an environment of its own.
$(VENV)/checkov/run.stamp: $(VENV)/run.stamp
	$(PYTHON) -m venv $(VENV)/checkov
	$(VENV)/checkov/bin/python -m pip install --quiet --disable-pip-version-check 'checkov>=3.2,<4'
	@touch $@

# docs/synth.md says why each of these is waived; CloudFormation's waivers stand in the templates.
WAIVED := CKV_AWS_109,CKV_AWS_111,CKV_AWS_144,CKV_AWS_145,CKV_AWS_252,CKV_AWS_356,CKV2_AWS_62
CHECKOV = $(VENV)/checkov/bin/checkov --skip-download --compact --quiet

scanners: $(VENV)/test.stamp $(VENV)/checkov/run.stamp
	@rm -rf build/scanners
	@for what in whole-detect whole-strict whole-both alarms-detect alarms-strict alarms-both trail; do \
	  style=$${what#*-}; \
	  asked="$(BIN)/trailwarden stack synth --part $${what%-*}"; \
	  [ $$style = $$what ] || asked="$$asked --style $$style"; \
	  mkdir -p build/scanners/terraform/$$what; \
	  $$asked --output build/scanners/$$what.yaml && \
	  $$asked --format terraform --output build/scanners/terraform/$$what/main.tf.json || exit 1; \
	done
	$(BIN)/cfn-lint -r us-east-1 eu-west-1 us-gov-west-1 -- build/scanners/*.yaml
	$(CHECKOV) -d build/scanners --framework cloudformation
	$(CHECKOV) -d build/scanners/terraform --framework terraform_json --skip-check $(WAIVED)

bench: $(VENV)/bench.stamp speedups jq
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) demo build benchmarks/work .mypy_cache .ruff_cache .pytest_cache .hypothesis
