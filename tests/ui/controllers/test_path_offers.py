import asyncio
from pathlib import Path

import pytest

from tui.domain.offers import Offer
from tui.services.attachments_walk import FolderEntry
from tui.ui.controllers import path_offers
from tui.ui.controllers.path_offers import PathOffers


async def offers_in(folder: Path, text: str) -> tuple[PathOffers, list[str]]:
    """The source, and what it offers for a text once the folder is listed."""
    listed = asyncio.Event()
    source = PathOffers(folder, listed.set)
    source.offers(text, len(text))
    async with asyncio.timeout(5):
        await listed.wait()
    found = source.offers(text, len(text))
    return source, [offer.text for offer in found.offers] if found is not None else []


async def test_files_are_offered_once_the_folder_is_listed(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    for name in ("src/main.py", "my notes.txt"):
        (tmp_path / name).write_text("x")
    source, offered = await offers_in(tmp_path, "see @main")
    assert offered == ["@src/main.py "]
    assert source.path_of(Offer("@src/main.py ", "")) == tmp_path / "src/main.py"

    found = source.offers("see @note", 9)
    assert found is not None
    assert (found.start, found.end) == (4, 9)
    assert found.offers[0].text == '@"my notes.txt" '


async def test_only_what_was_offered_stands_for_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    source, _ = await offers_in(tmp_path, "@")
    assert source.path_of(Offer("@b.txt ", "")) is None
    assert source.path_of(Offer("/model ", "")) is None
    assert source.offers("mail me@example.org", 19) is None


async def test_a_name_that_cannot_be_shown_as_it_is_is_not_offered(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[31m\u202eb.txt").write_text("x")
    (tmp_path / "plain.txt").write_text("x")
    assert (await offers_in(tmp_path, "@"))[1] == ["@plain.txt "]


async def test_a_path_that_is_spelt_out_goes_from_folder_to_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    work = tmp_path / "work"
    (tmp_path / "my docs/deep").mkdir(parents=True)
    work.mkdir()
    for name in ("my docs/chart.png", "work/.env"):
        (tmp_path / name).write_text("x")

    source, offered = await offers_in(work, "see @~/my")
    assert offered == ['@"~/my docs/']
    assert source.path_of(Offer(offered[0], "")) is None, "a folder is no file"

    source, offered = await offers_in(work, f"see {offered[0]}")
    assert offered == ['@"~/my docs/deep/', '@"~/my docs/chart.png" ']
    assert source.path_of(Offer(offered[1], "")) == tmp_path / "my docs/chart.png"

    for typed, expected in (
        (f"@{work}/.", f"@{work}/.env "),
        ("@../wo", "@../work/"),
        ("@.e", "@.env "),
        ("@..", "@../"),
        ("@~", "@~/"),
    ):
        assert (await offers_in(work, typed))[1] == [expected]


async def test_of_folders_typed_while_one_is_listed_the_last_one_is_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []
    answers, told = asyncio.Event(), asyncio.Event()

    async def slowly(folder: Path) -> list[FolderEntry]:
        asked.append(folder)
        await answers.wait()
        return [FolderEntry(f"in {folder.name}", is_folder=False)]

    monkeypatch.setattr(path_offers, "list_folder", slowly)
    source = PathOffers(tmp_path, told.set)
    for typed in ("/one/", "/two/", "/three/"):
        assert not source.paths(typed)
        await asyncio.sleep(0)
    answers.set()
    async with asyncio.timeout(5):
        await told.wait()
    assert source.paths("/three/") == [("/three/in three", "in three")]
    assert asked == [Path("/one"), Path("/three")]
