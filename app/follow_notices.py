"""Whoever follows a case of somebody else is told what becomes of it: in general words, one account at a time."""

from functools import partial

from app.runtime import Runtime
from bot.conversation.messages import Bubble, Button
from bot.conversation.nearby import UNFOLLOW
from feedback.replies import for_followers
from feedback.states import State
from storage import following, units
from storage.following import Followed
from storage.jobs import Job
from vietnam.time import day_of

_CHUNK = 200


async def tell_followers(runtime: Runtime, job: Job) -> None:
    """One change of one case; nobody is told where it is meanwhile no longer anybody's business.

    A message to an account is a transaction of its own: a follower's chat is never locked together with the case.
    After a crash whoever had been told hears it twice: better than never.
    """
    id, _version, state = job.key.split(":")
    case_id = int(id)
    case = await runtime.store.read(lambda conn: following.followed(conn, case_id))
    if case is None:
        await runtime.store.write(lambda tx: following.let_go(tx, case_id, job.unit, runtime.now()))
        return
    bubble = await _bubble(runtime, case, State(state))
    after = 0
    while accounts := await runtime.store.read(
        partial(following.followers, case_id=case_id, after=after, limit=_CHUNK)
    ):
        for account in accounts:
            await runtime.store.write(
                partial(runtime.ledger.write_to, account=account, bubble=bubble, now=runtime.now())
            )
        after = accounts[-1]
    if State(state) is State.CLOSED:
        await runtime.store.write(lambda tx: following.none_left(tx, case_id))


async def tell_over(runtime: Runtime, job: Job) -> None:
    """One account hears that what it followed cannot be followed any more: not which that was, and not why."""
    account = int(job.key.partition(":")[0])
    bubble = Bubble(text=runtime.wording("follow.over"))
    await runtime.store.write(partial(runtime.ledger.write_to, account=account, bubble=bubble, now=runtime.now()))


async def _bubble(runtime: Runtime, case: Followed, state: State) -> Bubble:
    """What it is about, as it was shown, and where it stands."""
    say = runtime.wording
    what = say(f"category.{case.category}")
    if case.village:
        named = await runtime.store.read(lambda conn: units.unit(conn, case.village).name)
        what = say("near.what_where", field=what, name=named)
    about = say("follow.about", what=what, day=day_of(case.opened_at))
    told = say(f"follow.{state}")
    if state is State.ANSWERED and (came_of_it := for_followers(case.parts, say)):
        told = f"{say('follow.answered_so')}\n\n{came_of_it}\n\n{say('follow.not_done')}"
    over = state is State.CLOSED
    ways = () if over else (Button(id=f"{UNFOLLOW}.{case.id}", label=say("near.unfollow")),)
    return Bubble(text=f"{about} {told}", buttons=ways)
