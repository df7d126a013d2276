"""Runs a subject in a real pseudo-terminal, reads all that it draws, and types into it."""

import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.bench.program import Program
from tests.bench.typist import Typist


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run took: seconds, bytes, milliseconds for each echo."""

    cpu: float
    wall: float
    stall: float
    """The longest time for which nothing else could run…"""
    busy: float
    """… and the most CPU time in one go: the stall that an idle machine would have shown."""
    kept: bool
    """Whether everything that was sent is in the entry, if the subject has one."""
    peak: int
    """The most memory it has held."""
    echoes: list[float]


def run(subject: str, text: str, *, piece: int, rate: float) -> Figures:
    """Stream the text into the subject in pieces of so many characters, ``rate`` pieces a second.

    Raises:
        RuntimeError: The subject ended without a report.
    """
    with tempfile.TemporaryDirectory() as folder:
        source, report = Path(folder, "text.md"), Path(folder, "report.json")
        source.write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "tests.bench.subject", subject, str(source), str(report)]
        command += ["--piece", str(piece), "--rate", str(rate)]
        with Program(command) as program:
            typist = Typist(program)
            try:
                while True:
                    typist.work()
            except EOFError:
                pass
        if not report.exists():
            raise RuntimeError(f"{subject} ended with {program.process.returncode} and no report")
        figures = json.loads(report.read_text(encoding="utf-8"))
    return Figures(**figures, echoes=typist.echoes)
