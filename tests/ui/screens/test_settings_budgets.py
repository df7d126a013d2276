"""Budgets are set where the other settings are."""

from decimal import Decimal
from pathlib import Path

from tests.ui.screens.settings_support import opened
from tests.waiting import until
from tui.services.config_file import load_config
from tui.ui.controllers.settings_budgets import limit_problem


async def test_the_screen_opens_at_the_budgets_and_saves_them(tmp_path: Path) -> None:
    before = "[budget]\nday_soft = 1\n"
    async with opened(tmp_path, before, size=(80, 24), section="Budgets") as settings:
        await until(settings.pilot, lambda: settings.has_focus("send_soft"))
        assert settings.field("day_soft").value == "1"
        await settings.enter("day_hard", "0,06")
        assert settings.problem("day_hard") == limit_problem("0,06")
        await settings.save()
        await until(settings.pilot, lambda: settings.has_focus("day_hard"))
        await settings.enter("day_hard", "$2.50")
        await settings.enter("day_soft", "")
        assert settings.effect("day_soft") == "No limit."
        await settings.saved()

    budget = load_config(tmp_path / "config" / "config.toml").settings.budget
    assert (budget.day_hard, budget.day_soft) == (Decimal("2.5"), None)
