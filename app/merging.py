"""Two cases become one, or go their own ways again: both are written together, and those who wait for one are told."""

from collections.abc import Callable
from functools import partial

from app.runtime import Runtime
from bot.conversation.messages import Bubble, Button
from bot.ledger import Refused
from bot.telling import with_page
from bot.turn import apply_act
from feedback.acts import Act, CaseFacts, Decision, Refusal
from feedback.attaching import listed
from feedback.deciding import decide
from feedback.merging import Joined, Merge, Part, Parted
from feedback.roles import SYSTEM, Actor
from feedback.states import State
from storage import cases, merging, reading_cases
from storage.jobs import Job
from storage.merging import Sender, Told
from storage.tx import Tx

_ASKED = frozenset({State.ANSWERED, State.CLOSED})
"""States in which whoever was joined is given the way to say that it is not settled."""


async def merge(runtime: Runtime, case_id: int, into: str, seen: int, actor: Actor) -> Decision | Refusal:
    """Join a case into that of a code, in one transaction; its sender is told. Why not, where that cannot be."""
    return await _together(runtime, lambda tx, now: _merge(runtime, tx, case_id, into, seen, actor, now))


async def part(runtime: Runtime, case_id: int, seen: int, actor: Actor) -> Decision | Refusal:
    """Let a joined case go its own way again; its sender is told."""
    return await _together(runtime, lambda tx, now: _part(runtime, tx, case_id, seen, actor, now))


async def _together(runtime: Runtime, unit: Callable[[Tx, int], Decision | Refusal]) -> Decision | Refusal:
    try:
        return await runtime.store.write(lambda tx: unit(tx, runtime.now()))
    except Refused as refused:  # the other of the two could not be written: neither was
        return Refusal(refused.key)


def _merge(runtime: Runtime, tx: Tx, case_id: int, code: str, seen: int, actor: Actor, now: int) -> Decision | Refusal:
    other = reading_cases.id_of(tx.conn, actor.unit, code, actor)
    if other is None:
        return Refusal("merge.unknown", {"code": code})
    book = runtime.ledger.book(tx, case_id, now)  # the conversation first, as in every turn
    merging.lock(tx, case_id, other)
    facts = cases.facts_of(tx, other)
    if facts is None:
        return Refusal("merge.unknown", {"code": code})
    outcome = apply_act(book, Merge(merging.other(facts), seen), actor, runtime.wording, now=now)
    if isinstance(outcome, Decision) and other != case_id:
        _beside(runtime, tx, facts, Joined(case_id), actor, now)
        merging.follow_on(tx, case_id, other, actor.unit, now)
    return outcome


def _part(runtime: Runtime, tx: Tx, case_id: int, seen: int, actor: Actor, now: int) -> Decision | Refusal:
    book = runtime.ledger.book(tx, case_id, now)
    facts = book.facts()
    outcome = apply_act(book, Part(seen), actor, runtime.wording, now=now)
    if isinstance(outcome, Decision) and facts is not None and actor.kind != SYSTEM:
        other = cases.facts_of(tx, facts.merged_into)
        if other is not None:
            _beside(runtime, tx, other, Parted(case_id), actor, now)
    return outcome


def _beside(runtime: Runtime, tx: Tx, facts: CaseFacts, act: Act, actor: Actor, now: int) -> None:
    """Write it into the history of the other case too. Refused where that is not this officer's, or has changed."""
    decided = decide(facts, act, actor, now=now, office=runtime.ledger.office)
    if isinstance(decided, Refusal):
        raise Refused(decided.key)
    if not cases.write(tx, facts, decided, actor, now):
        raise Refused("act.changed")
    tx.wake(f"queue:{facts.unit}")


async def tell_joined(runtime: Runtime, job: Job) -> None:
    """Those whose cases were joined hear how it goes, and read the answer, each under the code of their own."""
    id, _version, state = job.key.split(":")
    case_id = int(id)
    told = await runtime.store.read(lambda conn: merging.told(conn, case_id))
    if told is None:
        return
    for one in await runtime.store.read(lambda conn: merging.senders(conn, case_id)):
        await runtime.store.write(partial(_tell_one, runtime, one=one, told=told, state=State(state)))


def _tell_one(runtime: Runtime, tx: Tx, one: Sender, told: Told, state: State) -> None:
    """One of them, in the chat the case came from: with what officers sent with the answer, and the page of the own."""
    say = runtime.wording
    way = Button(id=f"go:not_done.{one.code}", label=say("case.way.not_done"))
    buttons = (way,) if state in _ASKED else ()
    chat = runtime.ledger.chat_of(tx, one.account, runtime.now())
    if state is State.ANSWERED:
        said = (say("merge.reply", code=one.code, other=told.code), told.reply, listed(told.parts.files, say))
        answer = Bubble(text="\n\n".join(part for part in said if part), buttons=buttons)
        bubble = with_page(chat, one.id, answer, told.parts.photos, told.parts.files, say)
    else:
        text = f"{say('merge.about', code=one.code, other=told.code)} {say(f'merge.state.{state}')}"
        bubble = Bubble(text=text, buttons=buttons)
    chat.say(bubble, 0, notice=True, case=one.id)
    chat.save(None)


async def part_one(runtime: Runtime, job: Job) -> None:
    """The case that was to be answered for this one is open no more: this one goes its own way again."""
    case_id = int(job.key.partition(":")[0])
    actor = Actor(kind=SYSTEM, unit=job.unit)
    await part(runtime, case_id, 0, actor)
