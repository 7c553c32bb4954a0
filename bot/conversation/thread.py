"""Talking on about a case that was sent: an answer to the officer, that it is settled, or that it is not."""

from bot.conversation import drafting, menu
from bot.conversation.context import BACK, SKIP, Context, nav
from bot.conversation.desk import CaseBrief
from bot.conversation.effects import ActOnCase, Option, Text, t
from bot.conversation.state import Rating
from feedback.acts import MAX_REOPENED, MAX_STARS, Confirm, Rate
from feedback.kinds import Kind
from feedback.states import OPEN, State

TELL, ANSWER, DONE, NOT_DONE = "go:tell.", "go:answer.", "go:done.", "go:not_done."
_WAYS = (TELL, ANSWER, DONE, NOT_DONE)
_ANSWERED = (State.ANSWERED, State.CLOSED)
_TYPED = {
    DONE: frozenset({"da xong", "da xong roi", "xong roi", "viec da xong", "da duoc giai quyet", "da giai quyet xong"}),
    NOT_DONE: frozenset(
        {"chua xong", "viec chua xong", "van chua xong", "chua duoc giai quyet", "chua giai quyet", "day la viec khac"}
    ),
    ANSWER: frozenset({"tra loi can bo"}),
    TELL: frozenset({"viet them", "viet them cho can bo"}),
}


def ways(case: CaseBrief) -> list[Option]:
    """What the person can do about a case of their own now; they hold at any time."""
    if not case.own:
        return []
    names = []
    if case.kind is not Kind.DIALOGUE:  # whether a talk was good is asked after the talk
        names += [DONE] if case.state is State.ANSWERED else []
        names += [NOT_DONE] if case.state in _ANSWERED and case.reopened < MAX_REOPENED else []
    if case.state in OPEN or case.state is State.ANSWERED:
        names += [ANSWER if case.question else TELL]
    return [Option(f"{name}{case.code}", _label(name.removeprefix("go:").rstrip("."), case)) for name in names]


def _label(way: str, case: CaseBrief) -> Text:
    return t(f"case.way.merged.{way}") if case.is_other else t(f"case.way.{way}")


def is_way(command: str) -> bool:
    """Whether a command is one of these ways."""
    return command.startswith(_WAYS)


def typed(ctx: Context) -> str:
    """The way that was typed, of the newest case it can be said of; "" for anything else."""
    if ctx.choice or ctx.inbound.kind != "text":
        return ""
    name = next((name for name, words in _TYPED.items() if ctx.said in words), "")
    if not name:
        return ""
    own = ctx.desk.own_cases()
    offered = [way.id for case in own for way in ways(case)]
    past = [f"{name}{case.code}" for case in own if case.state in _ANSWERED]
    names = (TELL, ANSWER) if name == TELL else (name,)  # whoever is asked something adds it by answering
    return next((way for way in (*offered, *past) if way.startswith(names)), "")


def go(ctx: Context, command: str) -> None:
    """Take a way; whatever dialogue was open has been put aside before."""
    name = next(way for way in _WAYS if command.startswith(way))
    case = ctx.desk.case(command.removeprefix(name))
    if case is None or not case.own:
        ctx.lead.append(t("nav.past"))
        menu.show(ctx)
    elif not _is_open(name, case):
        ctx.lead.append(_why_not(name, case))
        menu.say_phone(ctx)
        menu.show(ctx)
    elif name == DONE:
        ctx.want(ActOnCase(code=case.code, act=Confirm()))
        ctx.lead.append(t("case.settled", code=case.code))
        ctx.state.dialogue = Rating(case.code)
        ask_again(ctx)
    else:
        drafting.start_about(ctx, case, again=name == NOT_DONE)


def _is_open(name: str, case: CaseBrief) -> bool:
    """Whether a way can still be taken; words are taken though what was asked has been answered by now."""
    offered = {way.id.removesuffix(case.code) for way in ways(case)}
    return bool(offered & {TELL, ANSWER}) if name in (TELL, ANSWER) else name in offered


def _why_not(name: str, case: CaseBrief) -> Text:
    """Why a way is closed by now."""
    if name == DONE:
        return t("case.settled_already" if case.state is State.CLOSED else "case.at_work_again", code=case.code)
    if name == NOT_DONE:
        return t("case.reopened_already" if case.reopened else "case.at_work", code=case.code)
    return t("case.is_closed", code=case.code)


def ask_again(ctx: Context) -> None:
    """How it was handled."""
    ctx.ask(t("case.rate"), options=[*_stars(), *nav(back="", skip=True)])


def _stars() -> list[Option]:
    return [Option(str(star), t(f"case.stars.{star}"), str(star)) for star in range(1, MAX_STARS + 1)]


def hear(ctx: Context, asked: Rating) -> bool:
    """One to five, or not; False for what is no answer at all."""
    meant = ctx.meant(_stars())
    if meant is not None:
        ctx.want(ActOnCase(code=asked.case, act=Rate(int(meant))))
        ctx.lead.append(t("case.rated"))
    elif ctx.choice not in (SKIP, BACK) and ctx.said != "bo qua":
        return False
    menu.show(ctx)
    return True


def refused(ctx: Context, reason: str) -> None:
    """The act was not accepted: an officer, or another chat of the person, was faster."""
    ctx.lead.append(t(reason))
    menu.show(ctx)
