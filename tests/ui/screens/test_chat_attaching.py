"""Files that go with messages, attached by the keys and gestures of users."""

import os
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.widgets import Input, OptionList

from tests.fakes.images import png
from tests.fakes.server import error_reply
from tests.ui.screens.money_support import Place, place
from tui.ui.screens.attach_file import AttachFile
from tui.ui.screens.attached_file import AttachedFile
from tui.ui.screens.image import ImageScreen
from tui.ui.screens.list_chooser import ListChooser
from tui.ui.screens.models import ModelsScreen
from tui.ui.widgets.attachment_chips import AttachmentChips
from tui.ui.widgets.prompt import Prompt

PDF = b"%PDF-1.4\n" + b"<< /Type /Page >>\n" * 3


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the app is started, with a few files."""
    folder = tmp_path / "work"
    (folder / "docs").mkdir(parents=True)
    (folder / "docs/chart.png").write_bytes(png(640, 480))
    (folder / "notes.py").write_text("print('hi')\n")
    (folder / "report.pdf").write_bytes(PDF)
    monkeypatch.chdir(folder)
    return folder


def chips(here: Place) -> list[str]:
    return [chip.text.plain for chip in here.screen.query_one(AttachmentChips).chips]


async def paste(here: Place, text: str) -> None:
    here.screen.query_one(Prompt).post_message(events.Paste(text))
    await here.pilot.pause()


def parts(here: Place) -> Any:
    """The content of the prompt that was sent last."""
    return here.bodies[-1]["messages"][-1]["content"]


async def sent(here: Place, count: int) -> None:
    await here.until(lambda: len(here.server.chats) == count)
    await here.until(lambda: here.screen.chat.running is None)


def said(here: Place) -> str:
    return " ".join(f"{one.title} {one.message}" for one in here.app._notifications)


async def test_a_file_is_found_by_a_part_of_its_name_and_goes_with_the_message(
    folder: Path, tmp_path: Path
) -> None:
    async with place(tmp_path) as here:
        await here.pilot.press("f9")
        await here.until(lambda: isinstance(here.app.screen, AttachFile))
        dialog = here.app.screen
        await here.until(lambda: dialog.query_one(OptionList).option_count == 3)
        line = dialog.query_one(Input)
        line.value = "chart"
        await line.action_submit()  # faster than any list can follow
        await here.until(lambda: chips(here))
        assert chips(here)[0].startswith("⚠ chart.png · 640×480")
        assert "takes no images. f: which do" in chips(here)[0]
        # The context, the preview and the gate know of it before it is sent.
        await here.until(lambda: here.plan is not None and here.plan.parts.attachments > 400)

        await here.pilot.press("enter")  # without a text
        await sent(here, 1)
        data = b64encode(png(640, 480)).decode()
        url = {"url": f"data:image/png;base64,{data}"}
        assert parts(here) == [{"type": "image_url", "image_url": url}]
        assert not chips(here)
        await here.until(lambda: any("▣ chart.png · 640×480" in row for row in here.rows))
        assert here.screen.chat.conversation is not None
        assert here.screen.chat.conversation.title == "chart.png"

        await here.pilot.press("alt+g")  # once more, with what it was asked with
        await sent(here, 2)
        assert parts(here) == [{"type": "image_url", "image_url": url}]


async def test_a_path_that_is_dropped_becomes_a_file_and_comes_back_as_text(
    folder: Path, tmp_path: Path
) -> None:
    async with place(tmp_path) as here:
        prompt = here.screen.query_one(Prompt)
        await here.pilot.press(*"see ")
        await paste(here, f"{folder}/docs/chart.png")
        await here.until(lambda: chips(here))
        assert prompt.text == "see "
        assert "Attached chart.png" in said(here)
        await here.pilot.press("ctrl+z")
        assert prompt.text == f"see {folder}/docs/chart.png"

        os.truncate(folder / "notes.py", 0)
        await paste(here, f" {folder}/notes.py")
        await here.until(lambda: "notes.py is empty" in said(here))
        assert prompt.text.endswith("notes.py")
        assert len(chips(here)) == 1


async def test_a_path_is_completed_and_its_file_goes_along(folder: Path, tmp_path: Path) -> None:
    async with place(tmp_path) as here:
        prompt = here.screen.query_one(Prompt)
        await paste(here, "@/nowhere/x")
        await here.pilot.press("tab")
        assert here.screen.focused is prompt, "the key stays at a word that nothing is known of"
        prompt.put("@../work/do")
        await here.pilot.press("tab")
        await here.until(lambda: prompt.completing.shown is not None)
        await here.pilot.press("tab")
        assert prompt.text == "@../work/docs/"
        await here.until(lambda: prompt.completing.shown is not None)
        taken = prompt.completing.taken()
        assert taken is not None
        assert (taken.offer.text, taken.offer.words) == ("@../work/docs/chart.png ", "chart.png")

        prompt.put("")
        await here.pilot.press(*"@note")
        await here.until(lambda: prompt.completing.shown is not None)
        for key in ("tab", "enter"):  # at once: what is still being read goes along
            prompt.post_message(events.Key(key, None))
        await sent(here, 1)
        assert parts(here).startswith("@notes.py")
        assert "```py\nprint('hi')\n```" in parts(here)


async def test_files_are_looked_at_and_removed_with_keys(folder: Path, tmp_path: Path) -> None:
    async with place(tmp_path) as here:
        for name in ("docs/chart.png", "notes.py"):
            here.screen.attach(name)
        await here.until(lambda: len(chips(here)) == 2)
        here.screen.query_one(Prompt).put("a draft")

        await here.pilot.press("alt+c", "enter")
        await here.until(lambda: isinstance(here.app.screen, AttachedFile | ImageScreen))
        await here.pilot.press("escape")
        await here.until(lambda: here.app.screen is here.screen)

        await here.pilot.press("f")
        await here.until(lambda: isinstance(here.app.screen, ModelsScreen) or "text" in said(here))
        if here.app.screen is not here.screen:
            await here.pilot.press("escape")
            await here.until(lambda: here.app.screen is here.screen)

        await here.pilot.press("delete")
        await here.until(lambda: len(chips(here)) == 1)
        await here.pilot.press("backspace")
        await here.until(lambda: not chips(here))
        await here.until(lambda: here.screen.focused is here.screen.query_one(Prompt))
        assert here.screen.query_one(Prompt).text == "a draft"
        assert not here.screen.query_one(AttachmentChips).display


async def test_what_reads_pdfs_is_chosen_for_the_conversation(folder: Path, tmp_path: Path) -> None:
    async with place(tmp_path) as here:
        here.screen.attach("report.pdf")
        await here.until(lambda: chips(here))
        assert "report.pdf may be cut short" in said(here)
        assert "3 pages" in chips(here)[0]
        assert "read by mistral-ocr" in chips(here)[0]
        await here.type("Sum it up")
        lines = {str(line.item): line.count for line in here.plan.cost.lines}
        assert lines["PDF page read"] == 3

        await here.pilot.press("alt+c", "e")
        await here.until(lambda: isinstance(here.app.screen, ListChooser))
        await here.pilot.press("down", "down", "enter")
        await here.until(lambda: "read by cloudflare-ai" in chips(here)[0])
        await here.pilot.press("escape", "enter")
        await sent(here, 1)
        body = here.bodies[-1]
        assert {"id": "file-parser", "pdf": {"engine": "cloudflare-ai"}} in body["plugins"]
        assert parts(here)[1]["file"]["filename"] == "report.pdf"


async def test_an_edited_message_keeps_its_files_and_the_draft_has_its_own(
    folder: Path, tmp_path: Path
) -> None:
    async with place(tmp_path) as here:
        here.screen.attach("docs/chart.png")
        await here.until(lambda: chips(here))
        await here.type("What is this?")
        await here.pilot.press("enter")
        await sent(here, 1)
        here.screen.attach("notes.py")
        await here.until(lambda: chips(here))

        await here.pilot.press("alt+e")
        await here.until(lambda: "chart.png" in chips(here)[0])
        await here.pilot.press("end", "!", "enter")
        await sent(here, 2)
        assert [part["type"] for part in parts(here)] == ["text", "image_url"]
        assert "notes.py" in chips(here)[0]


async def test_a_message_that_is_refused_gives_text_and_files_back(
    folder: Path, tmp_path: Path
) -> None:
    async with place(tmp_path) as here:
        here.server.on_chat(error_reply(402, "no credit"))
        here.screen.attach("notes.py")
        await here.until(lambda: chips(here))
        await here.type("Look")
        await here.pilot.press("enter")
        await sent(here, 1)
        await here.until(lambda: here.screen.query_one(Prompt).text == "Look")
        assert "notes.py" in chips(here)[0]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("/dev/zero", "zero is a device"),
        ("pipe", "pipe is a pipe"),
        (".", "is a folder"),
        ("missing.txt", "There is no file"),
    ],
)
async def test_what_is_no_file_is_refused_in_words(
    folder: Path, tmp_path: Path, written: str, words: str
) -> None:
    os.mkfifo(folder / "pipe")
    async with place(tmp_path) as here:
        here.screen.attach(written)
        await here.until(lambda: words in said(here))
        assert not chips(here)


async def test_the_dialog_goes_along_paths_and_says_what_a_file_is(
    folder: Path, tmp_path: Path
) -> None:
    (folder / "docs" / "evil\x1b[31m\u202e.txt").write_text("x")
    async with place(tmp_path, size=(80, 24)) as here:
        await here.pilot.press("f9")
        await here.until(lambda: isinstance(here.app.screen, AttachFile))
        dialog = here.app.screen
        line, files = dialog.query_one(Input), dialog.query_one(OptionList)
        told = dialog.query_one("#told")
        line.value = "./do"
        await here.until(lambda: files.option_count == 1)
        await here.pilot.press("enter")
        await here.until(lambda: line.value == "./docs/")
        await here.until(lambda: files.option_count == 2)
        names = "".join(str(files.get_option_at_index(at).prompt) for at in range(2))
        assert "\x1b" not in names
        assert "\u202e" not in names
        await here.until(lambda: "chart.png · 640×480" in str(told.render()))
        line.value = "./report.pdf"
        await here.until(lambda: "report.pdf may be cut short" in str(told.render()))
        line.value = "/dev/zero"
        await here.until(lambda: "zero is a device" in str(told.render()))
        await here.pilot.press("escape")
        await here.until(lambda: here.app.screen is here.screen)


async def test_an_image_comes_from_the_clipboard(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def copied(_environ: object, _platform: str) -> bytes:
        return png(30, 20)

    monkeypatch.setattr("tui.services.clipboard_image.clipboard_image", copied)
    async with place(tmp_path) as here:
        await here.pilot.press("alt+v")
        await here.until(lambda: chips(here))
        assert "clipboard.png · 30×20" in chips(here)[0]
