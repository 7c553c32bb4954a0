"""Blocking an account, and lifting that, with what the person is told of it in the same transaction."""

from app.ledger import StoredChat
from app.runtime import Runtime
from bot.conversation.menu import phone_line
from bot.conversation.messages import Bubble
from feedback.acts import Refusal
from feedback.blocking import Block, Blocked
from feedback.roles import Actor
from storage import blocks, conversations
from storage.tx import Tx
from vietnam.time import day_of


async def block(runtime: Runtime, case_id: int, act: Block, actor: Actor) -> Blocked | Refusal:
    """Block whoever opened a case: told once why, until when, and what stays open."""

    def unit(tx: Tx) -> Blocked | Refusal:
        now = runtime.now()
        put = blocks.put(tx, actor, case_id, act, now)
        if isinstance(put, Refusal):
            return put
        if put.again:
            return put.blocked
        say = runtime.wording
        words = [
            say("bar.blocked", day=day_of(put.blocked.until)),
            say("bar.why", reason=put.blocked.reason),
            say("bar.still"),
            say("flood.danger"),
        ]
        _tell(runtime, tx, put.account, words)
        return put.blocked

    return await runtime.store.write(unit)


async def lift(runtime: Runtime, id: int, actor: Actor) -> bool:
    """End a block before its time; the person is told. False where there is nothing to end."""

    def unit(tx: Tx) -> bool:
        now = runtime.now()
        account = blocks.lift(tx, actor, id, now)
        if account and blocks.holding(tx.conn, actor.unit, [account], now) is None:  # else another still holds
            _tell(runtime, tx, account, [runtime.wording("bar.lifted")])
        return bool(account)

    return await runtime.store.write(unit)


def _tell(runtime: Runtime, tx: Tx, account: int, words: list[str]) -> None:
    now, ledger = runtime.now(), runtime.ledger
    there = StoredChat(ledger, tx, conversations.lock_by_account(tx, ledger.vault, account, now), now)
    line = phone_line(there.desk().commune())
    call = [] if line is None else [runtime.wording.word(line)]
    there.say(Bubble(text="\n\n".join([*words, *call])), 0, notice=True)
    there.save(None)
