"""The settings screen, driven from the keyboard: opening, moving about, saving and leaving."""

from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual.widget import Widget
from textual.widgets import Button

from tests.ui.screens.settings_support import DARK, STORED_KEY, UNCLOSED, BrokenServer, opened
from tests.waiting import until
from tui.domain.connection import Overrides
from tui.services.keyring_keep import save_with_keys
from tui.ui.leaving import may_leave
from tui.ui.widgets.effect_line import EffectLine
from tui.ui.widgets.section_list import SectionList

# Saving and leaving


async def test_opening_makes_nothing_dirty_and_escape_closes(tmp_path: Path) -> None:
    async with opened(tmp_path, STORED_KEY) as settings:
        assert settings.status == "No changes."
        await settings.pilot.press("escape")
        await until(settings.pilot, lambda: settings.app.result is None)


async def test_saving_without_changes_writes_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        before = settings.config.stat().st_mtime_ns
        assert await settings.saved() is None
        assert settings.config.stat().st_mtime_ns == before


async def test_leaving_with_edits_asks_first_and_takes_the_preview_back(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        await settings.check("prompt_caching")
        assert settings.status == "Not saved: Enable prompt caching"
        await settings.choose("theme", "nord")
        assert settings.app.theme == "nord"
        await settings.pilot.press("escape")
        assert "Enable prompt caching" in await settings.question()
        await settings.answer(yes=False)
        assert settings.app.result is UNCLOSED
        await settings.pilot.press("escape")
        await settings.question()
        await settings.pilot.press("tab", "enter")  # whoever asked for the question need not wait
        await until(settings.pilot, lambda: settings.app.result is None)
        assert settings.app.theme == "textual-dark"
        assert settings.config.read_text() == DARK


async def test_quitting_with_edits_asks_as_escape_does(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        app = settings.app
        assert await may_leave(app), "there is nothing to lose yet"
        await settings.check("prompt_caching")
        quitting = app.run_worker(may_leave(app))
        assert "Enable prompt caching" in await settings.question()
        again = await app.run_worker(may_leave(app)).wait()
        assert again is False, "it is being asked already"
        await settings.answer(yes=False)
        assert await quitting.wait() is False
        quitting = app.run_worker(may_leave(app))
        await settings.answer(yes=True)
        assert await quitting.wait() is True


async def test_saving_changes_only_the_edited_keys_and_never_a_broken_file(tmp_path: Path) -> None:
    text = f"# mine\n{DARK}zzz = 1  # kept\n"
    async with opened(tmp_path, text) as settings:
        await settings.check("compress_prompts")
        settings.config.write_text("[broken\n")
        await settings.save()
        await until(settings.pilot, lambda: "could not be saved" in settings.status)
        assert settings.app.result is UNCLOSED
        assert settings.config.read_text() == "[broken\n"
        settings.config.write_text(text)
        changes = await settings.saved()
        assert changes == {("providers", "openrouter", "compress_prompts"): True}
        assert settings.config.read_text() == (
            f"{text}\n[providers.openrouter]\ncompress_prompts = true\n"
        )


async def test_leaving_in_the_middle_of_saving_waits_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = Event(), Event()

    def slowly(*given: Any) -> str:
        begun.set()
        go_on.wait(5)
        return save_with_keys(*given)

    monkeypatch.setattr("tui.ui.screens.settings.save_with_keys", slowly)
    async with opened(tmp_path, DARK) as settings:
        await settings.check("compress_prompts")
        await settings.save()
        await until(settings.pilot, begun.is_set)
        await settings.pilot.press("escape", "ctrl+s")
        go_on.set()
        await until(settings.pilot, lambda: settings.app.result is not UNCLOSED)
        assert settings.app.result == {("providers", "openrouter", "compress_prompts"): True}


async def test_chosen_theme_stays_after_a_save(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        await settings.choose("theme", "nord")
        assert await settings.saved() == {("interface", "theme"): "nord"}
        assert settings.app.theme == "nord"


async def test_unknown_theme_of_the_file_keeps_nobody_from_saving_something_else(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, '[interface]\ntheme = "gone"\n', size=(116, 30)) as settings:
        notes = settings.app.first.query_one("#row-compress_prompts > .notes")
        before = notes.size.height
        await settings.check("compress_prompts")
        assert notes.size.height == before, "what is below stays where the mouse may be"
        assert await settings.saved() == {("providers", "openrouter", "compress_prompts"): True}
        assert settings.written()["interface"] == {"theme": "gone"}


async def test_wrong_value_is_refused_in_words_and_gets_the_focus(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        for name, wrong, right in (
            ("connect_timeout", "soon", "10"),
            ("api_key", "not a key", ""),
            ("base_url", "ftp://example.org", "https://two.example/v1"),
            ("base_url", "", "https://two.example/v1"),
            ("retries", "99", "2"),
        ):
            if name == "base_url" and not settings.app.first.query_one("#row-base_url").display:
                await settings.check("use_custom_base_url")
            await settings.enter(name, wrong)
            settings.app.first.query_one("#save", Button).focus()
            await settings.save()
            await until(settings.pilot, partial(settings.has_focus, name))
            assert settings.problem(name)
            assert settings.status.startswith("Not right yet: ")
            assert settings.app.result is UNCLOSED
            assert settings.config.read_text() == DARK
            await settings.enter(name, right)
            assert not settings.problem(name)
        await settings.enter("retries", "many")
        await settings.pilot.press("escape")
        assert "Retries" in await settings.question()
        await settings.answer(yes=False)


async def test_an_error_of_our_own_is_shown_and_ends_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path, STORED_KEY, server=BrokenServer()) as settings:
        await settings.press_button("verify-key")
        await until(
            settings.pilot,
            lambda: [toast.severity for toast in settings.app._notifications] == ["error"],
        )
        assert settings.app.result is UNCLOSED
        assert await settings.saved() is None


# Moving about


async def test_sections_lead_to_their_first_field(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK, size=(80, 24)) as settings:
        assert isinstance(settings.app.focused, SectionList)
        await settings.pilot.press("down", "down", "tab")
        await until(settings.pilot, lambda: settings.app.focused is settings.field("model"))
        await settings.pilot.press("down")
        await until(
            settings.pilot, lambda: getattr(settings.app.focused, "id", "") == "compress_prompts"
        )
        sections = settings.app.first.query_one(SectionList)
        await until(settings.pilot, lambda: sections.highlighted == 3)
        await settings.pilot.press("up")
        await until(settings.pilot, lambda: settings.app.focused is settings.field("model"))


async def test_every_field_can_be_reached_and_seen(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK, size=(80, 24)) as settings:
        screen = settings.app.first

        def is_seen_with_focus(widget: Widget) -> bool:
            is_seen = bool(widget.region.area) and screen.region.contains_region(widget.region)
            return is_seen and settings.app.focused is widget

        chain = screen.focus_chain
        wanted = {"provider", "api_key", "model", "day_hard", "retries", "theme", "save", "cancel"}
        assert wanted <= {widget.id for widget in chain}
        assert settings.app.focused is chain[0]
        for widget in chain[1:]:
            settings.app.simulate_key("tab")
            await until(settings.pilot, partial(is_seen_with_focus, widget))
        await settings.pilot.resize_terminal(200, 60)
        for widget in chain[::3]:
            widget.focus()
            await until(settings.pilot, partial(is_seen_with_focus, widget))


async def test_words_of_the_last_line_stay_whole(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK, size=(40, 12)) as settings:
        screen = settings.app.first
        line = screen.query_one("#end > EffectLine", EffectLine)
        for size in ((40, 12), (63, 20), (64, 20)):
            await settings.pilot.resize_terminal(*size)
            assert screen.size == size
            assert line.region.width >= len("→ No changes.")
            assert line.region.height == 1
            for name in ("save", "cancel"):
                button = screen.query_one(f"#{name}", Button)
                assert screen.region.contains_region(button.region)


async def test_list_of_choices_opens_and_closes_with_keys_and_mouse(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        field = settings.choice("provider")
        field.focus()
        await settings.pilot.press("enter", "down", "escape")
        await until(settings.pilot, lambda: not field.is_open and settings.app.focused is field)
        assert field.value == "openrouter", "escape chooses nothing"
        await settings.pilot.press("enter", "down", "enter")
        await until(settings.pilot, lambda: not field.is_open and settings.app.focused is field)
        assert field.value == "compatible"
        await settings.pilot.click(field)
        await until(settings.pilot, lambda: field.is_open)
        await settings.pilot.click(field)
        await until(settings.pilot, lambda: not field.is_open)
        await settings.pilot.press("enter", "tab")
        await until(settings.pilot, lambda: not field.is_open)
        assert field.value == "compatible"
        assert settings.app.result is UNCLOSED


# Provider and address


async def test_effect_of_the_provider_is_where_requests_go(tmp_path: Path) -> None:
    text = f'{DARK}[providers."[/]"]\nbase_url = "http://127.0.0.1:1/v1"\n'
    async with opened(tmp_path, text) as settings:
        assert "https://openrouter.ai/api/v1" in settings.effect("provider")
        await settings.choose("provider", "demo")
        assert "no network" in settings.effect("provider")
        await settings.choose("provider", "[/]")
        assert "http://127.0.0.1:1/v1" in settings.effect("provider")
        assert "[/] (compatible)" in settings.choice("provider").render().plain
        assert await settings.saved() == {("default", "provider"): "[/]"}


async def test_address_is_shown_only_for_a_custom_one(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        row = settings.app.first.query_one("#row-base_url")
        assert not row.display
        await settings.check("use_custom_base_url")
        assert row.display
        await settings.enter("base_url", "http://127.0.0.1:4000/v1")
        assert "http://127.0.0.1:4000/v1" in settings.effect("provider")
        assert await settings.saved() == {
            ("providers", "openrouter", "base_url"): "http://127.0.0.1:4000/v1"
        }


async def test_model_of_the_demo_is_saved_for_the_demo_alone(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK, overrides=Overrides(provider="demo")) as settings:
        await settings.pilot.press("down", "enter")
        assert isinstance(settings.app.focused, SectionList), "the demo has no field for a key"
        await settings.enter("model", "google/gemini-2.5-pro")
        await settings.pilot.press("enter")
        await settings.pilot.pause()
        assert settings.effect("model").endswith("Kept for this provider alone.")
        await settings.choose("provider", "openrouter")
        assert settings.field("model").value == "anthropic/claude-sonnet-4.5"
        await settings.choose("provider", "demo")
        assert settings.field("model").value == "google/gemini-2.5-pro"
        await settings.choose("provider", "openrouter")
        await settings.saved()
        assert settings.written()["providers"]["demo"] == {"model": "google/gemini-2.5-pro"}
        assert settings.written()["default"] == {"provider": "openrouter"}
