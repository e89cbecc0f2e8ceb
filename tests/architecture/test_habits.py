"""The habits of the house hold, and each check is able to fail."""

import pytest

from tests.architecture.conftest import Planted
from tests.architecture.habits import MAY_CATCH_ALL, broad_excepts, careless_words, stray_transactions, too_long
from tests.architecture.tree import HOUSE, faults


def test_only_three_places_catch_everything() -> None:
    found = broad_excepts(HOUSE)
    assert not found, faults(found)
    assert len(MAY_CATCH_ALL) == 3


@pytest.mark.parametrize(
    "handler",
    [
        "except Exception:\n    pass",
        "except:\n    pass",
        "except (ValueError, BaseException) as e:\n    print(e)",
        "except builtins.Exception:\n    pass",
    ],
)
def test_a_broad_except_is_found(planted: Planted, handler: str) -> None:
    house = planted({"app/core/x.py": f"try:\n    work()\n{handler}\n"})
    assert [fault.line for fault in broad_excepts(house)] == [3]


def test_suppressing_everything_is_found_too(planted: Planted) -> None:
    house = planted({"ui/x.py": "with contextlib.suppress(Exception):\n    work()\n"})
    assert len(broad_excepts(house)) == 1


def test_a_named_place_may_catch_everything_once(planted: Planted) -> None:
    once = "try:\n    work()\nexcept Exception:\n    pass\n"
    place = next(iter(MAY_CATCH_ALL))
    assert broad_excepts(planted({place: once})) == []
    assert len(broad_excepts(planted({place: once * 2}))) == 1


@pytest.mark.parametrize("handler", ["except ValueError:\n    pass", "except BaseException:\n    close()\n    raise"])
def test_a_narrow_except_and_tidying_up_before_raising_again_are_let_be(planted: Planted, handler: str) -> None:
    assert broad_excepts(planted({"app/x.py": f"try:\n    work()\n{handler}\n"})) == []


def test_only_work_ends_a_transaction() -> None:
    found = stray_transactions(HOUSE)
    assert not found, faults(found)


@pytest.mark.parametrize("line", ["session.commit()", "self.connection.rollback()", 'cursor.execute("COMMIT")', 'run(text("  ROLLBACK;"))'])
def test_a_transaction_ended_elsewhere_is_found(planted: Planted, line: str) -> None:
    house = planted({"app/receiving/commands.py": line + "\n", "app/core/work.py": line + "\n"})
    assert [fault.file for fault in stray_transactions(house)] == ["app/receiving/commands.py"]


def test_going_back_to_a_savepoint_ends_no_transaction(planted: Planted) -> None:
    assert stray_transactions(planted({"app/x.py": 'run("ROLLBACK TO SAVEPOINT one")\n'})) == []


def test_files_and_functions_stay_short() -> None:
    found = too_long(HOUSE)
    assert not found, faults(found)


def test_a_long_file_and_a_long_function_are_found(planted: Planted) -> None:
    house = planted({
        "tests/x.py": "x = 1\n" * 501,
        "app/y.py": "def y():\n" + "    x = 1\n" * 60,
        "app/just.py": "def y():\n" + "    x = 1\n" * 59 + "x = 1\n" * 440,
    })  # fmt: skip
    assert [(fault.file, fault.what) for fault in too_long(house)] == [("tests/x.py", "501 lines"), ("app/y.py", "y: 61 lines")]


def test_no_file_names_a_machine_or_says_that_it_is_unfinished() -> None:
    found = careless_words(HOUSE)
    assert not found, faults(found)


@pytest.mark.parametrize(
    "word", ["# TO~DO later", "FIX~ME", "see /ho~me/wang/lineside", "open('/wo~rk/main/x')", r"C:\Use~rs\wang"]
)  # ~ taken out
@pytest.mark.parametrize("file", ["app/x.py", "docs/x.md", "Makefile", "migrations/sql/x.sql"])
def test_a_careless_word_is_found_in_any_text(planted: Planted, file: str, word: str) -> None:
    (fault,) = careless_words(planted({file: f"first line\n{word}\n".replace("~", "")}))
    assert (fault.file, fault.line) == (file, 2)


@pytest.mark.parametrize("word", ["$bare/home/clerk/x", "https://example.org/home/x", "/var/lib/lineside", "a todo list", "homework/x"])
def test_a_harmless_word_is_let_be(planted: Planted, word: str) -> None:
    assert careless_words(planted({"docs/x.md": word + "\n"})) == []
