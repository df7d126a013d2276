"""Filters of the catalogue as plain loops over the served rows: what the search is held against."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.resources import files
from typing import Any

BODY = files("tui.demo").joinpath("catalogue.json").read_bytes()
ROWS: list[dict[str, Any]] = json.loads(BODY, parse_float=Decimal)["data"]
NOON = datetime(2026, 5, 16, 12, 0, tzinfo=UTC)
MILLION = 1_000_000

Test = Callable[[dict[str, Any]], bool]


def paid(row: Mapping[str, Any], name: str) -> Decimal | None:
    """A price at noon for a short prompt in USD per million; None if it varies or is missing."""
    pricing = row["pricing"]
    price = pricing.get(name)
    for override in pricing.get("overrides", ()):
        if "min_prompt_tokens" in override or not (
            override["utc_start"] <= 1200 < override["utc_end"]
        ):
            continue
        price = override.get(name, price)
    if price is None or Decimal(price) < 0:
        return None
    return Decimal(price) * (1 - Decimal(pricing.get("discount", 0))) * MILLION


def less(row: Mapping[str, Any], name: str, most: str) -> bool:
    price = paid(row, name)
    return price is not None and price < Decimal(most)


def at_most(row: Mapping[str, Any], name: str, most: str) -> bool:
    price = paid(row, name)
    return price is not None and price <= Decimal(most)


def is_free(row: Mapping[str, Any]) -> bool:
    return paid(row, "prompt") == 0 and paid(row, "completion") == 0


def reads(row: Mapping[str, Any], what: str) -> bool:
    return what in row["architecture"]["input_modalities"]


def writes(row: Mapping[str, Any], what: str) -> bool:
    return what in row["architecture"]["output_modalities"]


def takes(row: Mapping[str, Any], *parameters: str) -> bool:
    return any(parameter in row["supported_parameters"] for parameter in parameters)


def author(row: Mapping[str, Any]) -> str:
    return str(row["id"]).split("/")[0].lstrip("~")


def longest(row: Mapping[str, Any]) -> int:
    return row["top_provider"]["max_completion_tokens"] or 0


def says(row: Mapping[str, Any], word: str) -> bool:
    return word in f"{row['id']} {row['name']}".lower()


def thinks(row: Mapping[str, Any]) -> bool:
    return "reasoning" in row or takes(row, "reasoning")


def added_since(row: Mapping[str, Any], days: int) -> bool:
    return bool(row["created"] >= NOON.timestamp() - days * 86_400)


def ends(row: Mapping[str, Any], within: int = 10_000) -> bool:
    if row["expiration_date"] is None or row["expiration_date"] > "2090":
        return False
    return 0 <= (date.fromisoformat(row["expiration_date"]) - NOON.date()).days <= within


FILTERS: dict[str, Test] = {
    "": lambda r: True,
    "vision tools ctx>=200k in<=3 -free": lambda r: (
        reads(r, "image")
        and takes(r, "tools")
        and r["context_length"] >= 200_000
        and at_most(r, "prompt", "3")
        and not is_free(r)
    ),
    "free": is_free,
    "-free": lambda r: not is_free(r),
    "free|in<0.1": lambda r: is_free(r) or less(r, "prompt", "0.1"),
    "author:anthropic": lambda r: author(r) == "anthropic",
    "author:x-ai": lambda r: author(r) == "x-ai",
    "author:anthropic|openai": lambda r: author(r) in ("anthropic", "openai"),
    "-author:openai": lambda r: author(r) != "openai",
    "author=meta-llama tools": lambda r: author(r) == "meta-llama" and takes(r, "tools"),
    "author:mistral": lambda r: author(r).startswith("mistral"),
    "ctx>=1m": lambda r: r["context_length"] >= MILLION,
    "ctx<32k": lambda r: r["context_length"] < 32_000,
    "ctx=131072": lambda r: r["context_length"] == 131_072,
    "ctx:128k..200k": lambda r: 128_000 <= r["context_length"] <= 200_000,
    "ctx:128k..<200k": lambda r: 128_000 <= r["context_length"] < 200_000,
    "maxout>=32k": lambda r: longest(r) >= 32_000,
    "maxout<8k": lambda r: 0 < longest(r) < 8_000,
    "in<1": lambda r: less(r, "prompt", "1"),
    "in<1 out<5": lambda r: less(r, "prompt", "1") and less(r, "completion", "5"),
    "out<=0.3": lambda r: at_most(r, "completion", "0.3"),
    "in<0.33": lambda r: less(r, "prompt", "0.33"),
    "cache<0.1": lambda r: less(r, "input_cache_read", "0.1"),
    "in:0.5..<2 -vision": lambda r: (
        paid(r, "prompt") is not None
        and not less(r, "prompt", "0.5")
        and less(r, "prompt", "2")
        and not reads(r, "image")
    ),
    "varies": lambda r: r["pricing"]["prompt"] == "-1",
    "tools": lambda r: takes(r, "tools"),
    "vision files": lambda r: reads(r, "image") and reads(r, "file"),
    "audio|video": lambda r: reads(r, "audio") or reads(r, "video"),
    "image-out": lambda r: writes(r, "image"),
    "audio-out": lambda r: writes(r, "audio"),
    "reasoning -tools": lambda r: thinks(r) and not takes(r, "tools"),
    "json": lambda r: takes(r, "response_format", "structured_outputs"),
    "new:30d": lambda r: added_since(r, 30),
    "new": lambda r: added_since(r, 30),
    "-new:1y": lambda r: not added_since(r, 365),
    "expiring": ends,
    "expiring:30d": lambda r: ends(r, 30),
    "moderated": lambda r: r["top_provider"]["is_moderated"] is True,
    "param:seed": lambda r: takes(r, "seed"),
    "-param:top_k param:top_p": lambda r: takes(r, "top_p") and not takes(r, "top_k"),
    "tok:Claude": lambda r: r["architecture"]["tokenizer"] == "Claude",
    "tok:qwen": lambda r: r["architecture"]["tokenizer"] == "Qwen",
    "variant:free": lambda r: r["id"].endswith(":free"),
    "claude": lambda r: says(r, "claude"),
    "CLAUDE -haiku": lambda r: says(r, "claude") and not says(r, "haiku"),
    '"gpt-5"|"gemini 2.5"': lambda r: says(r, "gpt-5") or says(r, "gemini 2.5"),
    "nothing>3 free ctx>=many": is_free,
}


def by_price(rows: list[dict[str, Any]], *, descending: bool = False) -> list[str]:
    """The ids of rows by the price of the prompt; those without one last, in the order served."""
    priced = [(paid(row, "prompt"), row["id"]) for row in rows]
    known = [(price, one) for price, one in priced if price is not None]
    known.sort(key=lambda pair: pair[0], reverse=descending)
    return [one for _, one in known] + [one for price, one in priced if price is None]
