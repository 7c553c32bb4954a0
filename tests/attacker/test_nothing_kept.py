"""A tố cáo or khiếu nại that somebody began to write: after their yes not a word of it is left, sealed or not."""

from collections.abc import Iterator

import pytest

from bot.channels.webchat import parse
from bot.conversation.messages import Inbound, InboundKind, Media
from storage.store import Store
from storage.tables import blobs, facts
from storage.tx import Tx
from storage.vault import Vault, WrongKey
from tests.attacker.loot import Loot, everything, rows
from tests.attacker.town import Person, Town
from tests.unit.sessions import announced
from vietnam.time import HOUR

MARK = "dauhieu khongai duocgiu"
BEGUN = {
    "denunciation": f"Cán bộ địa chính nhận hối lộ của nhà tôi {MARK}",
    "chairman": f"Chủ tịch xã nhận hối lộ của công ty {MARK}",
    "complaint": f"Tôi muốn khiếu nại quyết định thu hồi đất {MARK}",
}
BLOB = 5_151
CHANNELS = ("webchat", "telegram")


def writer(channel: str) -> Person:
    return Person(number=1, channel=channel, village=1, secret=MARK, said=())


def contexts(table: str, id: int) -> Iterator[bytes]:
    """What a sealed value of that table may be bound to."""
    yield {"outbox": b"outbox:%d", "conversations": b"conversation:%d", "inbox": b"inbox:%d"}.get(table, b"%d") % id
    yield b"job:photo"


def opened(loot: Loot, vault: Vault) -> tuple[list[bytes], int]:
    """Every value of every table in plain, whatever opens with the key opened; and how many did."""
    found: list[bytes] = []
    many = 0
    for table, lines in loot.tables.items():
        for row in lines:
            for value in row.values():
                found.append(value if isinstance(value, bytes) else str(value).encode())
                if not isinstance(value, bytes):
                    continue
                for context in contexts(table, row.get("id", 0)):
                    try:
                        found.append(vault.open(value, context))
                    except WrongKey:
                        continue
                    many += 1
    return found, many


def holding(loot: Loot, vault: Vault) -> int:
    """How many values hold a word of the mark."""
    words = [word.encode() for word in MARK.split()]
    return sum(any(word in value for word in words) for value in opened(loot, vault)[0])


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("text", BEGUN.values(), ids=BEGUN)
async def test_after_a_yes_not_a_word_is_left(
    town: Town, vault: Vault, store: Store, store_url: str, channel: str, text: str
) -> None:
    # given somebody who writes one, and can read in the store that it is there
    who = writer(channel)
    await town.begins(who, "")
    await town.hears(who, text)
    assert holding(await rows(store), vault) >= 1
    # when they say that this is what they mean
    await town.hears(who, "có")
    # then no table, opened or not, and no file has a word of it
    loot = await everything(store, store_url)
    assert opened(loot, vault)[1] > 1, "the search opens what is sealed"
    assert holding(loot, vault) == 0
    assert not [path for path, data in loot.files.items() if any(word.encode() in data for word in MARK.split())]
    assert loot["cases"] == []


@pytest.mark.parametrize("channel", CHANNELS)
async def test_nor_is_it_when_it_comes_out_late_in_a_draft_that_waited(
    town: Town, vault: Vault, store: Store, channel: str
) -> None:
    # given a report that is written up to its review, put aside and taken up again
    who = writer(channel)
    await town.begins(who, "")
    for said in (f"Việc làm sổ đỏ ở xã {MARK}", "1", "1", "bỏ qua", "1", "menu", "1"):
        await town.hears(who, said)
    # when its words become a tố cáo
    for said in ("3", "nội dung", BEGUN["denunciation"], "1"):
        await town.hears(who, said)
    # then the words of before are gone with it
    assert holding(await rows(store), vault) == 0


@pytest.mark.parametrize("channel", CHANNELS)
async def test_nor_of_what_was_first_asked_of_the_commune(town: Town, vault: Vault, store: Store, channel: str) -> None:
    # given a commune that keeps answers ready, and somebody who looks among them for theirs
    who = writer(channel)
    unit = town.commune.commune
    fact: dict[str, object] = {"title": "Lịch tiếp công dân", "words": "", "text": "Sáng thứ Tư.", "changed_at": 1}
    await store.write(lambda tx: tx.execute(facts.insert().values(id=7, unit_id=unit, **fact)).rowcount)
    await town.begins(who, "")
    for said in ("hỏi xã", BEGUN["denunciation"]):
        await town.hears(who, said)
    # when they send it on, and say what it is
    for said in ("1", "1"):
        await town.hears(who, said)
    assert holding(await rows(store), vault) == 0


async def test_a_picture_of_it_goes_with_the_next_sweep(town: Town, store: Store) -> None:
    who = writer("webchat")
    unit = town.commune.commune

    def picture(tx: Tx) -> None:
        facts = {"media_type": "image/jpeg", "size": 1, "sha256": b"", "created_at": town.at}
        tx.execute(blobs.insert().values(id=BLOB, unit_id=unit, **facts))

    await store.write(picture)
    await town.begins(who, "")
    visitor = parse.Visitor(town.commune.webchat, who.id)
    await town.runtime.receive(parse.photo(visitor, "m" * 24, BLOB, 1, BEGUN["denunciation"], at=town.at))
    await town.hears(who, "có")
    await town.runtime.blobs.sweep(town.at - 24 * HOUR)
    assert (await rows(store))["blobs"] == []


async def test_a_picture_that_was_on_its_way_goes_too(town: Town, store: Store) -> None:
    who = writer("telegram")
    unit = town.commune.commune

    def event(kind: InboundKind, media: Media, text: str = "") -> Inbound:
        return Inbound(
            channel="telegram",
            channel_account=town.commune.telegram,
            dedupe_key=kind,
            person=who.id,
            kind=kind,
            at=town.at,
            text=text,
            media=(media,),
        )

    await town.begins(who, "")
    await town.runtime.receive(event("photo", Media(ref="file-1"), BEGUN["denunciation"]))
    await town.hears(who, "có")
    facts = {"media_type": "image/jpeg", "size": 1, "sha256": b"", "created_at": town.at}
    await store.write(lambda tx: tx.execute(blobs.insert().values(id=BLOB, unit_id=unit, **facts)).rowcount)
    await town.runtime.receive(event("media_ready", Media(ref="file-1", blob=BLOB)))
    await town.runtime.blobs.sweep(town.at - 24 * HOUR)
    assert (await rows(store))["blobs"] == []


@pytest.mark.parametrize("channel", CHANNELS)
async def test_after_a_no_it_is_a_case_like_any_other_with_a_hint(town: Town, store: Store, channel: str) -> None:
    who = writer(channel)
    await town.begins(who, "")
    for said in (BEGUN["denunciation"], "không", "1", "1", "bỏ qua", "1", "gửi"):
        await town.hears(who, said)
    kept = (await rows(store))["cases"]
    assert [(row["text"], row["matter"]) for row in kept] == [(BEGUN["denunciation"], "denunciation")]


async def test_what_others_wrote_stays(town: Town, vault: Vault, store: Store) -> None:
    other = Person(number=3, channel="webchat", village=1, secret="", said=())
    await town.begins(other, "")
    await town.hears(other, "Đèn đường thôn tôi hỏng đã lâu tuyduoc.")
    who = writer("webchat")
    await town.begins(who, "")
    await town.hears(who, BEGUN["complaint"])
    await town.hears(who, "có")
    plain, _ = opened(await rows(store), vault)
    assert any(b"tuyduoc" in value for value in plain)


# --- for a session, as a request, for a case that was sent ---


async def reception(town: Town) -> None:
    """The Chủ tịch receives in more than two weeks."""
    await announced(town.runtime, town.commune)


ASKED_TO_COME = {"a seat": ("đặt lịch", "1"), "a request": ("đặt lịch", "2", "1")}


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("way", ASKED_TO_COME)
@pytest.mark.parametrize("text", BEGUN.values(), ids=BEGUN)
async def test_nor_is_a_word_left_of_it_with_a_seat_or_a_request(
    town: Town, vault: Vault, store: Store, store_url: str, channel: str, way: str, text: str
) -> None:
    # given a reception, and somebody who writes it there
    await reception(town)
    who = writer(channel)
    await town.begins(who, "")
    for said in ASKED_TO_COME[way]:
        await town.hears(who, said)
    await town.hears(who, text)
    assert holding(await rows(store), vault) >= 1
    # when they say that this is what they mean, and go on to book
    for said in ("có", "Lò Thị Máy, 0912 345 678"):
        await town.hears(who, said)
    # then not a word of it is left, and the seat names nothing but who comes
    loot = await everything(store, store_url)
    assert holding(loot, vault) == 0
    assert loot["cases"] == []
    booked = way == "a seat" and text != BEGUN["chairman"]
    assert [row["name"] for row in loot["bookings"]] == (["Lò Thị Máy"] if booked else [])
    assert [row["text"] for row in loot["session_questions"]] == (["Việc riêng"] if booked else [])


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("text", [BEGUN["denunciation"], BEGUN["chairman"]])
async def test_what_surely_denounces_somebody_stands_on_no_page_of_a_session_whatever_they_say(
    town: Town, vault: Vault, store: Store, channel: str, text: str
) -> None:
    await reception(town)
    who = writer(channel)
    await town.begins(who, "")
    for said in ("đặt lịch", "1", text, "không", "Lò Thị Máy, 0912 345 678"):
        await town.hears(who, said)
    assert holding(await rows(store), vault) == 0


@pytest.mark.parametrize("channel", CHANNELS)
async def test_nor_is_it_left_when_its_writer_goes_elsewhere(
    town: Town, vault: Vault, store: Store, channel: str
) -> None:
    await reception(town)
    who = writer(channel)
    await town.begins(who, "")
    for said in ("đặt lịch", "1", BEGUN["denunciation"], "menu"):
        await town.hears(who, said)
    assert holding(await rows(store), vault) == 0


REPORTED = ("Đèn đường ở ngã ba hỏng.", "1", "1", "bỏ qua", "1", "gửi")


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("text", BEGUN.values(), ids=BEGUN)
async def test_nor_of_what_is_added_to_a_case(town: Town, vault: Vault, store: Store, channel: str, text: str) -> None:
    # given a case, and somebody who adds it there
    who = writer(channel)
    await town.begins(who, "")
    for said in (*REPORTED, "viết thêm", text):
        await town.hears(who, said)
    assert holding(await rows(store), vault) >= 1
    # when they say that this is what they mean
    await town.hears(who, "có")
    # then the case stands as it was
    loot = await rows(store)
    assert holding(loot, vault) == 0
    assert [row["action"] for row in loot["acts"] if row["thing"] == "case"] == ["open"]


@pytest.mark.parametrize("channel", CHANNELS)
async def test_added_after_a_no_it_carries_the_hint(town: Town, store: Store, channel: str) -> None:
    who = writer(channel)
    await town.begins(who, "")
    for said in (*REPORTED, "viết thêm", BEGUN["denunciation"], "không"):
        await town.hears(who, said)
    assert [row["matter"] for row in (await rows(store))["cases"]] == ["denunciation"]


@pytest.mark.parametrize("channel", CHANNELS)
async def test_against_the_chairman_nothing_is_kept_after_a_no_either(
    town: Town, vault: Vault, store: Store, channel: str
) -> None:
    who = writer(channel)
    await town.begins(who, "")
    for said in (BEGUN["chairman"], "không"):
        await town.hears(who, said)
    loot = await rows(store)
    assert loot["cases"] == []
    assert holding(loot, vault) == 0
