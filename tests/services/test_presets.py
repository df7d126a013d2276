"""The folder of presets."""

import stat
from dataclasses import replace
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
    return PresetFolder(Paths.below(tmp_path).config / "presets", built_in=tmp_path / "none")


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
    with pytest.raises(WorkbenchError, match="There is a preset REVIEW"):
        folder.save(Preset("REVIEW"))
    folder.save(Preset("other"))
    [other, review] = folder.load()
    with pytest.raises(WorkbenchError, match="There is a preset review"):
        folder.edit(other, Preset("review"))
    folder.delete(review)
    assert [one.preset for one in folder.load()] == [Preset("other")]


def test_an_edit_leaves_comments_and_what_was_not_changed(folder: PresetFolder) -> None:
    path = folder.save(Preset("mine"))
    path.write_text(
        '# Mine alone.\nmodel = "a/b"\ndescription = "Old"\nextra = 1\n\n'
        "[params]\ntemperature = 0.2 # low\n"
    )
    [stored] = folder.load()
    changed = replace(stored.preset, description="New", model="", system="Be\nkind.")
    assert folder.edit(stored, changed) == path
    assert path.read_text() == (
        '# Mine alone.\ndescription = "New"\nextra = 1\nsystem = """Be\nkind.\n"""\n\n'
        "[params]\ntemperature = 0.2 # low\n"
    )
    [stored] = folder.load()
    folder.edit(stored, replace(changed, name="ours"))
    assert [one.preset for one in folder.load()] == [replace(changed, name="ours")]
    assert not path.exists()


def test_those_that_are_built_in_can_be_read_and_one_of_the_same_name_takes_the_place(
    tmp_path: Path,
) -> None:
    folder = PresetFolder.of(Paths.below(tmp_path))
    built_in = folder.load()
    assert len(built_in) >= 4
    for stored in built_in:
        assert stored.built_in
        assert stored.problems == ()
        assert stored.preset.description
        assert stored.preset.system
    translator = folder.find("translator")
    assert translator is not None
    assert translator.preset.asked == ("language",)
    before = folder.text(translator)
    path = folder.edit(translator, replace(translator.preset, description="Mine"))
    assert path.parent == tmp_path / "config" / "presets"
    own = folder.find("translator")
    assert own is not None
    assert (own.preset.description, own.built_in) == ("Mine", False)
    assert len(folder.load()) == len(built_in)
    assert folder.text(translator) == before
    folder.delete(own)
    assert folder.find("translator") == translator


def test_a_text_is_kept_right_or_wrong(folder: PresetFolder) -> None:
    folder.save(REVIEW)
    [stored] = folder.load()
    after = folder.write_text(stored, "model = ")
    assert not after.readable
    assert folder.text(after) == "model = "
    assert folder.write_text(after, 'model = "a/b"').preset == Preset("review", model="a/b")
    with pytest.raises(WorkbenchError, match="too large"):
        folder.write_text(after, "#" * (LONGEST_PRESET + 1))


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
    assert set(stored) == {"binary", "huge", "folder", "wrong", "not a name"}
    assert not any(one.readable for one in folder.load())
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
