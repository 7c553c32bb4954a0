"""What officers, leaders and the page of a case do meanwhile, in a transcript's words."""

from collections.abc import Callable
from datetime import timedelta

from app.case_files import keep_file
from app.photo_jobs import keep_photo
from app.runtime import Runtime
from feedback.acts import Act, Approve, Ask, Confirm, DraftReply, Rate, Reopen, Reply, ReturnDraft, Tell
from feedback.attaching import Attached
from feedback.replies import Outcome, Parts
from feedback.roles import CITIZEN, OFFICER, Actor, Role
from tests.documents import by_name
from vietnam.time import day_of

ANSWERS = frozenset({"answer", "draft", "approve", "return", "ask with"})
PAGE = "on the page"
_BY_PAGE: dict[str, Callable[[str], Act]] = {
    "tell": Tell,
    "not_done": Reopen,
    "done": lambda _rest: Confirm(),
    "rate": lambda rest: Rate(int(rest)),
}


async def act_of(runtime: Runtime, unit: int, name: str, rest: str, picture: bytes) -> tuple[Act, Role | None]:
    """The act, and the role of the officer who does it; None: the citizen, on the page of the case.

    "answer" and "draft" are written: outcome | text | what was done | days from today | person | how many pictures |
    names of documents, with "," between them; "ask with": text | names of documents.
    """
    if name == PAGE:
        way, _, said = (part.strip() for part in rest.partition(":"))
        return _BY_PAGE[way](said), None
    if name == "approve":
        return Approve(), Role.LEADER
    if name == "return":
        return ReturnDraft(rest), Role.LEADER
    if name == "ask with":
        text, _, files = (part.strip() for part in rest.partition("|"))
        return Ask(text, 0, await _attached(runtime, unit, files)), Role.RECEPTION
    outcome, text, done, days, person, photos, files = ([part.strip() for part in rest.split("|")] + [""] * 7)[:7]
    kept = [await keep_photo(runtime, unit, picture) for _number in range(int(photos or 0))]
    parts = Parts(
        outcome=Outcome(outcome),
        done=done,
        day=day_of(runtime.now()) + timedelta(int(days)) if days else None,
        person=person,
        photos=tuple(one for one in kept if isinstance(one, int)),
        files=await _attached(runtime, unit, files),
    )
    return (Reply if name == "answer" else DraftReply)(text, 0, parts), Role.RECEPTION


async def _attached(runtime: Runtime, unit: int, names: str) -> tuple[Attached, ...]:
    kept = [await keep_file(runtime, unit, name, by_name(name)) for one in names.split(",") if (name := one.strip())]
    return tuple(one for one in kept if isinstance(one, Attached))


def actor_of(unit: int, officer: int, role: Role | None) -> Actor:
    """Whoever does it."""
    return Actor(kind=CITIZEN, unit=unit) if role is None else Actor(kind=OFFICER, unit=unit, id=officer, role=role)
