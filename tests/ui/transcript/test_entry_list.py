"""Entries that are made when they are looked at."""

from tui.ui.transcript.document import Entry, Outline, Role, shape_of
from tui.ui.transcript.entry_list import EntryList

TEXTS = ["one", "two\nlines", "three", "four"]


class Made:
    """An outline that remembers which of its entries were made."""

    def __init__(self, texts: list[str]) -> None:
        self.indexes: list[int] = []
        self._texts = texts
        ids = [f"e{index}" for index in range(len(texts))]
        self.outline = Outline(ids, [shape_of(text) for text in texts], self._make)

    def _make(self, index: int) -> Entry:
        self.indexes.append(index)
        return Entry(f"e{index}", Role.USER, self._texts[index])


def ids(entries: EntryList) -> list[str]:
    return [layout.entry.id for layout in entries]


def test_an_entry_is_made_once_and_only_if_somebody_looks_at_it() -> None:
    made = Made(TEXTS)
    entries = EntryList(made.outline, 10)
    assert len(entries) == 4
    assert entries.heights() == [2, 3, 2, 2]
    assert made.indexes == []
    assert entries[2] is entries[2]
    assert entries.get("e2") is entries[2]
    assert entries.get("none") is None
    assert made.indexes == [2]
    assert [layout.entry.text for layout in entries.made()] == ["three"]


def test_a_guess_is_the_same_before_and_after_an_entry_is_made() -> None:
    entries = EntryList(Made(["x" * 55 + "\n" + "y" * 30]).outline, 10)
    before = entries.heights()
    assert entries[0].height == before[0]
    entries.resize(20)
    assert entries[0].height == entries.heights()[0] < before[0]


def test_entries_keep_their_order_as_others_come_and_go() -> None:
    entries = EntryList(Made(TEXTS).outline, 10)
    last = entries.append(Entry("new", Role.USER, "new"))
    third = entries[2]
    entries.remove("e1")
    assert ids(entries) == ["e0", "e2", "e3", "new"]
    assert (entries.index_of(third), entries.index_of(last)) == (1, 3)
    assert third in entries
    entries.remove("e2")
    assert third not in entries
    assert entries[-1] is last
    assert [layout.entry.text for layout in entries[1:]] == ["four", "new"]
