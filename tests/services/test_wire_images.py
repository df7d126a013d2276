"""Images on the wire: told once each, never fetched, bounded."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.fakes.images import HTML, address, image_row, png
from tests.fakes.server import DONE, chunk
from tests.services.test_wire_chat import delta, failure_of, read, reader, text_of
from tui.domain.errors import FailureKind
from tui.domain.events import Finished, ImageArrived, TurnEvent
from tui.domain.image_header import ImageFormat
from tui.services import wire_images
from tui.services.wire_images import ImageReader, TooManyImagesError

RED, DARK = png(red=255), png(red=9)


def images_of(events: Sequence[TurnEvent]) -> list[bytes]:
    return [event.data for event in events if isinstance(event, ImageArrived)]


def images(*urls: str) -> dict[str, Any]:
    return delta(content="", images=[image_row(url) for url in urls])


def test_images_come_between_the_text_of_a_stream() -> None:
    events = read(chunk("Here: "), images(address(RED), address(DARK)), chunk("Done"), DONE)
    assert text_of(events) == "Here: Done"
    assert images_of(events) == [RED, DARK]
    found = next(event.picture for event in events if isinstance(event, ImageArrived))
    assert (found.format, found.width, found.height) == (ImageFormat.PNG, 1, 1)


def test_an_image_in_a_whole_answer_or_among_the_parts_of_a_text_is_one_too() -> None:
    message = {"content": [{"type": "text", "text": "Hi"}, image_row(address(RED))]}
    whole = {"choices": [{"message": message | {"images": [image_row(address(DARK))]}}]}
    events = reader().take_whole(whole)
    assert text_of(events) == "Hi"
    assert images_of(events) == [RED, DARK]


def test_an_image_that_is_repeated_counts_once() -> None:
    assert images_of(read(images(address(RED)), images(address(RED)), DONE)) == [RED]


def test_an_image_elsewhere_becomes_a_link_and_is_not_fetched() -> None:
    events = read(images("https://a.example/(a b).png", "https://a.example/(a b).png"), DONE)
    assert text_of(events) == "\n\n![](<https://a.example/(a%20b).png>)\n\n"
    assert images_of(events) == []


@pytest.mark.parametrize("url", ["file:///etc/passwd", "javascript:alert(1)", "/x.png", "x"])
def test_an_address_that_is_no_link_is_left_out(url: str) -> None:
    events = read(images(url), DONE)
    assert (text_of(events), images_of(events)) == ("", [])


def test_what_is_no_image_is_kept_but_never_called_one() -> None:
    events = read(images(address(HTML), "data:image/png;base64,@@@"), DONE)
    assert images_of(events) == [HTML, b"data:image/png;base64,@@@"]
    formats = [event.picture.format for event in events if isinstance(event, ImageArrived)]
    assert formats == [ImageFormat.UNKNOWN] * 2


@pytest.mark.parametrize(
    "value",
    [None, "x", 1, {}, [None], [1], ["x"], [{}], [{"image_url": None}], [{"image_url": {}}],
     [{"image_url": {"url": 1}}], [{"image_url": {"url": ""}}], [{"image_url": [1]}]],
)  # fmt: skip
def test_any_other_shape_holds_no_image(value: object) -> None:
    events = read(delta(content="ok", images=value), DONE)
    assert text_of(events) == "ok"
    assert images_of(events) == []
    assert isinstance(events[-1], Finished)


def test_an_address_may_stand_by_itself() -> None:
    assert images_of(read(delta(images=[{"image_url": address(RED)}]), DONE)) == [RED]


def test_too_many_images_end_the_answer_and_those_before_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wire_images, "MOST_IMAGES", 2)
    urls = [address(png(red=red)) for red in range(4)]
    events = read(chunk("Hi"), images(*urls), DONE)
    assert len(images_of(events)) == 2
    assert text_of(events) == "Hi"
    assert failure_of(events).kind is FailureKind.TOO_MUCH_DATA


def test_too_large_images_end_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire_images, "LARGEST_IMAGES", 100)
    taken = ImageReader()
    assert list(taken.read([image_row("data:," + "x" * 60)]))
    with pytest.raises(TooManyImagesError):
        list(taken.read([image_row("data:," + "y" * 60)]))


def test_the_data_of_an_image_is_in_no_representation_of_its_event() -> None:
    [event] = ImageReader().read([image_row(address(RED))])
    assert "IHDR" not in repr(event)
