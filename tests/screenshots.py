"""Makes screenshots/*.svg from the running app in demo mode: ``python -m tests.screenshots``.

With ``--check`` nothing is written; what differs from the committed files is shown, and the exit
code is 1. Names choose single scenes.
"""

import argparse
import asyncio
import difflib
import os
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from textual import events
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from tests.fakes.images import png
from tests.fakes.spending import spend_some_weeks
from tests.frozen import NOW, frozen
from tests.snapshots.svg import normalised, words_of
from tui.domain.connection import Overrides
from tui.runtime import Runtime
from tui.services.history import History
from tui.services.paths import make_private_folder, resolve_paths
from tui.ui.app import Workbench
from tui.ui.controllers.chat import Chat
from tui.ui.screens.chat import ChatScreen
from tui.ui.widgets.prompt import Prompt

FOLDER = Path(__file__).parents[1] / "screenshots"
_PATIENCE = 30
"""Seconds until a scene must be on screen."""


@dataclass(frozen=True, slots=True)
class Press:
    """Keys by their names, one after the other."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wait:
    """Words that must be on screen before it goes on."""

    words: str


@dataclass(frozen=True, slots=True)
class Paste:
    """A text that is put into the prompt at once."""

    text: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A message that is sent, and its answer waited for."""

    text: str


@dataclass(frozen=True, slots=True)
class New:
    """A new conversation."""


@dataclass(frozen=True, slots=True)
class Attach:
    """A file of this name and data that is attached to the next message."""

    name: str
    data: bytes


Step = Press | Wait | Paste | Ask | New | Attach


@dataclass(frozen=True, slots=True)
class Scene:
    """One screenshot: what is done to a fresh workbench until it looks like that."""

    name: str
    steps: tuple[Step, ...]
    size: tuple[int, int] = (120, 40)
    theme: str = "workbench-dark"
    config: str = ""
    has_spent: bool = False
    """Whether there is a history of some weeks."""


STARTED = Wait("0 / ")
CHAT = (
    STARTED,
    Ask("Which models are cheap?"),
    New(),
    Ask("What does middle-out drop?"),
    New(),
    Ask("How does prompt caching save money?"),
    Ask("long 2000"),
    Ask("table"),
    Ask("code"),
)
CACHING = "[providers.demo]\nprompt_caching = true\n"
MODELS = (
    STARTED,
    Press(("f3",)),
    Wait("of 85 models"),
    Press(tuple("vision ctx>=200k in<=3")),
    Wait("o only p prefer"),
)
BROWSE = (STARTED, Press(("f3",)), Wait("of 85 models"))
DETAILS = (
    *BROWSE,
    Press(tuple("sonnet-4.5")),
    Wait("o only p prefer"),
    Press(("down", "right", "down", "p")),
    Wait("Set: "),
)
SCATTER = (
    *BROWSE,
    Press(("down", "p")),
    Wait("price ×"),
    Wait("1,000 turns   "),
    Press(("right",)),
)
SHEET = (
    *BROWSE,
    Press((*"tools -free", "down", "space", "down", "space", "down", "space", "c")),
    Wait("tokens per s    102"),
)
PICKER = (STARTED, Press(("ctrl+k",)), Wait("Enter uses"), Press(tuple("gem")), Wait("Gemini"))
MONEY: tuple[Step, ...] = (
    STARTED,
    *(Ask(text) for text in ("How does prompt caching save money?", "long 1800")),
)
NEXT = "And which of these would you choose for a long conversation?"
COMPRESSING = "[providers.demo]\ncompress_prompts = true\nmodel = 'gryphe/mythomax-l2-13b'\n"
PRESETS = (
    STARTED,
    Press(("f8",)),
    Wait("built in"),
    Press(("end", "up")),
    Wait("language, asked for"),
)
ROUTING = (STARTED, Press(("f7",)), Wait("left out"))
ROUTED = """\
[default]
model = "z-ai/glm-4.6"
routing = { data_collection = "deny" }
[models."z-ai/glm-4.6"]
fallbacks = ["anthropic/claude-sonnet-4.5"]
provider = { order = ["deepinfra", "novita"], quantizations = ["fp8"] }
"""
SPENT = (STARTED, Press(("f4",)), Wait("left of"), Wait("saved"))
SOME_SET = """\
[default.params]
max_tokens = 4000
[models."anthropic/claude-sonnet-4.5".params]
temperature = 0.3
"""
PARAMETERS = (
    STARTED,
    Press(("f6",)),
    Wait("It reserves"),
    Press(("right", "down", "down", "down")),
    Wait("set for this model"),
)
TREE = (
    STARTED,
    Ask("Which models are cheap?"),
    Press(("alt+g",)),
    Wait("2/2"),
    Ask("What does middle-out drop?"),
    Press(("alt+e", *" And when?", "enter")),
    Wait("And when?"),
    Wait("This was turn 2"),
    Press(("alt+t",)),
    Wait("Branches:"),
)
SEARCH = (*CHAT, Press(("alt+l",)), Wait("Words are looked"), Press(tuple("cach")), Wait("ms"))
TABS = (
    *CHAT[:-3],
    New(),
    Ask("code"),
    Press(("ctrl+pageup",)),
    Wait("A provider can keep"),
)
PDF = b"%PDF-1.4\n" + b"<< /Type /Page >>\n" * 12 + b"startxref\n9\n%%EOF\n"
ATTACHMENTS = (
    STARTED,
    Attach("chart.png", png(640, 480)),
    Ask("What does this show?"),
    Attach("report.pdf", PDF),
    Attach("main.py", b"print('hello')\n" * 120),
    Press(tuple("And how does it go with the report?")),
)
ONBOARDING = (
    STARTED,
    Press(("ctrl+p",)),
    Wait("Search for commands"),
    Press(tuple("sign in or")),
    Wait("Sign in with the browser, or"),
    Press(("enter",)),
    Wait("How to begin?"),
)
SCENES = (
    Scene("onboarding", ONBOARDING),
    Scene("onboarding-narrow", ONBOARDING, size=(80, 24), theme="workbench-light"),
    Scene("demo", (STARTED,)),
    Scene("chat", CHAT, config=CACHING),
    Scene("chat-light", CHAT, config=CACHING, theme="workbench-light"),
    Scene("chat-contrast", CHAT, config=CACHING, theme="workbench-contrast"),
    Scene("chat-narrow", CHAT, config=CACHING, size=(80, 24)),
    Scene("settings", (STARTED, Press(("f2",)), Wait("Enable prompt caching"))),
    Scene("settings-narrow", (STARTED, Press(("f2",)), Wait("Save")), size=(80, 24)),
    Scene("models", MODELS, size=(140, 40)),
    Scene("models-light", MODELS, size=(140, 40), theme="workbench-light"),
    Scene("models-narrow", MODELS[:-1], size=(80, 24)),
    Scene("models-details", DETAILS),
    Scene("models-scatter", SCATTER),
    Scene("models-sheet", SHEET),
    Scene("models-picker", PICKER),
    Scene(
        "receipt",
        (*MONEY, Ask("table"), Ask("code"), Press(("alt+r",)), Wait("Facts")),
        config=CACHING,
    ),
    Scene(
        "caching",
        (*MONEY, Ask("list"), Ask("table"), Press(tuple(NEXT)), Wait("cache warm")),
        config=CACHING,
    ),
    Scene(
        "compression",
        (
            STARTED,
            *(Ask(text) for text in ("long 3500", "table", "Hello")),
            Paste("What does this log say?\n" + "GET /models 200 in 0.4 s\n" * 60),
            Wait("left out"),
        ),
        config=COMPRESSING,
    ),
    Scene(
        "next-send",
        (*MONEY, Ask("table"), Press(tuple(NEXT)), Wait("next send"), Press(("f5",)), Wait("Cost")),
        config=CACHING + "[budget]\nday_soft = 0.02\n",
    ),
    Scene(
        "request",
        (*MONEY, Press(tuple(NEXT)), Wait("next send"), Press(("alt+w",)), Wait("cached")),
        config=CACHING,
    ),
    Scene("spend", SPENT, config="[budget]\nday_hard = 2\nmonth_hard = 30\n", has_spent=True),
    Scene("spend-light", SPENT, theme="workbench-light", has_spent=True),
    Scene("spend-narrow", (*SPENT[:-1], Press(("4",)), Wait("gpt")), (80, 24), has_spent=True),
    Scene("presets", PRESETS),
    Scene("attachments", ATTACHMENTS),
    Scene("attachments-narrow", ATTACHMENTS, (80, 24), "workbench-light"),
    Scene("parameters", PARAMETERS, config=SOME_SET),
    Scene("routing", ROUTING, config=ROUTED),
    Scene("routing-narrow", ROUTING, (80, 24), "workbench-light", config=ROUTED),
    *(
        Scene(f"{name}{kind}", steps, size, theme)
        for name, steps in (("tree", TREE), ("search", SEARCH), ("tabs", TABS))
        for kind, size, theme in (
            ("", (120, 40), "workbench-dark"),
            ("-narrow", (80, 24), "workbench-light"),
        )
    ),
    Scene("help", (STARTED, Press(("f1",)), Wait("Keys"))),
)


async def screenshot(scene: Scene) -> str:
    """The scene as a normalised SVG; raises TimeoutError if it never comes about."""
    config = resolve_paths(None, {}).config_file
    config.parent.mkdir(parents=True, mode=0o700)
    config.write_text(f'[interface]\ntheme = "{scene.theme}"\n{scene.config}')
    config.chmod(0o600)
    runtime = Runtime.start(home=None, overrides=Overrides(provider="demo"), environ={})
    runtime.demo_speed = 0
    if scene.has_spent:
        await _spend(runtime)
    app = Workbench(runtime)
    app.animation_level = "none"
    async with app.run_test(size=scene.size) as pilot, asyncio.timeout(_PATIENCE):
        for step in scene.steps:
            await _do(pilot, step)
        await _open_again(pilot)
        return await _at_rest(pilot)


async def _spend(runtime: Runtime) -> None:
    """Fill the history of the demo."""
    make_private_folder(runtime.paths.data)
    history = await History.open(runtime.history_file)
    await spend_some_weeks(history, NOW)
    await history.aclose()


async def _open_again(pilot: Pilot[None]) -> None:
    """Show the conversation as from the history: what streamed was measured as time allowed."""
    screen = pilot.app.screen
    if isinstance(screen, ChatScreen) and screen.chat.conversation is not None:
        await screen.chat.drafts.keep()
        await screen.chat.open(screen.chat.conversation.id)


async def _do(pilot: Pilot[None], step: Step) -> None:
    app = pilot.app
    match step:
        case Press(keys):
            await pilot.press(*keys)
        case Paste(text):
            app.screen.query_one(Prompt).post_message(events.Paste(text))
        case Wait(words):
            while words not in "\n".join(words_of(app.export_screenshot())):
                await pilot.pause(0.02)
        case Ask(text):
            chat = _chat(pilot)
            then = _messages(chat) + 2
            await pilot.press(*text, "enter")
            while chat.running is not None or _messages(chat) < then:
                await pilot.pause(0.02)
        case Attach(name, data):
            _attach(pilot, name, data)
            await _do(pilot, Wait(name))
        case New():
            await pilot.press("ctrl+n")
            while _messages(_chat(pilot)):
                await pilot.pause(0.02)


def _attach(pilot: Pilot[None], name: str, data: bytes) -> None:
    path = Path.home() / name
    path.write_bytes(data)
    screen = pilot.app.screen
    assert isinstance(screen, ChatScreen)
    screen.attach(str(path))


def _chat(pilot: Pilot[None]) -> Chat:
    screen = pilot.app.screen
    assert isinstance(screen, ChatScreen)
    return screen.chat


def _messages(chat: Chat) -> int:
    return len(chat.conversation.messages) if chat.conversation is not None else 0


async def _at_rest(pilot: Pilot[None]) -> str:
    """The screen once it no longer changes; a cursor that blinks would go on for ever."""
    for field in pilot.app.screen.query("Input, TextArea"):
        if isinstance(field, Input | TextArea):
            field.cursor_blink = False
    before, now = "", normalised(pilot.app.export_screenshot())
    while now != before:
        await pilot.pause(0.3)
        before, now = now, normalised(pilot.app.export_screenshot())
    return now


def make(scene: Scene) -> str:
    """The scene made in a home of its own."""
    with tempfile.TemporaryDirectory() as folder, frozen(Path(folder)):
        return asyncio.run(screenshot(scene))


def drift(scene: Scene, made: str) -> Iterator[str]:
    """What differs from the committed file, as lines to print; nothing if it is the same."""
    path = FOLDER / f"{scene.name}.svg"
    committed = path.read_text() if path.exists() else ""
    if committed == made:
        return
    yield f"{path.name} differs:"
    lines = [*difflib.unified_diff(words_of(committed), words_of(made), "committed", "made", n=1)]
    yield from lines or ["the words are the same, the colours or styles are not"]


def main() -> int:
    """Make or check the scenes; the exit code says whether all is as committed."""
    parser = argparse.ArgumentParser("python -m tests.screenshots", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    parser.add_argument("names", nargs="*", metavar="SCENE", help="only these; default: all")
    arguments = parser.parse_args()
    scenes = {scene.name: scene for scene in SCENES}
    names = arguments.names or list(scenes)
    if unknown := set(names) - scenes.keys():
        parser.error(f"no such scene: {', '.join(sorted(unknown))}; there are {', '.join(scenes)}")
    drifted = False
    wanted = [scenes[name] for name in names]
    # A process each: the clock that stands still is the whole process's.
    with ProcessPoolExecutor(2 * (os.cpu_count() or 1)) as processes:
        for scene, made in zip(wanted, processes.map(make, wanted), strict=True):
            if not arguments.check:
                FOLDER.mkdir(exist_ok=True)
                (FOLDER / f"{scene.name}.svg").write_text(made)
                continue
            for line in drift(scene, made):
                drifted = True
                print(line)
    return int(drifted)


if __name__ == "__main__":
    sys.exit(main())
