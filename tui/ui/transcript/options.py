"""How the reader wants to see what can be shown in more than one way."""

from dataclasses import dataclass


@dataclass(frozen=True, eq=False, slots=True)
class Options:
    """One value for the whole transcript; compared by identity, as it is part of a cache's key."""

    wrap_code: bool = True
    """Long lines of code go on in the next row; otherwise they are cut and scroll sideways."""
    fit_tables: bool = True
    """Tables are fitted to the width, or written as records; otherwise they scroll sideways."""
    readable_formulas: bool = True
    """Formulas are shown as Unicode text where that is possible, otherwise as LaTeX."""
    pan: int = 0
    """How many cells what scrolls sideways is scrolled."""
