"""Models side by side."""

from dataclasses import replace

from tests.ui.widgets.catalogue.support import CONTEXT, found, priced
from tui.domain.model import Endpoint, Model
from tui.ui.widgets.catalogue.sheet_text import sheet_text

ONE = Model("a/one", "A: One", context_length=8_000, pricing=priced("1", "5"))
TWO = Model(
    "b/two",
    "B: Two",
    context_length=32_000,
    pricing=priced("2", "4"),
    benchmarks={"coding_index": 40.0},
)


def rows(*models: Model, width: int = 100) -> dict[str, str]:
    context = replace(
        CONTEXT, endpoints={"a/one": (Endpoint("X", "x", throughput_last_30m={"p50": 80.0}),)}
    )
    lines = sheet_text([found(model) for model in models], context, width).plain.splitlines()
    assert all(len(line) <= width for line in lines)
    return {line[:16].strip(): line[16:].rstrip() for line in lines}


def test_the_best_value_of_a_row_is_marked_by_words() -> None:
    told = rows(ONE, TWO)
    assert told["prompt / M"].split() == ["$1", "◂", "best", "$2"]
    assert told["answer / M"].split() == ["$5", "$4", "◂", "best"]
    assert told["context"].split() == ["8,000", "32,000", "◂", "best"]
    assert told["1,000 turns"].split() == ["$3.50", "◂", "best", "$4.00"]


def test_what_only_one_of_them_has_is_not_the_best_of_anything() -> None:
    told = rows(ONE, TWO)
    assert told["coding"].split() == ["–", "40"]
    assert told["tokens per s"].split() == ["80", "–"]


def test_what_all_of_them_share_is_not_marked() -> None:
    assert "best" not in rows(ONE, replace(ONE, id="a/other"))["prompt / M"]


def test_four_models_fit_into_a_narrow_terminal() -> None:
    four = [replace(TWO, id=f"b/{number}", name="B: " + "Long " * 20) for number in range(4)]
    told = rows(*four[:3], replace(four[3], context_length=1_000_000), width=74)
    assert told["context"].split() == ["32,000", "32,000", "32,000", "1,000,000", "◂"]
