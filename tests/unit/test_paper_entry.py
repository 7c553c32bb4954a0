"""Typed forms in the store: sealed until their pile is closed, counted once, nothing left behind."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from random import Random

import msgspec
import pytest
from pypdf import PdfReader
from sqlalchemy import Connection, func, insert, select, update

from app import phieu
from app.runtime import Runtime
from app.settings import Settings
from app.wording import bot_wording
from feedback.roles import OFFICER, Actor, Role
from storage import invitations, paper, paper_reading, units
from storage.blobs import open_blobs
from storage.ids import new_id
from storage.paper import Closed, Refused
from storage.paper_reading import Drawn
from storage.responses import Body
from storage.store import Store
from storage.tables import acts, frame_rows, frames, paper_batches, paper_forms, paper_totals, sealed_responses, waves
from storage.tables import participations as tokens
from storage.tx import Tx
from storage.vault import Vault, WrongKey
from surveys.definition import Answer
from surveys.paper_numbers import form_number
from tests.stores import SampleCommune
from vietnam.time import DAY

ANSWERS: dict[str, Answer] = {
    "chung": 4,
    "mot": "a",
    "nhieu": ("a", "b"),
    "so": 2,
    "gioi_thieu": 9,
    "co_khong": "no",
    "gop_y": None,
}


class Desk:
    """An officer at a store, with chance that a test can repeat."""

    def __init__(self, store: Store, commune: SampleCommune, vault: Vault, now: int) -> None:
        self.store, self.commune, self.vault, self.now = store, commune, vault, now
        self.actor = Actor(kind=OFFICER, unit=commune.commune, id=commune.officer, role=Role.RECEPTION)
        self.rng = Random(7)

    def chance(self, n: int, k: int) -> list[int]:
        return self.rng.sample(range(n), k)

    async def open(self, expected: int = 3, village: int | None = None) -> int:
        def unit(tx: Tx) -> int:
            return paper.open_batch(
                tx,
                self.actor,
                wave=self.commune.wave,
                village=village,
                source="phone",
                expected=expected,
                now=self.now,
            )

        return await self.store.write(unit)

    async def type(self, batch: int, number: str, answers: dict[str, Answer] | None = None, again: str = "") -> str:
        survey, said = self.commune.survey, answers or ANSWERS
        return await self.store.write(
            lambda tx: paper.save(tx, self.vault, batch, number, survey, said, self.now, again=again)
        )

    async def check(self, batch: int, answers: dict[str, Answer] | None = None) -> list[tuple[str, ...]]:
        """Draw and type every drawn form again; which questions differed, form by form."""
        await self.store.write(lambda tx: paper.draw(tx, self.actor, batch, self.chance, self.now))
        survey, said = self.commune.survey, answers or ANSWERS
        found = []
        for form in await self.forms(batch):
            if form.drawn is Drawn.WAITING:
                number = form.number
                _, differing = await self.store.write(
                    lambda tx, number=number: paper.check(tx, self.vault, batch, number, survey, said, self.now)  # type: ignore[misc]  # a default binds what the loop changes
                )
                found.append(differing)
        return found

    async def close(self, batch: int) -> Closed:
        survey = self.commune.survey
        return await self.store.write(
            lambda tx: paper.close(tx, self.vault, self.actor, batch, survey, self.chance, self.now)
        )

    async def forms(self, batch: int) -> list[paper_reading.Form]:
        return await self.store.read(lambda conn: paper_reading.bodies(conn, batch))

    async def sealed(self) -> Sequence[Body]:
        rows = await self.store.read(lambda conn: conn.execute(select(sealed_responses)).all())
        return [
            msgspec.json.decode(self.vault.open(row.body, b"sealed_responses:%d" % row.id), type=Body) for row in rows
        ]


@pytest.fixture
def desk(store: Store, commune: SampleCommune, vault: Vault, now: int) -> Desk:
    return Desk(store, commune, vault, now)


def number(n: int) -> str:
    return form_number(b"forms of the test", n)


async def count(store: Store, table: object) -> int:
    def look(conn: Connection) -> int:
        return conn.scalar(select(func.count()).select_from(table)) or 0  # type: ignore[arg-type]

    return await store.read(look)


async def test_typed_forms_are_sealed_each_to_its_own_row_and_equally_long(desk: Desk) -> None:
    batch = await desk.open()
    await desk.type(batch, number(1))
    await desk.type(batch, number(2), {**ANSWERS, "gop_y": "Cần thêm ghế ngồi. " * 40})
    one, other = await desk.forms(batch)
    assert len(one.body) == len(other.body)
    assert b"gop_y" not in one.body + other.body
    assert paper_reading.opened(desk.vault, one.id, one.body)["nhieu"] == ("a", "b")
    with pytest.raises(WrongKey):
        paper_reading.opened(desk.vault, other.id, one.body)


async def test_closing_counts_every_form_once_and_leaves_nothing_of_the_typing(desk: Desk) -> None:
    batch = await desk.open(5, desk.commune.villages[3])
    for n in range(1, 6):
        await desk.type(batch, number(n))
    assert await desk.check(batch) == [()]
    assert await desk.close(batch) == Closed(forms=5, late=0, checked=1, differing=0)
    assert [(body.answers, body.assisted) for body in await desk.sealed()] == [(ANSWERS, True)] * 5
    assert await count(desk.store, paper_forms) == 0
    assert await count(desk.store, tokens) == 5
    with pytest.raises(Refused, match="closed"):
        await desk.close(batch)


async def test_counts_of_a_pile_are_kept_sealed_and_only_from_five_forms_on(desk: Desk) -> None:
    small, large = await desk.open(4), await desk.open(5)
    for n in range(1, 5):
        await desk.type(small, number(n))
    for n in range(5, 10):
        await desk.type(large, number(n))
    for batch in (small, large):
        await desk.check(batch)
        await desk.close(batch)
    wave = desk.commune.wave
    few, many = await desk.store.read(lambda conn: paper_reading.totals(conn, desk.vault, wave))
    assert few.kept is None
    assert many.kept is not None
    assert many.kept.counts["chung"] == {"4": 5}
    [pile] = paper_reading.piles([few, many], desk.commune.survey)
    assert (pile.forms, pile.counts) == (5, {"4": 5})
    raw = await desk.store.read(lambda conn: conn.execute(select(paper_totals.c.counts)).scalars().all())
    assert sorted(map(bool, raw)) == [False, True]
    assert not any(b"chung" in bytes.fromhex(one) for one in raw)


async def test_a_form_comes_in_once_whichever_pile_it_is_in(desk: Desk) -> None:
    first, other = await desk.open(), await desk.open()
    await desk.type(first, number(1))
    for batch in (first, other):
        with pytest.raises(Refused, match="twice") as refused:
            await desk.type(batch, number(1))
        assert refused.value.where is not None
        assert refused.value.where.id == first
    await desk.check(first)
    await desk.close(first)
    with pytest.raises(Refused, match="twice") as refused:
        await desk.type(other, number(1))
    assert refused.value.where is None
    assert len(await desk.sealed()) == 1


async def test_two_officers_who_type_the_same_form_at_once_make_one(desk: Desk) -> None:
    piles = [await desk.open() for _ in range(6)]
    done = await asyncio.gather(*(desk.type(batch, number(1)) for batch in piles), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["Refused"] * 5 + ["str"]


async def test_what_differs_is_decided_by_the_second_typing(desk: Desk) -> None:
    batch = await desk.open(1)
    await desk.type(batch, number(1))
    assert await desk.check(batch, {**ANSWERS, "chung": 1, "gop_y": "Khác."}) == [("chung", "gop_y")]
    with pytest.raises(Refused, match="unchecked"):
        await desk.close(batch)
    survey, now = desk.commune.survey, desk.now
    await desk.store.write(lambda tx: paper.settle(tx, desk.vault, batch, number(1), survey, now, second=True))
    assert await desk.close(batch) == Closed(forms=1, late=0, checked=1, differing=2)
    assert (await desk.sealed())[0].answers["chung"] == 1


async def test_a_pile_is_not_closed_unchecked_and_takes_nothing_while_it_is_checked(desk: Desk) -> None:
    batch = await desk.open()
    await desk.type(batch, number(1))
    with pytest.raises(Refused, match="unchecked"):
        await desk.close(batch)
    await desk.check(batch)
    with pytest.raises(Refused, match="checking"):
        await desk.type(batch, number(2))


async def test_a_wave_that_closes_meanwhile_takes_no_pile_any_more(desk: Desk) -> None:
    batch = await desk.open()
    await desk.type(batch, number(1))
    await desk.check(batch)
    over = update(waves).values(state="closed", closes_at=desk.now)
    await desk.store.write(lambda tx: tx.execute(over).rowcount)
    with pytest.raises(Refused, match="over"):
        await desk.close(batch)
    with pytest.raises(Refused, match="over"):
        await desk.open()
    assert await desk.sealed() == []


async def test_an_empty_pile_is_simply_closed(desk: Desk) -> None:
    batch = await desk.open()
    assert await desk.close(batch) == Closed(0, 0, 0, 0)
    assert await count(desk.store, paper_totals) == 0


async def test_a_pile_thrown_away_may_be_typed_anew(desk: Desk) -> None:
    batch = await desk.open()
    await desk.type(batch, number(1))
    await desk.store.write(lambda tx: paper.discard(tx, desk.actor, batch, desk.now))
    assert await count(desk.store, paper_forms) == 0
    assert await desk.type(await desk.open(), number(1)) == number(1)


@pytest.mark.parametrize(("later", "ended", "swept"), [(29, None, 0), (30, None, 1), (2, 0, 1), (0, 0, 0)])
async def test_what_nobody_closes_is_destroyed(desk: Desk, later: int, ended: int | None, swept: int) -> None:
    batch = await desk.open()
    await desk.type(batch, number(1))
    if ended is not None:
        over = update(waves).values(state="closed", closes_at=desk.now + ended * DAY)
        await desk.store.write(lambda tx: tx.execute(over).rowcount)
    assert await desk.store.write(lambda tx: paper.sweep(tx, desk.now + later * DAY)) == swept
    assert await count(desk.store, paper_forms) == 1 - swept
    assert await desk.store.write(lambda tx: paper.sweep(tx, desk.now + later * DAY)) == 0


async def test_the_list_of_acts_says_who_and_how_many_and_no_answer(desk: Desk) -> None:
    batch = await desk.open()
    await desk.type(batch, number(1))
    await desk.check(batch)
    await desk.close(batch)
    rows = await desk.store.read(
        lambda conn: conn.execute(
            select(acts.c.action, acts.c.actor, acts.c.detail).where(acts.c.thing == "paper")
        ).all()
    )
    assert [row.action for row in rows] == ["open", "draw", "close"]
    assert {row.actor for row in rows} == {f"officer:{desk.commune.officer}"}
    assert number(1) not in "".join(row.detail for row in rows)


async def invited(desk: Desk) -> list[str]:
    """The wave is asked of two households on paper; their codes."""
    commune, frame = desk.commune, new_id()
    rows = [new_id(), new_id()]

    def unit(tx: Tx) -> None:
        facts = {"unit_id": commune.commune, "name": "hộ", "kind": "household", "size": 2, "checksum": "x"}
        tx.execute(insert(frames).values(id=frame, imported_at=desk.now, **facts))
        for place, row in enumerate(rows, start=1):
            tx.execute(insert(frame_rows).values(id=row, frame_id=frame, number=place, body=b"sealed"))
        tx.execute(update(waves).where(waves.c.id == commune.wave).values(kind="invited", frame_id=frame))
        drawn = [invitations.Drawn(row, None, None) for row in rows]
        invitations.invite_rows(tx, desk.vault, commune.commune, commune.wave, drawn, desk.now)

    await desk.store.write(unit)
    slips = await desk.store.read(lambda conn: invitations.slips(conn, commune.wave, paper_only=True))
    return [invitations.code_of(desk.vault, commune.commune, commune.wave, s.row, bytes(s.code)) for s in slips]


async def test_forms_of_an_invited_wave_come_in_by_their_codes(desk: Desk) -> None:
    codes = await invited(desk)
    batch = await desk.open(2)
    assert await desk.type(batch, codes[0].lower().replace("-", " ")) == codes[0]
    with pytest.raises(Refused, match="number"):
        await desk.type(batch, number(1))
    with pytest.raises(Refused, match="twice"):
        await desk.type(batch, codes[0])
    await desk.type(batch, codes[1])
    # meanwhile one of them answers in the chat
    from storage import participations

    def answer(tx: Tx) -> None:
        found = invitations.find(tx.conn, desk.vault, desk.commune.commune, codes[1], desk.now)
        assert found is not None
        token = participations.of_invitation(desk.vault, desk.commune.wave, found.id)
        tx.execute(insert(tokens).values(token=token, wave_id=desk.commune.wave))

    await desk.store.write(answer)
    await desk.check(batch)
    done = await desk.close(batch)
    assert (done.forms, done.late) == (1, 1)
    with pytest.raises(Refused, match="used"):
        await desk.type(await desk.open(), codes[0])


async def test_forms_of_an_invited_wave_are_printed_with_their_codes(
    desk: Desk, store_url: str, tmp_path: Path
) -> None:
    codes = await invited(desk)
    runtime = Runtime(Settings(), desk.store, desk.vault, bot_wording(), open_blobs(store_url, desk.store))
    runtime.now = lambda: desk.now
    unit = await desk.store.read(lambda conn: units.unit(conn, desk.commune.commune))
    asked = await phieu.running(runtime, unit, "mau")
    assert asked is not None
    wanted = phieu.Wanted(survey=asked[1], wave=asked[0], copies=10, two_sided=False)
    assert await phieu.print_forms(runtime, unit, wanted, tmp_path / "a.pdf") == 2
    said = "".join(page.extract_text() for page in PdfReader(tmp_path / "a.pdf").pages)
    assert all(code in said for code in codes)
    late = msgspec.structs.replace(wanted, first=3)
    assert await phieu.print_forms(runtime, unit, late, tmp_path / "b.pdf") == 0


async def test_findings_wait_where_results_are_sealed(desk: Desk, store_url: str) -> None:
    runtime = Runtime(Settings(), desk.store, desk.vault, bot_wording(), open_blobs(store_url, desk.store))
    unit = await desk.store.read(lambda conn: units.unit(conn, desk.commune.commune))
    assert await phieu.helped(runtime, unit, "mau") == phieu.Helped([], [])
    await desk.store.write(lambda tx: tx.execute(update(waves).values(sealed=1)).rowcount)
    assert await phieu.helped(runtime, unit, "mau") == phieu.Helped([], None)
    assert await phieu.helped(runtime, unit, "khac") is None


async def test_a_pile_belongs_to_its_commune(desk: Desk) -> None:
    batch = await desk.open()
    row = await desk.store.read(lambda conn: conn.execute(select(paper_batches)).one())
    assert (row.id, row.unit_id, row.officer_id) == (batch, desk.commune.commune, desk.commune.officer)
    elsewhere = await desk.store.read(lambda conn: paper_reading.open_batches(conn, desk.commune.province, desk.now))
    assert elsewhere == []
