# Two commands: `make run` and `make test`. Both install first what is missing (README, tools/bootstrap.py).
# Everything needs Debian's packages of tools/debian-packages.txt; as root, or with sudo that asks nothing, they are installed too.

PYTHON ?= python3
VENV := .venv/bin/python
export LC_ALL := C.UTF-8
export PYTHONUTF8 := 1

.DEFAULT_GOAL := run
.PHONY: run test shift gallery bench faults fuzz bare capabilities lint lock clean ready

run: ready
	@$(VENV) main.py

test: export QT_QPA_PLATFORM := offscreen
test: lint
	@$(VENV) -m pytest -n logical

lint: ready
	@$(VENV) -m ruff check .
	@$(VENV) -m ruff format --check .
	@$(VENV) -m mypy
	@.venv/bin/lint-imports

shift: ready
	@$(VENV) main.py shift

gallery: ready
	@$(VENV) main.py gallery

bench: ready
	@$(VENV) -m tests.bench

faults: ready
	@$(VENV) -m tests.faults

fuzz: ready
	@$(VENV) -m tests.devices.fuzz --frames 100000

capabilities: ready
	@$(VENV) tools/capabilities.py

bare:
	@sh tools/bare.sh

lock:
	@$(PYTHON) tools/lock.py

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache resources/fonts/*.ttf resources/fonts/OFL.txt resources/fonts/.stamp
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

ready:
	@$(PYTHON) tools/bootstrap.py
