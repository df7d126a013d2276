"""``orw onboard``: from nothing to the first answer, in a plain terminal or in a script."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from getpass import getpass
from typing import Final

from pydantic import SecretStr

from tui.domain.addresses import clean_base_url, origin_of, with_scheme
from tui.domain.catalogue import Catalogue
from tui.domain.catalogue_nearest import nearest
from tui.domain.connection import KEY_VARIABLE, clean_key, configured_url
from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.model import normalise_model_id
from tui.domain.onboarding_words import while_beginning
from tui.domain.provider_presets import PRESETS
from tui.domain.sanitize import single_line, visible
from tui.domain.settings import ProviderKind
from tui.domain.suggestions import suggestions
from tui.onboard_save import Choice, check, save, with_choice
from tui.runtime import Runtime
from tui.services.browser import CannotOpenError, open_link
from tui.services.local_servers import FoundServer, find_local_servers
from tui.services.oauth import SignIn, can_use_browser, key_label

DONE: Final = 0
FAILED: Final = 1

_KEYS_PAGE: Final = "https://openrouter.ai/settings/keys"
_OPENROUTER: Final = "openrouter"
_MOST_TRIES: Final = 5
_MOST_SHOWN: Final = 9


@dataclass(frozen=True, slots=True)
class OnboardOptions:
    """The flags for a script; ``api_key`` is the key itself, ``key_variable`` where it will be."""

    api_key: str = ""
    key_variable: str = ""
    model: str = ""
    provider: str = ""
    base_url: str = ""


@dataclass(frozen=True, slots=True)
class Means:
    """How the user is asked and told, and what the steps stand on; tests bring their own."""

    ask: Callable[[str], str] = input
    ask_secret: Callable[[str], str] = getpass
    say: Callable[[str], None] = lambda words: print(visible(words), flush=True)
    sign_in: Callable[[str], SignIn] = SignIn
    open_link: Callable[[str], None] = open_link
    find_servers: Callable[[], Sequence[FoundServer]] = field(
        default=lambda: asyncio.run(find_local_servers())
    )


def run_scripted(runtime: Runtime, options: OnboardOptions) -> int:
    """Set up without a question; the exit code. Nothing is saved if something is wrong."""
    try:
        choice = _scripted_choice(runtime, options)
        choice, notes = asyncio.run(check(runtime, choice))
        where = save(runtime, choice)
    except WorkbenchError as error:
        print(visible(f"orw: {error.failure}"), file=sys.stderr)
        return FAILED
    if with_scheme(options.base_url) != options.base_url:
        notes.insert(0, f"{options.base_url} is taken as {with_scheme(options.base_url)}.")
    for words in notes:
        print(visible(f"orw: {words}"), file=sys.stderr)
    print(visible(f"Set up: {choice.provider}, {choice.model or 'its own model'}; key {where}."))
    return DONE


def _scripted_choice(runtime: Runtime, options: OnboardOptions) -> Choice:
    """What the flags ask for; raises WorkbenchError."""
    provider = options.provider or ("compatible" if options.base_url else "openrouter")
    if provider not in runtime.settings.provider_names():
        raise _unusable(f"There is no provider called {single_line(provider, 60)}.")
    written = options.api_key
    if options.key_variable:
        written = runtime.environ.get(options.key_variable, "")
        if not written.strip():
            raise _unusable(f"The variable {single_line(options.key_variable, 60)} is not set.")
    key = clean_key(written)
    needs_key = runtime.settings.provider(provider).kind is ProviderKind.OPENROUTER
    if key is None and needs_key:
        raise _unusable("There is no key: it is empty.")
    return Choice(provider, key, options.model, options.base_url, options.key_variable)


def _unusable(what: str) -> WorkbenchError:
    step = "See orw onboard --help."
    return WorkbenchError(Failure(FailureKind.BAD_SETTINGS, what, step))


def run_onboard(runtime: Runtime, means: Means | None = None) -> int:
    """Set up with questions; the exit code. Nothing is saved before the last one is answered."""
    return _Conversation(runtime, means or Means()).run()


class _StoppedError(Exception):
    """The user wants no more questions."""


class _Conversation:
    """Asks one thing after the other."""

    def __init__(self, runtime: Runtime, means: Means) -> None:
        self._runtime = runtime
        self._means = means
        self._say = means.say

    def run(self) -> int:
        """The exit code."""
        self._say("OpenRouter Workbench: set up in a minute. Ctrl+C stops; nothing is saved then.")
        try:
            for _ in range(_MOST_TRIES):
                try:
                    return self._once()
                except WorkbenchError as error:
                    self._tell(error.failure)
        except (EOFError, _StoppedError):
            self._say("\nNothing was saved.")
        return FAILED

    def _once(self) -> int:
        choice = self._way()
        if choice is None:
            self._say("\nThe demo needs nothing: run orw --demo")
            return DONE
        choice, notes = self._checked(choice)
        for words in notes:
            self._say(words)
        choice = with_choice(choice, self._model(choice))
        where = save(self._runtime, choice)
        key = f"\nThe key is {where}." if choice.key is not None else ""
        if key and self._runtime.environ.get(KEY_VARIABLE, "").strip():
            key += f" {KEY_VARIABLE} in the environment wins over it."
        self._say(f'{key}\nReady. Run: orw      or: orw ask "Hello"')
        return DONE

    def _tell(self, failure: Failure) -> None:
        step = while_beginning(failure.next_step)
        self._say(f"\n✗ {failure.what_was_said} {step}\n")

    def _checked(self, choice: Choice) -> tuple[Choice, list[str]]:
        """What the server says; one of the user's own that wants another key is asked again."""
        for _ in range(_MOST_TRIES):
            try:
                return asyncio.run(check(self._runtime, choice))
            except WorkbenchError as error:
                if error.failure.kind is not FailureKind.BAD_KEY or not choice.base_url:
                    raise
                self._tell(error.failure)
            key = self._server_key()
            if key is None:
                break
            choice = replace(choice, key=key)
        raise _wrong("Without its key the server cannot be used.", "Choose another way to begin.")

    def _way(self) -> Choice | None:
        has_browser = can_use_browser(self._runtime.environ)
        usual = "1" if has_browser else "2"
        self._say(
            "\nHow do you want to begin?\n"
            "  1  sign in at openrouter.ai with the browser\n"
            "  2  sign in on another device, and type a code here (over SSH)\n"
            "  3  paste an API key\n"
            "  4  use a server on this machine: Ollama, LM Studio, llama.cpp, vLLM, LiteLLM\n"
            "  5  just try the demo: offline, free, answers are made up"
        )
        match self._answer(f"Choose 1 to 5 [{usual}]: ") or usual:
            case "1":
                self._agree_to_gateway()
                return Choice(_OPENROUTER, self._key_from_browser())
            case "2":
                self._agree_to_gateway()
                return Choice(_OPENROUTER, self._key_from_code())
            case "3":
                return Choice(_OPENROUTER, self._pasted_key())
            case "4":
                return self._local_server()
            case "5":
                return None
        raise _wrong("That is none of the five.", "Type a number from 1 to 5.")

    def _answer(self, question: str) -> str:
        return self._means.ask(question).strip()

    def _sign_in(self) -> SignIn:
        return self._means.sign_in(key_label(datetime.now(UTC).date()))

    def _key_from_browser(self) -> SecretStr:
        async def wait() -> SecretStr:
            async with self._sign_in() as sign_in:
                url = await sign_in.listen()
                try:
                    self._means.open_link(url)
                    self._say("\nThe browser opens. If it does not, open this page yourself:")
                except CannotOpenError as error:
                    self._say(f"\n{error} Open this page yourself, on this machine:")
                self._say(f"  {url}\nWaiting for you to agree there …")
                return await sign_in.key_from_browser()

        return asyncio.run(wait())

    def _key_from_code(self) -> SecretStr:
        sign_in = self._sign_in()
        self._say(f"\nOpen this page on any device and agree:\n  {sign_in.code_url}")
        code = self._answer("Then type or paste the code that it shows: ")
        return asyncio.run(sign_in.key_for(code))

    def _agree_to_gateway(self) -> None:
        """Ask before a key is made that would be sent to another server than the one it is of."""
        made_at = self._sign_in().origin
        server = origin_of(configured_url(self._runtime.settings.provider(_OPENROUTER)))
        if server == made_at:
            return
        self._say(
            f"\nA key of {made_at} would be sent to {server}: config.toml has it as base_url."
        )
        if self._answer("Is that what you want? [y/N]: ").lower() not in ("y", "yes"):
            raise _wrong("No key was made.", "Take base_url out of config.toml, or choose 3.")

    def _pasted_key(self) -> SecretStr:
        server = origin_of(configured_url(self._runtime.settings.provider(_OPENROUTER)))
        self._say(f"\nKeys are made at {_KEYS_PAGE}; this one is sent to {server} only.")
        key = clean_key(self._means.ask_secret("Paste the key (it is not shown): "))
        if key is None:
            raise _wrong("There was no key.", "Paste it, then press Enter.")
        return key

    def _local_server(self) -> Choice:
        self._say("\nLooking on this machine …")
        found = list(self._means.find_servers())
        for number, server in enumerate(found, 1):
            models = f"{len(server.models)} models" if server.models else "no model loaded"
            words = "wants a key" if server.needs_key else models
            self._say(f"  {number}  {server.preset.title} at {server.base_url}: {words}")
        if not found:
            names = ", ".join(f"{each.title} {each.port}" for each in PRESETS)
            self._say(f"  nobody answers at the usual ports: {names}")
        answer = self._answer("Choose a number, or type an address that ends in /v1: ")
        if answer.isdecimal() and 1 <= int(answer) <= len(found):
            server = found[int(answer) - 1]
            key = self._server_key() if server.needs_key else None
            return Choice(server.preset.name, key, base_url=server.base_url)
        if not answer:
            raise _StoppedError
        base_url = clean_base_url(answer)
        if with_scheme(answer) != answer:
            self._say(f"Taken as {base_url}")
        return Choice("compatible", self._server_key(), base_url=base_url)

    def _server_key(self) -> SecretStr | None:
        return clean_key(self._means.ask_secret("Its key, if it wants one (not shown): "))

    def _model(self, choice: Choice) -> str:
        """The model that the user wants to begin with."""
        catalogue = choice.catalogue
        if not catalogue.models:
            return choice.model or self._answer("Which model? Its id: ")
        offered = self._offered(choice, catalogue)
        for number, (model_id, words) in enumerate(offered, 1):
            self._say(f"  {number}  {model_id}{words}")
        for _ in range(_MOST_TRIES):
            answer = self._answer("Which model? A number, or any id [1]: ") or "1"
            if answer.isdecimal() and 1 <= int(answer) <= len(offered):
                return offered[int(answer) - 1][0]
            wanted = normalise_model_id(answer)
            if catalogue.find(wanted) is not None:
                return wanted
            near = nearest(catalogue, wanted)
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            self._say(f"✗ There is no model called {single_line(answer, 80)}.{hint}")
        raise _StoppedError

    def _offered(self, choice: Choice, catalogue: Catalogue) -> list[tuple[str, str]]:
        if choice.provider == "openrouter":
            self._say("\nA model to begin with; every answer can use another one:")
            found = [(one.model.id, f"  {one.why}: {one.facts}") for one in suggestions(catalogue)]
            if found:
                return found
        self._say("\nIts models:")
        return [(model_id, "") for model_id in list(catalogue.models)[:_MOST_SHOWN]]


def _wrong(what: str, step: str) -> WorkbenchError:
    return WorkbenchError(Failure(FailureKind.BAD_SETTINGS, what, step))
