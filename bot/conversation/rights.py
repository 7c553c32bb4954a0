"""What a person may ask about the data that is kept of them: a copy, a correction, no further consent, erasure."""

from bot.conversation import menu
from bot.conversation.context import BACK, Context, nav
from bot.conversation.effects import CancelSeat, Option, Text, UseRight, plain, t
from bot.conversation.state import Confirming, State
from feedback.rights import MAX_NOTE, Right
from vietnam.numbers import number_vi

DATA, CORRECT, WITHDRAW, ERASE = "go:data", "go:data.correct", "go:data.withdraw", "go:data.erase"
_RIGHTS = {CORRECT: Right.CORRECT, WITHDRAW: Right.WITHDRAW, ERASE: Right.ERASE}
_YES, _NO = "yes", "no"


def ways() -> list[Option]:
    """What can be asked, offered wherever privacy is spoken of."""
    return [Option(way, t(f"data.way.{way.partition('.')[2] or 'access'}")) for way in (DATA, *_RIGHTS)]


def notice(ctx: Context) -> None:
    """What the data is used for, and what may be asked."""
    commune = ctx.desk.commune()
    ctx.offer(t("privacy", Commune=menu.capital(commune.name), url=commune.privacy_url), options=ways())


def is_way(command: str) -> bool:
    """Whether a command is one of these."""
    return command == DATA or command in _RIGHTS


def go(ctx: Context, command: str) -> None:
    """Take a way; whatever was open has been put aside."""
    if command == DATA:
        _show(ctx)
        return
    ctx.state.dialogue = Confirming(_RIGHTS[command])
    ask_again(ctx)


def _show(ctx: Context) -> None:
    """How much there is of what, and the page that has all of it."""
    kept = ctx.desk.kept_of_me()
    ctx.want(UseRight(right=Right.ACCESS))
    ctx.lead.append(t("data.held"))
    ctx.lead.append(t("data.cases", many=kept.cases) if kept.cases else t("data.no_cases"))
    for name, many in (("named", kept.named), ("photos", kept.photos), ("places", kept.places)):
        if many:
            ctx.lead.append(t(f"data.{name}", many=many))
    ctx.lead.append(t("data.surveys"))
    ctx.lead.append(t("data.page", url=kept.url))
    ctx.offer(options=[way for way in ways() if way.id != DATA])
    menu.show(ctx)


def ask_again(ctx: Context) -> None:
    """Whether it is really meant, with what it does; or what is wrong."""
    asked = ctx.state.dialogue
    if not isinstance(asked, Confirming):
        menu.show(ctx)
    elif asked.right is Right.CORRECT:
        ctx.ask(t("data.ask.correct"), options=nav())
    else:
        ctx.ask(t(f"data.ask.{asked.right}"), options=[*_options(asked.right), *nav(menu=False)])


def _options(right: Right) -> list[Option]:
    return [Option(_YES, t(f"data.yes.{right}"), "1"), Option(_NO, t("data.no"), "2")]


def hear(ctx: Context, asked: Confirming) -> None:
    """The answer."""
    if ctx.choice == BACK:
        menu.show(ctx)
    elif asked.right is Right.CORRECT:
        _hear_what_is_wrong(ctx)
    else:
        _hear_yes_or_no(ctx, asked.right)


def _hear_what_is_wrong(ctx: Context) -> None:
    words = ctx.inbound.text.strip()
    if ctx.inbound.kind != "text" or ctx.choice or not words:
        ctx.lead.append(t("draft.words_only"))
        ask_again(ctx)
        return
    if len(words) > MAX_NOTE:
        ctx.lead.append(t("draft.field_too_long", length=number_vi(len(words)), limit=number_vi(MAX_NOTE)))
        ask_again(ctx)
        return
    ctx.want(UseRight(right=Right.CORRECT, note=words))
    ctx.lead.append(t("data.done.correct"))
    menu.say_phone(ctx)
    ctx.close()
    menu.show(ctx)


def _hear_yes_or_no(ctx: Context, right: Right) -> None:
    meant = ctx.meant(_options(right))
    if meant is None:
        ctx.lead.append(t("nav.not_understood"))
        ask_again(ctx)
        return
    if meant == _NO:
        ctx.lead.append(t("data.left"))
        menu.show(ctx)
        return
    under_way = [plain(f"• {line}") for line in ctx.desk.kept_of_me().under_way]
    for booked in ctx.desk.own_bookings():
        # A seat without a name is of no use to anybody; of a session that has begun none can be given back.
        if booked.session.meeting.starts_at > ctx.inbound.at:
            ctx.want(CancelSeat(code=booked.code))
    ctx.want(UseRight(right=right))
    if right is Right.ERASE:
        _forget(ctx.state)
    ctx.lead.append(t(f"data.done.{right}"))
    ctx.lead += _by_code(under_way) if right is Right.ERASE else []
    ctx.close()
    menu.show(ctx)


def _by_code(under_way: list[Text]) -> list[Text]:
    """Where the answers of what is still under way can be read, once nothing leads back to this chat."""
    return [t("data.by_code"), *under_way] if under_way else []


def _forget(state: State) -> None:
    """The conversation as on its first day, but for the number of questions: earlier buttons stay past."""
    new = State(nonce=state.nonce, topics=state.topics, greeted=True, opted_out=True)
    for name in State.__struct_fields__:
        setattr(state, name, getattr(new, name))
