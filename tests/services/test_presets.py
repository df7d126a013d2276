"""The folder of presets."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.attachments_models import PdfEngine
from tui.domain.errors import WorkbenchError
from tui.domain.presets import LONGEST_PRESET, Preset, parse_preset
from tui.services.paths import Paths
from tui.services.presets import PresetFolder, as_toml

REVIEW = Preset(
    "review",
    "Reviews code",
    "example/model",
    "Look at {{what}}.\nBe kind.",
    {"what": "the diff"},
    {"temperature": 0.2, "stop": ["END"]},
    {"only": ["anthropic"], "allow_fallbacks": False},
    PdfEngine.NATIVE,
)


@pytest.fixture
def folder(tmp_path: Path) -> PresetFolder:
    return PresetFolder.of(Paths.below(tmp_path))


def test_a_preset_is_kept_and_found(folder: PresetFolder, tmp_path: Path) -> None:
    path = folder.save(REVIEW)
    assert path == tmp_path / "config" / "presets" / "review.toml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    [stored] = folder.load()
    assert (stored.preset, stored.path, stored.problems) == (REVIEW, path, ())
    assert folder.find(" REVIEW ") == stored
    assert folder.find("other") is None
    assert 'system = """Look at {{what}}.\nBe kind.\n"""' in path.read_text()


def test_a_preset_is_not_overwritten_by_chance(folder: PresetFolder) -> None:
    folder.save(REVIEW)
    with pytest.raises(WorkbenchError, match="There is a preset review"):
        folder.save(REVIEW)
    folder.save(Preset("review"), overwrite=True)
    assert folder.load()[0].preset == Preset("review")
    folder.delete("review")
    folder.delete("../review")
    assert folder.load() == []


def test_a_name_that_is_none_is_refused(folder: PresetFolder) -> None:
    with pytest.raises(WorkbenchError, match="cannot be the name"):
        folder.save(Preset("../evil"))


def test_files_that_cannot_be_read_say_why(folder: PresetFolder, tmp_path: Path) -> None:
    here = tmp_path / "config" / "presets"
    here.mkdir(parents=True)
    (here / "binary.toml").write_bytes(b"\xff\xfe")
    (here / "huge.toml").write_text("#" * (LONGEST_PRESET + 1))
    (here / "folder.toml").mkdir()
    (here / "wrong.toml").write_text("model = ")
    (here / "not a name.toml").write_text("")
    (here / "notes.txt").write_text("")
    stored = {one.preset.name: one.problems for one in folder.load()}
    assert set(stored) == {"binary", "huge", "folder", "wrong"}
    assert all(len(problems) == 1 for problems in stored.values())


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkbenchError):
        PresetFolder(tmp_path / "file" / "presets").save(REVIEW)


@given(st.text(max_size=80))
def test_what_is_written_is_read_again(system: str) -> None:
    system = system.encode("utf-8", "replace").decode().strip("\n")
    preset = Preset("p", system=system, variables={"a": system})
    parsed = parse_preset("p", as_toml(preset))
    assert parsed.problems == ()
    assert parsed.preset == preset
