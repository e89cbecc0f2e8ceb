"""`make bare` tries both commands on a bare Debian 12; it needs root and the network, so only its words are looked at here."""

import re
import shutil
import subprocess

from tests.setup.conftest import HOUSE

SCRIPT = HOUSE / "tools" / "bare.sh"
TEXT = SCRIPT.read_text("utf-8")


def test_the_script_can_be_read_by_a_plain_shell() -> None:
    shell = shutil.which("dash") or "sh"
    assert subprocess.run([shell, "-n", str(SCRIPT)], check=False).returncode == 0


def test_both_commands_run_in_debian_12_as_root_and_as_an_ordinary_user_and_a_failure_ends_it() -> None:
    assert "suite=bookworm" in TEXT
    assert re.search(r"^set -eu$", TEXT, re.MULTILINE)
    loop = TEXT[TEXT.index("for user in root clerk; do") :]
    assert "git -c safe.directory='*' clone" in loop
    assert "for command in ${BARE_COMMANDS:-test run}; do" in loop
    assert re.search(r'inside "\$user" make -C "\$home/lineside" "\$command" </dev/null$', loop, re.MULTILINE)


def test_only_root_is_let_in_and_told_how() -> None:
    lines = TEXT.splitlines()
    guard = next(n for n, line in enumerate(lines) if "make bare needs root" in line)
    assert lines[guard].startswith('[ "$(id -u)" = 0 ] ||')
    assert all("debootstrap --variant" not in line for line in lines[:guard])
