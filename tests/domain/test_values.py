"""Loose JSON read strictly: what is no sane number never reaches arithmetic."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.values import (
    as_count,
    as_date,
    as_flag,
    as_list,
    as_money,
    as_names,
    as_number,
    as_object,
    as_plain,
    as_price,
    as_text,
    parse_json,
)

NOT_MONEY = [
    "NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1e400", "-0.01", "-1",
    '"0.5"', '"NaN"', "true", "null", "[]", "{}", "1e10", "1e-400",
    "9" * 5000, "0." + "1" * 5000, "1e9999999999999999999",
]  # fmt: skip


@pytest.mark.parametrize("literal", NOT_MONEY)
def test_what_is_no_amount_of_money_is_unknown(literal: str) -> None:
    assert as_money(parse_json(literal)) is None


@pytest.mark.parametrize(
    ("literal", "amount"),
    [("0", "0"), ("-0.0", "0"), ("0.000837", "0.000837"), ("1.0E-7", "1E-7"), ("12", "12")],
)
def test_money_is_exact(literal: str, amount: str) -> None:
    assert as_money(parse_json(literal)) == Decimal(amount)


@pytest.mark.parametrize("literal", [*NOT_MONEY, "1.5", "1000000000001"])
def test_what_is_no_count_is_unknown(literal: str) -> None:
    assert as_count(parse_json(literal)) in (None, *([10**10] if literal == "1e10" else []))


@pytest.mark.parametrize(("literal", "count"), [("0", 0), ("12", 12), ("12.0", 12), ("1e3", 1000)])
def test_a_count_is_a_whole_number(literal: str, count: int) -> None:
    assert as_count(parse_json(literal)) == count


@pytest.mark.parametrize(
    ("value", "price"),
    [
        ("0.00000025", "2.5E-7"),
        (" 0.1 ", "0.1"),
        ("-1", "-1"),
        (-1, "-1"),
        ("-1.0", "-1"),
        ("0", "0"),
        ("-0", "0"),
        (Decimal("0.5"), "0.5"),
    ],
)
def test_a_price_is_a_string_or_a_number_and_minus_one_is_kept(value: object, price: str) -> None:
    assert as_price(value) == Decimal(price)


@pytest.mark.parametrize(
    "value",
    ["NaN", "Infinity", "-inf", "1e999", "1e-400", "-2", "-0.5", "", "free", "1_000", "١", "0x1",
     "1,5", "9" * 100, None, True, [], {}, -2],
)  # fmt: skip
def test_a_price_that_makes_no_sense_is_unknown(value: object) -> None:
    assert as_price(value) is None


def test_values_of_other_types_count_as_absent() -> None:
    others: list[Any] = [None, True, 1, "x", ["x"], {"x": 1}]
    assert [as_text(value) for value in others] == ["", "", "", "x", "", ""]
    assert [as_flag(value) for value in others] == [None, True, None, None, None, None]
    assert [as_names(value) for value in others] == [(), (), (), (), ("x",), ()]
    assert [len(as_list(value)) for value in others] == [0, 0, 0, 0, 1, 0]
    assert [len(as_object(value)) for value in others] == [0, 0, 0, 0, 0, 1]
    assert [as_number(value) for value in others] == [None, None, 1.0, None, None, None]


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "20260101x", "-1"])
def test_a_date_that_cannot_be_read_is_absent(text: str) -> None:
    assert as_date(text) is None


def test_a_lone_surrogate_is_replaced() -> None:
    assert as_text(parse_json('"a\\ud83d"')) == "a\ufffd"
    assert as_plain(parse_json('{"\\ud83d": ["\\ude00"]}')) == {"\ufffd": ["\ufffd"]}


@pytest.mark.parametrize("document", ["[" * 100_000, '{"a":' * 100_000])
def test_deep_nesting_is_refused_as_no_json(document: str) -> None:
    with pytest.raises(ValueError, match=r"nested|Expecting"):
        parse_json(document)


def test_plain_data_of_moderate_depth_only() -> None:
    with pytest.raises(ValueError, match="nested"):
        as_plain(parse_json("[" * 100 + "]" * 100))


def test_a_byte_order_mark_and_broken_utf8_are_taken() -> None:
    assert parse_json(b'\xef\xbb\xbf{"a": "\xff"}') == {"a": "\ufffd"}


# The kinds of case that JSONTestSuite lists as invalid or left to the implementation.
HOSTILE = [
    b"", b" ", b"[", b"]", b"[1,]", b"[,1]", b"{", b'{"a"}', b'{"a":}', b"{a:1}", b"'a'", b'"a',
    b'"\\u12"', b'"\\x00"', b'"\x00"', b'"\n"', b"nul", b"tru", b"+1", b"01", b"1.", b".5", b"1e",
    b"1e+", b"0x1", b"--1", b"[1 2]", b"[1]x", b"[1]\xff", b"\xff\xfe[\x001\x00]\x00",
    b"\xed\xa0\x80", b'"\xed\xa0\x80"', b'{"a":1,"a":2}', b"[1e999999]", b"[-1e-999999]",
    b"[" + b"1" * 10_000 + b"]", b"[NaN]", b"[-Infinity]", b"[" * 200_000, b'[{"":' * 100_000,
    b"\x00", b"\xef\xbb\xbf", b'["\\ud800"]', b'["\\ud800\\u0061"]', b"[123.456e-789]",
    b"[0.4e00669999999999999999999999999999999999999999999969999999006]",
]  # fmt: skip


@pytest.mark.parametrize("document", HOSTILE)
def test_a_hostile_document_is_read_or_refused_as_no_json(document: bytes) -> None:
    try:
        value = parse_json(document)
    except ValueError:
        return
    json.dumps(as_plain(value), allow_nan=False).encode()


@given(st.binary())
def test_any_bytes_are_read_or_refused_as_no_json(document: bytes) -> None:
    try:
        parse_json(document)
    except ValueError:
        return
