"""Sample data: villages called after trees, six months of answers, a few cases. None of it is real."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from random import Random

from app import demo_answers
from app.runtime import Runtime
from bot.conversation.effects import GiveConsent
from bot.turn import apply_act
from feedback.acts import Act, Decision, Open, Take
from feedback.deciding import decide
from feedback.kinds import CATEGORIES, Kind, rule
from feedback.office import Office
from feedback.roles import CITIZEN, OFFICER, Actor, Role
from storage import conversations, officer_rows, responses, units, waves
from storage.officers import by_login
from storage.tables import cases as case_rows
from storage.tx import Tx
from surveys.definition import Answer, Survey
from surveys.definition import Kind as Ask
from surveys.options import from_token, options
from surveys.ready import ready, ready_file, ready_names
from surveys.walking import next_question
from vietnam.time import DAY, HOUR, day_of, start_of

VILLAGES = (
    "thôn Chè", "thôn Đào", "thôn Hồi", "thôn Lê", "thôn Mai", "thôn Mận",
    "thôn Na", "thôn Nghiến", "thôn Quế", "thôn Sở", "thôn Thông", "thôn Trám",
)  # fmt: skip
OFFICERS = (
    ("canbo", Role.RECEPTION, "demo.officer"),
    ("lanhdao", Role.LEADER, "demo.leader"),
    ("chuyenmon", Role.SPECIALIST, "demo.specialist"),
    ("quantri", Role.ADMIN, "demo.admin"),
    ("mattran", Role.FRONT, "demo.front"),
    ("truongthon", Role.VILLAGE_HEAD, "demo.village_head"),
)
SURVEYS = ("chinh_quyen_than_thien", "sau_thu_tuc", "dan_chu_o_co_so")
"""The ready questionnaires that stand open: a menu of all of them would be no choice."""
_MONTHS = 6
_SEED = 2026
_QUIET = (3, 9)
_QUIET_DAYS = 0.8
_BUSY_DAYS = 0.45
_LATELY = 8 * DAY
"""Answers of these days still wait for the leader."""


async def publish_ready(
    runtime: Runtime, unit_id: int, names: Sequence[str] = (), *, at: int | None = None
) -> dict[str, waves.Published]:
    """Publish ready questionnaires, all where none is named."""
    published = {}
    for name in names or ready_names():
        checksum = hashlib.sha256(ready_file(name)).hexdigest()
        now = runtime.now() if at is None else at
        unit = partial(waves.publish, unit_id=unit_id, survey=ready(name), checksum=checksum, now=now)
        published[name] = await runtime.store.write(unit)
    return published


async def add_officers(runtime: Runtime, unit_id: int, hashed: str) -> list[str]:
    """The sample officers, one of each role, with one password; their log-ins."""
    first = (await runtime.store.read(lambda conn: units.villages(conn, unit_id)))[0].id
    for login, role, key in OFFICERS:
        await runtime.store.write(
            partial(
                officer_rows.add,
                unit_id=first if role is Role.VILLAGE_HEAD else unit_id,
                login=login,
                name=runtime.wording(key),
                role=role,
                password_hash=hashed,
                now=runtime.now(),
            )
        )
    return [login for login, _role, _key in OFFICERS]


async def fill(runtime: Runtime, unit_id: int) -> None:
    """Six months of sample answers and cases, the same on every machine for the same day."""
    rng = Random(_SEED)  # noqa: S311 - sample data, the same every time
    today = day_of(runtime.now())
    first = _months_ago(today, _MONTHS)
    published = await publish_ready(runtime, unit_id, SURVEYS, at=start_of(first))
    webchat = await runtime.store.write(lambda tx: _webchat(tx, unit_id))
    villages = [village.id for village in await runtime.store.read(lambda conn: units.villages(conn, unit_id))]
    for name, wave in published.items():
        survey = ready(name)
        for day in _days(first, today, rng, 14 if survey.factors else 9):
            batch = Batch(unit_id, survey, wave.wave, villages, day)
            await runtime.store.write(partial(_answers, runtime=runtime, batch=batch, rng=rng))
    await _cases(runtime, unit_id, webchat, villages, first, today, rng)


def _months_ago(day: date, months: int) -> date:
    total = day.year * 12 + day.month - 1 - months
    return date(total // 12, total % 12 + 1, 1)


def _webchat(tx: Tx, unit_id: int) -> conversations.ChannelAccount:
    found = conversations.channel_account(tx.conn, conversations.ensure_channel_account(tx, unit_id, "webchat"))
    if found is None:
        raise AssertionError("it was just made")
    return found


def _days(first: date, last: date, rng: Random, gap: int) -> list[date]:
    days = []
    day = first + timedelta(days=2)
    while day < last:
        days.append(day)
        day += timedelta(days=rng.randint(max(gap - 4, 2), gap))
    return days


@dataclass(frozen=True, slots=True)
class Batch:
    """Answers that are released on one day."""

    unit: int
    survey: Survey
    wave: int
    villages: list[int]
    day: date


def _answers(tx: Tx, runtime: Runtime, batch: Batch, rng: Random) -> None:
    """A batch of answers; two villages stay too small to be shown."""
    for place, village in enumerate(batch.villages):
        channel = rng.choice(("webchat", "webchat", "telegram"))
        quiet = place in _QUIET and rng.random() < _QUIET_DAYS
        for _ in range(rng.randint(5, 7) if not quiet and rng.random() < _BUSY_DAYS else 0):
            responses.seal(
                tx,
                runtime.vault,
                survey=batch.survey,
                wave=batch.wave,
                unit=batch.unit,
                village=village,
                channel=channel,
                answers=one_answer(batch.survey, rng, place, batch.day),
            )
    while responses.release(tx, runtime.vault, lambda _version: batch.survey, batch.day, rng, chunk=10_000):
        pass


def one_answer(survey: Survey, rng: Random, place: int, day: date) -> dict[str, Answer]:
    """One person's answers: mostly content, less so in some villages, a little better each month."""
    answers: dict[str, Answer] = {}
    mood = 3.55 + 0.03 * day.month + (-0.35 if place % 4 == 1 else 0.1) + rng.gauss(0, 0.5)
    question = next_question(survey, answers, None)
    while question is not None:
        answers[question.id] = _answer(question.kind, rng, mood) if question.kind in (Ask.LIKERT5, Ask.NPS) else None
        tokens = [token for token, _label, _digit in options(question)]
        if question.kind in (Ask.SINGLE, Ask.YESNO, Ask.MULTIPLE) and tokens:
            weights = [3] * (len(tokens) - 1) + [1]
            chosen = from_token(question, rng.choices(tokens, weights)[0])
            answers[question.id] = chosen if isinstance(chosen, str | tuple) else None
        elif question.kind is Ask.LIKERT5 and rng.random() < 0.05:
            answers[question.id] = 0
        question = next_question(survey, answers, question.id)
    return answers


def _answer(kind: Ask, rng: Random, mood: float) -> int:
    if kind is Ask.NPS:
        return max(0, min(10, round(mood * 2 + rng.gauss(0, 1))))
    return max(1, min(5, round(mood + rng.gauss(0, 0.8))))


_KINDS = (Kind.FEEDBACK, Kind.PETITION, Kind.DIALOGUE, Kind.SUGGESTION, Kind.PRAISE, Kind.CONDUCT)


async def _cases(
    runtime: Runtime,
    unit_id: int,
    webchat: conversations.ChannelAccount,
    villages: list[int],
    first: date,
    today: date,
    rng: Random,
) -> None:
    officer = await runtime.store.read(lambda conn: by_login(conn, OFFICERS[0][0]))
    actor = Actor(kind=OFFICER, unit=unit_id, id=officer[0].id if officer else 0, role=Role.RECEPTION)
    leader = await runtime.store.read(lambda conn: by_login(conn, OFFICERS[1][0]))
    signs = Actor(kind=OFFICER, unit=unit_id, id=leader[0].id if leader else 0, role=Role.LEADER)
    at_desk = demo_answers.Desk(actor, signs)
    for number, day in enumerate(_days(first, today, rng, 6), start=1):
        kind = rng.choices(_KINDS, (6, 3, 2, 1, 1, 1))[0]
        at = start_of(day) + rng.randint(7, 20) * HOUR
        case = await runtime.store.write(_opener(runtime, webchat, kind, villages, at, number, rng))
        later = at + rng.randint(1, 9) * DAY + rng.randint(1, 5) * HOUR
        if later < runtime.now() and case is not None:
            await runtime.store.write(_actor(runtime, case, Take(), actor, at + 5 * HOUR))
            waits = later > runtime.now() - _LATELY
            await demo_answers.answer(runtime, at_desk, demo_answers.Asked(case, number, waits), later)


def _opener(
    runtime: Runtime,
    on: conversations.ChannelAccount,
    kind: Kind,
    villages: list[int],
    at: int,
    number: int,
    rng: Random,
) -> Callable[[Tx], int | None]:
    category = rule(kind).field or rng.choice(CATEGORIES)
    anonymous = kind is not Kind.DIALOGUE and rng.random() < 0.6
    village = rng.choice(villages)

    def unit(tx: Tx) -> int | None:
        chat = runtime.ledger.chat(tx, on, f"sample-{number}", at)
        act = Open(
            code=chat.desk().new_code(),
            kind=kind,
            category=category,
            text=runtime.wording(f"demo.text.{kind}.{category}"),
            village=village,
            anonymous=anonymous,
            name="" if anonymous else runtime.wording("demo.citizen", number=number),
            phone="" if anonymous else f"090000{number:04d}",
            wanted_day=runtime.wording("demo.day") if kind is Kind.DIALOGUE else "",
        )
        citizen = Actor(kind=CITIZEN, unit=chat.unit)
        decision = decide(None, act, citizen, now=at, office=Office())
        if not isinstance(decision, Decision):
            return None
        chat.consent(GiveConsent(purpose="case", data=("village",), wording="sample"))
        chat.open_case(act, decision, citizen)
        chat.save(None)
        return tx.conn.scalar(case_rows.select().with_only_columns(case_rows.c.id).where(case_rows.c.code == act.code))

    return unit


def _actor(runtime: Runtime, case: int, act: Act, actor: Actor, at: int) -> Callable[[Tx], None]:
    def unit(tx: Tx) -> None:
        apply_act(runtime.ledger.book(tx, case, at), act, actor, runtime.wording, now=at)

    return unit
