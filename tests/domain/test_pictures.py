import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.images import HTML, SVG, address, declared_png, png
from tui.domain.pictures import Picture, data_in


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (png(), "PNG 1×1 · 72 B"),
        (declared_png(100_000, 100_000), "PNG 100000×100000 · 68 B"),
        (SVG, "SVG · 87 B"),
        (HTML, "no known format · 53 B"),
        (b"x" * 1_234_567, "no known format · 1.2 MB"),
    ],
)
def test_an_image_is_named_by_what_it_is(data: bytes, words: str) -> None:
    assert Picture.of(data).words == words


@pytest.mark.parametrize(("data", "suffix"), [(png(), "png"), (HTML, "bin"), (SVG, "svg")])
def test_a_file_name_is_the_hash_of_the_data(data: bytes, suffix: str) -> None:
    name = Picture.of(data).file_name
    assert re.fullmatch(rf"[0-9a-f]{{64}}\.{suffix}", name)
    assert name == Picture.of(bytes(data)).file_name


@given(st.binary(min_size=1, max_size=100))
def test_data_comes_out_as_it_was_put_in(data: bytes) -> None:
    assert data_in(address(data)) == data
    wrapped = base64.encodebytes(data).decode().rstrip("=\n")
    assert data_in(f"DATA:image/png;charset=x;BASE64,{wrapped}") == data


@pytest.mark.parametrize(
    "broken", ["data:image/png;base64,@@@", "data:image/png;base64,A", "data:image/png;base64,汉"]
)
def test_what_cannot_be_decoded_is_kept_as_it_came(broken: str) -> None:
    assert data_in(broken) == broken.encode()


@pytest.mark.parametrize("nothing", ["data:", "data:image/png", "data:image/png;base64,"])
def test_an_address_without_data_is_kept_as_it_came(nothing: str) -> None:
    assert data_in(nothing) == nothing.encode()


def test_data_need_not_be_base64() -> None:
    assert data_in("data:image/svg+xml,%3Csvg%20/%3E") == b"<svg />"


@pytest.mark.parametrize("url", ["https://a.example/x.png", "file:///etc/passwd", "", "x"])
def test_another_address_holds_no_data(url: str) -> None:
    assert data_in(url) is None
