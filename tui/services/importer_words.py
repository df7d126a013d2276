"""What a file to import holds, and what came of it, in words."""

from tui.domain.export_selection import cost_words
from tui.domain.sanitize import visible
from tui.services.importer import ImportResult, Reading


def reading_lines(reading: Reading, most_problems: int | None = None) -> list[str]:
    """What a file holds, a line each: counts, the period, what is known, what is left out.

    Of the problems at most so many are named, and the others counted.
    """
    lines = [contents_words(reading)]
    if reading.period is not None:
        first, last = reading.period
        lines.append(f"from {first:%Y-%m-%d} to {last:%Y-%m-%d}")
    if reading.known:
        but = f", but for {counted(reading.more, 'message')}" if reading.more else ""
        lines.append(f"here already: {counted(len(reading.known), 'conversation')}{but}")
    if reading.deleted:
        lines.append(f"deleted here, comes back: {counted(reading.deleted, 'conversation')}")
    named = reading.problems[:most_problems]
    lines += [visible(f"left out: {problem}") for problem in named]
    more = len(reading.problems) - len(named)
    return [*lines, f"and {more:,} more"] if more else lines


def contents_words(reading: Reading) -> str:
    """How much is in a file, and what it cost."""
    parts = [
        counted(reading.conversations, "conversation"),
        counted(reading.messages, "message"),
        counted(reading.files, "file"),
        cost_words(reading.cost),
    ]
    return ", ".join(parts)


def news_words(reading: Reading) -> str:
    """What of a file would be new here; empty if all of it is here already."""
    new = counted(reading.new, "conversation") if reading.new else ""
    return new or (counted(reading.more, "message") if reading.more else "")


def written_words(result: ImportResult) -> str:
    """What was written, and what had been deleted and is back."""
    words = f"{counted(result.added, 'conversation')}, {counted(result.messages, 'message')}"
    back = f"{counted(result.restored, 'deleted conversation')} brought back"
    if result == ImportResult(restored=result.restored):
        return back if result.restored else words
    grown = f"{result.grown:,} known before got more" if result.grown else ""
    return "; ".join(filter(None, [words, grown, back if result.restored else ""]))


def counted(count: int, noun: str) -> str:
    """A number of things."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
