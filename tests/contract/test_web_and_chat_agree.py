"""Whatever officers do at once on the console, in their chats, in the group and on the signed page: one story of it.

Seeded walks: the same number gives the same walk, but for who comes first of those who act at the same moment.
"""

import asyncio
import random
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from feedback.acts import Act, Approve, DraftReply, Refusal, Reply, ReturnDraft, Take
from feedback.kinds import Kind
from feedback.states import MOVES, State
from storage import act_chain, board_lines, channel_rows
from storage.store import Store
from storage.tables import acts, cases, outbox
from storage.vault import Vault
from tests.contract.officers_house import PEOPLE, PUBLIC, OfficersHouse, local_ms
from tests.e2e.citizens import said
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.groups import Group
from tests.fakes.telegram.people import Person
from tests.stores import SampleCommune

FRIDAY = local_ms(2026, 11, 20, 13)
PATIENCE = 60
STEPS = 14
TOOK = "Ông/Bà đã nhận việc "
_WAYS = ("take", "draft", "draft", "draft", "reply", "approve", "return", "group", "chat", "sign", "sign", "back")
_DRAFT = {"draft_reply": "waiting", "return_draft": "returned", "approve": "", "reply": ""}
"""What an act leaves of the draft."""


@pytest.fixture
def fake() -> Iterator[FakeTelegram]:
    with FakeTelegram() as running:
        running.flood(chat_burst=1000, per_second=1000)
        yield running


@pytest.fixture
def group(fake: FakeTelegram) -> Group:
    made = fake.group()
    made.adds_bot(fake.user("Chủ nhóm"))
    return made


@pytest.fixture
async def house(
    store: Store, store_url: str, commune: SampleCommune, vault: Vault, tmp_path: Path, fake: FakeTelegram, group: Group
) -> AsyncIterator[OfficersHouse]:
    made = OfficersHouse(store, store_url, commune, vault, tmp_path, fake, FRIDAY)
    await made.opens(group.id)
    await until(lambda: _known(made, "board.upto"))
    yield made
    await made.closes()


async def _known(house: OfficersHouse, fact: str) -> bool:
    telegram = house.commune.telegram
    return fact in await house.runtime.store.read(lambda conn: channel_rows.facts(conn, telegram))


async def until(so: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await so():  # type: ignore[misc]  # every question here is asked of the store
            await asyncio.sleep(0.02)


class Walk:
    """Officers at both doors, and what each door said that it did."""

    def __init__(self, house: OfficersHouse, fake: FakeTelegram, group: Group, seed: int) -> None:
        self.house, self.fake, self.group, self.chance = house, fake, group, random.Random(seed)
        self.people: dict[str, Person] = {}
        self.codes: list[str] = []
        self.on_console: Counter[tuple[str, str, str]] = Counter()
        """By officer, act and code: how often the console, or the signed page, said that it was done."""
        self.signed = 0
        """How often the signed page did something."""

    async def begins(self) -> None:
        for login in PEOPLE:
            self.people[login] = self.fake.user(login)
            await self.house.links(login, self.people[login])
        self.codes = [await self.house.case(kind) for kind in (Kind.FEEDBACK, Kind.PETITION, Kind.PETITION)]
        for code in self.codes:
            await self.group.will_hear(code, PATIENCE)

    async def at_once(self) -> None:
        """Two or three do something at the same moment; then all of it is over."""
        await asyncio.gather(*(self._something() for _ in range(self.chance.randint(2, 3))))
        await self.fake.until(lambda world: not world.updates, PATIENCE)
        # A press has been answered once its turn is committed.
        await self.fake.until(lambda world: all(press.answered for press in world.presses.values()), PATIENCE)

    async def _something(self) -> None:
        code, login = self.chance.choice(self.codes), self.chance.choice(["an", "binh"])
        way = self.chance.choice(_WAYS)
        words = f"Xã trả lời lần {self.chance.randint(1, 10_000)}."
        match way:
            case "take":
                await self._act(login, code, "take", Take())
            case "draft":
                await self._act(login, code, "draft_reply", DraftReply(words, await self._seen(code)))
            case "reply":
                await self._act(login, code, "reply", Reply(words, await self._seen(code)))
            case "approve":
                await self._act("chu", code, "approve", Approve(await self._seen(code)))
            case "return":
                await self._act("chu", code, "return_draft", ReturnDraft("Xin sửa.", await self._seen(code)))
            case "group":
                self.group.presses_data(self.people[login], f"go:cb:nhan:{code}")
            case "chat":
                self.people[login].presses_data(f"go:cb:nhan:{code}")
            case _:
                await self._on_the_page(code, "duyet" if way == "sign" else "tra-lai")

    async def _seen(self, code: str) -> int:
        """The version that the page shows, or one that it showed before."""
        query = select(cases.c.version).where(cases.c.code == code)
        now = int(await self.house.runtime.store.read(lambda conn: conn.scalar(query)) or 0)
        return max(now - self.chance.choice([0, 0, 0, 1]), 1)

    async def _act(self, login: str, code: str, what: str, act: Act) -> None:
        if not isinstance(await self.house.act(login, code, act), Refusal):
            self.on_console[login, what, code] += 1

    async def _on_the_page(self, code: str, way: str) -> None:
        """The leader presses in the chat, and uses a page: the newest one, or one of before."""
        chu = self.people["chu"]
        chu.presses_data(f"go:cb:{'duyet' if way == 'duyet' else 'tra'}:{code}")
        if self.chance.random() < 0.7:
            await chu.will_hear(code, PATIENCE)
        found = [
            (one, found_page.group())
            for seen in chu.heard
            for one in self.codes
            for row in seen.buttons
            for _, target in row
            if one in seen.text and (found_page := re.match(rf"{PUBLIC}/ky/[\w-]+", target))
        ]
        if not found:
            return
        of, page = self.chance.choice(found[-2:])
        status, shown = await self.house.browser("POST", page, way=way, text="Xin sửa lại.")
        done = "Đã duyệt và gửi" in shown or "<h1>Đã trả lại</h1>" in shown
        assert done == (status == 200)
        if done:
            self.signed += 1
            self.on_console["chu", "approve" if way == "duyet" else "return_draft", of] += 1

    async def ends(self) -> None:
        """Every message has left, and the group's lines say what is so."""
        store, telegram = self.house.runtime.store, self.house.commune.telegram
        left = select(outbox.c.id).where(
            outbox.c.channel_account_id == telegram, outbox.c.state.in_(["ready", "leased"])
        )

        async def quiet() -> bool:
            waits = await store.read(lambda conn: conn.execute(left.limit(1)).first())
            return waits is None

        async def shown() -> bool:
            return await store.read(lambda conn: board_lines.changed(conn, telegram, str(self.group.id))) is None

        await until(quiet)
        await until(shown)


@pytest.mark.parametrize("seed", [1, 4])
async def test_the_two_doors_tell_one_story(house: OfficersHouse, fake: FakeTelegram, group: Group, seed: int) -> None:
    walk = Walk(house, fake, group, seed)
    await walk.begins()
    for _ in range(STEPS):
        await walk.at_once()
    await walk.ends()
    assert walk.signed, "another seed: nothing was signed in this walk"
    for code in walk.codes:
        await _chain_tells_the_state(walk, code)
        await _doors_show_the_state(walk, code)
    found = await house.runtime.store.read(act_chain.verify)
    assert all(isinstance(one, act_chain.Whole) for one in found), found


async def _chain_tells_the_state(walk: Walk, code: str) -> None:
    """What was done, one after the other, gives the case as it is; and each door claims exactly what it did."""
    house = walk.house
    id = await house.id_of(code)
    query = select(acts.c.action, acts.c.actor, acts.c.version).where(acts.c.thing == "case", acts.c.thing_id == id)
    rows = await house.runtime.store.read(lambda conn: conn.execute(query.order_by(acts.c.version)).all())
    names = {f"officer:{id}": login for login, id in house.ids.items()}
    state, draft, done = State.NEW, "", Counter[tuple[str, str, str]]()
    for row in rows:
        if row.action == "open":
            continue
        state = MOVES[row.action][state]
        draft = _DRAFT.get(row.action, draft)
        done[names[row.actor], row.action, code] += 1
    assert [row.version for row in rows] == list(range(1, len(rows) + 1)), "no act was lost or written over"
    stands = await house.stands(code)
    assert (str(state), draft) == stands[:2]

    # what the chats said that they took, together with the console, is what was taken: no more, no less
    took: Counter[tuple[str, str, str]] = Counter()
    for login, person in walk.people.items():
        told = [*(seen.text for seen in person.heard), *person.shown]
        took[login, "take", code] += sum(text.startswith(f"{TOOK}{code}") for text in told)
    claimed = {key: many for key, many in (walk.on_console + took).items() if key[2] == code and many}
    assert claimed == dict(done)


async def _doors_show_the_state(walk: Walk, code: str) -> None:
    house, (state, draft, _) = walk.house, await walk.house.stands(code)
    query = select(cases.c.officer_id).where(cases.c.code == code)
    holder = await house.runtime.store.read(lambda conn: conn.scalar(query))
    name = next((PEOPLE[login][0] for login, id in house.ids.items() if id == holder), "")

    # the console
    page = await house.console("an", f"/can-bo/vu-viec/{code}")
    assert f'class="state state-{state}"' in page
    assert name in page
    assert (code in await house.console("chu", "/can-bo/cho-duyet")) == (draft == "waiting")

    # the group, and what it answers to a press
    line = [seen for _, seen in walk.group.said if code in seen.text][-1]
    free = state in (State.NEW, State.RECEIVED, State.REOPENED)
    assert ("Nhận việc" in line.labels) == free
    if state == State.IN_PROGRESS:
        assert f"{name} đã nhận lúc" in line.text
    elif not free:
        assert said(f"officer.state.{state}") in line.text
    if free:
        return
    for login in ("an", "binh"):
        walk.group.presses_data(walk.people[login], f"go:cb:nhan:{code}")
        told = await walk.people[login].will_be_shown(code)
        if state != State.IN_PROGRESS:
            assert said(f"officer.state.{state}") in told
        else:
            assert ("Ông/Bà đang giữ việc" if house.ids[login] == holder else f"do {name} nhận") in told
