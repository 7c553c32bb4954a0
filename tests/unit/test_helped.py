"""What was entered for others: counted by who helped, and set side by side without a verdict (DL7)."""

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, update

from app.report_source import StoreSource
from app.wording import app_wording
from feedback.entered_alike import FEWEST, alike
from reports.source import Help
from storage import helped, paper, paper_reading
from storage.ids import new_id
from storage.store import Store
from storage.tables import accounts as account_rows
from storage.tables import cases, officers, paper_totals, persons, waves
from storage.tx import Tx
from storage.vault import Vault
from surveys.definition import Answer
from surveys.outliers import LEVEL, Code, Pile, holm, outliers, too_fast
from tests.stores import SampleCommune
from tests.unit.test_paper_entry import ANSWERS, Desk, number
from vietnam.text import fold
from vietnam.time import DAY, MINUTE, day_of

ROAD = "Đường vào xóm bị sạt lở từ tuần trước, xe máy không đi qua được, mong xã cho sửa sớm."
OTHERS = (
    "Xin hỏi về chế độ của người cao tuổi sống một mình ở thôn.",
    "Nhà văn hóa thiếu ghế ngồi, đề nghị bổ sung trước Tết.",
    "Rác ở chợ ba ngày chưa ai dọn, mùi rất khó chịu.",
    "Cột điện đầu cầu nghiêng, trẻ con đi học rất nguy hiểm.",
    "Đề nghị cấp lại giấy chứng nhận hộ nghèo năm nay.",
    "Mương thủy lợi tắc, ruộng cuối nguồn không có nước.",
)


# --- cases in the same words ------------------------------------------------------------------------------------------


def test_five_cases_in_nearly_the_same_words_are_something_to_look_at() -> None:
    copied = [ROAD.replace("tuần", word) for word in ("tuần", "tháng", "tuần", "hôm", "tuần")]
    assert alike([fold(text) for text in (*copied, *OTHERS[:3])]) == [0, 1, 2, 3, 4]
    assert alike([fold(text) for text in (*copied[:4], *OTHERS)]) == [], "four are too few"
    assert alike([fold(text) for text in (*copied, *OTHERS)]) == [], "of eleven, five are not the half"
    assert alike([fold(text) for text in OTHERS]) == []
    assert alike([fold("Đèn hỏng.")] * 9) == [], "what is short is alike by being short"


@given(st.lists(st.sampled_from((ROAD, *OTHERS)), max_size=14), st.randoms(use_true_random=False))
def test_order_changes_nothing_and_few_are_never_named(texts: list[str], random: Random) -> None:
    found = alike([fold(text) for text in texts])
    assert not found or (len(found) >= FEWEST and 2 * len(found) >= len(texts))
    shuffled = random.sample(texts, len(texts))
    assert sorted(texts[at] for at in found) == sorted(shuffled[at] for at in alike([fold(text) for text in shuffled]))


# --- forms ------------------------------------------------------------------------------------------------------------


@given(st.lists(st.floats(0, 1), max_size=12))
def test_holm_passes_what_bonferroni_does_and_only_the_rarest(chances: list[float]) -> None:
    passed = holm(chances)
    for at, p in enumerate(chances):
        if p <= LEVEL / len(chances):
            assert passed[at], "never stricter than sharing the level equally"
        if passed[at]:
            assert p <= LEVEL
            assert all(passed[other] for other, q in enumerate(chances) if q < p)


def test_the_second_of_two_unlike_helpers_is_not_hidden_by_the_number_of_tests() -> None:
    # given three tests of which the level shared equally would let only the rarest pass
    assert holm([0.001, 0.004, 0.5], 0.01) == [True, True, False]
    assert holm([0.004, 0.001, 0.5], 0.01) == [True, True, False]
    assert holm([0.004, 0.004, 0.5], 0.01) == [False, False, False]
    assert holm([], 0.01) == []


def test_forms_that_came_faster_than_anybody_types_are_named_whatever_the_others_did() -> None:
    assert too_fast(30, 60.0, 20)
    assert not too_fast(30, 30 * 20 * 0.2, 20)
    assert not too_fast(0, 0.0, 20)
    quick = Pile(helper="a", forms=30, counts={"4": 30}, hurried=30)
    assert [(one.helper, one.code, one.count) for one in outliers([quick])] == [("a", "hurried", 30)]
    assert outliers([Pile(helper="a", forms=30, counts={"4": 30}, hurried=19)]) == []


@pytest.mark.parametrize("code", get_args(Code))
def test_every_finding_has_its_words_in_the_console_and_on_the_command_line(code: str) -> None:
    assert "{who}" not in app_wording()(f"phieu.finding.{code}", who="Bà Mẫu")
    page = (Path(__file__).parents[2] / "web" / "templates" / "console" / "review.html").read_text("utf-8")
    assert f'"{code}": "' in page


@pytest.fixture
def desk(store: Store, commune: SampleCommune, vault: Vault, now: int) -> Desk:
    return Desk(store, commune, vault, now)


async def pile(desk: Desk, numbers: range, *, minutes: int = 30, said: dict[str, Answer] | None = None) -> int:
    """A closed pile that took so long."""
    batch = await desk.open(expected=len(numbers))
    for n in numbers:
        await desk.type(batch, number(n), said or ANSWERS)
    await desk.check(batch, said or ANSWERS)
    desk.now += minutes * MINUTE
    await desk.close(batch)
    return batch


async def helper(desk: Desk, role: str, login: str) -> int:
    """One more officer who enters for others; the desk goes on as that one."""
    id = new_id()
    values = {"id": id, "unit_id": desk.commune.commune, "login": login, "name": f"Bà {login}", "role": role}
    await desk.store.write(
        lambda tx: tx.execute(insert(officers).values(**values, password_hash="", created_at=0)).rowcount
    )
    return id


async def asked(desk: Desk, ask: Callable[[StoreSource], Help]) -> Help:
    return await desk.store.read(lambda conn: ask(StoreSource(conn, desk.commune.commune, desk.vault)))


async def month(desk: Desk) -> Help:
    today = day_of(desk.now)
    return await asked(desk, lambda source: source.help(today.replace(day=1), today))


async def test_forms_are_counted_by_the_kind_of_helper(desk: Desk) -> None:
    await pile(desk, range(1, 8))
    desk.actor = type(desk.actor)(
        kind="officer", unit=desk.commune.commune, id=await helper(desk, "village_head", "thon"), role=desk.actor.role
    )
    await pile(desk, range(20, 24))
    assert (await month(desk)).forms == {"officer": 7, "village_head": 4}
    # what was closed in another month is not of this one, nor is what another commune entered
    desk.now += 40 * DAY
    assert (await month(desk)).forms == {}


async def test_piles_that_took_no_time_are_to_be_looked_at_unless_their_wave_is_sealed(desk: Desk) -> None:
    await pile(desk, range(1, 22), minutes=30)
    assert not (await month(desk)).forms_unlike
    await pile(desk, range(30, 52), minutes=0)
    assert (await month(desk)).forms_unlike
    for closed in ({"sealed": 1}, {"sealed": 0, "owner": "front"}):
        await desk.store.write(lambda tx, closed=closed: tx.execute(update(waves).values(**closed)).rowcount)  # type: ignore[misc]  # a default binds what the loop changes
        assert not (await month(desk)).forms_unlike, closed
    await desk.store.write(lambda tx: tx.execute(update(waves).values(state="closed")).rowcount)
    assert (await month(desk)).forms_unlike


async def test_no_more_is_kept_of_a_helper_than_before(desk: Desk) -> None:
    await pile(desk, range(1, 22), minutes=0)
    columns = {column.name for column in paper_totals.c}
    assert columns == {"batch_id", "wave_id", "officer_id", "forms", "checked", "differing", "counts"}
    totals = await desk.store.read(lambda conn: paper_reading.totals(conn, desk.vault, desk.commune.wave))
    assert paper.FEWEST <= totals[0].forms == 21


async def test_cases_entered_for_others_are_counted_and_compared(desk: Desk) -> None:
    unit, head = desk.commune.commune, await helper(desk, "village_head", "thon")
    front = await helper(desk, "front", "mattran")

    def write(tx: Tx) -> None:
        person, account = new_id(), new_id()
        tx.execute(insert(persons).values(id=person, unit_id=unit, created_at=0))
        tx.execute(
            insert(account_rows).values(
                id=account, person_id=person, channel_account_id=desk.commune.webchat, platform_id="x", created_at=0
            )
        )
        entered = [(head, ROAD)] * 6 + [(front, OTHERS[0]), (front, OTHERS[1]), (None, ROAD)]
        for at, (who, text) in enumerate(entered):
            tx.execute(
                insert(cases).values(
                    id=new_id(), unit_id=unit, code=f"M-{at}", kind="feedback", category="roads", text=text,
                    folded=fold(text), state="new", account_id=account, channel="visit", helper_id=who,
                    opened_at=desk.now - at,
                )
            )  # fmt: skip

    await desk.store.write(write)
    found = await month(desk)
    assert found.cases == {"village_head": 6, "front": 2}
    assert found.cases_alike

    # a confidential one is neither counted nor compared
    await desk.store.write(
        lambda tx: tx.execute(update(cases).where(cases.c.code < "M-2").values(confidential=1)).rowcount
    )
    found = await month(desk)
    assert found.cases == {"village_head": 4, "front": 2}
    assert not found.cases_alike
    rows = await desk.store.read(lambda conn: helped.cases_by_helper(conn, unit, 0, desk.now + 1))
    assert {case.code for one in rows for case in one.newest} == {f"M-{at}" for at in range(2, 8)}
    assert await desk.store.read(lambda conn: helped.cases_by_helper(conn, unit + 1, 0, desk.now + 1)) == []
