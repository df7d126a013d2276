"""What a check of the set-up found: one line each, with the fix beside what is wrong."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tui.domain.errors import Failure


class State(StrEnum):
    """How a finding is meant: fine, worth knowing, or something to mend."""

    FINE = "fine"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. ``id`` never changes, for scripts; ``fix`` says what to do and may be empty."""

    id: str
    label: str
    words: str
    state: State = State.FINE
    fix: str = ""

    def as_record(self) -> dict[str, str]:
        """The finding as plain data."""
        return {
            "id": self.id,
            "label": self.label,
            "state": str(self.state),
            "words": self.words,
            "fix": self.fix,
        }


def note(id_: str, label: str, words: str, fix: str = "") -> Finding:
    """Something worth knowing."""
    return Finding(id_, label, words, State.NOTE, fix)


def wrong(id_: str, label: str, words: str, fix: str) -> Finding:
    """Something to mend."""
    return Finding(id_, label, words, State.WRONG, fix)


def of_failure(id_: str, label: str, failure: Failure) -> Finding:
    """A failure as something to mend."""
    return wrong(id_, label, failure.what_was_said, failure.next_command)


def wrong_ones(findings: Iterable[Finding]) -> list[Finding]:
    """Those that have to be mended."""
    return [finding for finding in findings if finding.state is State.WRONG]
