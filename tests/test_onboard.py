"""From nothing to a set-up that works: with questions, and from a script without any."""

import asyncio
import io
import threading
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.authorization import KEY, AuthorizationServer, callback_of, visit
from tests.fakes.keyring import FakeBackend, store_of
from tests.fakes.server import CATALOGUE, FakeServer, error_reply, json_reply, text_reply
from tui.cli import main
from tui.domain.connection import Overrides
from tui.domain.provider_presets import PRESETS
from tui.onboard import Means, run_onboard
from tui.runtime import Runtime
from tui.services.browser import CannotOpenError
from tui.services.local_servers import FoundServer
from tui.services.oauth import SignIn

CANARY = "sk-or-v1-test-canary-0000"
USABLE = {
    **CATALOGUE["data"][0],
    "id": "openai/gpt-test",
    "context_length": 100_000,
    "supported_parameters": ["tools"],
    "pricing": {"prompt": "0.000003", "completion": "0.000015"},
}


@contextmanager
def serving(server: FakeServer | AuthorizationServer) -> Iterator[FakeServer]:
    """The server on a loop of its own: onboarding runs without one."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def run(work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(10)

    run(server.__aenter__())
    try:
        yield server.server if isinstance(server, AuthorizationServer) else server
    finally:
        run(server.__aexit__(None, None, None))
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


@dataclass
class Person:
    """Answers questions in order, and remembers what was said."""

    answers: list[str] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    def answer(self, question: str) -> str:
        self.heard.append(question)
        if not self.answers:
            raise EOFError
        return self.answers.pop(0)

    def secret(self, question: str) -> str:
        self.heard.append(question)
        return self.secrets.pop(0)

    @property
    def text(self) -> str:
        return "\n".join(self.heard)

    def means(self, **more: Any) -> Means:
        return Means(ask=self.answer, ask_secret=self.secret, say=self.heard.append, **more)


def runtime_at(home: Path, server: FakeServer | None = None, *, keyring: bool = False) -> Runtime:
    """A runtime whose OpenRouter is the server."""
    if server is not None:
        file = home / "config" / "config.toml"
        file.parent.mkdir(parents=True, mode=0o700)
        file.write_text(f'# mine\n[providers.openrouter]\nbase_url = "{server.base_url}"\n')
        file.chmod(0o600)
    runtime = Runtime.start(home=home, overrides=Overrides(), environ={"SSH_TTY": "yes"})
    runtime.keyring = store_of(FakeBackend() if keyring else None)
    return runtime


def saved(home: Path) -> dict[str, Any]:
    file = home / "config" / "config.toml"
    return tomllib.loads(file.read_text()) if file.exists() else {}


def test_a_pasted_key_is_checked_and_a_model_is_chosen(orw_home: Path) -> None:
    person = Person(["3", "1"], [f" {CANARY} "])
    with serving(FakeServer()) as server:
        server.on("GET /models", json_reply({"data": [USABLE]}))
        code = run_onboard(runtime_at(orw_home, server), person.means())
    assert code == 0, person.text
    assert saved(orw_home)["default"] == {"model": "openai/gpt-test"}
    assert saved(orw_home)["providers"]["openrouter"]["api_key"] == CANARY
    assert saved(orw_home)["providers"]["openrouter"]["key_origins"] == [server.origin]
    assert "is valid: $7.50 left of $10" in person.text
    assert "strong in everything: $3 in, $15 out per million tokens" in person.text
    assert "saved to" in person.text
    assert f"sent to {server.origin} only" in person.text
    assert CANARY not in person.text
    assert (orw_home / "config" / "config.toml").read_text().startswith("# mine")


def test_with_a_keyring_no_key_is_in_the_file(orw_home: Path) -> None:
    person = Person(["3", "test/model"], [CANARY])
    with serving(FakeServer()) as server:
        runtime = runtime_at(orw_home, server, keyring=True)
        assert run_onboard(runtime, person.means()) == 0, person.text
    assert "kept in Test Keyring" in person.text
    assert CANARY not in (orw_home / "config" / "config.toml").read_text()
    runtime.reload()
    assert runtime.connection is not None
    assert runtime.connection.key is not None


def test_signing_in_with_a_code_needs_no_browser_here(orw_home: Path) -> None:
    authorization = AuthorizationServer()
    person = Person()

    def answer(question: str) -> str:
        if "How" in person.text and "Choose" in question:
            return ""  # over SSH the code is the usual way
        if "code" in question:
            return authorization.agree(person.heard[-1].split()[-1])
        return "test/model"

    with serving(authorization) as server:
        sign_in = partial(SignIn, base_url=server.base_url, page=authorization.page)
        means = Means(
            ask=answer, ask_secret=person.secret, say=person.heard.append, sign_in=sign_in
        )
        assert run_onboard(runtime_at(orw_home, server), means) == 0, person.text
    assert saved(orw_home)["providers"]["openrouter"]["api_key"] == KEY
    assert KEY not in person.text


def test_no_key_is_made_for_a_gateway_that_may_not_have_it(orw_home: Path) -> None:
    person = Person(["2", "n"])
    with serving(FakeServer()) as gateway:
        assert run_onboard(runtime_at(orw_home, gateway), person.means()) == 1
    assert f"A key of https://openrouter.ai would be sent to {gateway.origin}" in person.text
    assert "No key was made." in person.text
    assert gateway.requests == []


@pytest.mark.parametrize("opens", [True, False])
def test_signing_in_with_the_browser(orw_home: Path, opens: bool) -> None:
    authorization = AuthorizationServer()
    person = Person(["1", "test/model"])
    visits: list[threading.Thread] = []

    def browse(url: str) -> None:
        query = {"code": authorization.agree(url)}
        visiting = threading.Thread(target=lambda: asyncio.run(visit(callback_of(url), **query)))
        visiting.start()
        visits.append(visiting)
        if not opens:
            raise CannotOpenError("There is no desktop here to open it on.")

    with serving(authorization) as server:
        sign_in = partial(SignIn, base_url=server.base_url, page=authorization.page)
        means = person.means(sign_in=sign_in, open_link=browse)
        assert run_onboard(runtime_at(orw_home, server), means) == 0, person.text
        for visiting in visits:
            visiting.join(5)
    assert saved(orw_home)["providers"]["openrouter"]["api_key"] == KEY
    assert ("There is no desktop here" in person.text) is not opens


def test_a_key_of_the_environment_that_wins_is_told(orw_home: Path) -> None:
    person = Person(["3", "test/model"], [CANARY])
    with serving(FakeServer()) as server:
        runtime = runtime_at(orw_home, server)
        runtime.environ = {"OPENROUTER_API_KEY": "sk-or-v1-test-other-1111", "SSH_TTY": "yes"}
        assert run_onboard(runtime, person.means()) == 0, person.text
    assert "OPENROUTER_API_KEY in the environment wins over it" in person.text


def test_a_server_of_ones_own_is_found_and_used(orw_home: Path) -> None:
    with serving(FakeServer()) as server:
        found = FoundServer(PRESETS[0], server.base_url, ("test/model",))
        person = Person(["4", "1", "1"])
        means = person.means(find_servers=lambda: [found])
        assert run_onboard(runtime_at(orw_home), means) == 0, person.text
        assert server.requests
        assert all("authorization" not in request.headers for request in server.requests)
    assert "Ollama at" in person.text
    assert saved(orw_home) == {
        "default": {"provider": "ollama"},
        "providers": {"ollama": {"base_url": server.base_url, "model": "test/model"}},
    }


def test_an_address_can_be_typed_where_nobody_was_found(orw_home: Path) -> None:
    with serving(FakeServer()) as server:
        typed = server.base_url.removeprefix("http://")
        person = Person(["4", typed, "1"], ["local-key-0001"])
        means = person.means(find_servers=list)
        assert run_onboard(runtime_at(orw_home), means) == 0, person.text
    assert "Ollama 11434, LM Studio 1234" in person.text
    assert f"Taken as {server.base_url}" in person.heard
    section = saved(orw_home)["providers"]["compatible"]
    assert section["base_url"] == server.base_url
    assert section["key_origins"] == [server.origin]


def test_a_server_that_wants_a_key_is_asked_again_with_one(orw_home: Path) -> None:
    with serving(FakeServer()) as server:
        listed = json_reply({"data": [{"id": "llama3.2"}]})
        server.on("GET /models", error_reply(401, "No api key passed in."), listed)
        person = Person(["4", server.base_url, "1"], ["", "local-key-0001"])
        assert run_onboard(runtime_at(orw_home), person.means(find_servers=list)) == 0, person.text
        keys = [request.headers.get("authorization") for request in server.requests]
    assert "Enter the key that this server wants here." in person.text
    assert keys == [None, "Bearer local-key-0001"]
    assert person.text.count("How do you want to begin?") == 1


def test_an_address_without_its_path_is_found_where_most_servers_have_it(orw_home: Path) -> None:
    with serving(FakeServer()) as server:
        server.on("GET /v1/models", json_reply({"data": [{"id": "llama3.2"}]}))
        server.on("GET /models", text_reply("<html></html>", "text/html", 404))
        person = Person(["4", server.origin, "1"], [""])
        assert run_onboard(runtime_at(orw_home), person.means(find_servers=list)) == 0, person.text
    assert f"The server answers at {server.origin}/v1." in person.heard
    section = saved(orw_home)["providers"]["compatible"]
    assert section == {"base_url": f"{server.origin}/v1", "model": "llama3.2"}


def test_the_demo_needs_nothing(orw_home: Path) -> None:
    person = Person(["5"])
    assert run_onboard(runtime_at(orw_home), person.means()) == 0
    assert "orw --demo" in person.text
    assert saved(orw_home) == {}


def test_mistakes_are_told_and_asked_again(orw_home: Path) -> None:
    person = Person(["9", "3", "3", "nonsense", "test/modle", "test/model"], ["", CANARY])
    with serving(FakeServer()) as server:
        assert run_onboard(runtime_at(orw_home, server), person.means()) == 0, person.text
    assert "none of the five" in person.text
    assert "There was no key." in person.text
    assert "Did you mean test/model?" in person.text


def test_what_cannot_be_saved_is_refused_before_a_model_is_asked_for(orw_home: Path) -> None:
    person = Person(["4", "http://192.0.2.7/v1"], [CANARY])
    assert run_onboard(runtime_at(orw_home), person.means(find_servers=list)) == 1
    assert "without encryption" in person.text
    assert "Which model?" not in person.text
    assert saved(orw_home) == {}


def test_a_refused_key_is_not_saved(orw_home: Path) -> None:
    person = Person(["3"], [CANARY])
    with serving(FakeServer()) as server:
        server.on("GET /key", error_reply(401, "User not found."))
        before = runtime_at(orw_home, server)
        assert run_onboard(before, person.means()) == 1
    assert "(User not found.) Enter a valid key here." in person.text
    assert "Nothing was saved." in person.text
    assert "default" not in saved(orw_home)


def script(
    home: Path, *flags: str, stdin: str = "", monkeypatch: pytest.MonkeyPatch
) -> Callable[[], int]:
    """The command with these flags and this input."""
    monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
    return lambda: main(["onboard", "--home", str(home), *flags])


def test_a_script_gives_the_key_on_stdin(
    orw_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(FakeServer()) as server:
        runtime_at(orw_home, server)
        flags = ("--non-interactive", "--api-key-stdin", "--model", "openrouter/test/model")
        code = script(orw_home, *flags, stdin=f"{CANARY}\n", monkeypatch=monkeypatch)()
    printed = capsys.readouterr()
    assert code == 0, printed.err
    assert saved(orw_home)["default"] == {"model": "test/model"}
    assert saved(orw_home)["providers"]["openrouter"]["api_key"] == CANARY
    assert CANARY not in printed.out + printed.err
    assert server.requests[0].headers["authorization"] == f"Bearer {CANARY}"


def test_a_script_names_the_variable_that_holds_the_key(
    orw_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_KEY", CANARY)
    with serving(FakeServer()) as server:
        flags = ("--non-interactive", "--api-key-env", "MY_KEY", "--base-url", server.base_url)
        code = script(orw_home, *flags, "--model", "test/model", monkeypatch=monkeypatch)()
    assert code == 0
    section = saved(orw_home)["providers"]["compatible"]
    assert section["api_key"] == "${MY_KEY}"
    assert section["model"] == "test/model"
    runtime = Runtime.start(home=orw_home, overrides=Overrides(), environ={"MY_KEY": CANARY})
    assert runtime.connection is not None
    assert runtime.connection.key is not None
    assert runtime.config_problems == ()


@pytest.mark.parametrize(
    ("flags", "stdin", "words"),
    [
        (("--api-key-env", "NOT_SET"), "", "The variable NOT_SET is not set."),
        (("--api-key-stdin",), "\n", "There is no key: it is empty."),
        (("--api-key-stdin",), "two words\n", "characters that a key cannot have"),
        (("--api-key-stdin", "--model", "test/modle"), f"{CANARY}\n", "Did you mean test/model?"),
        (
            ("--api-key-stdin", "--base-url", "http://192.0.2.7/v1"),
            f"{CANARY}\n",
            "without encryption",
        ),
    ],
)
def test_a_script_that_is_wrong_saves_nothing(
    orw_home: Path,
    flags: tuple[str, ...],
    stdin: str,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with serving(FakeServer()) as server:
        runtime_at(orw_home, server)
        before = saved(orw_home)
        code = script(orw_home, "--non-interactive", *flags, stdin=stdin, monkeypatch=monkeypatch)()
    assert code == 1
    assert words in capsys.readouterr().err
    assert saved(orw_home) == before


def test_a_server_that_is_not_there_yet_is_a_note(
    orw_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(FakeServer()) as server:
        pass
    typed = server.base_url.removeprefix("http://")
    flags = ("--non-interactive", "--base-url", typed, "--model", "llama3.2")
    assert script(orw_home, *flags, monkeypatch=monkeypatch)() == 0
    noted = capsys.readouterr().err
    assert f"{typed} is taken as {server.base_url}." in noted
    assert "Nothing could be checked" in noted
    assert saved(orw_home)["providers"]["compatible"]["base_url"] == server.base_url
    assert saved(orw_home)["providers"]["compatible"]["model"] == "llama3.2"


def test_a_key_as_an_argument_is_taken_with_a_warning(
    orw_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(FakeServer()) as server:
        runtime_at(orw_home, server)
        flags = ("--non-interactive", "--api-key", CANARY, "--model", "test/model")
        assert script(orw_home, *flags, monkeypatch=monkeypatch)() == 0
    warning = capsys.readouterr().err
    assert "other users of this machine can see the key" in warning
    assert CANARY not in warning


def test_a_key_as_a_bare_argument_is_refused_and_not_repeated(
    orw_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        script(orw_home, "--non-interactive", CANARY, monkeypatch=monkeypatch)()
    assert caught.value.code == 2
    printed = capsys.readouterr().err
    assert "a key is not taken as a bare argument" in printed
    assert CANARY not in printed
    assert saved(orw_home) == {}


def test_without_a_terminal_and_without_flags_there_is_nobody_to_ask(
    orw_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        script(orw_home, monkeypatch=monkeypatch)()
    assert caught.value.code == 2
    assert "there is nobody to ask" in capsys.readouterr().err
