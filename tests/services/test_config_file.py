"""config.toml: one mistake costs one field, and a save changes nothing else."""

import os
import stat
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from tui.domain.errors import WorkbenchError
from tui.domain.settings import ProviderKind, Settings
from tui.services.config_edit import edit
from tui.services.config_file import LoadedConfig, load_config, misplaced, save_changes
from tui.services.paths import resolve_paths

CANARY = "sk-or-v1-test-canary-0001"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "config" / "config.toml"


def written(config: Path, text: str | bytes, mode: int = 0o600) -> LoadedConfig:
    config.parent.mkdir(exist_ok=True)
    config.write_bytes(text.encode() if isinstance(text, str) else text)
    config.chmod(mode)
    return load_config(config)


def only_problem(loaded: LoadedConfig) -> str:
    assert len(loaded.problems) == 1, loaded.problems
    return str(loaded.problems[0])


# Reading


def test_missing_file_means_the_defaults(config: Path) -> None:
    assert load_config(config) == LoadedConfig(Settings())


def test_file_is_read_into_settings(config: Path) -> None:
    loaded = written(
        config,
        '[default]\nmodel = "anthropic/claude-opus-4.5"\n'
        "[providers.openrouter]\nprompt_caching = true\n"
        '[models."a/b"]\nfallbacks = ["c/d"]\nparams = { temperature = 0.7 }\n',
    )
    assert loaded.problems == ()
    assert loaded.settings.default.model == "anthropic/claude-opus-4.5"
    assert loaded.settings.provider("openrouter").prompt_caching
    assert loaded.settings.for_model("a/b").fallbacks == ("c/d",)


def test_byte_order_mark_is_no_problem(config: Path) -> None:
    assert (
        written(config, b'\xef\xbb\xbf[default]\nmodel = "a/b"\n').settings.default.model == "a/b"
    )


def test_provider_of_the_files_own_is_a_compatible_server(config: Path) -> None:
    loaded = written(config, '[providers.lan]\nbase_url = "http://127.0.0.1:1/v1"\n')
    assert loaded.settings.provider("lan").kind is ProviderKind.COMPATIBLE


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[default]\nmodel = \n", 2),
        ("[default\n", 1),
        ("a = 1\nb = [1,\n", 2),
        ("a = 1\n\n\na = 2\n", 4),
    ],
)
def test_bad_toml_gives_defaults_and_the_line(config: Path, text: str, line: int) -> None:
    loaded = written(config, text)
    assert loaded.settings == Settings()
    assert only_problem(loaded).startswith(f"line {line}: ")


def test_text_that_is_not_utf8_gives_the_line(config: Path) -> None:
    loaded = written(config, b"# caf\xc3\xa9\n# caf\xe9\n")
    assert loaded.settings == Settings()
    assert only_problem(loaded).startswith("line 2: config.toml is not UTF-8")


@pytest.mark.parametrize("text", ["x = " + "[" * 5000, "x = " + "9" * 5000])
def test_absurd_values_never_raise(config: Path, text: str) -> None:
    assert "not valid TOML" in only_problem(written(config, text))


def test_folder_in_its_place_is_a_problem(config: Path) -> None:
    config.mkdir(parents=True)
    assert "is a folder" in only_problem(load_config(config))


def test_pipe_in_its_place_is_a_problem_and_not_waited_for(config: Path) -> None:
    config.parent.mkdir()
    os.mkfifo(config, 0o600)
    assert "is not a regular file" in only_problem(load_config(config))


def test_file_above_the_folder_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file")
    assert "cannot be read" in only_problem(load_config(tmp_path / "config" / "config.toml"))


def test_unknown_key_names_the_nearest_known_one(config: Path) -> None:
    loaded = written(config, "[providers.openrouter]\n\ncompress_promts = true\n")
    problem = only_problem(loaded)
    assert problem.startswith("line 3: providers.openrouter.compress_promts ")
    assert "Did you mean compress_prompts?" in problem


def test_unknown_key_without_a_near_one_lists_the_known(config: Path) -> None:
    assert "provider, model" in only_problem(written(config, "[default]\nzzz = 1\n"))


def test_free_tables_may_hold_anything(config: Path) -> None:
    text = '[models."a/b"]\nprovider = { only = ["x"] }\n[models."a/b".params]\nseed = 1\n'
    assert written(config, text).problems == ()


def test_wrong_type_costs_only_that_field(config: Path) -> None:
    loaded = written(
        config,
        "[reliability]\nretries = 9\nconnect_timeout = nan\nsilence_timeout = 5\n"
        '[models."a/b"]\nfallbacks = ["x", 3, 4]\nparams = { seed = 1 }\n',
    )
    assert [problem.line for problem in loaded.problems] == [2, 3, 6]
    reliability = loaded.settings.reliability
    assert (reliability.retries, reliability.connect_timeout) == (2, 10.0)
    assert reliability.silence_timeout == 5.0
    assert loaded.settings.for_model("a/b").fallbacks == ()
    assert loaded.settings.for_model("a/b").params == {"seed": 1}


@pytest.mark.parametrize(
    "text", ["default = 3\n", "[[providers]]\nx = 1\n", '[providers]\nopenrouter = "x"\n']
)
def test_section_of_the_wrong_form_is_a_problem(config: Path, text: str) -> None:
    loaded = written(config, text)
    assert loaded.settings == Settings() or loaded.settings.providers == {}
    assert "should be a table" in only_problem(loaded)


def test_problems_never_quote_a_value(config: Path) -> None:
    loaded = written(config, f'[providers.openrouter]\napi_key = ["{CANARY}"]\n')
    assert CANARY not in only_problem(loaded)


def test_names_from_the_file_cannot_act_on_the_terminal(config: Path) -> None:
    problem = only_problem(written(config, '[default]\n"a\\u001b]0;x" = 1\n'))
    assert "\x1b" not in problem
    assert "␛" in problem


@pytest.mark.skipif(os.name != "posix", reason="modes are a POSIX matter")
@pytest.mark.parametrize(
    ("key", "mode", "words"),
    [
        (CANARY, 0o644, "can read config.toml, which holds a key"),
        (CANARY, 0o620, "can change config.toml"),
        ("${MY_KEY}", 0o602, "can change config.toml"),
    ],
)
def test_file_that_is_open_to_others_names_the_command(
    config: Path, key: str, mode: int, words: str
) -> None:
    problem = only_problem(written(config, f'[providers.openrouter]\napi_key = "{key}"\n', mode))
    assert words in problem
    assert f"chmod 600 {config}" in problem


def test_others_may_read_a_file_that_holds_no_key(config: Path) -> None:
    text = '[providers.openrouter]\napi_key = "${MY_KEY}"\n'
    assert written(config, text, 0o644).problems == ()


def test_nothing_is_read_from_the_working_directory(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text(f"OPENROUTER_API_KEY={CANARY}\n")
    (tmp_path / "config.toml").write_text('[default]\nmodel = "evil/model"\n')
    monkeypatch.chdir(tmp_path)
    assert load_config(config) == LoadedConfig(Settings())


def test_reading_does_not_import_the_editor(config: Path) -> None:
    modules = [name for name in sys.modules if name.startswith("tomlkit")]
    for name in modules:
        del sys.modules[name]
    written(config, '[default]\nmodel = "a/b"\n')
    assert "tomlkit" not in sys.modules


# Saving

ORIGINAL = """\
# my settings
[default]
provider = "openrouter"  # who answers
zzz = 1

[providers.openrouter]
# from the shell
api_key = "${OPENROUTER_API_KEY}"  # never written down
prompt_caching = false

[models."a/b".params]
temperature = 0.7
"""


def test_comments_order_and_unknown_keys_survive(config: Path) -> None:
    written(config, ORIGINAL)
    save_changes(
        config,
        {("providers", "openrouter", "prompt_caching"): True, ("default", "model"): "c/d"},
    )
    expected = ORIGINAL.replace("prompt_caching = false", "prompt_caching = true")
    expected = expected.replace("zzz = 1\n", 'zzz = 1\nmodel = "c/d"\n')
    assert config.read_text() == expected


def test_none_removes_the_key_and_absent_ones_stay_absent(config: Path) -> None:
    written(config, ORIGINAL)
    save_changes(
        config,
        {("default", "zzz"): None, ("reliability", "retries"): None, ("default", "model"): None},
    )
    assert config.read_text() == ORIGINAL.replace("zzz = 1\n", "")


def test_new_file_holds_just_the_changes(config: Path) -> None:
    save_changes(
        config,
        {
            ("default", "model"): "[/]",
            ("providers", "openrouter", "api_key"): SecretStr(CANARY),
            ("providers", "openrouter", "key_origins"): ("https://a.example",),
            ("providers", "compatible", "kind"): ProviderKind.COMPATIBLE,
        },
    )
    assert tomllib.loads(config.read_text()) == {
        "default": {"model": "[/]"},
        "providers": {
            "openrouter": {"api_key": CANARY, "key_origins": ["https://a.example"]},
            "compatible": {"kind": "compatible"},
        },
    }


def test_saved_values_are_read_back(config: Path) -> None:
    save_changes(config, {("providers", "lan", "base_url"): "http://127.0.0.1:1/v1"})
    save_changes(config, {("models", "a/b", "params", "temperature"): 0.5})
    loaded = load_config(config)
    assert loaded.problems == ()
    assert loaded.settings.provider("lan").base_url == "http://127.0.0.1:1/v1"
    assert loaded.settings.for_model("a/b").params == {"temperature": 0.5}


@pytest.mark.parametrize(
    "text",
    [
        'default = { model = "a/b" }  # inline\n',
        'default.model = "a/b"\n',
        '[default]\nmodel = "a/b"\r\n',
        '[models."x"]\nfallbacks = []\n[default]\nmodel = "a/b"\n[models."y"]\nfallbacks = []\n',
        "[reliability]\nconnect_timeout = nan\n",
    ],
)
def test_every_way_of_writing_a_table_can_be_edited(config: Path, text: str) -> None:
    written(config, text)
    save_changes(config, {("default", "model"): "c/d", ("default", "provider"): "demo"})
    after = tomllib.loads(config.read_text())
    assert after["default"] == {"model": "c/d", "provider": "demo"}
    assert after.keys() == tomllib.loads(text).keys() | {"default"}


@pytest.mark.parametrize("text", ["[default\n", "default = 3\n", "[[default]]\nx = 1\n"])
def test_file_that_cannot_be_edited_is_not_touched(config: Path, text: str) -> None:
    written(config, text)
    with pytest.raises(WorkbenchError) as caught:
        save_changes(config, {("default", "model"): "a/b"})
    assert config.read_text() == text
    assert "nothing was changed" in caught.value.failure.next_step


def test_refusal_to_overwrite_names_the_line(config: Path) -> None:
    written(config, "a = 1\nb = \n")
    with pytest.raises(WorkbenchError) as caught:
        save_changes(config, {("default", "model"): "a/b"})
    assert caught.value.failure.detail.startswith("line 2: ")


def test_file_and_folder_are_private_whatever_the_umask(config: Path) -> None:
    before = os.umask(0)
    try:
        save_changes(config, {("default", "model"): "a/b"})
    finally:
        os.umask(before)
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    assert stat.S_IMODE(config.parent.stat().st_mode) == 0o700


def test_saving_closes_a_file_that_others_could_read(config: Path) -> None:
    written(config, ORIGINAL, 0o644)
    save_changes(config, {("default", "model"): "a/b"})
    assert stat.S_IMODE(config.stat().st_mode) == 0o600


def test_link_is_followed_and_stays_a_link(config: Path, tmp_path: Path) -> None:
    target = tmp_path / "dotfiles.toml"
    target.write_text(ORIGINAL)
    config.parent.mkdir()
    config.symlink_to(target)
    save_changes(config, {("default", "zzz"): 2})
    assert config.is_symlink()
    assert target.read_text() == ORIGINAL.replace("zzz = 1", "zzz = 2")


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_failing_write_leaves_the_old_file_and_nothing_else(
    config: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_: object) -> NoReturn:
        raise OSError(28, "No space left on device")

    written(config, ORIGINAL)
    if step == "fsync":
        monkeypatch.setattr(os, "fsync", fail)
    else:
        monkeypatch.setattr(os, "replace", fail)
        monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(WorkbenchError) as caught:
        save_changes(config, {("default", "model"): "a/b"})
    assert caught.value.failure.detail == "No space left on device"
    assert config.read_text() == ORIGINAL
    assert list(config.parent.iterdir()) == [config]


def test_what_is_saved_at_the_same_time_is_all_kept(config: Path) -> None:
    def save(number: int) -> None:
        for each in range(10):
            save_changes(config, {("keys", f"thread{number}-{each}"): "f6"})

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(save, range(4)))
    assert len(tomllib.loads(config.read_text())["keys"]) == 40


def test_no_change_writes_nothing(config: Path) -> None:
    save_changes(config, {})
    assert not config.exists()


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=8)
VALUES = st.one_of(
    st.booleans(),
    st.integers(-(2**40), 2**40),
    st.floats(allow_nan=False),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20),
    st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=5)),
)


@given(model=NAMES, parameter=NAMES, value=VALUES)
def test_any_name_and_value_can_be_saved(model: str, parameter: str, value: object) -> None:
    after = tomllib.loads(edit(ORIGINAL, {("models", model, "params", parameter): value}))
    assert after["models"][model]["params"][parameter] == value
    assert after["providers"] == tomllib.loads(ORIGINAL)["providers"]


@pytest.mark.parametrize("field", ["connect_timeout", "retries"])
@pytest.mark.parametrize("value", ['"many"', "[1]", "{}", "nan"])
def test_a_figure_that_is_none_is_told_in_our_own_words(
    config: Path, field: str, value: str
) -> None:
    [problem] = written(config, f"[reliability]\n{field} = {value}\n".encode()).problems
    for jargon in ("valid", "parse", "string", "integer"):
        assert jargon not in problem.what


def test_new_keys_of_a_section_stand_together(config: Path) -> None:
    one, two = ("providers", "openrouter", "a"), ("providers", "openrouter", "b")
    save_changes(config, {one: True, two: True})
    save_changes(config, {("providers", "openrouter", "c"): True})
    assert config.read_text() == "[providers.openrouter]\na = true\nb = true\nc = true\n"
    save_changes(config, {("interface", "theme"): "nord", one: False})
    save_changes(config, {("providers", "openrouter", "d"): True})
    assert config.read_text() == (
        "[providers.openrouter]\na = false\nb = true\nc = true\nd = true\n"
        '\n[interface]\ntheme = "nord"\n'
    )


def test_a_file_in_the_folder_above_is_no_file_of_ours(tmp_path: Path) -> None:
    paths = resolve_paths(tmp_path, {})
    assert misplaced(paths) == ()
    (tmp_path / "config.toml").write_text("")
    [problem] = misplaced(paths)
    assert problem.what == f"{tmp_path / 'config.toml'} has no effect."
    assert str(paths.config_file) in problem.next_step
    assert misplaced(replace(paths, data=tmp_path / "elsewhere")) == ()
