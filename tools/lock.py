"""Write `requirements.lock`: runtime and development packages of `pyproject.toml`, every version with its hashes, no address of any index.

Works in a throw-away environment (`build/lock`), so that the tool that locks is no part of what is locked.
"""

from __future__ import annotations

import re
import subprocess
import sys
import venv
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[1]
LOCK = HOUSE / "requirements.lock"
TOOLS = HOUSE / "build" / "lock"
PIP_TOOLS = "pip-tools==7.6.2"
HEAD = "# Written by `make lock` from pyproject.toml; installed with --require-hashes by tools/bootstrap.py. Not edited by hand.\n"
ADDRESS = re.compile(r"^(--|-f|-i)|://|trusted-host")


def main() -> int:
    """Resolve, clean, write. Returns the exit status of the resolver."""
    python = TOOLS / "bin" / "python"
    if not python.exists():
        venv.create(TOOLS, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", PIP_TOOLS], check=True)
    fresh = TOOLS / "requirements.lock"
    fresh.write_text(LOCK.read_text("utf-8") if LOCK.exists() and "--upgrade" not in sys.argv else "", "utf-8")
    command: list[str | Path] = [
        *(
            python,
            "-m",
            "piptools",
            "compile",
            "--quiet",
            "--generate-hashes",
            "--extra",
            "machines",
            "--extra",
            "dev",
            "--strip-extras",
            "--no-header",
        ),
        *(
            "--no-emit-index-url",
            "--no-emit-trusted-host",
            "--no-emit-find-links",
            "--no-annotate",
            "--output-file",
            fresh,
            "pyproject.toml",
        ),
    ]
    done = subprocess.run(command, cwd=HOUSE, check=False)
    if done.returncode == 0:
        LOCK.write_text(HEAD + cleaned(fresh.read_text("utf-8")), "utf-8")
        print(f"{LOCK.name} written")
    return done.returncode


def cleaned(text: str) -> str:
    """The locked lines without the resolver's remarks and without any address of an index."""
    kept = [
        line.rstrip() for line in text.splitlines() if not line.startswith("#") and not ADDRESS.search(line.strip().removeprefix("--hash"))
    ]
    return "\n".join(line for line in kept if line) + "\n"


if __name__ == "__main__":
    sys.exit(main())
