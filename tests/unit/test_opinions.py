"""Opinions on a draft: gathered, answered on a sheet, published as ý kiến - tiếp thu - giải trình."""

from datetime import date
from io import BytesIO
from random import Random

import pytest
from msgspec.structs import replace
from openpyxl import Workbook
from sqlalchemy import Connection, insert, update

from feedback.roles import SYSTEM, Actor
from storage import opinions, responses, waves
from storage.ids import new_id
from storage.opinions import Consultation
from storage.store import Store
from storage.tables import blobs, survey_files
from storage.tables import waves as wave_rows
from storage.tx import Tx
from storage.vault import Vault
from surveys.definition import Answer
from surveys.faults import SurveyFaults
from surveys.opinions import HEADINGS, Opinion, Reply, Verdict, lines, read_lines, unfilled
from surveys.reading import read_survey
from surveys.ready import ready_file
from surveys.sheets.grid import read_workbook
from tests.stores import SampleCommune

WITH_DRAFT = read_survey(
    ready_file("lay_y_kien").replace(b"print_note", b'document = "du-thao.pdf"\nprint_note', 1), "lay_y_kien.toml"
)


async def opened(store: Store, commune: SampleCommune, now: int) -> Consultation:
    """A consultation that is under way."""

    def publish(tx: Tx) -> int:
        published = waves.publish(tx, commune.commune, WITH_DRAFT, "1", now)
        blob = new_id()
        tx.execute(
            insert(blobs).values(
                id=blob,
                unit_id=commune.commune,
                media_type="application/pdf",
                size=4,
                sha256=b"",
                kept=1,
                created_at=now,
            )
        )
        tx.execute(insert(survey_files).values(version_id=published.version, name="du-thao.pdf", blob_id=blob))
        return published.wave

    await store.write(publish)
    found = await store.read(lambda conn: opinions.consultation(conn, commune.commune, "lay_y_kien", now))
    assert found is not None
    return found


def close(tx: Tx, wave: int, now: int) -> None:
    tx.execute(update(wave_rows).where(wave_rows.c.id == wave).values(state="closed", closes_at=now))


async def answered(store: Store, vault: Vault, commune: SampleCommune, asked: Consultation, now: int) -> None:
    """Six people answer, the wave closes and the answers are released."""
    said: list[dict[str, Answer]] = [{"dong_y": "dong_y", "y_kien": None}] * 5
    said.append({"dong_y": "khong", "phan_nao": "Điều 3", "y_kien": "Đường nên rộng 5 m.", "ly_do": None})
    for one in said:
        await store.write(
            lambda tx, one=one: responses.seal(  # type: ignore[misc]  # a default binds what the loop changes
                tx,
                vault,
                survey=WITH_DRAFT,
                wave=asked.wave,
                unit=commune.commune,
                village=None,
                channel="webchat",
                answers=one,
            )
        )
    await store.write(lambda tx: close(tx, asked.wave, now))
    rng = Random(1)
    while await store.write(
        lambda tx: responses.close_wave(tx, vault, asked.wave, lambda _: WITH_DRAFT, date(2026, 10, 3), rng)
    ):
        pass


def closed(commune: SampleCommune, now: int, conn: Connection) -> Consultation:
    found = opinions.consultation(conn, commune.commune, "lay_y_kien", now)
    assert found is not None
    return found


async def test_nothing_is_read_before_the_close(store: Store, vault: Vault, commune: SampleCommune, now: int) -> None:
    asked = await opened(store, commune, now)
    assert not asked.closed
    assert asked.document
    assert await store.read(lambda conn: opinions.opinions(conn, asked)) == []
    assert await store.read(lambda conn: opinions.votes(conn, asked)) == {}


async def test_opinions_are_answered_and_published(
    store: Store, vault: Vault, commune: SampleCommune, now: int
) -> None:
    # given a consultation that has ended
    await answered(store, vault, commune, await opened(store, commune, now), now)
    asked = await store.read(lambda conn: closed(commune, now, conn))
    found = await store.read(lambda conn: opinions.opinions(conn, asked))
    assert {one.text for one in found} == {"Điều 3", "Đường nên rộng 5 m."}
    assert (await store.read(lambda conn: opinions.votes(conn, asked)))["dong_y"] == {"dong_y": 5, "khong": 1}
    # when an officer answers, and answers again
    actor = Actor(kind=SYSTEM, unit=commune.commune)
    one = next(one for one in found if one.question == "y_kien")
    for text in ("Chưa đủ quỹ đất.", "Quỹ đất chỉ đủ 4 m."):
        reply = Reply(
            response=one.response, question="y_kien", public=one.text, verdict=Verdict.EXPLAINED, explanation=text
        )
        await store.write(lambda tx, reply=reply: opinions.reply(tx, actor, commune.commune, asked.wave, [reply], now))  # type: ignore[misc]  # a default binds what the loop changes
    # then the newest answer is the one in the table, once
    rows = await store.read(lambda conn: opinions.table(conn, asked))
    assert [(row.opinion, row.verdict, row.explanation) for row in rows] == [
        ("Đường nên rộng 5 m.", "explained", "Quỹ đất chỉ đủ 4 m.")
    ]


OPINIONS = [
    Opinion(response=0x1F, question="y_kien", text="Nên làm rãnh nước.", public="Nên làm rãnh nước."),
    Opinion(response=0x2A, question="y_kien", text="Ông A ở thôn 1 lấn đường.", public="Ông A ở thôn 1 lấn đường."),
]
TEXTS = {"y_kien": "Ông/Bà góp ý điều gì?"}


def sheet(*rows: tuple[str, ...], headings: tuple[str, ...] = HEADINGS) -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    for row in (headings, *rows):
        page.append(row)
    data = BytesIO()
    book.save(data)
    return data.getvalue()


def read(data: bytes) -> list[Reply]:
    return read_lines(read_workbook(data, "y-kien.xlsx").sheets[0], OPINIONS, "y-kien.xlsx")


def test_a_sheet_comes_back_with_its_answers() -> None:
    first, second = lines(OPINIONS, TEXTS)
    taken = (*first[:4], "tiep thu", "")
    stripped = (*second[:3], "Có nhà lấn đường.", "Giải trình", "Xã đã lập biên bản.")
    assert read(sheet(taken, stripped)) == [
        Reply(response=0x1F, question="y_kien", public="Nên làm rãnh nước.", verdict=Verdict.ACCEPTED, explanation=""),
        Reply(
            response=0x2A,
            question="y_kien",
            public="Có nhà lấn đường.",
            verdict=Verdict.EXPLAINED,
            explanation="Xã đã lập biên bản.",
        ),
    ]


def test_moved_columns_are_found_and_lines_without_a_verdict_wait() -> None:
    first, second = lines(OPINIONS, TEXTS)
    moved = tuple(reversed(HEADINGS))
    assert [
        one.response
        for one in read(sheet(tuple(reversed((*first[:4], "Tiếp thu", ""))), tuple(reversed(second)), headings=moved))
    ] == [0x1F]


def test_every_fault_is_named_by_its_cell_and_nothing_is_taken() -> None:
    first, second = lines(OPINIONS, TEXTS)
    rows = [
        (*first[:4], "Đồng ý", ""),
        (*second[:4], "Giải trình", ""),
        ("ff-y_kien", "", "", "x", "Tiếp thu", ""),
        (*second[:3], "", "Tiếp thu", ""),
    ]
    with pytest.raises(SurveyFaults) as caught:
        read(sheet(*rows))
    assert [(fault.code, fault.place.cell) for fault in caught.value.faults] == [
        ("opinions.verdict", "E2"),
        ("opinions.explain", "F3"),
        ("opinions.unknown", "A4"),
        ("opinions.public", "D5"),
    ]


@pytest.mark.parametrize("headings", [("STT", "Tên"), HEADINGS[:5]])
def test_a_sheet_with_other_headings_is_refused(headings: tuple[str, ...]) -> None:
    with pytest.raises(SurveyFaults, match=r"opinions\.heading"):
        read(sheet(headings=headings))


def test_what_an_officer_has_to_fill_in_is_named_before_it_is_published() -> None:
    survey = read_survey(ready_file("lay_y_kien"), "lay_y_kien.toml")
    assert [(fault.code, fault.place.key) for fault in unfilled(survey)] == [("unfilled", "intro")]
    assert unfilled(replace(survey, intro="Dự thảo quy ước thôn, xin góp ý đến 30/11.")) == []
