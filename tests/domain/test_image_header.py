"""The format and the size of an image, read from what it is and not from what it is called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.images import HTML, SVG, declared_png, png
from tui.domain.image_header import (
    ImageFormat,
    ImageHeader,
    holds_picture,
    is_cut_short,
    read_header,
)

GIF = b"GIF89a" + (12).to_bytes(2, "little") + (34).to_bytes(2, "little")
JPEG = (
    b"\xff\xd8\xff\xe1\0\x06Exif\xff\xc0\0\x11\x08"
    + (7).to_bytes(2, "big")
    + (9).to_bytes(2, "big")
)
WHOLE_GIF = (
    GIF + b"\x80\0\0" + b";,!" * 2  # flags and a table of two colours
    + b"!\xf9\4\0\0\0;\0" + b"\0"  # an extension, and a byte that fills
    + b"," + bytes(8) + b"\x81" + b";,!" * 4 + b"\2\3;;;\1;\0" + b";"
)  # fmt: skip
RIFF = b"RIFF\0\0\0\0WEBP"
LOSSY = RIFF + b"VP8 \0\0\0\0\0\0\0\x9d\x01\x2a" + b"\x20\x03\x58\x02"
LOSSLESS = RIFF + b"VP8L\0\0\0\0\x2f" + (799 | 599 << 14).to_bytes(4, "little")
EXTENDED = (
    RIFF + b"VP8X\0\0\0\0\0\0\0\0" + (799).to_bytes(3, "little") + (599).to_bytes(3, "little")
)
IMAGES = {
    png(): ImageHeader(ImageFormat.PNG, 1, 1),
    declared_png(2**32 - 1, 2**31): ImageHeader(ImageFormat.PNG, 2**32 - 1, 2**31),
    GIF: ImageHeader(ImageFormat.GIF, 12, 34),
    JPEG: ImageHeader(ImageFormat.JPEG, 9, 7),
    LOSSY: ImageHeader(ImageFormat.WEBP, 800, 600),
    LOSSLESS: ImageHeader(ImageFormat.WEBP, 800, 600),
    EXTENDED: ImageHeader(ImageFormat.WEBP, 800, 600),
    SVG: ImageHeader(ImageFormat.SVG),
}


@pytest.mark.parametrize(("data", "header"), IMAGES.items())
def test_the_header_tells_format_and_size(data: bytes, header: ImageHeader) -> None:
    assert read_header(data) == header


@pytest.mark.parametrize("data", [b"", HTML, b"PNG", b"%PDF-1.7", b"MZ\x90", b"<html><svg></svg>"])
def test_anything_else_has_no_known_format(data: bytes) -> None:
    assert read_header(data) == ImageHeader()


def test_comments_are_read_in_one_way_however_many_there_are() -> None:
    comments = b"<!-- -->" * 500  # with two ways to read each of them it would take for ever
    assert read_header(comments) == ImageHeader()
    assert read_header(comments + b"<svg>").format is ImageFormat.SVG


@pytest.mark.parametrize("data", IMAGES)
def test_a_header_that_ends_early_has_no_size_or_the_right_one(data: bytes) -> None:
    whole = read_header(data)
    for end in range(len(data)):
        cut = read_header(data[:end])
        assert cut.format in {ImageFormat.UNKNOWN, whole.format}
        assert (cut.width, cut.height) in {(0, 0), (whole.width, whole.height)}


@given(st.sampled_from(sorted(IMAGES)), st.binary(max_size=200))
def test_no_data_raises(start: bytes, rest: bytes) -> None:
    for end in (4, 12, 20):
        read_header(start[:end] + rest)


def test_a_jpeg_of_endless_small_segments_is_given_up() -> None:
    assert read_header(b"\xff\xd8" + b"\xff\xe0\0\x02" * 500_000 + JPEG[2:]).width == 0


def test_only_formats_that_hold_pixels_alone_are_raster() -> None:
    raster = {found for found in ImageFormat if found.is_raster}
    assert raster == {ImageFormat.PNG, ImageFormat.JPEG, ImageFormat.GIF, ImageFormat.WEBP}
    assert len({found.suffix for found in ImageFormat}) == len(ImageFormat)


def test_a_jpeg_may_have_large_previews_fill_bytes_and_a_film_behind_it() -> None:
    preview = b"\xff\xe1\xff\xff" + b"\xff\xd9" * 32_766 + b"\0"
    whole = b"\xff\xd8" + preview * 9 + b"\xff" + JPEG[10:] + bytes(9) + b"\xff\xda\0\xff\xd9"
    assert read_header(whole) == ImageHeader(ImageFormat.JPEG, 9, 7)
    assert not is_cut_short(whole + b"film\xff\xda")
    assert is_cut_short(whole[:-2])
    assert holds_picture(whole[:-2])
    in_preview = whole[: len(preview) * 2]
    assert is_cut_short(in_preview), "the end of a preview is not that of the image"
    assert not holds_picture(in_preview), "a preview is not the picture"


@pytest.mark.parametrize(
    ("data", "is_cut"),
    [
        (png(), False),
        (png()[:-1], True),
        (png()[:8], True),
        (png() + b"more", False),
        (declared_png(0, 5), True),
        (LOSSLESS, False),
        (EXTENDED, True),
        (EXTENDED + LOSSLESS[12:], False),
        (RIFF[:4] + b"\xff\0\0\0" + LOSSLESS[8:], True),
        (GIF, True),
        (WHOLE_GIF, False),
        (WHOLE_GIF + b"more", False),
        (WHOLE_GIF[:6] + bytes(4) + WHOLE_GIF[10:], True),
        (SVG, False),
        (b"words", False),
    ],
)
def test_an_image_that_ends_too_early_is_found(data: bytes, is_cut: bool) -> None:
    assert is_cut_short(data) is is_cut


def test_a_gif_without_its_end_is_found_wherever_it_is_cut() -> None:
    for end in range(len(GIF), len(WHOLE_GIF)):
        assert is_cut_short(WHOLE_GIF[:end]), end


@pytest.mark.parametrize(
    ("data", "held"),
    [
        (png()[:-1], True),
        (png()[:33], False),
        (png()[:41], True),
        (JPEG, False),
        (JPEG[:15] + b"\0\0" + JPEG[17:] + b"\xff\xda", True),
        (GIF + b"\0\0\0", False),
        (GIF + b"\0\0\0,", True),
        (LOSSY, True),
        (LOSSLESS, True),
        (EXTENDED, False),
        (EXTENDED + b"ANMF", True),
        (SVG, False),
    ],
)
def test_an_image_without_a_picture_is_told_from_one_that_is_cut_short(
    data: bytes, held: bool
) -> None:
    assert holds_picture(data) is held
