"""Marking opinions in a real store: what is read, what is kept, and what takes it away again."""

from datetime import date
from random import Random
from typing import Any

import msgspec
import pytest
from sqlalchemy import insert, select, update

from app.report_source import StoreSource
from feedback.acts import CaseFacts, Decision
from feedback.confidential import Closed
from feedback.kinds import Kind
from feedback.mood import Mark, OpinionKey
from feedback.roles import OFFICER, Actor, Role
from feedback.states import State
from feedback.topics import topic_of
from reports.figures import build
from reports.mood import still_quoted
from reports.mood_figures import MoodFigures, Quote
from reports.periods import parse
from reports.plans import plan
from storage import cases as case_store
from storage import confidential, responses, retention, rights, topics
from storage.ids import new_id
from storage.store import Store
from storage.tables import acts, cases, topic_tags, waves
from storage.topics import Found
from storage.tx import Tx
from storage.vault import Vault
from tests.stores import SampleCommune
from tests.unit.opinions_said import answered, suggested
from tests.unit.report_source import empty

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
ROAD = "Đường vào thôn nhiều ổ gà, mong ông Nguyễn Văn An sửa sớm"
QUOTE = "Đường vào thôn nhiều ổ gà, mong ông (...) sửa sớm"


@pytest.fixture
def clerk(commune: SampleCommune) -> Actor:
    return Actor(kind=OFFICER, unit=commune.commune, id=commune.officer, role=Role.RECEPTION)


async def listed(store: Store, by: Actor, *, marked: bool = False, topic: str = "") -> Found:
    return await store.read(lambda conn: topics.listed(conn, by, FIRST, LAST, marked=marked, limit=50, topic=topic))


async def tagged(store: Store, by: Actor, *marks: Mark, now: int = 5) -> dict[OpinionKey, str]:
    found = await store.write(lambda tx: topics.tag(tx, by, marks, now))
    return dict(found)


async def test_an_officer_marks_many_in_one_act(store: Store, commune: SampleCommune, clerk: Actor, now: int) -> None:
    # given three answers and a góp ý
    keys = await store.write(lambda tx: answered(tx, commune, ROAD, ROAD, "Cần thêm thùng rác"))
    sent, _ = await store.write(lambda tx: suggested(tx, commune, "Mong có thêm đèn đường", now))
    assert (await listed(store, clerk)).many == 4

    # when three are marked, one with a quotation
    marks = [Mark(key=keys[0], topic="roads", quote=QUOTE), Mark(key=keys[2], topic="environment")]
    assert await tagged(store, clerk, *marks, Mark(key=sent, topic="roads")) == {}

    # then they stand as marked, and one act tells how many
    found = await listed(store, clerk, marked=True)
    assert {one.key: (one.topic, one.quote) for one in found.opinions} == {
        keys[0]: ("roads", QUOTE),
        keys[2]: ("environment", ""),
        sent: ("roads", ""),
    }
    assert [one.key for one in (await listed(store, clerk)).opinions] == [keys[1]]
    assert (await listed(store, clerk, marked=True, topic="environment")).many == 1
    details = await store.read(lambda conn: conn.scalars(select(acts.c.detail).where(acts.c.thing == "mood")).all())
    assert [msgspec.json.decode(one) for one in details] == [{"topics": {"environment": 1, "roads": 2}, "quoted": 1}]


async def test_whoever_marked_in_between_is_not_overwritten(store: Store, commune: SampleCommune, clerk: Actor) -> None:
    (key,) = await store.write(lambda tx: answered(tx, commune, ROAD))
    assert await tagged(store, clerk, Mark(key=key, topic="roads"), now=50) == {}

    assert await tagged(store, clerk, Mark(key=key, topic="land"), now=60) == {key: "changed"}
    assert await tagged(store, clerk, Mark(key=key, topic="land", seen=50), now=60) == {}

    (one,) = (await listed(store, clerk, marked=True)).opinions
    assert (one.topic, one.tagged_at) == ("land", 60)


@pytest.mark.parametrize(
    ("quote", "fault"),
    [
        ("Đường rất tốt", "words"),
        ("Đường vào thôn, gọi 0912345678", "tells"),
        ("Đường " * 100, "long"),
        (QUOTE, ""),
    ],
)
async def test_only_the_persons_own_words_are_quoted(
    store: Store, commune: SampleCommune, clerk: Actor, quote: str, fault: str
) -> None:
    (key,) = await store.write(lambda tx: answered(tx, commune, f"{ROAD}, gọi 0912345678"))

    assert (await tagged(store, clerk, Mark(key=key, topic="roads", quote=quote))).get(key, "") == fault


async def test_what_is_unknown_elsewhere_or_no_field_is_refused(
    store: Store, commune: SampleCommune, clerk: Actor, now: int
) -> None:
    (key,) = await store.write(lambda tx: answered(tx, commune, ROAD))
    praise, _ = await store.write(lambda tx: suggested(tx, commune, ROAD, now, kind="praise"))
    stranger = Actor(kind=OFFICER, unit=commune.province, id=1, role=Role.RECEPTION)

    assert await tagged(store, clerk, Mark(key=key, topic="weather")) == {key: "topic"}
    assert await tagged(store, stranger, Mark(key=key, topic="roads")) == {key: "gone"}
    assert await tagged(store, clerk, Mark(key=praise, topic="roads")) == {praise: "gone"}
    other = OpinionKey("answer", key.id, "chung")
    assert await tagged(store, clerk, Mark(key=other, topic="roads")) == {other: "gone"}
    with pytest.raises(PermissionError):
        await tagged(store, msgspec.structs.replace(clerk, role=Role.ADMIN), Mark(key=key, topic="roads"))


async def test_a_village_is_named_from_five_people_on(store: Store, commune: SampleCommune, clerk: Actor) -> None:
    many, few = commune.villages[:2]
    await store.write(lambda tx: answered(tx, commune, *[ROAD] * 5, village=many))
    await store.write(lambda tx: answered(tx, commune, *[ROAD] * 4, village=few))

    found = (await listed(store, clerk)).opinions

    assert sorted(one.village for one in found) == [""] * 4 + ["thôn Mẫu 1"] * 5


async def test_what_the_front_asks_is_its_own_until_the_end(
    store: Store, commune: SampleCommune, clerk: Actor, now: int
) -> None:
    def fronts(tx: Tx) -> int:
        wave = new_id()
        row = {"id": wave, "unit_id": commune.commune, "version_id": commune.version, "kind": "open", "code": "MT"}
        tx.execute(insert(waves).values(**row, owner="front", opens_at=now))
        answered(tx, commune, ROAD, wave=wave)
        return wave

    wave = await store.write(fronts)
    assert (await listed(store, clerk)).many == 0

    await store.write(lambda tx: tx.execute(update(waves).where(waves.c.id == wave).values(state="closed")))
    assert (await listed(store, clerk)).many == 1


async def test_what_reads_like_a_denunciation_is_for_the_keeper_alone_and_counted_nowhere(
    store: Store, commune: SampleCommune, clerk: Actor
) -> None:
    said = "Tôi tố cáo cán bộ địa chính nhận hối lộ 10 triệu"
    key, other = await store.write(lambda tx: answered(tx, commune, said, ROAD))
    keeper = msgspec.structs.replace(clerk, keeper=True)

    seen, all = await listed(store, clerk), await listed(store, keeper)

    assert ([one.key for one in seen.opinions], seen.many, seen.grave) == ([other], 2, 1)
    assert {one.key: one.grave for one in all.opinions} == {key: True, other: False}
    for by in (clerk, keeper):
        assert await tagged(store, by, Mark(key=key, topic="conduct")) == {key: "denounced"}
    assert await store.read(lambda conn: topics.marked(conn, commune.commune, FIRST, LAST)) == []


async def put_down(store: Store, commune: SampleCommune, clerk: Actor, now: int) -> tuple[OpinionKey, int]:
    """A góp ý that is marked and quoted, and its account."""
    key, account = await store.write(lambda tx: suggested(tx, commune, ROAD, now))
    assert await tagged(store, clerk, Mark(key=key, topic="roads", quote=QUOTE)) == {}
    return key, account


async def left(store: Store) -> int:
    return len(await store.read(lambda conn: conn.scalars(select(topic_tags.c.id)).all()))


async def test_a_case_that_is_closed_takes_its_mark_along(
    store: Store, commune: SampleCommune, clerk: Actor, now: int
) -> None:
    key, _ = await put_down(store, commune, clerk, now)

    def mark(tx: Tx) -> None:
        facts = case_store.facts_of(tx, key.id)
        assert facts is not None
        confidential.close(tx, facts, Closed.KEPT, clerk, now)

    await store.write(mark)

    assert await left(store) == 0
    assert (await listed(store, clerk)).many == 0
    assert await tagged(store, clerk, Mark(key=key, topic="roads")) == {key: "gone"}


async def test_what_was_read_as_a_denunciation_is_never_there(
    store: Store, commune: SampleCommune, clerk: Actor, now: int
) -> None:
    key, _ = await put_down(store, commune, clerk, now)
    await store.write(lambda tx: tx.execute(update(cases).where(cases.c.id == key.id).values(matter="denunciation")))

    assert (await listed(store, clerk, marked=True)).many == 0
    assert await store.read(lambda conn: topics.marked(conn, commune.commune, FIRST, LAST)) == []
    assert await store.read(lambda conn: topics.suggestions(conn, commune.commune, FIRST, LAST)) == 0


async def test_whoever_is_erased_or_agrees_no_longer_is_not_quoted(
    store: Store, commune: SampleCommune, clerk: Actor, now: int
) -> None:
    _, first = await put_down(store, commune, clerk, now)
    _, second = await put_down(store, commune, clerk, now)

    await store.write(lambda tx: rights.erase(tx, [first], now))
    assert await left(store) == 1
    await store.write(lambda tx: rights.withdraw(tx, [second], now))
    assert await left(store) == 0


async def test_a_case_whose_time_of_keeping_is_over_is_not_quoted(
    store: Store, commune: SampleCommune, clerk: Actor, now: int
) -> None:
    key, _ = await put_down(store, commune, clerk, now)
    facts = CaseFacts(id=key.id, unit=commune.commune, code="M", kind=Kind.SUGGESTION, state=State.CLOSED, version=1)
    over = Decision(action="expire", before=State.CLOSED, after=State.CLOSED)

    await store.write(lambda tx: retention.acted(tx, facts, over, clerk, now))

    assert await left(store) == 0
    assert (await listed(store, clerk)).many == 0


async def test_the_report_counts_what_was_marked(store: Store, commune: SampleCommune, clerk: Actor, now: int) -> None:
    key, _ = await put_down(store, commune, clerk, now)
    village = commune.villages[0]
    (said,) = await store.write(lambda tx: answered(tx, commune, ROAD, village=village))
    assert await tagged(store, clerk, Mark(key=said, topic="roads")) == {}

    def look(source: StoreSource) -> tuple[list[tuple[object, ...]], int]:
        found = source.marked_opinions(FIRST, LAST)
        return [(one.survey, one.village, one.day, one.topic, one.quote) for one in found], source.suggestions(
            FIRST, LAST
        )

    rows, sent = await store.read(lambda conn: look(StoreSource(conn, commune.commune)))

    assert rows == [
        ((commune.version, "open", "gop_y"), village, date(2026, 10, 3), "roads", ""),
        (None, None, date(2026, 10, 3), "roads", QUOTE),
    ]
    assert sent == 1
    assert key.thing == "case"


async def test_what_is_gone_since_is_not_printed_once_more(
    store: Store, commune: SampleCommune, clerk: Actor, now: int
) -> None:
    # given a draft that quotes two people
    _, account = await put_down(store, commune, clerk, now)
    (said,) = await store.write(lambda tx: answered(tx, commune, "Cần thêm thùng rác"))
    assert await tagged(store, clerk, Mark(key=said, topic="environment", quote="Cần thêm thùng rác")) == {}
    quotes = (Quote(topic="roads", text=QUOTE), Quote(topic="environment", text="Cần thêm thùng rác"))
    figures = build(empty(), parse("2026-10"), plan("y_tich_2024"), sample=False, made_on=LAST)
    draft = msgspec.structs.replace(figures, mood=MoodFigures(surveys=9, quotes=quotes))

    # when one of them is erased
    await store.write(lambda tx: rights.erase(tx, [account], now))
    allowed = await store.read(lambda conn: topics.quoted(conn, commune.commune))

    # then only the other is printed when the draft is written anew
    assert [quote.topic for quote in still_quoted(draft, allowed).mood.quotes] == ["environment"]


async def test_the_report_of_a_month_is_what_was_really_said(
    store: Store, commune: SampleCommune, clerk: Actor, vault: Vault, now: int
) -> None:
    # given answers that were sealed and released as they are in life, three of them without a word
    said = ["Đường ổ gà"] * 7 + ["Rác ở chợ"] * 6 + ["Ánh đèn đường mờ"] * 2 + [None] * 3
    villages = [commune.villages[at % 2] for at in range(len(said))]

    def seal(tx: Tx) -> None:
        place: dict[str, Any] = {
            "survey": commune.survey,
            "wave": commune.wave,
            "unit": commune.commune,
            "channel": "webchat",
        }
        for text, village in zip(said, villages, strict=True):
            responses.seal(tx, vault, **place, village=village, answers={"chung": 4, "gop_y": text})

    await store.write(seal)
    day, rng = date(2026, 10, 3), Random(1)
    await store.write(lambda tx: responses.release(tx, vault, lambda _version: commune.survey, day, rng))
    found = await listed(store, clerk)
    assert (found.many, {one.village for one in found.opinions}) == (15, {"thôn Mẫu 1", "thôn Mẫu 2"})

    # when an officer marks all but the two of the lamps
    marks = [Mark(key=one.key, topic=topic_of(one.text)) for one in found.opinions if "đèn" not in one.text]
    assert await tagged(store, clerk, *marks) == {}

    # then the report counts those, and says how many wait
    def look(source: StoreSource) -> MoodFigures:
        return build(source, parse("2026-10"), plan("y_tich_2024"), sample=False, made_on=LAST).mood

    mood = await store.read(lambda conn: look(StoreSource(conn, commune.commune)))
    assert (mood.surveys, mood.cases, mood.unmarked) == (15, 0, 2)
    assert [(row.id, row.surveys) for row in mood.topics] == [("roads", 7), ("environment", 6)]
