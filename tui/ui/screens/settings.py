"""Settings (F2): one page with sections, saved as a whole or not at all."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import ClassVar

from pydantic import SecretStr
from textual import on
from textual.binding import Binding, BindingType
from textual.widgets import Button, Input

from tui.domain.catalogue import Catalogue
from tui.domain.connection import Connection, KeySource, Overrides
from tui.domain.consent import Question
from tui.domain.errors import WorkbenchError
from tui.domain.model import KeyInfo
from tui.domain.sanitize import single_line
from tui.domain.settings import Settings
from tui.domain.totals import Totals
from tui.services.keyring_keep import save_with_keys
from tui.services.keyring_store import KeyringStore
from tui.services.paths import Paths, shown
from tui.ui.controllers.settings_effects import Effect, Tone, failure_effect, key_info_effect
from tui.ui.controllers.settings_fields import FIELDS, titles
from tui.ui.controllers.settings_form import SettingsForm
from tui.ui.controllers.signing_in import SigningIn
from tui.ui.guard import guarded
from tui.ui.screens.confirm import Confirm
from tui.ui.screens.settings_servers import SettingsServers

Verify = Callable[[Connection], Awaitable[KeyInfo | None]]


class SettingsScreen(SettingsServers):
    """Dismisses with the changes that were saved, or with None if nothing was.

    ``connection`` is the one in use and ``catalogue`` its server's; ``verify`` asks a server about
    a key and raises WorkbenchError. New keys go into ``keyring`` if that keeps secrets. The budgets
    are shown against what was ``spent`` up to now; ``section`` is the one to begin with.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", id="settings.save", tooltip="Save and close"),
        Binding(
            "escape",
            "cancel",
            "Cancel",
            id="settings.cancel",
            tooltip="Close; asks first if something is not saved",
        ),
    ]

    def __init__(
        self,
        settings: Settings,
        connection: Connection | None,
        catalogue: Catalogue,
        paths: Paths,
        environ: Mapping[str, str],
        themes: Sequence[str],
        verify: Verify,
        keyring: KeyringStore,
        overrides: Overrides | None = None,
        *,
        spent: Totals | None = None,
        section: str | None = None,
    ) -> None:
        form = SettingsForm(settings, environ, overrides or Overrides(), themes)
        form.spent = spent
        served_by = connection.provider if connection is not None else None
        if connection is not None and connection.key_source is KeySource.KEYRING:
            form.kept |= {connection.provider: connection.key} if connection.key else {}
        super().__init__(form, catalogue, served_by, shown(paths.config_file), themes, section)
        self._config_file = paths.config_file
        self._verify = verify
        self._keyring = keyring
        self.signing_in = SigningIn(environ)
        self._theme_before = ""
        self._asking = False
        self._saving = False

    def on_mount(self) -> None:
        """Remember the theme, for leaving without a save, and ask the keyring meanwhile."""
        self._theme_before = self.app.theme
        self._ask_keyring()

    @guarded("keyring")
    async def _ask_keyring(self) -> None:
        """Find out where keys are kept, and which there are."""
        status = await asyncio.to_thread(self._keyring.status)
        if status.available:
            self.page.keys.show_keyring(status.words)
        before, form = self.form.before, self.form
        for name in before.provider_names():
            if before.provider(name).key_in_keyring and name not in form.kept:
                found = await asyncio.to_thread(self._keyring.get, name)
                if found.key is not None:
                    form.kept[name] = found.key
                    self.show()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        if event.input.id == "api_key":
            self._check_key()
        else:
            self.focus_next()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        match event.button.id:
            case "save":
                self.action_save()
            case "cancel":
                self.action_cancel()
            case "verify-key":
                self._check_key()
            case "allow-key":
                self._allow()
            case "sign-in":
                self._sign_in()
            case "remove-key":
                self.form.remove_key()
                self.page.keys.clear()
                self.show()

    def _sign_in(self) -> None:
        """Let OpenRouter make a key; like a key that is typed, it counts once it is saved."""
        from tui.ui.screens.sign_in import SignInScreen  # it imports what speaks HTTP

        def signed_in(key: SecretStr | None) -> None:
            if key is not None:
                self.page.keys.enter(key.get_secret_value())
                self.notify("Ctrl+S saves the key.", title="Signed in", markup=False)

        self.app.push_screen(SignInScreen(self.signing_in), signed_in)

    @guarded("verify")
    async def _check_key(self) -> None:
        """Ask the server about the key, after asking the user if the key may go there."""
        keys = self.page.keys
        try:
            connection = self.form.connection_to_verify()
            question = self.form.question_about(connection)
            if question is not None:
                if not await self._agree(question):
                    return
                self.show()
                connection = self.form.connection_to_verify()
            if connection.key is None:
                return
            keys.show_result(Effect(f"Asking {single_line(connection.origin)} …"))
            keys.show_result(key_info_effect(await self._verify(connection)))
        except WorkbenchError as error:
            keys.show_result(failure_effect(error.failure))

    @guarded("verify")
    async def _allow(self) -> None:
        """Ask whether the key in use may go to the server in use."""
        try:
            question = self.form.question_about(self.form.connection())
        except WorkbenchError:
            return
        if question is not None and await self._agree(question):
            self.show()

    async def _agree(self, question: Question) -> bool:
        asked, details = question.words()
        yes = await self.app.push_screen_wait(
            Confirm(asked, details, "Send it there too", "Keep it where it is")
        )
        if yes:
            self.form.answer(question, yes=True)
        return yes

    def action_save(self) -> None:
        """Save everything and close; a field that is wrong gets the focus instead."""
        if not self._saving:
            self._save()

    @guarded("save")
    async def _save(self) -> None:
        form = self.form
        self.take_model()
        if form.problems:
            form.touched.update(form.problems)
            self.show()
            self.page.focus_field(min(form.problems, key=FIELDS.index))
            return
        while (question := form.next_question()) is not None:
            if await self._agree(question):
                continue
            if form.has_new_key(question.provider):
                self.page.focus_field("base_url")
                self.say(Effect("Not saved: the key may not go to that server.", Tone.WARNING))
                return
            form.answer(question, yes=False)
        changes = form.changes()
        self._saving = True  # a keyring may take its time
        try:
            place = await asyncio.to_thread(
                save_with_keys, self._config_file, changes, self._keyring
            )
        except WorkbenchError as error:
            self.say(failure_effect(error.failure))
            return
        finally:
            self._saving = False
        if place:
            self.notify(f"The key is {place}.", title="API key", markup=False)
        self.dismiss(changes or None)

    @guarded("leave")
    async def action_cancel(self) -> None:
        """Close without saving; what was edited is asked about first.

        What is being saved is saved, and counts from then on.
        """
        if not self._saving and await self.may_leave():
            self.preview(self._theme_before)
            self.dismiss(None)

    async def may_leave(self) -> bool:
        """Whether there is nothing to lose, or the user agrees to lose it."""
        self.take_model()
        unsaved = self.form.unsaved()
        if not unsaved:
            return True
        if self._asking:
            return False
        self._asking = True
        try:
            edited = f"Edited: {titles(unsaved)}"
            return await self.app.push_screen_wait(
                Confirm("Leave without saving?", edited, "Leave", "Stay", asked_by="escape")
            )
        finally:
            self._asking = False
