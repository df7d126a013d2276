"""A failure reads as a paragraph."""

import pytest

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


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("Choose another model (F3).", "Choose another model (orw models)."),
        ("Check the base URL in the settings (F2).", "Check the base URL in config.toml."),
        ("Raise the connect timeout (F2).", "Raise the connect timeout (config.toml)."),
        (
            "Enter one in the settings (F2), or set OPENROUTER_API_KEY and start again.",
            "Enter one by orw onboard, or set OPENROUTER_API_KEY and start again.",
        ),
        (
            "Enter the key that this server wants in the settings (F2).",
            "Enter the key that this server wants by orw onboard.",
        ),
        ("Check the port (F2). Enter it.", "Check the port (config.toml). Enter it."),
    ],
)
def test_the_command_line_is_not_told_of_keys_that_open_screens(step: str, said: str) -> None:
    failure = Failure(FailureKind.REFUSED, "It (F2) failed.", step)
    assert failure.next_command == said
    assert str(failure) == f"It (F2) failed. {said}"
    assert failure.next_step == step
