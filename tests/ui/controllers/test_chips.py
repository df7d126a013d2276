from tui.domain.attachments import Attachment, inspect
from tui.ui.controllers.chips import Chips, Unsent

ONE, TWO = inspect(b"one", "one.txt"), inspect(b"two", "two.txt")


def names(attachments: tuple[Attachment, ...]) -> list[str]:
    return [one.name for one in attachments]


def test_files_belong_to_one_conversation_and_are_taken_once() -> None:
    chips = Chips()
    chips.add("a", [ONE])
    chips.add("a", [TWO, ONE])
    assert names(chips.of("a")) == ["one.txt", "two.txt"]
    assert chips.of("b") == ()

    assert names(chips.take("a")) == ["one.txt", "two.txt"]
    assert chips.take("a") == ()


def test_a_file_can_be_removed_again() -> None:
    chips = Chips()
    chips.add("a", [ONE, TWO])
    chips.remove("a", ONE)
    assert names(chips.of("a")) == ["two.txt"]


def test_an_edit_has_files_of_its_own_while_those_of_the_draft_wait() -> None:
    chips = Chips()
    chips.add("a", [ONE])
    chips.begin_edit("a", [])
    assert chips.of("a") == ()
    chips.add("a", [TWO])
    assert names(chips.end_edit("a")) == ["two.txt"]
    assert names(chips.of("a")) == ["one.txt"]


def test_an_edit_that_is_left_keeps_its_files_in_the_draft_as_it_keeps_its_text() -> None:
    chips = Chips()
    chips.add("a", [ONE])
    chips.begin_edit("a", [TWO])
    chips.merge_edits()
    assert names(chips.of("a")) == ["one.txt", "two.txt"]


def test_a_message_that_waits_names_its_files() -> None:
    assert Unsent("Look\nhere", (ONE,)).words == "Look here ▣ one.txt"
    assert Unsent("", (ONE, TWO)).words == "▣ one.txt ▣ two.txt"
