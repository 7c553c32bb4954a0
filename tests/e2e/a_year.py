"""A commune of 20,000 people whose opinions are known, and what reached its office in a year.

Every person has an opinion of every question before anybody is asked: that is the truth. Some of them answer in the
course of the year, some write to the commune; everything goes in the way of the product (sealed, released in groups,
opened and answered by acts), with the clock of each day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from random import Random

from sqlalchemy import Connection, select

from app.runtime import Runtime
from bot.conversation.effects import GiveConsent
from bot.turn import apply_act
from feedback.acts import Act, Decision, Open, Reply, Take
from feedback.deciding import decide
from feedback.kinds import CATEGORIES, Kind, rule
from feedback.office import Office
from feedback.roles import CITIZEN, OFFICER, Actor, Role
from storage import conversations, officer_rows, responses, units
from storage.officers import by_login
from storage.tables import cases
from storage.tx import Tx
from storage.units import seed_commune
from storage.waves import publish
from surveys.definition import Answer, Survey
from surveys.definition import Kind as Ask
from surveys.options import from_token, options
from surveys.ready import ready
from surveys.walking import next_question
from tests.e2e.recount import Raw
from tests.web.house import House
from vietnam.time import DAY, HOUR, start_of

PEOPLE = 20_000
FIRST, LAST = date(2025, 12, 15), date(2026, 12, 14)
"""The year of NĐ 09/2019."""
SURVEY = "chinh_quyen_than_thien"
_VILLAGES = tuple(f"thôn Mẫu {number}" for number in range(1, 13))
_ANSWER = 0.12
"""The share of the people who answer in the year; two small villages hardly do."""
_SHY, _HARDLY = (3, 9), 0.02
_EVERY = 7
"""Days from one release of answers to the next."""
_KINDS = (Kind.FEEDBACK, Kind.PETITION, Kind.SUGGESTION, Kind.PRAISE, Kind.DIALOGUE, Kind.BUSINESS)


@dataclass(frozen=True, slots=True)
class Year:
    """The commune after its year: its id, its officer, its people's true opinions, and the raw rows."""

    house: House
    commune: int
    desk: Actor
    people: "list[Person]"
    raw: Raw


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the commune: where they live, and what they would answer."""

    village: int
    answers: dict[str, Answer]

    @property
    def content(self) -> bool | None:
        """Whether on the whole they are satisfied; None where they have no opinion of it."""
        level = self.answers.get(OVERALL)
        return level in {4, 5} if isinstance(level, int) and 1 <= level <= 5 else None


OVERALL = next(question.id for question in ready(SURVEY).questions if question.overall)


def people(villages: list[int], seed: int) -> list[Person]:
    """Everybody, village by village; the larger ones are less content."""
    rng = Random(seed)
    survey = ready(SURVEY)
    weights = [1 + at % 4 for at in range(len(villages))]
    found = []
    for at in rng.choices(range(len(villages)), weights, k=PEOPLE):
        mood = 4.1 - 0.2 * weights[at] + rng.gauss(0, 0.5)
        found.append(Person(villages[at], _opinion(survey, rng, mood)))
    return found


def _opinion(survey: Survey, rng: Random, mood: float) -> dict[str, Answer]:
    answers: dict[str, Answer] = {}
    question = next_question(survey, answers, None)
    while question is not None:
        tokens = [token for token, _label, _digit in options(question)]
        answers[question.id] = None
        if question.kind is Ask.LIKERT5:
            answers[question.id] = max(1, min(5, round(mood + rng.gauss(0, 0.8)))) if rng.random() > 0.04 else 0
        elif question.kind is Ask.NPS:
            answers[question.id] = max(0, min(10, round(mood * 2 + rng.gauss(0, 1))))
        elif question.kind in (Ask.SINGLE, Ask.YESNO, Ask.MULTIPLE) and tokens:
            chosen = from_token(question, rng.choice(tokens))
            answers[question.id] = chosen if isinstance(chosen, str | tuple) else None
        question = next_question(survey, answers, question.id)
    return answers


async def live_a_year(house: House, seed: int = 7) -> tuple[Actor, list[Person]]:
    """Let a commune's year pass in an empty house; its officer and everybody's opinion."""
    runtime, store = house.runtime, house.store
    # The opinions' own stream would choose who answers by what they think.
    rng = Random(seed + 1)
    house.at = start_of(FIRST)
    commune = await store.write(_commune)
    desk = await store.write(partial(_officer, commune, house.at))
    wave = (await store.write(lambda tx: publish(tx, commune, ready(SURVEY), "ready", house.at))).wave
    villages = [row.id for row in await store.read(lambda conn: units.villages(conn, commune))]
    found = people(villages, seed)
    shy = {villages[at] for at in _SHY}
    asked = [one for one in found if rng.random() < (_HARDLY if one.village in shy else _ANSWER)]
    rng.shuffle(asked)
    days = [FIRST + timedelta(days=at) for at in range(_EVERY, (LAST - FIRST).days + 1, _EVERY)]
    for at, day in enumerate(days):
        house.at = start_of(day) + 10 * HOUR
        await store.write(partial(_answers, runtime, commune, wave, asked[at :: len(days)], day, rng))
    await _write(house, desk, villages, rng)
    house.at = start_of(LAST + timedelta(days=2)) + 9 * HOUR
    return desk, found


def _commune(tx: Tx) -> int:
    return seed_commune(
        tx, province="tỉnh Mẫu", commune="xã Hai Vạn", village_names=list(_VILLAGES), phone="", contact=""
    )


def _answers(runtime: Runtime, commune: int, wave: int, some: list[Person], day: date, rng: Random, tx: Tx) -> None:
    survey = ready(SURVEY)
    for one in some:
        responses.seal(
            tx,
            runtime.vault,
            survey=survey,
            wave=wave,
            unit=commune,
            village=one.village,
            channel=rng.choice(("webchat", "telegram")),
            answers=one.answers,
        )
    while responses.release(tx, runtime.vault, lambda _version: survey, day, rng, chunk=10_000):
        pass


def _officer(commune: int, at: int, tx: Tx) -> Actor:
    officer_rows.add(
        tx, unit_id=commune, login="tiepnhan", name="Cán bộ Mẫu", role=Role.RECEPTION, password_hash="-", now=at
    )
    found = by_login(tx.conn, "tiepnhan")
    assert found is not None
    return Actor(kind=OFFICER, unit=commune, id=found[0].id, role=Role.RECEPTION)


async def _write(house: House, desk: Actor, villages: list[int], rng: Random) -> None:
    """Two hundred people write to the commune; most are answered, some late, a few never."""
    runtime, store = house.runtime, house.runtime.store
    webchat = await store.write(lambda tx: _webchat(tx, desk.unit))
    instants = sorted(
        start_of(FIRST + timedelta(days=rng.randrange((LAST - FIRST).days))) + rng.randint(7, 20) * HOUR
        for _ in range(200)
    )
    todo: list[tuple[int, int, Act]] = []
    for number, at in enumerate(instants):
        house.at = at
        case = await store.write(_opener(runtime, webchat, villages, at, number, rng))
        later = at + rng.choice((1, 2, 4, 9, 30)) * DAY + 2 * HOUR
        if case is not None and later < start_of(LAST + timedelta(days=1)):
            todo += [(at + 3 * HOUR, case, Take()), (later, case, Reply("Xin trả lời Ông/Bà: xã đã làm xong.", 0))]
    for at, case, act in sorted(todo, key=lambda one: one[0]):
        house.at = at
        await store.write(partial(_act, runtime, case, act, desk, at))


def _webchat(tx: Tx, commune: int) -> conversations.ChannelAccount:
    found = conversations.channel_account(tx.conn, conversations.ensure_channel_account(tx, commune, "webchat"))
    assert found is not None
    return found


def _act(runtime: Runtime, case: int, act: Act, actor: Actor, at: int, tx: Tx) -> None:
    apply_act(runtime.ledger.book(tx, case, at), act, actor, runtime.wording, now=at)


def _opener(
    runtime: Runtime, on: conversations.ChannelAccount, villages: list[int], at: int, number: int, rng: Random
) -> Callable[[Tx], int | None]:
    kind = rng.choices(_KINDS, (6, 2, 1, 1, 1, 1))[0]
    category = rule(kind).field or rng.choice(CATEGORIES)
    village, anonymous = rng.choice(villages), rule(kind).anonymous

    def unit(tx: Tx) -> int | None:
        chat = runtime.ledger.chat(tx, on, f"year-{number}", at)
        act = Open(
            code=chat.desk().new_code(),
            kind=kind,
            category=category,
            text=f"Việc thứ {number}: đường vào thôn cần sửa.",
            village=village,
            anonymous=anonymous,
            name="" if anonymous else "Người Mẫu",
            phone="" if anonymous else f"090000{number:04d}",
            wanted_day="sáng thứ năm" if kind is Kind.DIALOGUE else "",
        )
        citizen = Actor(kind=CITIZEN, unit=chat.unit)
        decision = decide(None, act, citizen, now=at, office=Office())
        assert isinstance(decision, Decision), decision
        chat.consent(GiveConsent(purpose="case", data=("village",), wording="sample"))
        chat.open_case(act, decision, citizen)
        chat.save(None)
        return _id_of(tx.conn, act.code)

    return unit


def _id_of(conn: Connection, code: str) -> int | None:
    return conn.scalar(select(cases.c.id).where(cases.c.code == code))
