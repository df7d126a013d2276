"""What the first screens say of a failure."""

from dataclasses import replace

from tui.domain.errors import Failure
from tui.domain.onboarding_words import while_beginning
from tui.ui.controllers.settings_effects import Effect, failure_effect


def failure_while_beginning(failure: Failure) -> Effect:
    """A failure as a line of a screen from which neither settings nor models can be opened."""
    return failure_effect(replace(failure, next_step=while_beginning(failure.next_step)))
