"""What reported usage teaches about our estimates: a ratio for each model, and how far off it is.

Nothing is stored for it but the two figures beside each other, ours and the server's, with every
answer in the history; so there is nothing to keep in step and nothing to lose.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median, median_low

RECENT = 40
"""Answers that a model's ratio is learnt from; older ones may be of another tokenizer."""

_LOWEST_RATIO, _HIGHEST_RATIO = 0.2, 5.0
_USUAL_COMPLETION = 500
"""Tokens of an answer as long as nobody has seen one."""
_NINE_OF_TEN = 0.9


@dataclass(frozen=True, slots=True)
class Sample:
    """One figure in tokens: ours as counted, what the server reported, and what we had shown."""

    raw: int
    reported: int
    shown: int | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """From our count to a model's tokens.

    ``error`` and ``worst_error`` are fractions: how far the figures that were shown lay off the
    reported ones, in the middle and in nine of ten cases. None as long as nothing was measured.
    """

    ratio: float = 1.0
    error: float | None = None
    worst_error: float | None = None
    samples: int = 0

    def tokens(self, raw: int) -> int:
        """About how many of the model's tokens our count stands for."""
        return round(raw * self.ratio)


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the answers of one model have taught; lengths are tokens.

    ``billed_by`` are the providers, by their names in the settings, whose last answers named what
    they cost.
    """

    prompt: Fit = Fit()
    completion: Fit = Fit()
    usual_completion: int | None = None
    billed_by: frozenset[str] = frozenset()

    def usual(self) -> int:
        """How long this user's answers from the model usually are, reasoning included."""
        return _USUAL_COMPLETION if self.usual_completion is None else self.usual_completion

    @property
    def words(self) -> str:
        """How far to trust the estimates: ``± 4 % on 38 answers``."""
        if self.prompt.error is None:
            return "not measured yet"
        answers = "answer" if self.prompt.samples == 1 else "answers"
        return f"± {self.prompt.error:.0%} on {self.prompt.samples} {answers}".replace("%", " %")


UNCALIBRATED = Calibration()


@dataclass(frozen=True, slots=True)
class Estimate:
    """What we thought of a turn before its usage arrived, kept to learn from; in tokens.

    ``prompt_raw`` and ``completion_raw`` are counted without any correction, the latter in the
    answer's text alone; ``prompt`` is the corrected figure that was shown before the send, of which
    ``cached`` would be read from the provider's cache, ``cache_written`` written to it and
    ``heard`` be sound, and ``completion`` how long the answer would likely become. ``fee`` is in
    USD: what is billed beside the tokens, as for reading a PDF.
    """

    prompt_raw: int
    prompt: int
    completion_raw: int = 0
    completion: int = 0
    fee: Decimal = Decimal(0)
    cached: int = 0
    cache_written: int = 0
    heard: int = 0


def fit(samples: Sequence[Sample]) -> Fit:
    """The ratio that fits most of the samples, newest first; a few odd ones change nothing.

    It is the median of what each sample says by itself: a prompt to which the server added search
    results, or from which it dropped the middle, is an outlier and stays one.
    """
    usable = [one for one in samples if one.raw > 0 and one.reported > 0][:RECENT]
    if not usable:
        return Fit()
    ratio = median(one.reported / one.raw for one in usable)
    errors = sorted(
        abs(one.shown - one.reported) / one.reported for one in usable if one.shown is not None
    )
    return Fit(
        ratio=min(max(ratio, _LOWEST_RATIO), _HIGHEST_RATIO),
        error=median(errors) if errors else None,
        worst_error=quantile(errors, _NINE_OF_TEN) if errors else None,
        samples=len(usable),
    )


def calibrate(
    prompts: Sequence[Sample], completions: Sequence[Sample], lengths: Sequence[int]
) -> Calibration:
    """What the last answers of a model teach, each sequence newest first.

    ``lengths`` are completion tokens of whole answers, reasoning included.
    """
    usual = median_low(lengths[:RECENT]) if lengths else None
    return Calibration(fit(prompts), fit(completions), usual)


def quantile(ascending: Sequence[float], share: float) -> float:
    """The least of the sorted values that at least this share of them does not exceed."""
    return ascending[max(0, math.ceil(share * len(ascending)) - 1)]
