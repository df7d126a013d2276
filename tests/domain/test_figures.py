"""Figures are written the same everywhere, and never claim more than is known."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.figures import (
    byte_size,
    money,
    money_exact,
    price_per_million,
    rate,
    seconds,
    tokens,
    tokens_short,
)

D = Decimal


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (None, "?"),
        ("0", "$0"),
        ("-0.0", "$0"),
        ("0.004218", "$0.004218"),
        ("0.0042184", "$0.004218"),
        ("0.0001", "$0.0001"),
        ("0.00009999", "< $0.0001"),
        ("1e-18", "< $0.0001"),
        ("-0.00009", "> −$0.0001"),
        ("0.03", "$0.03"),
        ("0.0310", "$0.031"),
        ("0.84", "$0.84"),
        ("2", "$2.00"),
        ("9.99999", "$10.00"),
        ("1.23456", "$1.235"),
        ("1234.567", "$1,234.57"),
        ("-0.0026", "−$0.0026"),
        ("NaN", "?"),
        ("sNaN", "?"),
        ("inf", "?"),
        ("1e999999", "?"),
        ("1e-999999", "?"),
    ],
)
def test_money_has_four_significant_digits(amount: str | None, shown: str) -> None:
    assert money(None if amount is None else D(amount)) == shown


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (None, "?"),
        ("0", "$0"),
        ("0.004218", "$0.004218"),
        ("0.0100", "$0.01"),
        ("0.1", "$0.10"),
        ("12", "$12.00"),
        ("0.00106995", "$0.00106995"),
        ("0.000247013", "$0.000247013"),
        ("3.253E-7", "$0.0000003253"),
        ("3.253E-17", "$0.00000000000000003253"),
        ("0.00018008333333333333334774", "$0.000180083333333"),
        ("1234567.5", "$1,234,567.50"),
        ("-0.0026", "−$0.0026"),
        ("NaN", "?"),
        ("1e400", "?"),
    ],
)
def test_a_receipt_shows_every_digit(amount: str | None, shown: str) -> None:
    assert money_exact(None if amount is None else D(amount)) == shown


@given(st.decimals(min_value=0, max_value=10**9, places=15))
def test_a_receipt_can_be_read_back(amount: Decimal) -> None:
    assert D(money_exact(amount).removeprefix("$").replace(",", "")) == amount


@given(st.decimals(min_value=D("0.0001"), max_value=10**9, places=15))
def test_money_is_right_to_four_digits(amount: Decimal) -> None:
    shown = D(money(amount).removeprefix("$").replace(",", ""))
    assert abs(shown - amount) <= amount / 2000


@given(st.decimals(min_value=0, max_value=10**9, places=15))
def test_only_a_real_zero_is_written_as_zero(amount: Decimal) -> None:
    assert (money(amount) == "$0") == (amount == 0)


def test_an_estimate_is_marked() -> None:
    assert money(D("0.0021"), estimated=True) == "≈ $0.0021"
    assert money(D("0.00001"), estimated=True) == "≈ < $0.0001"
    assert money(None, estimated=True) == "?"
    assert tokens(1204, estimated=True) == "≈ 1,204"
    assert tokens(None, estimated=True) == "?"


@pytest.mark.parametrize(
    ("per_token", "shown"),
    [
        (None, "?"),
        ("-1", "varies"),
        ("0", "free"),
        ("0.000003", "$3"),
        ("0.00000125", "$1.25"),
        ("0.0000003125", "$0.3125"),
        ("0.0000003", "$0.30"),
        ("0.000000075", "$0.075"),
        ("0.00000008333333333333334", "$0.08333"),
        ("0.000150", "$150"),
        ("NaN", "?"),
        ("-inf", "?"),
    ],
)
def test_prices_are_per_million_tokens(per_token: str | None, shown: str) -> None:
    assert price_per_million(None if per_token is None else D(per_token)) == shown


@pytest.mark.parametrize(
    ("count", "shown"), [(None, "?"), (0, "0"), (980, "980"), (1204, "1,204"), (10**6, "1,000,000")]
)
def test_tokens_have_thousands_separators(count: int | None, shown: str) -> None:
    assert tokens(count) == shown


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (None, "?"),
        (0, "0"),
        (950, "950"),
        (999, "999"),
        (1000, "1k"),
        (1234, "1.2k"),
        (9_999, "10k"),
        (12_345, "12k"),
        (200_000, "200k"),
        (999_499, "999k"),
        (999_500, "1M"),
        (1_048_576, "1.05M"),
        (2_000_000, "2M"),
        (10_000_000, "10M"),
        (100_000_000, "100M"),
    ],
)
def test_a_meter_shows_tokens_short(count: int | None, shown: str) -> None:
    assert tokens_short(count) == shown


@given(st.integers(min_value=0, max_value=10**9))
def test_a_meter_is_never_wide(count: int) -> None:
    assert len(tokens_short(count)) <= 7


@pytest.mark.parametrize(
    ("duration", "shown"),
    [
        (None, "?"),
        (0.0, "0.0 s"),
        (0.62, "0.6 s"),
        (6.1, "6.1 s"),
        (99.94, "99.9 s"),
        (99.96, "1 min 40 s"),
        (100.0, "1 min 40 s"),
        (119.7, "2 min 00 s"),
        (754.2, "12 min 34 s"),
    ],
)
def test_times_are_seconds_with_one_decimal(duration: float | None, shown: str) -> None:
    assert seconds(duration) == shown


@pytest.mark.parametrize(
    ("speed", "shown"), [(None, "?"), (84.2, "84 tok/s"), (1234.5, "1,234 tok/s")]
)
def test_a_rate_is_tokens_per_second(speed: float | None, shown: str) -> None:
    assert rate(speed) == shown


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1.0 kB"),
        (9_949, "9.9 kB"),
        (9_950, "10 kB"),
        (999_499, "999 kB"),
        (999_500, "1.0 MB"),
        (1_234_567, "1.2 MB"),
        (3_000_000_000, "3,000 MB"),
    ],
)
def test_sizes_of_data_have_two_or_three_digits(count: int, shown: str) -> None:
    assert byte_size(count) == shown
