"""Forms filled in on paper, by telephone or at a visit, as officers type them in: batches, and what becomes of them.

Until its batch is closed a typed form lies sealed under the number printed on it. Closing seals the answers once more,
as anybody's answers are, in random order and without number or officer, and destroys what was typed. What stays of a
number is a token that says nothing without the key, so that no form comes in twice.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import msgspec
from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from feedback.invitation_codes import read_code
from feedback.roles import SYSTEM, Actor
from storage import act_rows, invitations, participations, responses
from storage import waves as wave_store
from storage.ids import new_id, random_id
from storage.paper_reading import Batch, Drawn, Form, Kept, Opened, batch_of, bodies, opened
from storage.tables import paper_batches, paper_forms, paper_totals
from storage.tables import participations as tokens
from storage.tables import waves as wave_rows
from storage.tx import Tx
from storage.vault import Vault
from surveys.definition import Answer, Survey
from surveys.outliers import count_alike
from surveys.paper_numbers import read_number
from surveys.tally import fold
from surveys.waves import WaveKind
from vietnam.time import DAY

SOURCES = ("paper", "phone", "visit")
"""How an answer came to the officer; the channel that it is counted under."""
MOST_FORMS = 2_000
"""Forms on one pile."""
SHARE = 20
"""One form in so many is typed a second time."""
FEWEST = 5
"""Counts of a batch are kept, sealed, only where it has so many forms."""
KEPT = 30 * DAY
"""Milliseconds that typed forms of an open batch are kept; by then somebody has forgotten them."""

Draw = Callable[[int, int], list[int]]
"""draw(n, k): k different numbers of 0..n-1, by chance alone."""
Answers = Mapping[str, Answer]


class Refused(Exception):
    """Why nothing was changed; `why` is a word that the page knows.

    number: no such number · twice: typed already (`where` is the batch, None once it is closed) · used: the code has
    answered already · over: the wave takes no answers any more · checking: forms are being checked, nothing new comes
    in · drawn: not the form that is to be checked · unchecked: forms are still to be checked · closed · full.
    """

    def __init__(self, why: str, where: Batch | None = None) -> None:
        super().__init__(why)
        self.why, self.where = why, where


@dataclass(frozen=True, slots=True)
class Closed:
    """What a batch was: forms counted, left out as their code had answered, checked, answers that differed."""

    forms: int
    late: int
    checked: int
    differing: int


def open_batch(tx: Tx, actor: Actor, *, wave: int, village: int | None, source: str, expected: int, now: int) -> int:
    """A new pile of forms of a wave that takes answers; its id. Refused("over").

    The page has checked that the actor may (feedback.roles).
    """
    if source not in SOURCES or not 1 <= expected <= MOST_FORMS:
        raise ValueError(f"{source}, {expected} forms")
    if not wave_store.takes_answers(tx.conn, wave, now):
        raise Refused("over")
    id = new_id()
    tx.execute(
        insert(paper_batches).values(
            id=id,
            unit_id=actor.unit,
            wave_id=wave,
            officer_id=actor.id,
            village_id=village,
            source=source,
            expected=expected,
            opened_at=now,
        )
    )
    _record(tx, actor, id, "open", now, source=source, expected=expected)
    return id


def _number(batch: Batch, typed: str) -> str:
    """The number of a form as it is kept; in an invited wave its one-time code. Refused("number")."""
    number = read_number(typed) if batch.kind is WaveKind.OPEN else read_code(typed)
    if number is None:
        raise Refused("number")
    return number


def _is_invited(tx: Tx, vault: Vault, batch: Batch, code: str, now: int) -> None:
    """Refused("number") where the code is none of the wave's, Refused("used") where it has answered."""
    found = invitations.find(tx.conn, vault, batch.unit, code, now)
    if found is None or found.wave != batch.wave:
        raise Refused("number")
    if found.used:
        raise Refused("used")


def save(
    tx: Tx, vault: Vault, batch: int, typed: str, survey: Survey, answers: Answers, now: int, *, again: str = ""
) -> str:
    """Keep a form that was typed, under its number as it is kept. Refused where it is in already.

    `again` is the number of a form of this batch that is being put right: it is replaced.
    """
    held = _held(tx, batch, now)
    number = _number(held, typed)
    if held.drawn:
        raise Refused("checking")
    if held.kind is WaveKind.INVITED:
        _is_invited(tx, vault, held, number, now)
    if again:
        form = _form(tx, batch, again)
        if again != number:
            _never_twice(tx, vault, held, number)
        body = _seal(vault, form.id, survey, answers)
        tx.execute(update(paper_forms).where(paper_forms.c.id == form.id).values(number=number, body=body))
        return number
    _never_twice(tx, vault, held, number)
    if held.forms >= MOST_FORMS:
        raise Refused("full")
    id = random_id()
    body = _seal(vault, id, survey, answers)
    tx.execute(insert(paper_forms).values(id=id, batch_id=batch, number=number, body=body))
    return number


def remove(tx: Tx, batch: int, number: str, now: int) -> None:
    """Take out a form that does not belong here. Refused("checking")."""
    if _held(tx, batch, now).drawn:
        raise Refused("checking")
    tx.execute(delete(paper_forms).where(paper_forms.c.id == _form(tx, batch, number).id))


def draw(tx: Tx, actor: Actor, batch: int, chance: Draw, now: int) -> int:
    """Draw the forms that are typed a second time, one in twenty and at least one; how many. Nothing is drawn twice."""
    held = _held(tx, batch, now)
    if held.drawn or not held.forms:
        return held.drawn
    ids = list(tx.execute(select(paper_forms.c.id).where(paper_forms.c.batch_id == batch)).scalars())
    many = -(-len(ids) // SHARE)
    chosen = [ids[at] for at in chance(len(ids), many)]
    tx.execute(update(paper_forms).where(paper_forms.c.id.in_(chosen)).values(drawn=Drawn.WAITING))
    _record(tx, actor, batch, "draw", now, forms=len(ids), drawn=many)
    return many


def check(
    tx: Tx, vault: Vault, batch: int, typed: str, survey: Survey, answers: Answers, now: int
) -> tuple[str, tuple[str, ...]]:
    """Keep the second typing of a drawn form: (its number, ids of the questions that differ).

    Without a difference the form is settled; else `settle` decides.
    """
    held = _held(tx, batch, now)
    number = _number(held, typed)
    form = _form(tx, batch, number, missing="drawn")
    if form.drawn != Drawn.WAITING:
        raise Refused("drawn")
    first = opened(vault, form.id, form.body)
    differing = differences(survey, first, answers)
    mine = update(paper_forms).where(paper_forms.c.id == form.id)
    if differing:
        second = _seal(vault, form.id, survey, answers, second=True)
        tx.execute(mine.values(second=second, differs=len(differing)))
    else:
        tx.execute(mine.values(drawn=Drawn.SETTLED, second=None, differs=0))
    return number, differing


def differences(survey: Survey, first: Answers, second: Answers) -> tuple[str, ...]:
    """Ids of the questions that two typings of a form answer differently, in the order of the survey."""
    return tuple(one.id for one in survey.questions if first.get(one.id) != second.get(one.id))


def settle(tx: Tx, vault: Vault, batch: int, number: str, survey: Survey, now: int, *, second: bool) -> None:
    """The form has been looked at once more: the second typing is right, or (not `second`) it is typed yet again."""
    _held(tx, batch, now)
    form = _form(tx, batch, number, missing="drawn")
    if form.drawn != Drawn.WAITING or form.second is None:
        raise Refused("drawn")
    mine = update(paper_forms).where(paper_forms.c.id == form.id)
    if not second:
        tx.execute(mine.values(second=None, differs=0))
        return
    body = _seal(vault, form.id, survey, opened(vault, form.id, form.second, second=True))
    tx.execute(mine.values(body=body, second=None, drawn=Drawn.SETTLED))


def close(tx: Tx, vault: Vault, actor: Actor, batch: int, survey: Survey, chance: Draw, now: int) -> Closed:
    """Send the batch's answers on their way to the figures, and destroy what was typed. Refused("unchecked"), ("over").

    A form whose one-time code has answered elsewhere meanwhile is left out: one answer a code.
    """
    held = _held(tx, batch, now)
    forms = bodies(tx.conn, batch)
    if any(form.drawn == Drawn.WAITING for form in forms) or (forms and not held.drawn):
        raise Refused("unchecked")
    kept = []
    for at in chance(len(forms), len(forms)) if forms else ():
        form = forms[at]
        answers = opened(vault, form.id, form.body)
        if not _take_part(tx, vault, held, form.number, now):
            continue
        kept.append(answers)
        responses.seal(
            tx,
            vault,
            survey=survey,
            wave=held.wave,
            unit=held.unit,
            village=held.village,
            channel=held.source,
            answers=answers,
            assisted=True,
        )
    settled = [form for form in forms if form.drawn == Drawn.SETTLED]
    done = Closed(len(kept), len(forms) - len(kept), len(settled), sum(form.differs for form in settled))
    if forms:
        _total(tx, vault, held, survey, kept, done)
    _end(tx, batch, now)
    _record(tx, actor, batch, "close", now, expected=held.expected, **asdict(done))
    return done


def discard(tx: Tx, actor: Actor, batch: int, now: int) -> None:
    """Throw away a batch and all that was typed of it; its forms may be typed elsewhere."""
    held = batch_of(tx.conn, batch, now)
    if held is None or held.closed_at is not None:
        raise Refused("closed")
    _end(tx, batch, now)
    _record(tx, actor, batch, "discard", now, forms=held.forms)


def sweep(tx: Tx, now: int, limit: int = 20) -> int:
    """Destroy what was typed of batches that nobody closed in 30 days, or whose wave ended a day ago; how many."""
    ended = select(wave_rows.c.id).where((wave_rows.c.closes_at <= now - DAY) | (wave_rows.c.state == "cancelled"))
    old = (
        select(paper_batches.c.id)
        .where(paper_batches.c.closed_at.is_(None))
        .where((paper_batches.c.opened_at <= now - KEPT) | paper_batches.c.wave_id.in_(ended))
        .limit(limit)
    )
    found = list(tx.execute(old).scalars())
    for batch in found:
        held = batch_of(tx.conn, batch, now)
        _end(tx, batch, now)
        if held is not None:
            _record(tx, Actor(kind=SYSTEM, unit=held.unit), batch, "discard", now, forms=held.forms)
    return len(found)


def _held(tx: Tx, batch: int, now: int) -> Batch:
    """The open batch, nobody else changing its wave's forms meanwhile. Refused("closed"), Refused("over")."""
    if tx.postgres:
        of_batch = select(paper_batches.c.wave_id).where(paper_batches.c.id == batch).scalar_subquery()
        tx.execute(select(wave_rows.c.id).where(wave_rows.c.id == of_batch).with_for_update())
    found = batch_of(tx.conn, batch, now)
    if found is None or found.closed_at is not None:
        raise Refused("closed")
    if not found.takes:
        raise Refused("over")
    return found


def _form(tx: Tx, batch: int, number: str, missing: str = "number") -> Form:
    found = next((form for form in bodies(tx.conn, batch, number)), None)
    if found is None:
        raise Refused(missing)
    return found


def _never_twice(tx: Tx, vault: Vault, batch: Batch, number: str) -> None:
    """Refused("twice") where the number is in one of the wave's batches, open or closed."""
    query = (
        select(paper_forms.c.batch_id)
        .join(paper_batches, paper_batches.c.id == paper_forms.c.batch_id)
        .where(paper_batches.c.wave_id == batch.wave, paper_forms.c.number == number)
    )
    elsewhere = tx.execute(query.limit(1)).scalar()
    if elsewhere is not None:
        raise Refused("twice", batch_of(tx.conn, elsewhere, batch.opened_at))
    if wave_store.took_part(tx.conn, [participations.of_form(vault, batch.wave, number)]):
        raise Refused("twice")


def _take_part(tx: Tx, vault: Vault, batch: Batch, number: str, now: int) -> bool:
    """Note that the form has answered; False where it has already."""
    token = participations.of_form(vault, batch.wave, number)
    if batch.kind is WaveKind.INVITED:
        found = invitations.find(tx.conn, vault, batch.unit, number, now)
        if found is None:
            return False
        token = participations.of_invitation(vault, batch.wave, found.id)
    maker = postgres_insert(tokens) if tx.postgres else sqlite_insert(tokens)
    added = tx.execute(maker.values(token=token, wave_id=batch.wave).on_conflict_do_nothing())
    return bool(added.rowcount)


def _seal(vault: Vault, id: int, survey: Survey, answers: Answers, *, second: bool = False) -> bytes:
    # As long as every form of the survey: its size says nothing of it.
    body = msgspec.json.encode(dict(answers))
    room = responses.room(survey)
    return vault.seal(body.ljust(-(-len(body) // room) * room), Opened.context(id, second=second))


def _total(tx: Tx, vault: Vault, batch: Batch, survey: Survey, kept: list[dict[str, Answer]], done: Closed) -> None:
    counts = b""
    if len(kept) >= FEWEST:
        # Sealed: taken from the figures of a thôn, the counts of one officer would leave somebody else's few answers.
        alike, with_scale = count_alike(survey, kept)
        whole = Kept(counts=fold(survey, kept), alike=alike, with_scale=with_scale)
        counts = vault.seal(msgspec.json.encode(whole), Opened.total(batch.id))
    tx.execute(
        insert(paper_totals).values(
            batch_id=batch.id,
            wave_id=batch.wave,
            officer_id=batch.officer,
            forms=done.forms,
            checked=done.checked,
            differing=done.differing,
            counts=counts.hex(),
        )
    )


def _end(tx: Tx, batch: int, now: int) -> None:
    tx.execute(delete(paper_forms).where(paper_forms.c.batch_id == batch))
    tx.execute(update(paper_batches).where(paper_batches.c.id == batch).values(closed_at=now))


def _record(tx: Tx, actor: Actor, batch: int, action: str, now: int, **detail: Any) -> None:  # noqa: ANN401 - as it is kept
    act_rows.record(tx, actor, action, thing="paper", thing_id=batch, unit=actor.unit, now=now, **detail)
