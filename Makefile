# The commands that people and CI rely on. On Windows without make, README.md lists the same steps.
PYTHON ?= python3
PORT ?= 8501
BIN := .venv/bin

.PHONY: setup run test bench lint docs lock browser clean

setup: .venv/.ready

.venv/.ready: requirements.lock
	@$(PYTHON) -c "import sys; sys.exit(0 if sys.version_info >= (3, 11) else 'Python 3.11 or newer is needed; found ' + sys.version.split()[0])"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

run: setup
	$(BIN)/python -m data prepare
	$(BIN)/streamlit run app.py --server.port $(PORT)

browser: setup
	@$(BIN)/python tests/prepare_browser.py

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint browser
	$(BIN)/python -m pytest -n 2 --dist loadfile

bench: browser
	$(BIN)/python tests/bench/run.py

docs: browser
	$(BIN)/python tests/browser/take_screenshots.py

# Pins every package with its hashes, for every system and Python from 3.11; names no registry.
lock:
	uv pip compile pyproject.toml --group test --group lint --group bench --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --upgrade -o requirements.lock

clean:
	rm -rf .venv .store .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage htmlcov build
