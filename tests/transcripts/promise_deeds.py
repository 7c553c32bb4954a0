"""What becomes of a session in a transcript: told to everybody, held and answered, what was promised is kept."""

from datetime import timedelta

from sqlalchemy import select

from app.runtime import Runtime
from app.session_desk import SessionDesk
from app.session_notices import notice_round
from feedback.roles import Actor
from feedback.session_acts import Answer, Drop, Hold, Keep, Minutes, Promise, Publish, SessionAct
from storage import session_notices
from storage.tables import session_promises, session_questions, sessions
from storage.tx import Tx
from tests.clock import pass_to
from vietnam.time import HOUR, day_of


async def happen(runtime: Runtime, actor: Actor, name: str, rest: str) -> bool:
    """Do it; False where it is no matter of what follows a session."""
    match name:
        case "session told":
            await _tell(runtime, actor)
        case "session held":
            await _hold(runtime, actor, rest)
        case "promise kept":
            promise = await runtime.store.read(lambda conn: conn.scalar(select(session_promises.c.id)))
            await _act(runtime, actor, Keep(promise=promise or 0, note=rest))
        case "promise dropped":
            promise = await runtime.store.read(lambda conn: conn.scalar(select(session_promises.c.id)))
            await _act(runtime, actor, Drop(promise=promise or 0, note=rest))
        case "answered late":
            question = await runtime.store.read(lambda conn: conn.scalar(select(session_questions.c.id)))
            await _act(runtime, actor, Answer(question=question or 0, text=rest, by="Chủ tịch UBND xã"))
        case _:
            return False
    return True


async def _newest(runtime: Runtime) -> tuple[int, int]:
    newest = select(sessions.c.id, sessions.c.ends_at).order_by(sessions.c.id.desc()).limit(1)
    row = await runtime.store.read(lambda conn: conn.execute(newest).one())
    return row.id, row.ends_at


async def _act(runtime: Runtime, actor: Actor, act: SessionAct) -> None:
    id, _ends = await _newest(runtime)
    refusal = await SessionDesk(runtime).act(id, act, actor)
    assert refusal is None, refusal


async def _tell(runtime: Runtime, actor: Actor) -> None:
    id, _ends = await _newest(runtime)

    def begin(tx: Tx) -> None:
        session_notices.begin(tx, actor.unit, id, "announced", None, runtime.now())

    await runtime.store.write(begin)
    while await notice_round(runtime):
        pass


async def _hold(runtime: Runtime, actor: Actor, rest: str) -> None:
    """ "answer | promise | days until it is due"; the clock stands behind the session afterwards."""
    said, promised, days = (part.strip() for part in rest.split("|"))
    _id, ends = await _newest(runtime)
    pass_to(runtime, ends + HOUR)
    question = await runtime.store.read(lambda conn: conn.scalar(select(session_questions.c.id))) or 0
    await _act(runtime, actor, Answer(question=question, text=said, by="Chủ tịch UBND xã"))
    due = day_of(ends) + timedelta(days=int(days))
    await _act(
        runtime, actor, Promise(text=promised, owner="Tổ giao thông", due_day=due.isoformat(), question=question)
    )
    await _act(runtime, actor, Hold())
    await _act(runtime, actor, Minutes(summary="Nội dung chính của buổi."))
    await _act(runtime, actor, Publish())
