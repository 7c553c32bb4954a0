"""A Zalo Official Account in trouble, through a real `nghedan serve`: kills, outages, answers that do not come."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests.e2e.citizens import said
from tests.e2e.serving import Place, Server, serving, start
from tests.e2e.test_zalo_oa_walk import logs_in, webhook
from tests.fakes.zalo_oa import FakeZaloOa, FaultKind, Person
from tests.fakes.zalo_oa.fake import SEND, TOKEN
from tests.fakes.zalo_oa.hook import LADDER
from tests.fakes.zalo_oa.world import World


@dataclass
class Scene:
    """A commune whose Official Account is connected."""

    fake: FakeZaloOa
    server: Server


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with FakeZaloOa() as fake:
        place = Place(tmp_path_factory.mktemp("zalo_oa"), zalo_oa=fake.settings)
        place.furnish("sau_thu_tuc")
        with serving(place) as server:
            fake.hook_at(webhook(place))
            logs_in(fake, place)
            yield Scene(fake, server)


def _greeted(fake: FakeZaloOa, name: str) -> Person:
    person = fake.user(name)
    person.follows()
    person.hears(said("menu.title"))
    return person


@pytest.mark.parametrize(
    ("kind", "status"), [("status", 502), ("garbage", 200), ("half", 200), ("drop", 200), ("error", 200)]
)
def test_an_answer_that_could_not_be_sent_is_sent_again(scene: Scene, kind: FaultKind, status: int) -> None:
    lan = _greeted(scene.fake, "Lan")
    scene.fake.next_fault(SEND, kind, status=status, code=-9999)
    lan.writes("tro giup")
    lan.hears(said("help"), 15)
    assert len([seen for seen in lan.heard if said("help") in seen.text]) == 1


def test_an_answer_that_hangs_holds_nobody_else(scene: Scene) -> None:
    lan, ba = _greeted(scene.fake, "Lan"), _greeted(scene.fake, "Ba")
    scene.fake.next_fault(SEND, "hang", carried_out=True)
    lan.writes("tro giup")
    lan.hears(said("help"))
    begun = time.monotonic()
    ba.writes("tro giup")
    ba.hears(said("help"), 8)
    assert time.monotonic() - begun < 8


def test_a_refresh_that_fails_once_delays_an_answer_and_loses_none(scene: Scene) -> None:
    lan = _greeted(scene.fake, "Lan")
    before = len(scene.fake.calls(TOKEN))
    scene.fake.do(lambda world: world.access.clear())
    lan.writes("tro giup")
    lan.hears(said("help"), 15)
    assert len(scene.fake.calls(TOKEN)) == before + 1


@pytest.mark.slow
def test_what_was_written_while_the_server_was_down_is_answered_when_zalo_brings_it_again(tmp_path: Path) -> None:
    with FakeZaloOa() as fake:
        place = Place(tmp_path, zalo_oa=fake.settings)
        place.furnish("sau_thu_tuc")
        server = start(place)
        try:
            fake.hook_at(webhook(place))
            logs_in(fake, place)
            lan = _greeted(fake, "Lan")
            lan.presses("Trả lời phiếu: Ba câu hỏi sau khi làm thủ tục")
            lan.hears("Câu 1/3.")
        finally:
            server.kill()
        lan.writes("hai long")
        fake.wait(lambda _: _tried(fake, 0), missed="nobody was tried")

        # up again, and half a minute later Zalo knocks again: the same question still stands
        with serving(place):
            fake.advance(31)
            lan.hears("Câu 2/3.", 20)

        # down for two hours and a half, the webhook is off; switched on by hand, new words are answered
        body = lan.writes("hai long")
        for tries, pause in enumerate((0, *LADDER), 1):
            fake.advance(pause + 1)
            fake.wait(partial(_tried_so_often, fake, body, tries), missed=f"it was not tried {tries} times")
        fake.wait(lambda _: not fake.hook.on, missed="the webhook was not switched off")
        with serving(place):
            lan.writes("mất rồi")
            fake.hook_at(fake.hook.url)
            lan.writes("hai long")
            lan.hears("Câu 3/3.", 20)


def _tried_so_often(fake: FakeZaloOa, body: bytes, times: int, _: World) -> bool:
    postman = fake._postman
    return sum(one.body == body for one in postman.deliveries) == times and not postman.under_way


def _tried(fake: FakeZaloOa, status: int) -> bool:
    return any(one.status == status for one in fake._postman.deliveries)


def test_every_event_was_answered_in_time(scene: Scene) -> None:
    lan = _greeted(scene.fake, "Lan")
    for _ in range(20):
        lan.looks()
    lan.writes("tro giup")
    lan.hears(said("help"))

    def all_brought(_: World) -> bool:
        return not scene.fake.hook.waiting and not scene.fake._postman.under_way

    scene.fake.wait(all_brought)
    assert {one.status for one in scene.fake.deliveries} == {200}
