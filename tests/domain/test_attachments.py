"""Files by their content: what they are, what of them is taken, and what a request says of them."""

import struct
from base64 import b64encode
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.images import declared_png
from tui.domain.attachments import (
    LARGEST,
    Attachment,
    AttachmentKind,
    check_size,
    doubt,
    inspect,
    is_text,
    text_of,
)
from tui.domain.attachments_models import (
    PdfEngine,
    acceptance,
    catalogue_filter,
    estimated_price,
    reading_engine,
)
from tui.domain.attachments_request import NO_FILES, content_of
from tui.domain.errors import WorkbenchError
from tui.domain.model import Model, Pricing
from tui.domain.settings import ProviderKind

PNG = declared_png(640, 480)
GIF = b"GIF89a" + struct.pack("<HH", 10, 20) + b"\0\0\0," + bytes(9) + b"\2\1L\0;"
JPEG = (
    b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x11\x08\0\x14\0\x0a\x03" + bytes(9) + b"\xff\xda\0\xff\xd9"
)
WEBP = b"RIFF\x1e\0\0\0WEBPVP8X" + b"\0" * 8 + b"\x09\0\0\x13\0\0" + b"VP8L\0\0\0\0"
PDF = (
    b"%PDF-1.7\n1 0 obj\n<< /Type /Page >>\n<< /Type/Page /x >>\n<< /Type /Pages /Count 2 >>"
    b"\nstartxref\n9\n%%EOF\n"
)
WAV = (
    b"RIFF\0\0\0\0WAVEfmt "
    + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16)
    + b"data"
    + struct.pack("<I", 32000)
    + b"\0" * 32000
)
MP3 = b"ID3\x04\0\0\0\0\0\x02ab" + b"\xff\xfb\x90\x00" + b"\0" * 15996
VISION = Model(
    "a/vision",
    "Vision",
    input_modalities=("text", "image"),
    pricing=Pricing(prompt=Decimal("0.000001"), completion=Decimal("0.000002")),
)
READER = Model("a/reader", input_modalities=("text", "file", "audio"))


@pytest.mark.parametrize(
    ("data", "kind", "media_type"),
    [
        (PNG, AttachmentKind.IMAGE, "image/png"),
        (GIF, AttachmentKind.IMAGE, "image/gif"),
        (JPEG, AttachmentKind.IMAGE, "image/jpeg"),
        (WEBP, AttachmentKind.IMAGE, "image/webp"),
        (PDF, AttachmentKind.PDF, "application/pdf"),
        (b"\n" + PDF, AttachmentKind.PDF, "application/pdf"),
        (WAV, AttachmentKind.AUDIO, "audio/wav"),
        (MP3, AttachmentKind.AUDIO, "audio/mpeg"),
        (b"print('hi')\n", AttachmentKind.TEXT, "text/plain"),
        ("汉字".encode(), AttachmentKind.TEXT, "text/plain"),
        ("汉字".encode("utf-16"), AttachmentKind.TEXT, "text/plain"),
        (b"\xef\xbb\xbfwith a mark", AttachmentKind.TEXT, "text/plain"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", AttachmentKind.TEXT, "text/plain"),
        (b"\x1b[31mred\x1b[0m log\n", AttachmentKind.TEXT, "text/plain"),
    ],
)
def test_a_kind_is_read_from_the_data(data: bytes, kind: AttachmentKind, media_type: str) -> None:
    found = inspect(data, "lies.exe")
    assert (found.kind, found.media_type, found.size) == (kind, media_type, len(data))
    assert found.tokens > 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04\0\0", "no text, and no image"),
        (b"\x7fELF\x02\x01\x01\0", "no text, and no image"),
        (b"\xff\xfe\xff", "no text, and no image"),
        (b"text with a \0 in it", "no text, and no image"),
        (bytes(range(1, 32)), "no text, and no image"),
    ],
)
def test_what_cannot_be_sent_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(WorkbenchError) as refused:
        inspect(data, "../../\x1b]0;x\x07evil")
    assert words in refused.value.failure.what
    assert "\x1b" not in refused.value.failure.what


@pytest.mark.parametrize(
    ("image", "words"),
    [(PNG, "PNG image"), (GIF, "GIF image"), (JPEG, "JPEG image"), (WEBP, "WebP image")],
)
def test_an_image_without_a_picture_is_refused(image: bytes, words: str) -> None:
    assert inspect(image, "a").kind is AttachmentKind.IMAGE
    for end in (12, 13):
        with pytest.raises(WorkbenchError, match=f"holiday begins like a {words}"):
            inspect(image[:end], "holiday")


@pytest.mark.parametrize(
    "image",
    [
        PNG[:-4],
        JPEG[:-2],
        JPEG[:13] + b"\0\0" + JPEG[15:-2] + b"\xff\xdc\0\x04\0\x14\xff\xd9",
        GIF[:6] + bytes(4) + GIF[10:],
        GIF[:-3],
        WEBP[:-2],
    ],
    ids=["no checksum", "no end", "height behind the scan", "no screen", "in it", "two bytes less"],
)
def test_an_image_without_its_end_or_size_is_doubted_and_taken(image: bytes) -> None:
    taken = inspect(image, "holiday")
    assert taken.kind is AttachmentKind.IMAGE
    assert doubt(taken, image).startswith("holiday may be cut short or broken: its end is missing")


def test_a_whole_image_is_not_doubted() -> None:
    for image in (PNG, JPEG, GIF, WEBP):
        assert doubt(inspect(image, "a"), image) == ""


def test_a_pdf_without_its_end_is_doubted_and_taken() -> None:
    whole, cut = inspect(PDF, "a.pdf"), inspect(PDF[:-8], "cut.pdf")
    assert doubt(whole, PDF) == ""
    assert doubt(whole, PDF + b"\n" * 100) == ""
    assert doubt(cut, PDF[:-8]).startswith("cut.pdf may be cut short")
    assert doubt(inspect(b"text", "a"), b"text") == ""


def test_what_is_too_large_is_refused_with_both_sizes() -> None:
    for kind, largest in LARGEST.items():
        check_size("f", kind, largest)
        with pytest.raises(WorkbenchError, match="too large"):
            check_size("f", kind, largest + 1)


def test_what_is_known_is_told() -> None:
    assert inspect(PNG, "sky.png").words == f"sky.png · 640×480 · {len(PNG)} B"
    assert inspect(PDF, "a.pdf").words == f"a.pdf · 2 pages · {len(PDF)} B"
    assert inspect(WAV, "a.wav").words == "a.wav · 2 s · 32 kB"
    assert round(inspect(MP3, "a.mp3").seconds) == 1
    assert inspect(b"hi", " \n ").words == "file · 2 B"


@given(st.binary(max_size=200))
def test_no_data_makes_it_fail(data: bytes) -> None:
    for head in (b"", b"RIFF\0\0\0\0WAVE", b"ID3", b"%PDF-", b"\xff\xfb", b"\x89PNG\r\n\x1a\n"):
        try:
            found = inspect(head + data, "x")
        except WorkbenchError:
            continue
        assert found.tokens >= 0
        assert content_of("", [found], {found.digest: head + data})


@given(st.text())
def test_text_comes_back_with_its_lines(text: str) -> None:
    data = text.encode("utf-8", "replace")
    if is_text(data):
        lines = text_of(data)
        assert "\r" not in lines
        assert lines == data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def parts(*attached: tuple[bytes, str], text: str = "Look") -> object:
    found = [inspect(data, name) for data, name in attached]
    return content_of(
        text, found, {one.digest: data for one, (data, _) in zip(found, attached, strict=True)}
    )


def test_files_are_sent_as_openrouter_wants_them() -> None:
    assert parts((PNG, "a.png"), (PDF, "b.pdf"), (WAV, "c.wav"), (MP3, "d.mp3")) == [
        {"type": "text", "text": "Look"},
        {
            "type": "image_url",
            "image_url": {"url": f"data:image/png;base64,{b64encode(PNG).decode()}"},
        },
        {
            "type": "file",
            "file": {
                "filename": "b.pdf",
                "file_data": f"data:application/pdf;base64,{b64encode(PDF).decode()}",
            },
        },
        {"type": "input_audio", "input_audio": {"data": b64encode(WAV).decode(), "format": "wav"}},
        {"type": "input_audio", "input_audio": {"data": b64encode(MP3).decode(), "format": "mp3"}},
    ]


def test_text_files_are_fenced_into_the_text() -> None:
    assert parts((b"a = 1\n", "x.py"), text="Fix") == "Fix\n\nFile `x.py`:\n\n```py\na = 1\n```"
    assert parts((b"````\nin\n````", "no`te"), text="") == (
        "File `no'te`:\n\n`````\n````\nin\n````\n`````"
    )


def test_a_message_of_files_alone_has_no_empty_text() -> None:
    content = parts((PNG, "a.png"), text="")
    assert isinstance(content, list)
    assert [part["type"] for part in content] == ["image_url"]


def test_without_the_data_words_stand_in_its_place() -> None:
    pdf, notes = inspect(PDF, "b.pdf"), inspect(b"secret words", "n.txt")
    content = str(content_of("Look", [pdf, notes], NO_FILES))
    assert f"<{len(PDF):,} bytes of b.pdf>" in content
    assert "<12 bytes of n.txt>" in content
    assert "secret" not in content


@pytest.mark.parametrize(
    ("kind", "model", "provider", "taken", "words"),
    [
        (AttachmentKind.IMAGE, VISION, ProviderKind.OPENROUTER, True, ""),
        (AttachmentKind.IMAGE, READER, ProviderKind.OPENROUTER, False, "a/reader takes no images."),
        (AttachmentKind.IMAGE, None, ProviderKind.OPENROUTER, True, "not known"),
        (AttachmentKind.IMAGE, None, ProviderKind.COMPATIBLE, True, "not known"),
        (AttachmentKind.IMAGE, VISION, ProviderKind.COMPATIBLE, True, ""),
        (AttachmentKind.IMAGE, READER, ProviderKind.COMPATIBLE, True, "does not say that it takes"),
        (AttachmentKind.PDF, READER, ProviderKind.OPENROUTER, True, ""),
        (AttachmentKind.PDF, VISION, ProviderKind.OPENROUTER, True, "turns it into text"),
        (AttachmentKind.PDF, READER, ProviderKind.COMPATIBLE, False, "Only OpenRouter"),
        (AttachmentKind.AUDIO, VISION, ProviderKind.OPENROUTER, False, "Vision takes no audio."),
        (AttachmentKind.TEXT, None, ProviderKind.COMPATIBLE, True, ""),
    ],
)
def test_whether_a_model_takes_a_file_is_said_before_it_is_sent(
    kind: AttachmentKind, model: Model | None, provider: ProviderKind, taken: bool, words: str
) -> None:
    found = acceptance(kind, model, provider)
    assert found.taken is taken
    assert words in found.words
    assert bool(words) == bool(found.words)


def test_the_models_that_take_a_kind_can_be_filtered() -> None:
    assert [catalogue_filter(kind) for kind in AttachmentKind] == ["vision", "files", "audio", ""]


def test_the_engine_for_pdfs_is_the_chosen_one_else_that_of_openrouter() -> None:
    assert reading_engine(PdfEngine.CLOUDFLARE, READER) is PdfEngine.CLOUDFLARE
    assert reading_engine(None, READER) is PdfEngine.NATIVE
    assert reading_engine(None, VISION) is PdfEngine.MISTRAL
    assert all(engine.words for engine in PdfEngine)


def test_what_a_file_will_cost_is_estimated_with_the_engine() -> None:
    image, pdf = inspect(PNG, "a.png"), inspect(PDF, "b.pdf")
    assert estimated_price(image, VISION) == image.tokens * Decimal("0.000001")
    assert estimated_price(pdf, VISION) == pdf.tokens * Decimal("0.000001") + Decimal("0.004")
    assert estimated_price(pdf, VISION, PdfEngine.CLOUDFLARE) == pdf.tokens * Decimal("0.000001")
    assert estimated_price(pdf, READER) is None
    assert estimated_price(pdf, None) is None


def test_equal_files_are_one() -> None:
    first, second = inspect(PNG, "a.png"), inspect(PNG, "b.png")
    assert first.digest == second.digest
    assert isinstance(first, Attachment)
    assert first != second
