"""The lines of images below an answer: what they say, and where they lead."""

from tests.fakes.images import SVG, png
from tests.ui.transcript.test_linking import Asked, reversed_text
from tests.ui.transcript.test_transcript import Host, answer, rows
from tui.domain.pictures import Picture
from tui.ui.transcript import Entry, Role, Transcript
from tui.ui.transcript.pictures import ImageChosen

PICTURES = (Picture.of(png(12, 34)), Picture.of(SVG))
LINES = [
    f"▍ ▣ image {number} · {picture.words} · Alt+I view/save"
    for number, picture in enumerate(PICTURES, 1)
]


class Choosing(Asked):
    """Keeps which images were chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = []
        self.chosen: list[Picture] = []

    def on_image_chosen(self, message: ImageChosen) -> None:
        self.chosen.append(message.images[message.index])


def with_images(text: str = "Two images.") -> Entry:
    return Entry("a", Role.ASSISTANT, text, note="the note", images=PICTURES)


async def test_each_image_has_one_line_between_the_text_and_the_note() -> None:
    async with Choosing().run_test(size=(60, 20)) as pilot:
        transcript = pilot.app.query_one(Transcript)
        transcript.show([with_images(), Entry("b", Role.ASSISTANT, images=PICTURES)])
        await pilot.pause()
        shown = [row.rstrip() for row in rows(transcript)]
        assert shown[:5] == ["▍ Two images.", "▍", *LINES, "  the note"]
        assert shown[6:8] == LINES  # without a text there is no blank line above


async def test_an_image_that_arrives_is_shown_at_once() -> None:
    async with Host().run_test(size=(60, 20)) as pilot:
        transcript = pilot.app.query_one(Transcript)
        transcript.show([answer(is_open=True)])
        transcript.append_text("a", "Text before, ")
        transcript.add_image("a", PICTURES[0])
        assert rows(transcript)[:3] == ["▍ Text before,", "▍", LINES[0]]
        transcript.append_text("a", "and after.")
        transcript.add_image("a", PICTURES[1])
        assert rows(transcript)[:4] == ["▍ Text before, and after.", "▍", *LINES]


async def test_images_are_chosen_like_links_by_key_and_by_mouse() -> None:
    app = Choosing()
    async with app.run_test(size=(60, 20)) as pilot:
        transcript = app.query_one(Transcript)
        transcript.show([with_images("See https://a.example first.")])
        transcript.focus()
        await pilot.press("home", "l", "l", "l")
        assert reversed_text(transcript).startswith("▣ image 2")
        assert rows(transcript)[-1].strip() == "image 2: look at it, save it or open it"
        await pilot.press("enter")
        await pilot.click(Transcript, offset=(6, 2))
        assert app.chosen == [PICTURES[1], PICTURES[0]]
        assert app.asked == []


async def test_the_line_of_an_image_is_no_text_of_the_answer() -> None:
    app = Choosing()
    async with app.run_test(size=(60, 20)) as pilot:
        transcript = app.query_one(Transcript)
        transcript.show([with_images()])
        await pilot.pause()
        await pilot.mouse_down(Transcript, offset=(2, 0))
        await pilot.hover(Transcript, offset=(30, 3))
        await pilot.mouse_up(Transcript, offset=(30, 3))
        assert transcript.selected_text == "Two images."
        transcript.find("image")
        await pilot.pause()
        assert rows(transcript)[2] == LINES[0]


async def test_an_image_in_the_text_is_a_link_with_its_description() -> None:
    app = Choosing()
    async with app.run_test(size=(60, 20)) as pilot:
        transcript = app.query_one(Transcript)
        transcript.show([answer("![a red fox](https://a.example/fox.png)")])
        transcript.focus()
        await pilot.press("home", "l")
        assert reversed_text(transcript) == "[image: a red fox · fox.png]"
        await pilot.press("enter")
        assert (app.asked, app.chosen) == (["https://a.example/fox.png"], [])
