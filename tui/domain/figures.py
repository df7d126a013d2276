"""How figures are written: money, tokens, seconds and prices, the same on every screen.

A receipt shows the exact amount; elsewhere four significant digits are enough. ``≈`` marks an
estimate, ``?`` stands for what is not known, and ``$0`` is written only for a real zero.
"""

from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal
from typing import TypeGuard

UNKNOWN = "?"
_SMALLEST_SHOWN = Decimal("0.0001")
_SIGNIFICANT_DIGITS = 4
_ROUGH_DIGITS = 2
_CENT = Decimal("0.01")
_MOST_DECIMALS = 15
_SMALLEST_ROUNDED = Decimal("1e-8")
_MOST_DIGITS = 18
_MILLION = Decimal(1_000_000)


def _plain(amount: Decimal, fewest_decimals: int = 0) -> str:
    """Thousands separators, no exponent, no trailing zeros beyond ``fewest_decimals``."""
    whole, _, fraction = f"{amount:,f}".partition(".")
    fraction = fraction.rstrip("0").ljust(fewest_decimals, "0")
    return f"{whole}.{fraction}" if fraction else whole


def _significant(
    amount: Decimal, digits: int = _SIGNIFICANT_DIGITS, rounding: str = ROUND_HALF_EVEN
) -> Decimal:
    step = Decimal(1).scaleb(amount.adjusted() - digits + 1)
    return amount.quantize(min(step, _CENT), rounding=rounding)


def _is_amount(amount: Decimal | None) -> TypeGuard[Decimal]:
    """Whether there is an amount of a size that can be written out."""
    if amount is None or not amount.is_finite():
        return False
    return amount == 0 or abs(amount.adjusted()) <= _MOST_DIGITS


def money(amount: Decimal | None, *, estimated: bool = False) -> str:
    """An amount in USD to four significant digits: ``$0.0042``, ``≈ $1.25``, ``< $0.0001``."""
    if not _is_amount(amount):
        return UNKNOWN
    if amount == 0:
        shown = "$0"
    elif abs(amount) < _SMALLEST_SHOWN:
        shown = "< $0.0001" if amount > 0 else "> −$0.0001"
    else:
        sign = "−" if amount < 0 else ""
        shown = f"{sign}${_plain(_significant(abs(amount)), 2)}"
    return f"≈ {shown}" if estimated else shown


def money_rough(amount: Decimal | None, *, at_most: bool = False) -> str:
    """An estimated amount in USD where there is little room: ``$0.0069`` for ``$0.006894``.

    It has two significant digits, or whole cents. With ``at_most`` it is never less than the
    amount.
    """
    if not _is_amount(amount) or abs(amount) < _SMALLEST_SHOWN:
        return money(amount)
    rounding = ROUND_CEILING if at_most else ROUND_HALF_EVEN
    return money(_significant(amount, _ROUGH_DIGITS, rounding))


def money_exact(amount: Decimal | None) -> str:
    """An amount in USD to its last digit, as a receipt shows it.

    What follows 15 decimals is the noise of a price that its server computed in binary, such as
    ``0.00000008333333333333334``, and is left out.
    """
    if not _is_amount(amount):
        return UNKNOWN
    if amount == 0:
        return "$0"
    sign = "−" if amount < 0 else ""
    size = abs(amount)
    if size >= _SMALLEST_ROUNDED:
        size = Decimal(f"{size:.{_MOST_DECIMALS}f}")
    return f"{sign}${_plain(size, 2)}"


def price_per_million(price: Decimal | None) -> str:
    """A price in USD per token written per million tokens: ``$3``, ``$0.25``, ``varies``, ``?``.

    OpenRouter uses -1 for the price of its routers, which depends on the model they choose.
    """
    if not _is_amount(price):
        return UNKNOWN
    if price < 0:
        return "varies"
    if price == 0:
        return "free"
    amount = _significant(price * _MILLION)
    return f"${_plain(amount)}" if amount == amount.to_integral_value() else f"${_plain(amount, 2)}"


def tokens(count: int | None, *, estimated: bool = False) -> str:
    """A token count with thousands separators."""
    if count is None:
        return UNKNOWN
    return f"≈ {count:,}" if estimated else f"{count:,}"


def tokens_short(count: int | None, *, estimated: bool = False) -> str:
    """A token count for a meter: ``950``, ``1.2k``, ``12k``, ``200k``, ``1M``, ``≈ 1.05M``."""
    if count is None:
        return UNKNOWN
    return f"≈ {_short(count)}" if estimated else _short(count)


def _short(count: int) -> str:
    if count < 1_000:
        return str(count)
    if count < 10_000:
        return f"{count / 1_000:.1f}".removesuffix(".0") + "k"
    if count < 999_500:
        return f"{count / 1_000:.0f}k"
    return f"{count / 1_000_000:.2f}".rstrip("0").rstrip(".") + "M"


def seconds(duration: float | None) -> str:
    """A duration in seconds with one decimal, in minutes from one hundred seconds on."""
    if duration is None:
        return UNKNOWN
    if round(duration, 1) < 100:
        return f"{duration:.1f} s"
    minutes, rest = divmod(round(duration), 60)
    return f"{minutes} min {rest:02} s"


def rate(tokens_per_second: float | None) -> str:
    """A throughput in tokens per second."""
    return UNKNOWN if tokens_per_second is None else f"{tokens_per_second:,.0f} tok/s"


def byte_size(count: int) -> str:
    """A size of data in decimal units: ``512 B``, ``1.2 kB``, ``34 kB``, ``1.2 MB``."""
    if count < 1_000:
        return f"{count} B"
    size, unit = count / 1_000, "kB"
    if size >= 999.5:
        size, unit = size / 1_000, "MB"
    return f"{size:.1f} {unit}" if size < 9.95 else f"{size:,.0f} {unit}"
