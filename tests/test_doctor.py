"""The doctor finds what is wrong with a set-up and names the fix, over a real socket."""

import asyncio
import json
import socket
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.keyring import FakeBackend, Hanging, store_of
from tests.fakes.server import CATALOGUE, FakeServer, Reply, error_reply, json_reply, text_reply
from tests.fakes.tls import self_signed
from tui import doctor
from tui.doctor import DoctorOptions, run_doctor
from tui.domain.connection import Overrides
from tui.runtime import Runtime
from tui.services import doctor_setup
from tui.services.doctor_setup import libraries
from tui.services.keyring_store import KeyringStore

CANARY = "sk-or-v1-test-canary-0000"
MODEL = {**CATALOGUE["data"][0]}


@dataclass
class Setup:
    """A set-up that is fine until a test breaks it."""

    home: Path
    server: FakeServer
    config: str = ""
    provider: str | None = None
    base_url: str | None = None
    model: str | None = "test/model"
    uses_configured_url: bool = False
    environ: dict[str, str] = field(default_factory=lambda: {"OPENROUTER_API_KEY": CANARY})
    keyring: KeyringStore = field(default_factory=lambda: store_of(None))

    @property
    def config_file(self) -> Path:
        return self.home / "config" / "config.toml"

    def write(self, text: str, mode: int = 0o600) -> None:
        self.config_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.config_file.write_text(text)
        self.config_file.chmod(mode)

    def serves(self, *models: dict[str, Any]) -> None:
        self.server.on("GET /models", json_reply({"data": list(models)}))

    def endpoints(self, *rows: dict[str, Any]) -> None:
        body = {"data": {"id": "test/model", "endpoints": list(rows)}}
        self.server.on("GET /models/test/model/endpoints", json_reply(body))

    def start(self) -> Runtime:
        if self.config:
            self.write(self.config)
        base_url = None if self.uses_configured_url else self.base_url or self.server.base_url
        overrides = Overrides(provider=self.provider, model=self.model, base_url=base_url)
        runtime = Runtime.start(home=self.home, overrides=overrides, environ=self.environ)
        runtime.keyring = self.keyring
        runtime.reload()
        return runtime


Examine = Callable[..., Awaitable[tuple[int, dict[str, Any]]]]


@pytest.fixture
def examined(capsys: pytest.CaptureFixture[str]) -> Examine:
    """The exit code and the findings by id; of several with one id, the first that is wrong."""

    async def examine(setup: Setup, **options: bool) -> tuple[int, dict[str, Any]]:
        flags = DoctorOptions(as_json=True, **options)
        code = await asyncio.to_thread(run_doctor, setup.start(), flags)
        printed = capsys.readouterr().out
        assert CANARY not in printed
        document = json.loads(printed)
        assert document["ok"] is (code == 0)
        found: dict[str, Any] = {}
        for finding in document["findings"]:
            if finding["state"] == "wrong":
                assert finding["fix"], finding
            if found.get(finding["id"], {}).get("state") != "wrong":
                found[finding["id"]] = finding
        return code, found

    return examine


Break = Callable[[Setup], None]


def config(text: str) -> Break:
    return lambda setup: setattr(setup, "config", text)


def readable_by_all(setup: Setup) -> None:
    setup.write(f'[providers.openrouter]\napi_key = "{CANARY}"\n', mode=0o644)


def misplaced(setup: Setup) -> None:
    setup.home.mkdir(parents=True)
    (setup.home / "config.toml").write_text("")


def no_key(setup: Setup) -> None:
    setup.environ.clear()
    setup.config = '[providers.openrouter]\nbase_url = "https://openrouter.ai/api/v1"\n'
    setup.base_url = "https://openrouter.ai/api/v1"


def bad_key(setup: Setup) -> None:
    setup.environ["OPENROUTER_API_KEY"] = "has a space"


def key_for_another_server(setup: Setup) -> None:
    setup.environ = {}
    setup.config = (
        f'[providers.openrouter]\napi_key = "{CANARY}"\nbase_url = "{setup.server.base_url}"\n'
    )
    setup.base_url = setup.server.base_url


def locked_keyring(setup: Setup) -> None:
    setup.environ = {"OPENROUTER_BASE_URL": "https://openrouter.ai/api/v1"}
    setup.base_url = "https://openrouter.ai/api/v1"
    setup.config = "[providers.openrouter]\nkey_in_keyring = true\n"


def refused_key(setup: Setup) -> None:
    setup.server.on("GET /key", error_reply(401, "User not found."))


def used_up(setup: Setup) -> None:
    setup.server.on(
        "GET /key",
        json_reply({"data": {"limit": 10, "limit_remaining": 0, "limit_reset": "daily"}}),
    )


def nobody_there(setup: Setup) -> None:
    setup.base_url = "http://127.0.0.1:9/api/v1"


def no_such_name(setup: Setup) -> None:
    setup.base_url = "https://nowhere.invalid/api/v1"


def web_page(setup: Setup) -> None:
    setup.server.on("GET /models", text_reply("<html><title>Log in</title>", "text/html", 404))


def server_fails(setup: Setup) -> None:
    setup.server.on("GET /models", error_reply(500, "oops"))


def too_many_requests(setup: Setup) -> None:
    setup.server.on("GET /key", error_reply(429, "Slow down."))


def bad_address(setup: Setup) -> None:
    setup.config = '[providers.lan]\nbase_url = "ftp://example.org"\n'
    setup.provider = "lan"
    setup.uses_configured_url = True


def no_folder_to_write(setup: Setup) -> None:
    setup.home.mkdir(parents=True)
    (setup.home / "cache").write_text("")


def says_nothing(setup: Setup) -> None:
    setup.server.on("GET /models", Reply(200, {}, (), raw=True))


def model_is_gone(setup: Setup) -> None:
    setup.model = "test/modle"


def model_expired(setup: Setup) -> None:
    setup.serves({**MODEL, "expiration_date": "2026-01-01"})


def fallback_is_gone(setup: Setup) -> None:
    setup.config = '[models."test/model"]\nfallbacks = ["test/modell"]\n'


def endpoints_are_down(setup: Setup) -> None:
    setup.endpoints({"provider_name": "Acme", "tag": "acme", "status": -2})


def routing_leaves_nobody(setup: Setup) -> None:
    setup.config = '[models."test/model"]\nprovider = { only = ["groq"] }\n'
    setup.endpoints({"provider_name": "Acme", "tag": "acme", "status": 0})


def damaged_history(setup: Setup) -> None:
    (setup.home / "data").mkdir(parents=True, mode=0o700)
    (setup.home / "data" / "history.db").write_bytes(b"SQLite format 3\0" + b"x" * 4096)
    (setup.home / "data" / "history.db").chmod(0o600)


def newer_history(setup: Setup) -> None:
    (setup.home / "data").mkdir(parents=True, mode=0o700)
    file = setup.home / "data" / "history.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"PRAGMA application_id = {0x4F525742}")
        connection.execute("PRAGMA user_version = 999")
        connection.execute("CREATE TABLE t (x)")
        connection.commit()
    file.chmod(0o600)


def exposed_history(setup: Setup) -> None:
    newer_history(setup)
    (setup.home / "data" / "history.db").chmod(0o644)


def exposed_drafts(setup: Setup) -> None:
    (setup.home / "data").mkdir(parents=True, mode=0o700)
    drafts = setup.home / "data" / "history.drafts.json"
    drafts.write_text("{}")
    drafts.chmod(0o666)


def data_is_a_file(setup: Setup) -> None:
    setup.home.mkdir(parents=True)
    (setup.home / "data").write_text("")


def no_address(setup: Setup) -> None:
    setup.config = '[providers.lan]\n[reliability]\nfallback_providers = ["lan"]\n'


BROKEN: dict[str, tuple[Break, str, str, str]] = {
    "no TOML": (config("[default]\nmodel =\n"), "settings", "line 2: This is not valid", "Correct"),
    "an unknown key": (
        config('[default]\nmodle = "a/b"\n'),
        "settings",
        "line 2: default.modle is not a setting",
        "Did you mean model?",
    ),
    "a wrong type": (
        config("[default]\nmodel = 5\n"),
        "settings",
        "line 2: default.model should be",
        "default is used",
    ),
    "wrong routing": (
        config('[models."a/b"]\n\nprovider = { sort = "prize" }\n'),
        "settings",
        "line 3: sort cannot be prize.",
        "Did you mean price?",
    ),
    "a wrong parameter": (
        config("[default.params]\ntemperature = 9\n"),
        "settings",
        "line 2: temperature cannot be 9.",
        "from 0 to 2",
    ),
    "a key that others can read": (
        readable_by_all, "permissions", "can read the key in config.toml", "chmod 600"
    ),
    "settings in the wrong place": (misplaced, "settings", "has no effect", "Move it to"),
    "no key": (no_key, "key", "none", "OPENROUTER_API_KEY"),
    "a key that cannot be one": (bad_key, "connection", "cannot have", "Paste it again"),
    "a key for another server": (
        key_for_another_server,
        "key",
        "not entered for it",
        "Press F2 in orw to agree",
    ),
    "a locked keyring": (locked_keyring, "key", "may be locked", "OPENROUTER_API_KEY"),
    "a refused key": (refused_key, "key check", "User not found.", "Enter a valid key"),
    "a key whose limit is used up": (used_up, "key check", "valid, $0 left of $10", "Raise"),
    "nobody there": (nobody_there, "answer", "refuses connections", "Start the server"),
    "no such name": (no_such_name, "answer", "cannot be looked up", "Check the network"),
    "a web page": (web_page, "answer", "no OpenAI-compatible server", "base URL"),
    "a server that fails": (server_fails, "answer", "The server failed.", "Send again"),
    "a server that is asked too often": (
        too_many_requests, "key check", "Slow down.", "Wait a moment"
    ),
    "an address that cannot be one": (bad_address, "connection", "must begin with", "https://"),
    "a cache that cannot be written": (
        no_folder_to_write, "cache", "cannot be written", "Move the file"
    ),
    "a server that hangs up": (says_nothing, "answer", "closed the connection", "log"),
    "an unknown provider": (
        lambda setup: setattr(setup, "provider", "nobody"),
        "connection",
        "no such provider",
        "Choose one of",
    ),
    "a model that does not exist": (
        model_is_gone, "model", "test/modle does not exist", "Did you mean test/model?"
    ),
    "a model that is offered no more": (
        model_expired, "model", "no more since 2026-01-01", "orw models author:test"
    ),
    "a fallback that does not exist": (
        fallback_is_gone, "fallback:test/modell", "does not exist", "Did you mean test/model?"
    ),
    "a fallback provider that does not exist": (
        config('[reliability]\nfallback_providers = ["lan"]\n'),
        "fallback provider:lan",
        "no provider called lan",
        "Add [providers.lan]",
    ),
    "a fallback provider without an address": (
        no_address, "fallback provider:lan", "has no address", "Set base_url"
    ),
    "a fallback provider that makes things up": (
        config('[reliability]\nfallback_providers = ["demo"]\n'),
        "fallback provider:demo",
        "nobody stands in",
        "Remove it",
    ),
    "endpoints that are down": (
        endpoints_are_down, "endpoints:test/model", "0 of 1 up", "set a fallback"
    ),
    "routing that leaves nobody": (
        routing_leaves_nobody,
        "endpoints:test/model",
        "only = groq leaves out 1 of 1",
        "Loosen the routing",
    ),
    "a damaged history": (damaged_history, "history", "cannot be read", "Move"),
    "a history of a newer version": (newer_history, "history", "newer version", "Install"),
    "a history that others can read": (
        exposed_history, "permissions", "can read the history", "chmod 600"
    ),
    "drafts that others can change": (
        exposed_drafts, "permissions", "can read and change what is attached to drafts", "chmod 600"
    ),
    "a file in the place of a folder": (data_is_a_file, "data", "cannot be written", "Move"),
    "a terminal that cannot draw": (
        lambda setup: setup.environ.update(TERM="dumb"), "terminal", "TERM=dumb", "xterm-256color"
    ),
}  # fmt: skip


def unknown_name(*_: object, **__: object) -> None:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    waits = Hanging()
    yield waits
    waits.let_go.set()


@pytest.mark.parametrize("name", BROKEN)
async def test_a_broken_set_up_is_found_and_its_fix_is_named(
    examined: Examine, name: str, orw_home: Path, hanging: Hanging, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_it, id_, words, fix = BROKEN[name]
    monkeypatch.setattr("sys.stdout.isatty", lambda: id_ == "terminal")
    if name == "no such name":
        monkeypatch.setattr(socket, "getaddrinfo", unknown_name)
    async with FakeServer() as server:
        setup = Setup(orw_home, server, keyring=store_of(FakeBackend(hanging), 0.05))
        break_it(setup)
        code, found = await examined(setup, offline=name in ("no key", "a locked keyring"))
    assert code == 1
    assert found[id_]["state"] == "wrong", found
    assert words in found[id_]["words"]
    assert fix in found[id_]["fix"]


async def test_a_set_up_without_fault_is_said_to_be_so(examined: Examine, orw_home: Path) -> None:
    async with FakeServer() as server:
        setup = Setup(orw_home, server)
        setup.endpoints({"provider_name": "Acme", "tag": "acme", "status": 0})
        code, found = await examined(setup)
    assert code == 0, found
    assert [request.method + request.path for request in server.requests] == [
        "HEAD/models",
        "HEAD/models",
        "GET/models",
        "GET/key",
        "GET/models/test/model/endpoints",
    ]
    assert "authorization" not in server.requests[0].headers
    assert found["key check"]["words"].startswith("valid, $7.50 left of $10")
    assert found["endpoints:test/model"]["words"] == "test/model: 1 of 1 up: Acme"
    assert found["tls"]["words"] == "not needed: the server is on this machine"


async def test_what_is_private_is_named_and_told_once(examined: Examine, orw_home: Path) -> None:
    async with FakeServer() as server:
        setup = Setup(orw_home, server)
        exposed_drafts(setup)
        (orw_home / "data" / "history.drafts.json").chmod(0o600)
        setup.config = f'[providers.openrouter]\napi_key = "{CANARY}"\n'
        _, found = await examined(setup, offline=True)
        words = (
            "only you can read the key in config.toml, the data folder, what is attached to drafts"
        )
        assert found["permissions"]["words"] == words
        setup.config = ""
        setup.config_file.chmod(0o644)
        _, found = await examined(setup, offline=True)
    assert found["permissions"]["state"] == "wrong"
    assert found["settings"]["state"] == "fine", "it is told once"


async def test_a_certificate_that_nobody_trusts_is_wrong(
    examined: Examine, orw_home: Path, tmp_path: Path
) -> None:
    context, _ = self_signed(tmp_path)
    async with FakeServer(tls=context) as server:
        code, found = await examined(Setup(orw_home, server))
    assert code == 1
    assert "is not trusted" in found["answer"]["words"]
    assert "SSL_CERT_FILE" in found["answer"]["fix"]


async def test_a_proxy_that_does_not_work_is_named(
    examined: Examine, orw_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://user:secret@127.0.0.1:9")
    async with FakeServer() as server:
        setup = Setup(orw_home, server, base_url="https://nowhere.invalid/api/v1")
        code, found = await examined(setup)
    assert code == 1
    assert found["proxy"]["words"] == "set in HTTPS_PROXY (http://127.0.0.1:9)"
    assert "did not make the connection" in found["answer"]["words"]
    assert "HTTPS_PROXY" in found["answer"]["fix"]
    assert "secret" not in str(found)


async def test_what_is_worth_knowing_does_not_fail_the_check(
    examined: Examine, orw_home: Path
) -> None:
    async with FakeServer() as server:
        setup = Setup(orw_home, server, keyring=store_of(FakeBackend()))
        setup.config = (
            f'[providers.openrouter]\napi_key = "sk-or-v1-test-other-1111"\n'
            f'key_origins = ["{server.origin}"]\n'
        )
        setup.serves({**MODEL, "expiration_date": "2026-12-01"})
        server.on("GET /key", json_reply({"data": {"limit": None, "is_free_tier": True}}))
        code, found = await examined(setup)
    assert code == 0, found
    notes = {id_ for id_, finding in found.items() if finding["state"] == "note"}
    assert {"key", "keyring", "account"} <= notes
    assert "it wins over the one in config.toml" in found["key"]["words"]
    assert "orw onboard" in found["keyring"]["fix"]


async def test_prices_of_long_ago_and_a_network_that_can_listen_are_noted(
    examined: Examine, orw_home: Path
) -> None:
    async with FakeServer() as server:
        setup = Setup(orw_home, server, provider="compatible", base_url="http://192.0.2.7/v1")
        cache = setup.start().catalogue_cache()
        assert cache is not None
        (orw_home / "cache").mkdir(mode=0o700, parents=True)
        long_ago = datetime.now(UTC) - timedelta(days=30)
        cache.save(json.dumps(CATALOGUE).encode(), long_ago)
        _, found = await examined(setup, offline=True)
    assert found["catalogue"]["state"] == found["tls"]["state"] == "note"
    assert "fetched 720.0 h ago" in found["catalogue"]["words"]
    assert found["catalogue"]["fix"] == "Prices may have changed. Run: orw models --refresh"
    assert "everybody on the way can read the key" in found["tls"]["words"]
    assert "Use https://" in found["tls"]["fix"]


@pytest.mark.parametrize("key", ["", CANARY])
async def test_a_compatible_server_is_not_asked_about_keys_and_endpoints(
    examined: Examine, orw_home: Path, key: str
) -> None:
    async with FakeServer() as server:
        setup = Setup(orw_home, server, provider="compatible", environ={"OPENROUTER_API_KEY": key})
        code, _ = await examined(setup)
    assert code == 0
    assert {request.path for request in server.requests} == {"/models"}


async def test_a_server_that_says_nothing_is_not_waited_for(
    examined: Examine, orw_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "_ANSWERING", 0.3)
    async with FakeServer(mute=True) as server:
        code, found = await examined(Setup(orw_home, server))
    assert code == 1
    assert "did not answer within 0.3 s" in found["answer"]["words"]


async def test_offline_asks_nobody(examined: Examine, orw_home: Path) -> None:
    async with FakeServer() as server:
        code, found = await examined(Setup(orw_home, server), offline=True)
    assert code == 0
    assert server.requests == []
    assert "answer" not in found


async def test_models_looks_at_every_model_that_is_set_up(
    examined: Examine, orw_home: Path
) -> None:
    async with FakeServer() as server:
        setup = Setup(orw_home, server)
        setup.serves(MODEL, {**MODEL, "id": "test/other"})
        setup.config = (
            '[models."test/other"]\nfallbacks = ["gone/model", "openrouter/test/model"]\n'
        )
        code, found = await examined(setup, models=True)
    assert code == 1
    assert set(found) == {
        "latency", "answer", "key check", "model", "settings:test/other",
        "fallback:gone/model",
    }  # fmt: skip
    assert found["fallback:gone/model"]["state"] == "wrong"


def test_a_person_reads_lines_with_the_fix_below(
    orw_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runtime = Runtime.start(home=orw_home, overrides=Overrides(), environ={})
    assert run_doctor(runtime, DoctorOptions(offline=True)) == 1
    printed = capsys.readouterr().out
    assert "! key         none\n" in printed
    assert "              → Set OPENROUTER_API_KEY" in printed
    assert printed.endswith("1 to mend, marked with !\n")


@pytest.mark.parametrize(
    ("requirements", "wrong", "words"),
    [
        (["textual<8.3,>=8.2.8", "httpx<1,>=0.28.1"], False, "textual 8.2.8, httpx 0.28.1"),
        (["textual<8.2,>=8.1"], True, "not the right version: textual 8.2.8"),
        (["httpx>=99"], True, "not the right version: httpx 0.28.1"),
        (["no-such-library>=1"], True, "missing: no-such-library"),
        (['no-such-library; extra == "keyring"'], False, "not installed"),
        (['pytest>=8; extra == "test"'], False, "not installed"),
        ([], False, "not installed"),
    ],
)
def test_libraries_have_to_be_there_in_a_version_that_will_do(
    requirements: list[str], wrong: bool, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    have = {"textual": "8.2.8", "httpx": "0.28.1", "pytest": "8.3"}
    monkeypatch.setattr(doctor_setup, "_installed", have.get)
    finding = libraries(requirements)
    assert (finding.state == "wrong") is wrong
    assert words in finding.words
    assert bool(finding.fix) is wrong
