import asyncio
from pathlib import Path

from tui.domain.offers import Offer
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
