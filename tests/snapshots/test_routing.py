"""The routing editor with a model that many serve, as it looks."""

from pathlib import Path

import pytest

from tests.snapshots.conftest import AssertSnapshot
from tests.ui.screens.money_support import CLAUDE
from tests.ui.screens.routing_support import Editor, edited, endpoint

NAMES = (
    "Alpha Cloud",
    "Beta",
    "Gamma Inference",
    "Delta",
    "Epsilon AI",
    "Zeta",
    "Eta Compute",
    "Theta",
    "Iota",
    "Kappa",
    "Lambda",
    "Mu Labs",
    "Nu",
    "Xi",
    "Omicron",
    "Pi",
    "Rho",
    "Sigma",
    "Tau Networks",
    "Upsilon",
)
MANY = [
    endpoint(
        name,
        f"{name.split()[0].lower()}{'/fp8' if place % 5 == 3 else ''}",
        f"{0.0000005 * (1 + place % 7):.7f}",
        quantization=("fp8", "bf16", "unknown", "fp4")[place % 4],
        uptime_last_1d=99.99 - place / 3,
        latency_last_30m={"p50": 300 + 170 * place},
        throughput_last_30m={"p50": 120 - 5 * place},
        status=-2 if place == 8 else 0,
    )
    for place, name in enumerate(NAMES)
]
CONFIG = f"""
[models."{CLAUDE}"]
fallbacks = ["openai/gpt-5.2", "google/gemini-3-pro"]

[models."{CLAUDE}".provider]
order = ["gamma", "beta"]
ignore = ["delta"]
max_price = {{ prompt = 2.5 }}
quantizations = ["fp8", "bf16", "unknown"]
"""


async def at_rest(editor: Editor) -> None:
    await editor.here.until(lambda: "left out" in editor.words("offers"))
    await editor.hand.settle()


@pytest.mark.parametrize("theme", ["workbench-dark", "workbench-light"])
@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_editor_of_a_model_that_twenty_serve(
    tmp_path: Path, theme: str, size: tuple[int, int], assert_snapshot: AssertSnapshot
) -> None:
    async with edited(tmp_path, CONFIG, size, MANY) as editor:
        editor.here.app.theme = theme
        await at_rest(editor)
        name = f"routing-{theme.removeprefix('workbench-')}"
        assert_snapshot(editor.here.app, name if size[0] > 80 else f"{name}-narrow")
