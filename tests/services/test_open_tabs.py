"""Which conversations were open, kept for a start that resumes them."""

from pathlib import Path

import pytest

from tui.services.open_tabs import MOST_REMEMBERED, OpenTabs


def test_what_was_saved_is_loaded_in_its_order(tmp_path: Path) -> None:
    tabs = OpenTabs(tmp_path / "history.db")
    assert tabs.load() == []
    tabs.save(["b", "a"])
    assert OpenTabs(tmp_path / "history.db").load() == ["b", "a"]
    assert OpenTabs(tmp_path / "demo.db").load() == []


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[" * 100_000, b'["../x", 5, null, "a b"]', b"x" * 70_000, b"\xff"],
)
def test_a_file_of_something_else_opens_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "history.tabs.json").write_bytes(content)
    assert OpenTabs(tmp_path / "history.db").load() == []


def test_it_stays_small_and_a_folder_that_is_gone_hurts_nothing(tmp_path: Path) -> None:
    tabs = OpenTabs(tmp_path / "history.db")
    tabs.save([str(number) for number in range(MOST_REMEMBERED + 9)] * 2)
    assert len(tabs.load()) == MOST_REMEMBERED
    OpenTabs(tmp_path / "gone" / "history.db").save(["a"])
