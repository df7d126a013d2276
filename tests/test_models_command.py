"""``orw models``: the same engine as on the screen, for scripts."""

import csv
import io
import json
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.domain.plain_filters import FILTERS, NOON, ROWS, by_price
from tui import models_command
from tui.cli import main
from tui.cli_parser import split_exclusions
from tui.domain.catalogue_context import FilterContext
from tui.domain.catalogue_filter import parse_filter
from tui.domain.catalogue_sort import SortKey
from tui.domain.model_lists import ModelLists
from tui.services.catalogue_store import CatalogueStore
from tui.services.favourites import FavouritesFile

NOBODY = "http://127.0.0.1:9"
"""An origin where nobody listens."""

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(orw_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command with the demo, or with a server; returns exit code, stdout and stderr."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)

    def run(*words: str, server: Sequence[str] = ("--demo",)) -> tuple[int, str, str]:
        try:
            code = main(["models", "--home", str(orw_home), *server, *words])
        except SystemExit as done:
            code = int(done.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return run


def keep(home: Path, age: timedelta, *rows: dict[str, Any]) -> None:
    """A stored catalogue of the server where nobody listens."""
    (home / "cache").mkdir(parents=True)
    body = json.dumps({"data": rows}).encode()
    CatalogueStore.of(home / "cache", NOBODY).cache.save(body, datetime.now(UTC) - age)


OFFLINE = ("--base-url", f"{NOBODY}/v1")


def test_words_may_be_apart_and_exclusions_are_no_flags(run: Run) -> None:
    together = run("claude -haiku -sonnet", "--json")
    apart = run("-haiku", "claude", "--json", "-sonnet")
    assert together == apart
    ids = [model["id"] for model in json.loads(together[1])]
    assert ids
    assert not any("haiku" in one or "sonnet" in one for one in ids)


def test_every_filter_sorted_by_price_gives_what_a_plain_loop_gives(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models_command, "FilterContext", partial(FilterContext, now=NOON))
    lines = {line: test for line, test in FILTERS.items() if not parse_filter(line).problems}
    assert len(lines) >= 40
    for line, test in lines.items():
        _, out, err = run(line, "--sort", "in", "--json")
        expected = by_price([row for row in ROWS if test(row)])
        assert (line, [model["id"] for model in json.loads(out)], err) == (line, expected, "")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["-free", "x", "--json"], (["x", "--json"], ["-free"])),
        (["--home", "-odd", "-h", "-"], (["--home", "-odd", "-h", "-"], [])),
        (["--sort", "in", "-a", "--", "-b"], (["--sort", "in", "--", "-b"], ["-a"])),
        ([], ([], [])),
    ],
)
def test_what_excludes_is_told_from_flags(
    words: list[str], expected: tuple[list[str], list[str]]
) -> None:
    assert split_exclusions(words) == expected


def test_json_has_the_facts_and_the_prices_of_now(run: Run) -> None:
    _, out, _ = run("z-ai/glm-4.6", "--json")
    (model,) = (one for one in json.loads(out) if one["id"] == "z-ai/glm-4.6")
    assert model["pricing"]["prompt"] == "0.00000043"
    assert Decimal(model["discount"]) == Decimal("0.25")
    assert Decimal(model["price_now"]["prompt"]) == Decimal("0.0000003225")
    assert "tools" in model["capabilities"]


def test_csv_has_a_row_for_each_model(run: Run) -> None:
    code, out, _ = run("author:anthropic", "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    expected = [row["id"] for row in ROWS if row["id"].lstrip("~").startswith("anthropic/")]
    assert code == 0
    assert [row["id"] for row in rows] == expected
    sonnet = next(row for row in rows if row["id"] == "anthropic/claude-sonnet-4.6")
    assert (sonnet["prompt_per_million"], sonnet["completion_per_million"]) == ("3", "15")


def test_what_comes_from_outside_cannot_act_in_a_terminal_or_a_spreadsheet(
    run: Run, orw_home: Path
) -> None:
    keep(orw_home, timedelta(0), {"id": "=cmd|' /C calc'!A0", "name": "\x1b[2Jn\nn"})
    for form in ([], ["--csv"], ["--json"]):
        _, out, _ = run(*form, server=OFFLINE)
        assert "\x1b" not in out
    _, out, _ = run("--csv", server=OFFLINE)
    assert list(csv.reader(io.StringIO(out)))[1][0].startswith("'=cmd")


def test_help_names_every_order(run: Run) -> None:
    code, out, _ = run("--help")
    assert code == 0
    assert ", ".join(SortKey) in " ".join(out.split())


@pytest.mark.parametrize("key", SortKey)
def test_every_order_has_its_word(run: Run, key: SortKey) -> None:
    code, out, err = run("author:anthropic", "--sort", key.value)
    assert (code, err) == (0, "")
    assert len(out.splitlines()) > 5


@pytest.mark.parametrize(
    ("sort", "heading", "cell"),
    [("turn", "TURN", "$0.0"), ("newest", "ADDED", "2026-"), ("speed", "SPEED", "tok/s")],
)
def test_what_is_sorted_by_is_shown(run: Run, sort: str, heading: str, cell: str) -> None:
    _, out, _ = run("author:anthropic", "--sort", sort)
    first, second, *_ = out.splitlines()
    assert heading in first
    assert cell in second


def test_providers_are_asked_for_unless_too_many_models_match(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, _ = run("provider:azure author:openai", "--json")
    assert code == 0
    assert {model["author"] for model in json.loads(out)} == {"openai"}
    monkeypatch.setattr(models_command, "_MOST_READ", 3)
    code, out, err = run("provider:azure author:openai", "--json")
    assert (code, out) == (1, "")
    assert "Narrow the filter to 3 models" in err


def test_nothing_that_matches_is_a_failure_and_still_json(run: Run) -> None:
    code, out, err = run("nobody/at-all", "--json")
    assert (code, json.loads(out)) == (1, [])
    assert "No model matches" in err


def test_favourites_are_known(run: Run, orw_home: Path) -> None:
    lists = ModelLists(favourites=("openai/gpt-5.2", "gone/away"))
    FavouritesFile(orw_home / "data" / "favourites.json").change(lambda _: lists)
    _, out, _ = run("fav", "--json")
    assert [model["id"] for model in json.loads(out)] == ["openai/gpt-5.2"]


def test_favourites_that_are_gone_are_told(run: Run, orw_home: Path) -> None:
    lists = ModelLists(favourites=("openai/gpt-5.2", "gone/away"))
    FavouritesFile(orw_home / "data" / "favourites.json").change(lambda _: lists)
    assert "gone/away" in run("fav")[2]
    assert run("tools")[2] == ""


def test_what_the_key_may_use_is_asked_for(run: Run, orw_home: Path) -> None:
    keep(orw_home, timedelta(minutes=5), {"id": "a/kept"})
    assert run("mine", "--json") == run("--json")
    code, out, err = run("mine", server=OFFLINE)
    assert (code, out) == (1, "")
    assert "127.0.0.1:9" in err


def test_a_filter_that_cannot_be_understood_is_wrong_usage(run: Run) -> None:
    code, out, err = run("ctxx>=3 tools in<cheap", "--json")
    assert (code, out) == (2, "")
    assert "ctxx>=3: ctxx is not a term; did you mean ctx?" in err
    assert "in<cheap: cheap is no number" in err


@pytest.mark.parametrize(
    "words", [["--sort", "beauty"], ["--json", "--csv"], ["show"], ["show", "a/b", "c/d"]]
)
def test_wrong_usage(run: Run, words: list[str]) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert "usage: orw models" in err


def test_show_tells_all_about_a_model_and_who_serves_it(run: Run) -> None:
    code, out, err = run("show", "anthropic/claude-sonnet-4.5:nitro")
    assert (code, err) == (0, "")
    assert "from $3 / above 200k $6" in out
    assert ":nitro the fastest providers first" in out
    for words in ("for 1 hour        $6  ≤ $6.00", "1,000,000 tokens", "Amazon Bedrock"):
        assert words in out
    code, out, _ = run("show", "z-ai/glm-4.6", "--json")
    shown = json.loads(out)
    assert (code, shown["id"]) == (0, "z-ai/glm-4.6")
    assert shown["endpoints"][0]["provider_name"]
    _, out, _ = run("show", "anthropic/claude-sonnet-4.5", "--json")
    override = json.loads(out)["price_overrides"][0]
    assert override["min_prompt_tokens"] == 200_000
    assert Decimal(override["prices"]["prompt"]) == Decimal("0.000006")


def test_an_id_that_does_not_exist_suggests_the_nearest(run: Run) -> None:
    code, out, err = run("show", "anthropic/claude-sonet-4.5")
    assert (code, out) == (1, "")
    assert "anthropic/claude-sonnet-4.5" in err


def test_a_fresh_copy_is_used_without_asking(run: Run, orw_home: Path) -> None:
    keep(orw_home, timedelta(minutes=5), {"id": "a/kept"})
    assert run("--json", server=OFFLINE)[0::2] == (0, "")
    code, out, err = run("--json", "--refresh", server=OFFLINE)
    assert code == 0
    assert json.loads(out)[0]["id"] == "a/kept"
    assert "Showing the catalogue of" in err


@pytest.mark.parametrize("age", [timedelta(hours=2), timedelta(days=-1)])
def test_an_old_copy_is_shown_with_its_date_when_nobody_answers(
    run: Run, orw_home: Path, age: timedelta
) -> None:
    keep(orw_home, age, {"id": "a/kept"})
    code, out, err = run(server=OFFLINE)
    assert code == 0
    assert "a/kept" in out
    assert "Showing the catalogue of" in err


def test_without_a_copy_and_a_server_it_says_why(run: Run) -> None:
    code, out, err = run(server=OFFLINE)
    assert (code, out) == (1, "")
    assert "127.0.0.1:9" in err
