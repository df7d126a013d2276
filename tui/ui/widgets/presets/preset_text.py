"""Everything about one preset, in words."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from textual.content import Content

from tui.domain.figures import tokens
from tui.domain.presets import GIVEN, Preset
from tui.domain.sanitize import single_line, visible
from tui.domain.tokens import estimate_tokens
from tui.services.paths import shown
from tui.services.presets import StoredPreset

_LABEL = 12
_LONGEST = 200


def preset_text(stored: StoredPreset, *, is_known: bool) -> Content:
    """What the preset sets; ``is_known`` says whether its model is one that can be asked."""
    preset = stored.preset
    head = [Content.styled(preset.name, "bold")]
    if preset.description:
        head.append(Content(preset.description))
    head += [Content.styled(f"! {words}", "$text-warning") for words in stored.problems]
    where = "comes with the workbench" if stored.built_in else shown(stored.path)
    blocks = [head]
    if stored.readable:
        blocks += [list(_facts(preset, is_known=is_known)), list(_system(preset))]
    blocks.append([_row("File", where)])
    return Content("\n\n").join(Content("\n").join(block) for block in blocks)


def _facts(preset: Preset, *, is_known: bool) -> Iterable[Content]:
    model = single_line(preset.model, _LONGEST)
    if not model:
        yield _row("Model", "that of the conversation", "$quiet")
    elif is_known:
        yield _row("Model", model)
    else:
        yield _row("Model", f"{model}: not in the catalogue", "$text-warning")
    for label, values in (("Parameters", preset.params), ("Routing", preset.routing)):
        if values:
            yield _row(label, _values(values))
    if preset.pdf_engine is not None:
        yield _row("PDFs", preset.pdf_engine.words)
    for name in preset.named:
        value = preset.variables.get(name, "")
        words = f"{name} = {single_line(value, _LONGEST)}" if value else f"{name}, asked for"
        yield _row("Variable", words)
    given = [name for name in GIVEN if name in preset.used]
    if given:
        yield _row("Filled in", ", ".join(given))


def _system(preset: Preset) -> Iterable[Content]:
    if not preset.system:
        yield Content.styled("No system prompt", "$quiet")
        return
    size = tokens(estimate_tokens(preset.system))
    yield Content.styled(f"System prompt · ≈ {size} tokens", "$text-muted")
    yield Content(visible(preset.system))


def _row(label: str, value: str, style: str = "$text") -> Content:
    return Content.assemble((label.ljust(_LABEL), "$text-muted"), (value, style))


def _values(values: Mapping[str, Any]) -> str:
    """Names with their values, as they are written in the API's own terms."""
    pairs = (f"{name} {json.dumps(value, ensure_ascii=False)}" for name, value in values.items())
    return single_line(" · ".join(pairs), _LONGEST)
