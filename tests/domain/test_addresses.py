"""Which addresses are taken, and how each is written."""

import pytest

from tui.domain.addresses import clean_base_url, is_loopback, origin_of
from tui.domain.errors import FailureKind, WorkbenchError


@pytest.mark.parametrize(
    ("raw", "url"),
    [
        (" https://openrouter.ai/api/v1/ ", "https://openrouter.ai/api/v1"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:8080/v1//", "http://[::1]:8080/v1"),
        ("HTTPS://Example.COM:443/V1", "https://example.com/V1"),
        ("http://example.com:443/v1", "http://example.com:443/v1"),
    ],
)
def test_a_base_url_has_one_way_to_be_written(raw: str, url: str) -> None:
    assert clean_base_url(raw) == url
    assert clean_base_url(url) == url


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("localhost:4000", "http://localhost:4000"),
        ("LocalHost", "http://localhost"),
        ("127.0.0.1:11434/v1/", "http://127.0.0.1:11434/v1"),
        ("[::1]:8080/v1", "http://[::1]:8080/v1"),
        ("0.0.0.0:8000", "http://0.0.0.0:8000"),
        ("192.168.1.5:1234/v1", "http://192.168.1.5:1234/v1"),
        ("10.0.0.7/v1", "http://10.0.0.7/v1"),
        ("[fd00::7]:4000", "http://[fd00::7]:4000"),
        (" openrouter.ai/api/v1 ", "https://openrouter.ai/api/v1"),
        ("gateway.example:8443/v1", "https://gateway.example:8443/v1"),
        ("nas:4000", "https://nas:4000"),
        ("8.8.8.8/v1", "https://8.8.8.8/v1"),
        ("192.0.2.1:4000", "https://192.0.2.1:4000"),
        ("198.18.0.1:4000", "https://198.18.0.1:4000"),
        ("localhost.evil.example:80", "https://localhost.evil.example:80"),
        ("127.0.0.1.evil.example", "https://127.0.0.1.evil.example"),
    ],
)
def test_a_scheme_that_is_left_out_is_http_nearby_and_https_elsewhere(
    typed: str, taken: str
) -> None:
    assert clean_base_url(typed) == taken
    assert clean_base_url(taken) == taken


@pytest.mark.parametrize(
    "url",
    [
        "",
        "v1",
        "sk-or-v1-test-canary",
        "//openrouter.ai/api/v1",
        "mailto:canary@example.com",
        "http:/example.com/v1",
        "https:example.com",
        "canary@example.com/v1",
        "user:canary@example.com/v1",
        "localhost:99999",
        "::1",
        "ftp://example.com",
        "file:///etc/passwd",
        "https://",
        "https:///v1",
        "https://user:canary@example.com/v1",
        "https://canary@example.com/v1",
        "https://example.com/v1?key=canary",
        "https://example.com/v1?",
        "https://example.com/v1#canary",
        "https://example.com/v1#",
        "https://example.com:99999/v1",
        "https://example.com:0/v1",
        "https://example.com:x/v1",
        "http://[::1/v1",
        "https://exa mple.com/v1",
        "https://example.com/\x1b[2J",
        "https://example.com/\u202e",
        "https://openrouter.ai\\.evil.example/v1",
    ],
)
def test_a_bad_base_url_is_refused_without_quoting_it(url: str) -> None:
    with pytest.raises(WorkbenchError) as caught:
        clean_base_url(url)
    assert caught.value.failure.kind is FailureKind.BAD_SETTINGS
    assert "canary" not in str(caught.value.failure)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://openrouter.ai/api/v1", "https://openrouter.ai"),
        ("https://OpenRouter.ai:443", "https://openrouter.ai"),
        ("http://openrouter.ai:80/", "http://openrouter.ai"),
        ("https://openrouter.ai:80/", "https://openrouter.ai:80"),
        ("http://[::1]:4000/v1", "http://[::1]:4000"),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, origin: str) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://localhost:4000", True),
        ("http://api.localhost", True),
        ("http://127.0.0.1", True),
        ("http://127.8.8.8", True),
        ("http://[::1]", True),
        ("http://0.0.0.0", False),
        ("http://192.168.1.5", False),
        ("http://localhost.evil.example", False),
        ("http://127.0.0.1.evil.example", False),
        ("http://notlocalhost", False),
    ],
)
def test_only_this_machine_is_loopback(url: str, loopback: bool) -> None:
    assert is_loopback(url) is loopback
