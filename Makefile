# make demo and make test need only Python 3.11+ and make; everything else is built into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TAHAPAN := $(BIN)/tahapan
SOURCES := tahapan flows tasks deployments tests benchmarks
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header

.PHONY: demo test check golden bench kill lock format clean

demo: $(VENV)/.office
	$(TAHAPAN) demo

test: $(VENV)/.dev
	$(BIN)/python -m pytest tests/domain tests/golden -n auto
	$(BIN)/python -m pytest tests/flow

check: $(VENV)/.dev
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/basedpyright
	$(BIN)/lint-imports
	@for lock in requirements requirements-dev; do cp $$lock.lock $(VENV)/$$lock.lock; done
	$(COMPILE) pyproject.toml -o $(VENV)/requirements.lock >/dev/null
	$(COMPILE) pyproject.toml --group dev -c requirements.lock -o $(VENV)/requirements-dev.lock >/dev/null
	@for lock in requirements requirements-dev; do \
		cmp -s $$lock.lock $(VENV)/$$lock.lock || { echo "$$lock.lock is not current: run 'make lock'"; exit 1; }; done
	@! grep -nE 'index-url|find-links|file://| @ ' requirements.lock requirements-dev.lock

golden: $(VENV)/.dev
	TAHAPAN_GOLDEN=write $(BIN)/python -m pytest tests/golden

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

kill: $(VENV)/.dev
	$(BIN)/python -m pytest tests/flow -m kill

lock: $(VENV)/.dev
	$(COMPILE) pyproject.toml -o requirements.lock >/dev/null
	$(COMPILE) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock >/dev/null

format: $(VENV)/.dev
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

# pip 23, which comes with Python 3.11, refuses extras in a hashed lock unless --no-deps; pip check then proves it whole.
define install
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	if command -v uv >/dev/null; then \
		uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r $(1) && \
		uv pip install --quiet --python $(BIN)/python --no-deps -e .; \
	else \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $(1) && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e . && \
		$(BIN)/python -m pip check; \
	fi
endef

$(VENV)/.office: requirements.lock pyproject.toml
	$(call install,requirements.lock)
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml
	$(call install,requirements-dev.lock)
	@touch $@ $(VENV)/.office

clean:
	rm -rf $(VENV) dist .pytest_cache .ruff_cache .import_linter_cache
