"""The catalogue on disk: whole, of this server, and gone rather than wrong when damaged."""

import json
import os
import stat
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

from tui.services.catalogue_cache import CatalogueCache

ORIGIN = "https://openrouter.ai"
AT = datetime(2026, 11, 20, 12, 30, 15, 250_000, tzinfo=UTC)
BODY = json.dumps(
    {
        "data": [
            {
                "id": "author/model",
                "name": "A model, ein Modell, 模型",
                "context_length": 8192,
                "pricing": {"prompt": "0.0000031", "completion": "0.000015"},
            }
        ]
    },
    indent=1,
    ensure_ascii=False,
).encode()


@pytest.fixture
def cache(tmp_path: Path) -> CatalogueCache:
    return CatalogueCache(tmp_path, ORIGIN)


def file_of(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


def test_nothing_was_saved_yet(cache: CatalogueCache) -> None:
    assert cache.load() is None


def test_a_missing_folder_is_an_empty_cache(tmp_path: Path) -> None:
    assert CatalogueCache(tmp_path / "missing", ORIGIN).load() is None


def test_what_was_saved_is_loaded_with_its_moment(cache: CatalogueCache) -> None:
    cache.save(BODY, AT)
    catalogue = cache.load()
    assert catalogue is not None
    assert catalogue.fetched_at == AT
    model = catalogue.models["author/model"]
    assert model.name == "A model, ein Modell, 模型"
    assert model.pricing.prompt == Decimal("0.0000031")


def test_the_moment_comes_back_in_utc(cache: CatalogueCache) -> None:
    cache.save(BODY, AT.astimezone(timezone(timedelta(hours=9))))
    catalogue = cache.load()
    assert catalogue is not None
    assert catalogue.fetched_at is not None
    assert (catalogue.fetched_at, catalogue.fetched_at.tzinfo) == (AT, UTC)


def test_a_later_save_replaces_the_copy(cache: CatalogueCache, tmp_path: Path) -> None:
    cache.save(BODY, AT)
    cache.save(BODY.replace(b"0.0000031", b"0.0000042"), AT + timedelta(days=1))
    catalogue = cache.load()
    assert catalogue is not None
    assert catalogue.models["author/model"].pricing.prompt == Decimal("0.0000042")
    assert len(list(tmp_path.iterdir())) == 1


def test_servers_do_not_see_each_others_copies(tmp_path: Path) -> None:
    CatalogueCache(tmp_path, ORIGIN).save(BODY, AT)
    other = CatalogueCache(tmp_path, "http://127.0.0.1:4000")
    assert other.load() is None
    other.save(BODY, AT)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_copy_under_another_servers_name_is_not_used(tmp_path: Path) -> None:
    CatalogueCache(tmp_path, ORIGIN).save(BODY, AT)
    ours = file_of(tmp_path)
    other = CatalogueCache(tmp_path, "http://127.0.0.1:4000")
    other.save(BODY, AT)
    (theirs,) = set(tmp_path.iterdir()) - {ours}
    ours.replace(theirs)
    assert other.load() is None


def test_the_file_is_private_and_its_name_does_not_tell_the_server(tmp_path: Path) -> None:
    CatalogueCache(tmp_path, "https://secret-gateway.example").save(BODY, AT)
    file = file_of(tmp_path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "secret" not in file.name


def test_no_cut_of_the_file_is_taken_for_a_catalogue(cache: CatalogueCache, tmp_path: Path) -> None:
    cache.save(BODY, AT)
    file = file_of(tmp_path)
    whole = file.read_bytes()
    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        assert cache.load() is None


def test_a_changed_digit_of_a_price_is_noticed(cache: CatalogueCache, tmp_path: Path) -> None:
    cache.save(BODY, AT)
    file = file_of(tmp_path)
    file.write_bytes(file.read_bytes().replace(b"0.0000031", b"0.0000037"))
    assert cache.load() is None


@pytest.mark.parametrize(
    "about",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"format": 2}',
    ],
)
def test_a_first_line_that_is_not_ours_is_damage(
    cache: CatalogueCache, tmp_path: Path, about: bytes
) -> None:
    cache.save(BODY, AT)
    file_of(tmp_path).write_bytes(about + b"\n" + BODY)
    assert cache.load() is None


@pytest.mark.parametrize("moment", ["", "yesterday", "2026-11-20T12:00:00", None, 7])
def test_a_moment_that_cannot_be_read_is_damage(
    cache: CatalogueCache, tmp_path: Path, moment: object
) -> None:
    cache.save(BODY, AT)
    file = file_of(tmp_path)
    line, _, body = file.read_bytes().partition(b"\n")
    about = json.loads(line) | {"fetched_at": moment}
    file.write_bytes(json.dumps(about).encode() + b"\n" + body)
    assert cache.load() is None


def test_a_body_that_is_no_catalogue_is_damage(cache: CatalogueCache) -> None:
    cache.save(b'{"error": {"code": 500}}', AT)
    assert cache.load() is None


def test_a_folder_or_a_pipe_in_its_place_is_not_read(cache: CatalogueCache, tmp_path: Path) -> None:
    cache.save(BODY, AT)
    file = file_of(tmp_path)
    file.unlink()
    file.mkdir()
    assert cache.load() is None
    file.rmdir()
    os.mkfifo(file)
    assert cache.load() is None


def test_a_failed_save_leaves_the_copy_before_it(
    cache: CatalogueCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("No space left on device")

    cache.save(BODY, AT)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        cache.save(b"{}", AT)
    catalogue = cache.load()
    assert catalogue is not None
    assert catalogue.fetched_at == AT


def test_the_servers_mark_is_kept_and_a_confirmed_copy_is_as_of_then(
    cache: CatalogueCache, tmp_path: Path
) -> None:
    cache.save(BODY, AT, '"mark"')
    before = cache.load()
    cache.confirm(AT + timedelta(days=2))
    after = cache.load()
    assert before is not None
    assert after is not None
    assert (before.version, after.version) == ('"mark"', '"mark"')
    assert after.fetched_at == AT + timedelta(days=2)
    assert after.models == before.models
    assert len(list(tmp_path.iterdir())) == 1


def test_a_damaged_copy_cannot_be_confirmed(cache: CatalogueCache, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        cache.confirm(AT)
    cache.save(BODY, AT)
    file = file_of(tmp_path)
    damaged = file.read_bytes().replace(b"0.0000031", b"0.0000037")
    file.write_bytes(damaged)
    with pytest.raises(ValueError, match="not a whole catalogue"):
        cache.confirm(AT)
    assert file.read_bytes() == damaged
