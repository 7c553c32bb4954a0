"""SIGKILL while a process asks Zalo for the next pair of tokens: no word is lost, and the loss of a pair is said.

A refresh token works once. What Zalo has given and nobody could store is gone for good: only a new login mends that.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.citizens import said
from tests.e2e.serving import Place, Server, serving, start, wait_until
from tests.e2e.test_zalo_oa_walk import logs_in, webhook
from tests.fakes.zalo_oa import FakeZaloOa, Person
from tests.fakes.zalo_oa.fake import TOKEN

pytestmark = pytest.mark.slow


@pytest.fixture
def fake() -> Iterator[FakeZaloOa]:
    with FakeZaloOa() as fake:
        yield fake


def test_killed_before_zalo_had_heard_the_question(fake: FakeZaloOa, tmp_path: Path) -> None:
    place, lan = killed_while_asking(fake, tmp_path, carried_out=False)
    with serving(place):
        lan.hears(said("help"), 20)
    assert helped(lan) == 1


def test_killed_before_the_answer_could_be_stored(fake: FakeZaloOa, tmp_path: Path) -> None:
    place, lan = killed_while_asking(fake, tmp_path, carried_out=True)
    with serving(place):
        # the pair is lost: it is said, with what to do, and the answer to Lan waits
        wait_until(lambda: "nghedan channel login" in doctor(place), "nobody says that the pair is lost")
        assert helped(lan) == 0
        asked = len(fake.calls(TOKEN))
        lan.writes("tro giup")
        fake.wait(lambda _: not fake.hook.waiting)
        assert len(fake.calls(TOKEN)) == asked, "a token that is used up is not tried again and again"
        # a new login mends it: within a minute what waits is tried again
        logs_in(fake, place)
    place.ahead = 2
    with serving(place):
        wait_until(lambda: helped(lan) == 2, "what waited was not sent")


def killed_while_asking(fake: FakeZaloOa, folder: Path, *, carried_out: bool) -> tuple[Place, Person]:
    """The moment after a process was killed that had asked for the next pair because it owes Lan an answer."""
    place = Place(folder, zalo_oa=fake.settings)
    place.furnish("sau_thu_tuc")
    server: Server = start(place)
    try:
        fake.hook_at(webhook(place))
        logs_in(fake, place)
        lan = fake.user("Lan")
        lan.follows()
        lan.hears(said("menu.title"))
        fake.do(lambda world: world.access.clear())
        fake.next_fault(TOKEN, "hang", carried_out=carried_out)
        before = len(fake.calls(TOKEN))
        lan.writes("tro giup")
        wait_until(lambda: len(fake.calls(TOKEN)) > before, "no new pair was asked for")
    finally:
        server.kill()
    return place, lan


def helped(person: Person) -> int:
    return sum(said("help") in seen.text for seen in person.heard)


def doctor(place: Place) -> str:
    return place._run(("doctor",), "").stdout
