"""A failure reads as a paragraph."""

from tui.domain.errors import Failure, FailureKind, WorkbenchError

FAILURE = Failure(FailureKind.REFUSED, "Nobody answers.", "Start the server.")


def test_a_failure_is_said_with_its_next_step() -> None:
    assert str(FAILURE) == "Nobody answers. Start the server."


def test_what_the_other_side_said_is_quoted() -> None:
    said = Failure(FailureKind.REFUSED, "It refused.", "Try later.", detail="busy")
    assert str(said) == "It refused. (busy) Try later."


def test_an_error_carries_its_failure() -> None:
    assert WorkbenchError(FAILURE).failure is FAILURE
    assert str(WorkbenchError(FAILURE)) == "Nobody answers."
