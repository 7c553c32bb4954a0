"""Posters: their words, and that a decoder nobody here wrote reads the code from the drawn page."""

import os
import re
import shutil
import subprocess
from datetime import date
from io import BytesIO
from pathlib import Path

import msgspec
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import update

from app import posters
from app.runtime import Runtime
from app.settings import Settings
from app.wording import bot_wording
from reports.posters import Door, Poster, Size, draw_poster
from storage import sources, units
from storage.blobs import open_blobs
from storage.store import Store
from storage.tables import waves
from storage.units import Unit
from storage.vault import Vault
from surveys.sources import LONGEST, place_word, source_word, split_source
from tests.stores import SampleCommune
from vietnam.time import DAY

TODAY = date(2026, 10, 3)
URL = "https://nghedan.example.vn/mau/?n=ks_mau--quay_3"
TELEGRAM = "https://t.me/MauBot?start=ks_mau--quay_3"
POSTER = Poster(
    issuer="UBND xã Mẫu",
    above="tỉnh Mẫu",
    title="Ba câu hỏi sau khi làm thủ tục",
    url=URL,
    address="nghedan.example.vn/mau",
    place="Quầy 3",
    until=date(2026, 12, 14),
    doors=(Door(name="Telegram", url=TELEGRAM),),
)


def decoded(png: bytes, path: Path) -> set[str]:
    """What zbarimg reads from a picture; a counted skip where it is missing, in CI an error."""
    if shutil.which("zbarimg") is None:
        if os.environ.get("CI"):
            pytest.fail("zbarimg is missing: .ci/run installs zbar-tools")
        pytest.skip("zbarimg is not installed (apt install zbar-tools)")
    path.write_bytes(png)
    words = subprocess.run(["zbarimg", "-q", "--raw", path], check=True, capture_output=True, text=True).stdout
    return set(words.split())


@pytest.mark.parametrize("size", ["A4", "A5"])
def test_both_codes_are_read_back_from_the_page(size: Size, tmp_path: Path) -> None:
    png = draw_poster(POSTER, size, "png", TODAY)
    assert decoded(png, tmp_path / "poster.png") == {URL, TELEGRAM}


def test_a_poster_seen_from_afar_with_a_corner_of_its_code_torn_off_is_still_read(tmp_path: Path) -> None:
    picture = Image.open(BytesIO(draw_poster(msgspec.structs.replace(POSTER, doors=()), "A4", "png", TODAY)))
    # A lower right corner, where no finder pattern is, as if somebody had torn a piece from it.
    torn = picture.copy()
    torn.paste((255, 255, 255), (1010, 1370, 1130, 1480))
    afar = torn.resize((torn.width // 3, torn.height // 3))
    saved = BytesIO()
    afar.save(saved, "PNG")
    assert decoded(saved.getvalue(), tmp_path / "torn.png") == {URL}


@pytest.mark.parametrize(("size", "points"), [("A4", (595, 842)), ("A5", (420, 595))])
def test_the_page_says_whose_survey_it_is_how_to_answer_and_until_when(size: Size, points: tuple[int, int]) -> None:
    reader = pypdf.PdfReader(BytesIO(draw_poster(POSTER, size, "pdf", TODAY)))
    [page] = reader.pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == points
    said = " ".join(page.extract_text().split())
    for words in ("UBND XÃ MẪU", "có hài lòng không?", "Quầy 3", "Quét mã này", "nghedan.example.vn/mau"):
        assert words in said
    assert "Không hỏi tên" in said
    assert "đến hết ngày 14/12/2026" in said


def test_names_of_any_length_stay_on_one_page() -> None:
    long = msgspec.structs.replace(
        POSTER,
        issuer="Ủy ban MTTQ Việt Nam phường Nguyễn Thị Minh Khai Đông",
        title="Lấy ý kiến Nhân dân về dự thảo phương án bồi thường, hỗ trợ, tái định cư dự án hồ chứa nước " * 2,
        place="Nhà văn hoá tổ dân phố số 12 đường Hoàng Văn Thụ nối dài",
        doors=(*POSTER.doors, Door(name="Zalo", url="https://zalo.me/123", note="rồi gửi: KS 12")),
    )
    assert len(pypdf.PdfReader(BytesIO(draw_poster(long, "A4", "pdf", TODAY))).pages) == 1


@pytest.mark.parametrize(
    ("place", "word"),
    [
        ("Quầy 3", "quay_3"),
        ("thôn Nà Sèn", "thon_na_sen"),
        ("Một cửa · Quầy 3", "mot_cua_quay_3"),
        ("", ""),
        ("***", ""),
    ],
)
def test_a_place_becomes_one_word(place: str, word: str) -> None:
    assert place_word(place) == word


CODES = st.from_regex(r"[a-z][a-z0-9]*(_[a-z0-9]+){0,4}", fullmatch=True).filter(lambda code: len(code) < 60)


@given(CODES, st.text(max_size=80))
def test_every_word_fits_telegram_and_says_again_what_it_was_made_of(code: str, place: str) -> None:
    word = source_word(code, place)
    assert re.fullmatch(r"[A-Za-z0-9_-]+", word)
    assert len(word) <= LONGEST
    found, where = split_source(word)
    assert found == code
    assert where in ("", place_word(place, min(24, LONGEST - len(code) - 5)))


def test_two_long_places_that_begin_alike_have_two_words() -> None:
    counters = [place_word(f"Bộ phận tiếp nhận và trả kết quả, quầy số {n}") for n in range(1, 100)]
    assert len(set(counters)) == len(counters)


@pytest.mark.parametrize("word", ["", "mau", "ks_", "ks_mau--", "ks_mau--QUAY", "ks_mau --x"])
def test_a_word_that_is_none_says_so(word: str) -> None:
    assert split_source(word)[1] == ""


@pytest.fixture
def runtime(store: Store, store_url: str, vault: Vault, now: int, tmp_path: Path, commune: SampleCommune) -> Runtime:
    settings = Settings.model_validate(
        {"web": {"public_url": "https://nghedan.example.vn"}, "telegram": {"name": "@MauBot"}}
    )
    made = Runtime(settings, store, vault, bot_wording(), open_blobs(f"sqlite:///{tmp_path}/x.db", store))
    made.now = lambda: now
    return made


@pytest.fixture
async def unit(store: Store, commune: SampleCommune) -> Unit:
    return await store.read(lambda conn: units.unit(conn, commune.commune))


async def test_a_poster_of_a_wave_says_what_the_store_knows(runtime: Runtime, unit: Unit, now: int) -> None:
    # given a wave that closes at midnight
    closes = now - now % DAY + 10 * DAY - 7 * 3_600_000
    await runtime.store.write(
        lambda tx: tx.execute(update(waves).values(closes_at=closes, title="Đợt tháng 10")).rowcount
    )
    wave = await posters.wave_for(runtime, unit, "mau")
    hung = await posters.poster_for(runtime, unit, wave, "Quầy 3")
    poster = hung.poster
    # then its last day is the one before
    assert poster.until == date(2026, 10, 12)
    assert (poster.issuer, poster.above, poster.title) == ("UBND xã Mẫu", "tỉnh Mẫu", "Đợt tháng 10")
    assert poster.url == "https://nghedan.example.vn/mau/?n=ks_mau--quay_3"
    assert poster.doors[0].url == TELEGRAM
    assert hung.file_name("A5", "png") == "to-dan_mau_quay_3_A5.png"


async def test_a_wave_of_invited_people_has_no_poster(runtime: Runtime, unit: Unit) -> None:
    await runtime.store.write(lambda tx: tx.execute(update(waves).values(kind="invited")).rowcount)
    with pytest.raises(posters.Invited):
        await posters.wave_for(runtime, unit, "mau")


async def test_a_code_that_nothing_runs_under_is_answered_with_those_that_run(runtime: Runtime, unit: Unit) -> None:
    with pytest.raises(posters.NoSuchWave) as refused:
        await posters.wave_for(runtime, unit, "khac")
    assert refused.value.known == ["mau"]


async def test_dialogues_are_counted_where_a_poster_hangs_and_nowhere_else(
    runtime: Runtime, unit: Unit, now: int
) -> None:
    wave = await posters.wave_for(runtime, unit, "mau")
    await posters.poster_for(runtime, unit, wave, "Quầy 3")
    for place in ("quay_3", "quay_3", "made_up", ""):
        await runtime.store.write(lambda tx, place=place: sources.began(tx, unit.id, "mau", place, now))  # type: ignore[misc]  # a default binds what the loop changes
    found = await runtime.store.read(lambda conn: sources.totals(conn, unit.id, "mau"))
    assert found == {"quay_3": 2, "-": 2}
    assert await runtime.store.read(lambda conn: sources.totals(conn, unit.id, "ma")) == {}
