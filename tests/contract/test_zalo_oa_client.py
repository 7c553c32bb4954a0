"""Our client against the strict fake: what every error and every trouble of the wire means for the message."""

import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

import aiohttp
import pytest

from bot.channels.base import Address, Failed, Gone, Outcome, Sent, Throttled, WindowClosed
from bot.channels.zalo_oa.client import Quota, Refused, ZaloOaClient, quota_in
from bot.channels.zalo_oa.limits import Limits
from bot.channels.zalo_oa.outcomes import MEANINGS, Meaning
from bot.channels.zalo_oa.render import Words
from bot.channels.zalo_oa.tokens import HOUR, Pair
from bot.conversation.messages import Bubble, Button
from tests.fakes.zalo_oa import FakeZaloOa, FaultKind, Person
from tests.fakes.zalo_oa.fake import SEND

JPEG = b"\xff\xd8\xff\xe0" + bytes(5000)
ASK = Bubble(text="Ông/Bà có hài lòng không?", buttons=(Button(id="17:5", label="Rất hài lòng", digit="5"),))
WORDS = Words(
    ways="Có thể gõ: {ways}",
    recording="Nghe: {link}",
    picture="Ảnh kèm theo",
    contact_title="Gửi số điện thoại",
    contact_text="Xin chạm vào đây",
    contact_image="https://xa.vn/static/contact.png",
)
UPLOAD = "/v2.0/oa/upload/image"


@dataclass
class Keys:
    """Tokens that lie ready, as the store would give them."""

    fake: FakeZaloOa
    pair: Pair | None = None
    renewed: int = 0
    renews: bool = True

    def grant(self) -> Pair:
        given = self.fake.grants()
        version = 1 if self.pair is None else self.pair.version + 1
        self.pair = Pair(
            access=given["access_token"],
            refresh=given["refresh_token"],
            version=version,
            life=25 * HOUR,
            access_until=0,
            refresh_until=0,
        )
        return self.pair

    async def current(self) -> Pair | None:
        return self.pair

    async def renew(self, version: int) -> Pair | None:
        self.renewed += 1
        return self.grant() if self.renews else None


@dataclass
class Troubles:
    told: list[tuple[int, str]] = field(default_factory=list)

    async def tell(self, code: int, words: str) -> None:
        self.told.append((code, words))


async def _blob(blob: int) -> bytes:
    return {7: JPEG, 8: b"GIF89a" + bytes(50), 9: JPEG + bytes(2_000_000)}[blob]


@pytest.fixture
def fake() -> Iterator[FakeZaloOa]:
    with FakeZaloOa() as running:
        yield running


@pytest.fixture
def lan(fake: FakeZaloOa) -> Person:
    person = fake.user("Lan")
    person.follows()
    return person


@pytest.fixture
def keys(fake: FakeZaloOa) -> Keys:
    made = Keys(fake)
    made.grant()
    return made


@pytest.fixture
def troubles() -> Troubles:
    return Troubles()


@pytest.fixture
def limits() -> Limits:
    return Limits()


@pytest.fixture
async def client(fake: FakeZaloOa, keys: Keys, troubles: Troubles, limits: Limits) -> AsyncIterator[ZaloOaClient]:
    made = ZaloOaClient(
        aiohttp.ClientSession(),
        keys,
        WORDS,
        load_blob=_blob,
        recording=lambda blob: f"https://xa.vn/nghe/{blob}",
        now=lambda: int(fake.do(lambda world: world.now()) * 1000),
        limits=limits,
        api_base=fake.api_base,
        timeout=10,
    )
    made.on_trouble(troubles.tell)
    yield made
    await made.close()


def _to(person: Person, heard_at: int = 0) -> Address:
    return Address(person.id, heard_at=heard_at)


async def test_a_question_arrives_with_its_buttons(client: ZaloOaClient, lan: Person) -> None:
    assert await client.send(_to(lan), ASK) == Sent(lan.last.id)
    assert (lan.last.text, lan.last.buttons) == (ASK.text, (("5. Rất hài lòng", "#17:5"),))


async def test_a_picture_goes_up_once_and_again_when_it_is_no_longer_there(
    client: ZaloOaClient, fake: FakeZaloOa, lan: Person
) -> None:
    bubble = Bubble(text="Đã dọn xong", blob=7)
    assert isinstance(await client.send(_to(lan), bubble), Sent)
    assert isinstance(await client.send(_to(lan), bubble), Sent)
    assert (lan.last.photo, lan.last.text, len(fake.calls(UPLOAD))) == (JPEG, "Đã dọn xong", 1)
    fake.do(lambda world: world.pictures.clear())
    assert isinstance(await client.send(_to(lan), bubble), Sent)
    assert len(fake.calls(UPLOAD)) == 2


@pytest.mark.parametrize(
    ("blob", "why"),
    [(99, "blob 99 is gone"), (9, "blob 9 is larger than 1 MB"), (8, "-201 file is not jpg or png")],
)
async def test_a_picture_that_zalo_does_not_take(client: ZaloOaClient, lan: Person, blob: int, why: str) -> None:
    async def load(blob: int) -> bytes:
        try:
            return await _blob(blob)
        except KeyError:
            raise LookupError(blob) from None

    client._load_blob = load
    assert await client.send(_to(lan), Bubble(text="x", blob=blob)) == Failed(why, retry=False)


async def test_a_form_that_fails_holds_no_question_back(client: ZaloOaClient, fake: FakeZaloOa, lan: Person) -> None:
    bubble = Bubble(text="Số điện thoại?", wants="contact")
    assert isinstance(await client.send(_to(lan), bubble), Sent)
    assert lan.last.form == "Gửi số điện thoại"
    fake.do(lambda world: world.chats[lan.id].letters.clear())
    client._words = Words(
        ways="", recording="", picture="", contact_title="x" * 101, contact_text="x", contact_image="https://x.vn/a"
    )
    assert isinstance(await client.send(_to(lan), bubble), Sent)
    assert [seen.text for seen in lan.heard] == ["Số điện thoại?"]


async def test_a_long_text_goes_on_where_it_was_interrupted(
    client: ZaloOaClient, fake: FakeZaloOa, lan: Person
) -> None:
    bubble = Bubble(text="\n\n".join(f"Đoạn {n} " + "dài " * 400 for n in range(3)))
    sending = client._deliver

    async def second_is_slow(address: Address, call: object) -> Outcome:
        if len(lan.heard) == 1 and not fake.calls("/slow"):
            client._deliver = sending  # type: ignore[method-assign]  # watched from here on
            return Throttled(1000)
        return await sending(address, call)  # type: ignore[arg-type]

    client._deliver = second_is_slow  # type: ignore[method-assign]  # watched from here on
    assert await client.send(_to(lan), bubble) == Throttled(1000, uncertain=True)
    written_meanwhile = _to(lan, int(fake.do(lambda world: world.now()) * 1000))
    assert isinstance(await client.send(written_meanwhile, bubble), Sent)
    assert [seen.text[:6] for seen in lan.heard] == ["Đoạn 0", "Đoạn 1", "Đoạn 2"]


@pytest.mark.parametrize("code", [-216, -220])
async def test_a_token_that_has_ended_is_renewed_once(
    client: ZaloOaClient, fake: FakeZaloOa, keys: Keys, lan: Person, code: int
) -> None:
    fake.next_fault(SEND, "error", code=code, message="Access token has expired")
    assert isinstance(await client.send(_to(lan), ASK), Sent)
    assert (keys.renewed, len(lan.heard)) == (1, 1)

    fake.next_fault(SEND, "error", code=code, times=2)
    assert await client.send(_to(lan), ASK) == Throttled(60_000)
    assert (keys.renewed, len(lan.heard)) == (2, 1)

    keys.renews = False
    fake.advance(26 * 3600)
    assert await client.send(_to(lan), ASK) == Throttled(60_000)
    keys.pair = None
    assert await client.send(_to(lan), ASK) == Throttled(60_000), "nobody has logged in: it waits"


KINDS: dict[Meaning, type[Outcome]] = {
    "slow": Throttled,
    "quota": Throttled,
    "human": Throttled,
    "gone": Gone,
    "window": WindowClosed,
    "no": Failed,
}


@pytest.mark.parametrize("code", sorted(set(MEANINGS) - {-100, -216, -220}))
async def test_every_class_of_error_is_an_outcome(
    client: ZaloOaClient, fake: FakeZaloOa, lan: Person, troubles: Troubles, code: int
) -> None:
    fake.next_fault(SEND, "error", code=code, message="vì sao")
    says = await client.send(_to(lan), ASK)
    assert isinstance(says, KINDS[MEANINGS[code]])
    assert not isinstance(says, Failed) or not says.retry
    shown = [(code, "vì sao")] if MEANINGS[code] in ("human", "quota") or code == -248 else []
    assert troubles.told == shown
    assert isinstance(await client.send(_to(lan), ASK), Sent)
    assert troubles.told == [*shown, (0, "")]


async def test_an_error_nobody_knows_is_tried_again(client: ZaloOaClient, fake: FakeZaloOa, lan: Person) -> None:
    fake.next_fault(SEND, "error", code=-9999)
    assert await client.send(_to(lan), ASK) == Failed("-9999 fault")


@pytest.mark.parametrize(
    ("kind", "status", "expected"),
    [
        ("status", 502, Failed("HTTP 502", uncertain=True)),
        ("status", 404, Failed("HTTP 404")),
        ("status", 429, Throttled(60_000)),
        ("slow", 200, Throttled(60_000)),
        ("garbage", 200, Failed("the answer could not be read", uncertain=True)),
        ("half", 200, Failed("ClientPayloadError", uncertain=True)),
        ("drop", 200, Failed("ServerDisconnectedError", uncertain=True)),
        ("hang", 200, Failed("TimeoutError", uncertain=True)),
    ],
)
async def test_trouble_on_the_wire(
    client: ZaloOaClient, fake: FakeZaloOa, lan: Person, kind: FaultKind, status: int, expected: Outcome
) -> None:
    client._timeout = aiohttp.ClientTimeout(0.3)
    fake.next_fault(SEND, kind, status=status, carried_out=True)
    says = await client.send(_to(lan), ASK)
    if kind == "hang":
        assert isinstance(says, Failed)
        assert (says.retry, says.uncertain) == (True, True)
    else:
        assert says == expected


async def test_out_of_reach_nothing_is_uncertain(client: ZaloOaClient, lan: Person) -> None:
    client._base = "http://127.0.0.1:9"
    assert await client.send(_to(lan), ASK) == Failed("ClientConnectorError")
    with pytest.raises(ConnectionError):
        await client.quota()


async def test_what_is_past_its_window_is_not_even_tried(client: ZaloOaClient, fake: FakeZaloOa, lan: Person) -> None:
    heard = int(fake.do(lambda world: world.now()) * 1000)
    fake.advance(49 * 3600)
    assert isinstance(await client.send(_to(lan, heard), ASK), WindowClosed)
    assert fake.calls(SEND) == []

    # paid for, it goes out for five days more
    client._paid = True
    client._tokens.grant()  # type: ignore[attr-defined]
    assert isinstance(await client.send(_to(lan, heard), ASK), Sent)
    assert fake.do(lambda world: world.billed) == 1
    fake.advance(6 * 86_400)
    assert isinstance(await client.send(_to(lan, heard), ASK), WindowClosed)
    assert len(fake.calls(SEND)) == 1

    # and where it is not known when the person last wrote, Zalo decides
    client._tokens.grant()  # type: ignore[attr-defined]
    says = await client.send(_to(lan), ASK)
    assert isinstance(says, WindowClosed)
    assert "-230" in says.why


async def test_who_has_gone_or_wants_nothing(client: ZaloOaClient, fake: FakeZaloOa, lan: Person) -> None:
    lan.refuses_messages()
    assert isinstance(await client.send(_to(lan), ASK), Gone)
    ba = fake.user("Ba")
    assert isinstance(await client.send(_to(ba), ASK), Gone)
    nobody = await client.send(Address("1"), ASK)
    assert nobody == Failed("-201 user_id is invalid", retry=False)


async def test_when_no_call_is_left_everybody_waits(
    client: ZaloOaClient, fake: FakeZaloOa, lan: Person, limits: Limits
) -> None:
    fake.do(lambda world: setattr(world, "per_minute", 2))
    now = int(fake.do(lambda world: world.now()) * 1000)
    await client.send(_to(lan), ASK)
    assert limits.take("ai", now) == 0
    await client.send(_to(lan), ASK)
    assert limits.take("ai", now) > 1000
    assert await client.send(_to(lan), ASK) == Throttled(60_000)
    assert limits.take("ai", now) > 5000


async def test_the_quota_is_told(client: ZaloOaClient, fake: FakeZaloOa) -> None:
    assert await client.quota() == Quota(2000, 2000)
    assert quota_in({"remain": 3, "total": "10"}) == Quota(3, 10)
    assert quota_in([{"remain": "9", "total": "10"}, {"remain": "1", "total": "10"}, 5]) == Quota(1, 10)
    strange: tuple[object, ...] = (None, [], {}, "x", {"remain": "x", "total": 1}, {"remain": 1, "total": 0})
    for data in (*strange, {"remain": 1, "total": 1e400}):
        assert quota_in(data) is None
    fake.next_fault("/v3.0/oa/quota/message", "error", code=-224, message="no tariff")
    with pytest.raises(Refused, match="-224 no tariff"):
        await client.quota()


async def test_no_token_in_any_error(
    client: ZaloOaClient, fake: FakeZaloOa, keys: Keys, lan: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert keys.pair is not None
    secret = keys.pair.access
    fake.next_fault(SEND, "error", code=-201, message=f"bad {secret}", times=1)
    says = await client.send(_to(lan), ASK)
    assert says == Failed("-201 bad ***", retry=False)
    assert secret not in repr(keys.pair) + caplog.text
