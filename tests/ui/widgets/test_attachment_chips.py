"""What a chip above the prompt says of a file."""

import pytest

from tui.domain.attachments import inspect
from tui.domain.settings import ProviderKind
from tui.ui.widgets.attachment_chips import chip_of


@pytest.mark.parametrize(
    ("data", "words"), [(b"x", "▣ a.txt · 1 B · ≈ 1 token"), (b"x " * 9, "≈ 5 tokens")]
)
def test_tokens_are_counted_in_words(data: bytes, words: str) -> None:
    chip = chip_of(inspect(data, "a.txt"), None, ProviderKind.OPENROUTER, None)
    assert chip.text.plain.endswith(words)
