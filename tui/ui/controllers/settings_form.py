"""What the settings screen edits: the stored settings, the edits on top, and what is wrong."""

from collections.abc import Collection, Mapping
from decimal import Decimal

from pydantic import SecretStr

from tui.domain.addresses import clean_base_url, with_scheme
from tui.domain.connection import (
    BASE_URL_VARIABLE,
    KEY_VARIABLE,
    Connection,
    Overrides,
    clean_key,
    configured_url,
    resolve,
)
from tui.domain.consent import Question, agreed, question_for, settle_key_origins
from tui.domain.errors import WorkbenchError
from tui.domain.model import normalise_model_id
from tui.domain.settings import ProviderKind, ProviderSettings, Settings
from tui.domain.totals import Totals
from tui.services.local_servers import FoundServer
from tui.ui.controllers.settings_budgets import limit_problem, parse_limit
from tui.ui.controllers.settings_fields import INTERFACE_FIGURES, number_wanted, parse_number
from tui.ui.controllers.settings_stand_ins import parse_refusals, parse_stand_ins


class SettingsForm:
    """The settings as they will be after a save, and a sentence for each field that is wrong.

    ``before`` is what is stored and ``after`` what the fields say; a field that is wrong keeps its
    stored value there and its sentence in ``problems``, keyed by the name of the field. ``touched``
    are the fields that can be wrong and were edited. The fields of a provider are those of the
    chosen one. ``kept`` are the keys that the keyring has handed over, by provider. ``spent`` is
    what was spent up to now, for the budgets; None if that is not known.
    """

    def __init__(
        self,
        settings: Settings,
        environ: Mapping[str, str],
        overrides: Overrides,
        themes: Collection[str],
    ) -> None:
        self.before = settings
        self.after = settings
        self.problems: dict[str, str] = {}
        self.touched: set[str] = set()
        self.kept: dict[str, SecretStr] = {}
        self.spent: Totals | None = None
        self.uses_custom_url = False
        self.base_url = ""
        self._environ = environ
        self._themes = themes
        self._session_provider = overrides.provider or settings.default.provider
        self._session_url = overrides.base_url
        is_known = self._session_provider in settings.provider_names()
        self._provider = self._session_provider if is_known else "openrouter"
        self._session_model = overrides.model or settings.model_for(self._provider)
        self.model = self._session_model
        self._answers: dict[Question, bool] = {}
        self._show_provider()
        # What was wrong before and is left alone keeps nobody from saving something else.
        self.problems.clear()

    @property
    def provider(self) -> str:
        """The name of the provider whose fields are shown."""
        return self._provider

    @property
    def chosen(self) -> ProviderSettings:
        """The chosen provider's settings as edited so far."""
        return self.after.provider(self._provider)

    @property
    def problems_to_show(self) -> dict[str, str]:
        """What is wrong with the fields that were edited; nobody is scolded for the others yet."""
        return {field: words for field, words in self.problems.items() if field in self.touched}

    @property
    def key_is_new(self) -> bool:
        """Whether another key was entered for the chosen provider and is not saved yet."""
        return self.has_new_key(self._provider)

    def has_new_key(self, name: str) -> bool:
        """Whether another key was entered for a provider and is not saved yet."""
        key = self.after.provider(name).api_key
        return isinstance(key, SecretStr) and key != self.before.provider(name).api_key

    def is_overruled(self, connection: Connection) -> bool:
        """Whether the command line or the environment put another address before the settings."""
        try:
            return connection.base_url != clean_base_url(configured_url(self.chosen))
        except WorkbenchError:
            return True

    def choose_provider(self, name: str) -> None:
        """Show another provider's fields; edits of the one before stay if they are valid."""
        self._provider = name
        self.after = self.after.with_values("default", provider=name)
        for field in ("base_url", "api_key", "model"):
            self.problems.pop(field, None)
        self.touched -= {"base_url", "model"}
        self.model = self.after.model_for(name)
        if name == self._session_provider and self.model == self.before.model_for(name):
            self.model = self._session_model
        self._show_provider()

    def _show_provider(self) -> None:
        provider = self.chosen
        given = provider.base_url is not None and provider.use_custom_base_url
        self.uses_custom_url = given or provider.kind is ProviderKind.COMPATIBLE
        self.base_url = provider.base_url or ""
        self._apply_base_url()

    def use_custom_url(self, checked: bool) -> None:
        """Check or uncheck the box for a custom base URL."""
        self.uses_custom_url = checked
        self._apply_base_url()

    def enter_base_url(self, text: str) -> None:
        """Take the base URL as typed so far."""
        self.base_url = text
        self.touched.add("base_url")
        self._apply_base_url()

    def _apply_base_url(self) -> None:
        self.problems.pop("base_url", None)
        self._forget_answers()
        stored = self.before.provider(self._provider)
        url, use = stored.base_url, stored.use_custom_base_url
        if self.chosen.kind is ProviderKind.DEMO:
            return
        if not self.uses_custom_url:
            use = use and url is None
        elif not self.base_url.strip():
            self.problems["base_url"] = "Enter the address of the server, up to and including /v1."
        else:
            try:
                cleaned = clean_base_url(self.base_url)
            except WorkbenchError as error:
                self.problems["base_url"] = f"{error.failure.what} {error.failure.next_step}"
            else:
                same = url is not None and with_scheme(url.strip()).rstrip("/") == cleaned
                url, use = url if same else cleaned, True
        self.after = self.after.with_provider(self._provider, base_url=url, use_custom_base_url=use)

    def enter_key(self, text: str) -> None:
        """Take a key as typed so far; nothing typed means the stored one."""
        self.problems.pop("api_key", None)
        self.touched.add("api_key")
        self._forget_answers()
        stored = self.before.provider(self._provider)
        key, kept = stored.api_key, stored.key_in_keyring
        try:
            if (entered := clean_key(text)) is not None:
                key, kept = entered, False
        except WorkbenchError as error:
            self.problems["api_key"] = f"{error.failure.what} {error.failure.next_step}"
        self.after = self.after.with_provider(self._provider, api_key=key, key_in_keyring=kept)

    def remove_key(self) -> None:
        """Take the stored key out of the file, or out of the keyring."""
        self.problems.pop("api_key", None)
        self._forget_answers()
        self.after = self.after.with_provider(self._provider, api_key=None, key_in_keyring=False)

    @property
    def keeps_own_model(self) -> bool:
        """Whether a model chosen now is for the chosen provider alone.

        What is tried in the demo, or with a provider that only this run's command line asked for,
        must not become what another provider bills.
        """
        is_for_this_run = self._provider == self._session_provider != self.after.default.provider
        chosen = self.chosen
        return chosen.kind is ProviderKind.DEMO or chosen.model is not None or is_for_this_run

    def choose_model(self, model_id: str) -> None:
        """Take a model id, from the catalogue or typed."""
        self.problems.pop("model", None)
        self.touched.add("model")
        # A compatible server may well call its models "openrouter/…".
        is_own_name = self.chosen.kind is ProviderKind.COMPATIBLE
        self.model = wanted = model_id.strip() if is_own_name else normalise_model_id(model_id)
        if not wanted or not wanted.isprintable() or " " in wanted:
            self.problems["model"] = "Choose a model, or type its id; an id has no spaces."
        wrong = "model" in self.problems
        if self.keeps_own_model:
            stored = self.before.provider(self._provider).model
            model = stored if wrong else wanted
            self.after = self.after.with_provider(self._provider, model=model)
        else:
            model = self.before.default.model if wrong else wanted
            self.after = self.after.with_values("default", model=model)

    def switch(self, field: str, on: bool) -> None:
        """Check or uncheck one of the chosen provider's boxes."""
        self.after = self.after.with_provider(self._provider, **{field: on})

    def switch_interface(self, field: str, on: bool) -> None:
        """Check or uncheck one of the boxes of the interface."""
        self.after = self.after.with_values("interface", **{field: on})

    def choose_notice(self, way: str) -> None:
        """Take what the user wants when a long answer ends."""
        self.after = self.after.with_values("interface", notify=way)

    def choose_theme(self, name: str) -> None:
        """Take a theme; one that does not exist is refused."""
        self.problems.pop("theme", None)
        if name not in self._themes:
            self.problems["theme"] = "There is no such theme. Choose one of the list."
        self.after = self.after.with_values("interface", theme=name)

    def enter_number(self, field: str, text: str) -> None:
        """Take a figure of the reliability or the interface section as typed so far."""
        self.problems.pop(field, None)
        self.touched.add(field)
        section = "interface" if field in INTERFACE_FIGURES else "reliability"
        value: float = getattr(getattr(self.before, section), field)
        try:
            value = parse_number(field, text)
        except ValueError:
            self.problems[field] = number_wanted(field)
        self.after = self.after.with_values(section, **{field: value})

    def enter_stand_ins(self, field: str, text: str) -> None:
        """Take who stands in, or after which refusals, as typed so far."""
        self.problems.pop(field, None)
        self.touched.add(field)
        value: tuple[str, ...] | tuple[int, ...] = getattr(self.before.reliability, field)
        try:
            named = field == "fallback_providers"
            value = parse_stand_ins(text, self.after) if named else parse_refusals(text)
        except ValueError as error:
            self.problems[field] = str(error)
        self.after = self.after.with_values("reliability", **{field: value})

    def add_server(self, server: FoundServer) -> None:
        """Fill in the fields of a server that was found, as a provider of that name, and choose it.

        It asks the first of the models there, unless it was set up with another one.
        """
        name = server.preset.name
        if name not in self.before.provider_names():
            # What an empty section of the file would mean, so that a save writes the rest.
            empty = ProviderSettings(kind=ProviderKind.COMPATIBLE)
            self.before, self.after = (
                settings.model_copy(update={"providers": {**settings.providers, name: empty}})
                for settings in (self.before, self.after)
            )
        model = self.after.provider(name).model or next(iter(server.models), None)
        self.after = self.after.with_provider(name, base_url=server.base_url, model=model)
        self.choose_provider(name)

    def enter_limit(self, field: str, text: str) -> None:
        """Take a budget as typed so far; nothing typed means no limit."""
        self.problems.pop(field, None)
        self.touched.add(field)
        value: Decimal | None = getattr(self.before.budget, field)
        try:
            value = parse_limit(text)
        except ValueError:
            self.problems[field] = limit_problem(text)
        self.after = self.after.with_values("budget", **{field: value})

    def connection(self) -> Connection:
        """What requests would use after a save; raises WorkbenchError as :func:`resolve` does."""
        return self._resolved(self._environ, self._overrides())

    def connection_to_verify(self) -> Connection:
        """Like :meth:`connection`, but a key that was just entered goes before all others."""
        environ = self._without(KEY_VARIABLE) if self.key_is_new else self._environ
        return self._resolved(environ, self._overrides())

    def _resolved(self, environ: Mapping[str, str], overrides: Overrides) -> Connection:
        settings, name = self._settled(), overrides.provider or self._provider
        kept = self.kept.get(name) if settings.provider(name).key_in_keyring else None
        return resolve(settings, environ, overrides, kept)

    def question_about(self, connection: Connection) -> Question | None:
        """What must be agreed before this connection gets its key."""
        return question_for(self._settled(), connection)

    def next_question(self) -> Question | None:
        """What must be answered before these edits can be saved, or None if nothing is left."""
        changed = self._edited_providers()
        if self._provider != self._session_provider:
            changed.append(self._provider)
        for name in dict.fromkeys(changed):
            hidden = [BASE_URL_VARIABLE, *([KEY_VARIABLE] if self.has_new_key(name) else [])]
            try:
                found = self._resolved(self._without(*hidden), Overrides(provider=name))
            except WorkbenchError:
                continue
            question = self.question_about(found)
            if question is not None and question not in self._answers:
                return question
        return None

    def answer(self, question: Question, yes: bool) -> None:
        """Keep the answer until the key or the base URL of that provider changes."""
        self._answers[question] = yes

    def changes(self) -> dict[tuple[str, ...], object]:
        """What a save writes: each key that changed with its new value, None to remove it."""
        changes = self._settled().changes_since(self.before)
        # Choosing what is stored still ends what the command line asked for.
        if self._provider != self._session_provider:
            changes["default", "provider"] = self._provider
        elif self.model != self._session_model and "model" not in self.problems:
            own = ("providers", self._provider, "model")
            changes[own if self.keeps_own_model else ("default", "model")] = self.model
        return changes

    def unsaved(self) -> list[str]:
        """The fields whose edits would be lost, also where they are not right yet."""
        return list(dict.fromkeys([*(key[-1] for key in self.changes()), *self.problems_to_show]))

    def _settled(self) -> Settings:
        settings = self.after
        for name in self._edited_providers():
            settings = settle_key_origins(self.before, settings, name)
        for question, yes in self._answers.items():
            settings = agreed(settings, question) if yes else settings
        return settings

    def _edited_providers(self) -> list[str]:
        names = self.before.provider_names()
        return [name for name in names if self.before.provider(name) != self.after.provider(name)]

    def _forget_answers(self) -> None:
        self._answers = {
            question: yes
            for question, yes in self._answers.items()
            if question.provider != self._provider
        }

    def _overrides(self) -> Overrides:
        is_session = self._provider == self._session_provider
        url = self._session_url if is_session else None
        return Overrides(provider=self._provider, base_url=url)

    def _without(self, *names: str) -> dict[str, str]:
        return {name: value for name, value in self._environ.items() if name not in names}
