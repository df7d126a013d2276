"""The model on the settings screen: chosen from a list that opens while one types."""

from pathlib import Path

from tests.ui.screens.settings_support import DARK, UNCLOSED, opened, type_text
from tests.waiting import until


async def test_typing_filters_the_catalogue_and_all_effects_follow(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        assert "Claude Sonnet 4.5: nothing is cached until" in settings.effect("prompt_caching")
        await settings.check("prompt_caching")
        assert "is cached for 5 minutes" in settings.effect("prompt_caching")
        settings.field("model").focus()
        await type_text(settings.pilot, "gemini")
        await until(settings.pilot, lambda: settings.models.option_count == 2)
        line = str(settings.models.get_option_at_index(0).prompt)
        assert line.startswith("google/gemini-2.5-pro")
        assert line.split()[1:] == ["200k", "$1.25", "$10"]
        await settings.pilot.press("enter")
        await settings.pilot.pause()
        assert settings.field("model").value == "google/gemini-2.5-pro"
        assert "Gemini 2.5 Pro · 200k context · $1.25 in, $10 out / M" in settings.effect("model")
        assert settings.effect("prompt_caching").startswith("Gemini 2.5 Pro")
        assert await settings.saved() == {
            ("default", "model"): "google/gemini-2.5-pro",
            ("providers", "openrouter", "prompt_caching"): True,
        }


async def test_escape_takes_the_text_back_and_save_takes_the_highlighted_model(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, DARK) as settings:
        await settings.enter("model", "gem")
        await settings.pilot.press("escape")
        await settings.pilot.pause()
        assert settings.field("model").value == "anthropic/claude-sonnet-4.5"
        assert settings.status == "No changes."
        assert settings.app.result is UNCLOSED
        await settings.enter("model", "gem")
        assert await settings.saved() == {("default", "model"): "google/gemini-2.5-pro"}


async def test_text_as_typed_is_the_last_choice_but_the_first_for_a_variant(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        await settings.enter("model", "gem")
        await settings.pilot.press("up", "enter")
        await settings.pilot.pause()
        assert settings.field("model").value == "gem"
        assert "Not in the list of models" in settings.effect("model")
        await settings.enter("model", "google/gemini-2.5-pro:nitro")
        assert await settings.saved() == {("default", "model"): "google/gemini-2.5-pro:nitro"}


async def test_any_id_is_accepted_without_a_catalogue(tmp_path: Path) -> None:
    text = f'{DARK}[providers.compatible]\nbase_url = "http://127.0.0.1:1/v1"\n'
    async with opened(tmp_path, text) as settings:
        await settings.choose("provider", "compatible")
        await settings.enter("model", "llama3.2:1b")
        await settings.pilot.press("tab")
        changes = await settings.saved()
        assert changes is not None
        assert changes["default", "model"] == "llama3.2:1b"


async def test_hostile_names_show_literally_and_do_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        await settings.enter("model", "click")
        await until(settings.pilot, lambda: settings.models.option_count == 2)
        assert str(settings.models.get_option_at_index(0).prompt).startswith("[/]")
        await settings.pilot.press("enter")
        await settings.pilot.pause()
        assert "[@click=app.quit]x[/]" in settings.effect("model")
        notes = settings.app.first.query_one("#row-model .notes")
        await settings.pilot.click(notes, offset=(6, 1))
        await settings.pilot.pause()
        assert settings.app.is_running
        assert await settings.saved() == {("default", "model"): "[/]"}
