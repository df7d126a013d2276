from hypothesis import given
from hypothesis import strategies as st

from tui.ui.transcript.blocks import Block, Kind
from tui.ui.transcript.document import Entry, Outline, Role
from tui.ui.transcript.layout import Layout

WIDTH = 40


class Measured:
    """Measures blocks as three rows high, and counts how often."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, _entry: Entry, _block: Block, _width: int) -> int:
        self.count += 1
        return 3


def new_layout(entries: int, paragraphs: int = 4) -> tuple[Layout, Measured]:
    measured = Measured()
    layout = Layout(measured)
    layout.resize(WIDTH)
    text = "\n\n".join(["text"] * paragraphs)
    shown = [Entry(str(number), Role.ASSISTANT, text) for number in range(entries)]
    layout.show(Outline.of(shown))
    return layout, measured


def test_only_what_is_near_is_made_and_measured() -> None:
    layout, measured = new_layout(10_000)
    layout.settle_end(60)
    assert measured.count <= 20
    assert len(list(layout.entries.made())) <= 5
    anchor = layout.anchor(layout.total // 2)
    assert anchor is not None
    layout.settle(anchor, 30, 30)
    assert measured.count <= 45


def test_measuring_above_keeps_the_anchor_at_its_block() -> None:
    layout, _ = new_layout(50)
    anchor = layout.anchor(layout.total // 2)
    assert anchor is not None
    layout.settle(anchor, 40, 40)
    entry, index, offset = layout.find(layout.row_of(anchor))
    assert entry.blocks[index] is anchor.block
    assert offset == anchor.offset


def test_every_row_up_to_the_total_is_found() -> None:
    layout, _ = new_layout(5)
    layout.settle_end(10_000)
    rows = [layout.find(row) for row in range(layout.total)]
    assert rows[0][0] is layout.entries[0]
    assert rows[-1][0] is layout.entries[-1]
    assert layout.total == 5 * (4 * 3 + 3)


def test_another_width_forgets_all_heights_and_keeps_the_place() -> None:
    layout, measured = new_layout(3)
    layout.settle_end(10_000)
    anchor = layout.anchor(20)
    assert anchor is not None
    before = measured.count
    layout.resize(WIDTH - 1)
    layout.settle(anchor, 10_000, 10_000)
    assert measured.count == 2 * before
    assert layout.row_of(anchor) == 20


def test_text_that_arrives_adds_blocks_and_leaves_settled_ones_alone() -> None:
    layout, _ = new_layout(0)
    layout.add(Entry("a", Role.ASSISTANT, open=True))
    entry = layout.entries[0]
    entry.open()
    entry.append("one\n\ntwo\n\nthr")
    layout.sync(entry)
    settled = entry.blocks[:2]
    entry.append("ee\n\nfour")
    first = layout.sync(entry)
    assert entry.blocks[:2] == settled
    assert first == entry.heights.before(2)
    assert [block.source for block in entry.blocks] == ["one", "two", "three", "four", ""]


def test_reasoning_is_open_until_the_answer_begins() -> None:
    layout, _ = new_layout(0)
    layout.add(Entry("a", Role.ASSISTANT, open=True))
    entry = layout.entries[0]
    entry.open()
    entry.append("", "thinking")
    layout.sync(entry)
    assert [block.source for block in entry.blocks[1:]] == ["thinking", ""]
    entry.append("answer")
    layout.sync(entry)
    assert [block.source for block in entry.blocks[1:]] == ["answer", ""]
    entry.entry.folded = False
    entry.changed()
    layout.sync(entry)
    assert [block.source for block in entry.blocks[1:]] == ["thinking", "answer", ""]


def test_a_removed_entry_leaves_the_others_in_place() -> None:
    layout, _ = new_layout(3)
    layout.remove("1")
    assert [entry.entry.id for entry in layout.entries] == ["0", "2"]
    assert layout.get("1") is None
    assert layout.get("2") is layout.entries[1]


def test_after_a_resize_what_is_far_away_keeps_its_old_heights_until_it_is_near() -> None:
    layout, measured = new_layout(50)
    layout.settle_end(10_000)
    total = layout.total
    layout.resize(WIDTH - 1)
    before = measured.count
    layout.settle_end(10)
    assert measured.count <= before + 10
    assert total - layout.entries[-1].height < layout.total <= total
    layout.settle_end(10_000)
    assert layout.total == total
    assert [layout.find(row)[0].entry.id for row in (0, total - 1)] == ["0", "49"]


def test_a_place_inside_of_an_answer_is_kept_when_all_answers_are_folded() -> None:
    layout, _ = new_layout(3, paragraphs=40)
    layout.settle_end(10_000)
    anchor = layout.anchor(layout.total // 2)
    assert anchor is not None
    for entry in layout.entries:
        entry.entry.hidden = True
        entry.changed()
    layout.resize(WIDTH)
    layout.settle(anchor, 10, 10)
    assert [block.kind for block in anchor.entry.blocks] == [Kind.FOLDED, Kind.SEPARATOR]
    assert layout.find(layout.row_of(anchor))[0] is anchor.entry


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["fold all", "fold", "reasoning", "resize", "redraw", "grow", "scroll"]),
        st.integers(0, 99),
    ),
    max_size=12,
)


@given(OPERATIONS, st.booleans())
def test_whatever_changes_the_place_of_the_reader_can_be_measured(
    operations: list[tuple[str, int]], at_once: bool
) -> None:
    layout = Layout(lambda _entry, _block, _width: 3)
    layout.resize(WIDTH)
    text = "\n\n".join(["text", "```\ncode\n```", *["text"] * 8])
    layout.show(Outline.of([Entry(str(n), Role.ASSISTANT, text, text) for n in range(4)]))
    anchor = layout.anchor(layout.total // 2)
    assert anchor is not None
    for operation, number in operations:
        entry = layout.entries[number % len(layout.entries)]
        match operation:
            case "fold all":
                for each in layout.entries:
                    each.entry.hidden = number % 2 == 0
                    each.changed()
                layout.resize(layout.width)
            case "fold":
                entry.entry.hidden = not entry.entry.hidden
                entry.changed()
                layout.sync(entry)
            case "reasoning":
                entry.entry.folded = not entry.entry.reasoning_folded
                entry.changed()
                layout.sync(entry)
            case "resize":
                layout.resize(WIDTH + number)
            case "redraw":
                layout.redraw([Kind.MARKDOWN, Kind.CODE])
            case "grow":
                layout.add(Entry(f"new {layout.total} {len(layout.entries)}", Role.USER, "more"))
            case _:
                anchor = layout.anchor(number * layout.total // 100)
                assert anchor is not None
        if at_once:
            layout.settle(anchor, 30, 30)
        row = layout.row_of(anchor)
        found, index, _ = layout.find(row)
        assert found is anchor.entry
        assert anchor.block not in found.blocks or found.blocks[index] is anchor.block
    layout.settle(anchor, 10_000, 10_000)
    assert layout.total == sum(entry.height for entry in layout.entries)
