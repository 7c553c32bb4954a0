"""A picture at which the process was killed time after time: the person is told, and nothing is left to be done."""

from functools import partial
from pathlib import Path

from app.photo_jobs import give_up_killed
from app.worker import LEASE
from bot.conversation.messages import Inbound, Media
from storage import jobs
from storage.store import Store
from storage.vault import Vault
from tests.stores import SampleCommune
from tests.unit.chatting import House

LAN = "w" * 64


async def test_whoever_waits_for_a_picture_is_told_that_it_cannot_be_had(
    store: Store, store_url: str, vault: Vault, commune: SampleCommune, tmp_path: Path, now: int
) -> None:
    # given a picture that was named, and a process that was killed at each try to fetch it
    house = House(store, store_url, tmp_path, vault, commune, now)
    await house.say(LAN, "xin chào", "Đèn đường ở ngã ba hỏng ba hôm nay rồi", "1", "1")
    await house.runtime.receive(
        Inbound(
            channel="webchat", channel_account=commune.webchat, dedupe_key="photo", person=LAN, kind="photo",
            at=house.at, media=(Media(ref="f1", kind="photo"),),
        )
    )  # fmt: skip
    before = await house.heard(LAN)
    for life in range(jobs.TRIES + 1):
        at = house.at + life * LEASE
        await store.write(partial(jobs.claim, now=at, lease_ms=LEASE, limit=4))
    assert await store.read(jobs.dead)

    # when the house is walked round, twice
    for _ in range(2):
        await give_up_killed(house.runtime)

    # then it is said, once
    (told,) = (await house.heard(LAN))[len(before) :]
    assert "Chưa lấy được ảnh" in told
    assert await store.read(jobs.dead) == []
