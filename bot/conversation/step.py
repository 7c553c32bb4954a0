"""The whole conversation as one pure function: what came in and what is remembered -> what is remembered and wanted."""

from bot.conversation import answering, drafting, menu, tracking
from bot.conversation.context import BACK, HELP, MENU, SKIP, Context
from bot.conversation.desk import Desk
from bot.conversation.effects import Effect, t
from bot.conversation.messages import Inbound
from bot.conversation.state import Answering, Drafting, State, Tracking
from bot.conversation.wording import Wording
from feedback.kinds import Kind

_COMMANDS = {
    MENU: ("menu", "/menu", "/start", "thuc don", "ve menu"),
    HELP: ("tro giup", "/tro_giup", "/help", "help", "giup toi", "huong dan"),
    "go:track": ("tra cuu", "/tra_cuu", "phan anh cua toi"),
    "go:privacy": ("/rieng_tu", "rieng tu", "quyen rieng tu"),
    "go:stop": ("/huy", "/dung", "dung lai"),
    BACK: ("quay lai", "/quay_lai", "lui lai", "tro lai"),
    SKIP: ("/bo_qua",),
}
_BY_WORD = {word: command for command, words in _COMMANDS.items() for word in words}
_WITH_ACCENTS = dict.fromkeys(("dừng", "hủy", "huỷ", "thôi", "thoát"), "go:stop")
"""Without accents these would be "đúng", a man called Huy, or a stench: then only the slash or the button counts."""
_LONG_ENOUGH = 12


def step(state: State, inbound: Inbound, desk: Desk, wording: Wording, refusal: str = "") -> tuple[State, list[Effect]]:
    """Answer one event. `state` is given away: the caller reads it anew for another try.

    `refusal` is the wording key of an effect that could not be applied; the step then answers with it in mind.
    """
    ctx = Context(state, inbound, desk, wording)
    if inbound.kind == "gone":
        return state, []
    if inbound.kind in ("media_ready", "media_refused"):
        _media(ctx)
        return state, ctx.effects
    stale = _read_choice(ctx)
    menu.greeting(ctx)
    dialogue = state.dialogue
    if refusal and isinstance(dialogue, Answering):
        answering.refused(ctx, dialogue, refusal)
    elif refusal and isinstance(dialogue, Drafting):
        drafting.refused(ctx, dialogue, refusal)
    elif stale:
        ctx.lead.append(t("nav.past"))
        _ask_again(ctx)
    elif inbound.kind == "start":
        _start(ctx)
    else:
        _hear(ctx)
    return state, ctx.effects


def _read_choice(ctx: Context) -> bool:
    """Put the choice where dialogues look for it; True where it was for a question that is past."""
    pressed = ctx.inbound.choice
    if pressed.startswith("go:"):
        ctx.choice = pressed
        return False
    if pressed:
        nonce, _, choice = pressed.partition(":")
        if nonce != str(ctx.state.nonce):
            return True
        ctx.choice = choice
        return False
    if ctx.inbound.kind == "text":
        ctx.choice = _BY_WORD.get(ctx.said) or _WITH_ACCENTS.get(ctx.inbound.text.strip(" .!").lower()) or ""
    return False


def _start(ctx: Context) -> None:
    """Somebody opened the chat, perhaps by the code of a survey on a poster."""
    source = ctx.inbound.source
    if source:
        ctx.state.source = source
    wave = (
        next((wave for wave in ctx.desk.waves() if source in (wave.code, f"ks_{wave.code}")), None) if source else None
    )
    open_now = ctx.state.dialogue
    if wave is not None and not (isinstance(open_now, Answering) and open_now.wave == wave.id):
        _put_aside(ctx)
        _start_survey(ctx, wave.id, wave.version)
    elif open_now is not None:
        ctx.lead.append(t("nav.where_you_were"))
        _ask_again(ctx)
    else:
        menu.show(ctx)


def _start_survey(ctx: Context, wave: int, version: int) -> None:
    paused = ctx.state.paused
    if paused is not None and paused.wave == wave:
        ctx.lead.append(t("survey.continued"))
        answering.resume(ctx, paused)
    else:
        answering.start(ctx, wave, version)


def _hear(ctx: Context) -> None:
    if ctx.choice.startswith("go:"):
        _command(ctx, ctx.choice)
        return
    match ctx.state.dialogue:
        case Answering() as doing:
            answering.hear(ctx, doing)
        case Drafting() as draft:
            drafting.hear(ctx, draft)
        case Tracking():
            tracking.hear(ctx)
        case None:
            _at_the_menu(ctx)


def _command(ctx: Context, command: str) -> None:
    if command == HELP:
        menu.show_help(ctx)
        _ask_again(ctx)
    elif command == "go:privacy":
        commune = ctx.desk.commune()
        ctx.lead.append(t("privacy", Commune=menu.capital(commune.name), url=commune.privacy_url))
        _ask_again(ctx)
    elif command == "go:continue" and ctx.state.paused is not None:
        answering.resume(ctx, ctx.state.paused)
    else:
        _put_aside(ctx, stopping=command in ("go:stop", MENU))
        _open(ctx, command)


def _open(ctx: Context, command: str) -> None:
    name = command.removeprefix("go:")
    if name in list(Kind):
        drafting.start(ctx, Kind(name))
    elif name == "track":
        tracking.start(ctx)
    elif name.startswith("survey."):
        code = name.removeprefix("survey.")
        wave = next((wave for wave in ctx.desk.waves() if wave.code == code), None)
        if wave is None:
            ctx.lead.append(t("survey.closed"))
            menu.show(ctx)
        else:
            _start_survey(ctx, wave.id, wave.version)
    else:
        menu.show(ctx)


def _put_aside(ctx: Context, *, stopping: bool = True) -> None:
    """Leave what is open: a survey waits to be continued, a draft that was not sent is gone, and both are said."""
    match ctx.state.dialogue:
        case Answering() as doing:
            ctx.state.paused = doing
            if stopping:
                ctx.lead.append(t("survey.paused"))
        case Drafting() as draft if draft.done:
            ctx.lead.append(t("draft.cancelled"))
        case _:
            pass
    ctx.state.dialogue = None


def _ask_again(ctx: Context) -> None:
    match ctx.state.dialogue:
        case Answering() as doing:
            answering.ask_again(ctx, doing)
        case Drafting() as draft:
            drafting.ask_again(ctx, draft)
        case Tracking():
            tracking.ask_again(ctx)
        case None:
            menu.show(ctx)


def _at_the_menu(ctx: Context) -> None:
    if ctx.inbound.kind == "photo":
        drafting.start(ctx, None, photo=ctx.inbound.media[0])
        return
    if ctx.inbound.kind not in ("text", "choice"):
        ctx.lead.append(t("nav.cannot_read"))
        menu.show(ctx)
        return
    command = ctx.meant(menu.options(ctx))
    if command is not None:
        _command(ctx, command)
    elif tracking.answer(ctx):
        return
    elif len(ctx.said) >= _LONG_ENOUGH and " " in ctx.said:
        # Somebody who simply writes what is wrong is heard, not sent back to a list of buttons.
        drafting.start(ctx, None, text=ctx.inbound.text.strip())
    else:
        ctx.lead.append(t("nav.not_understood"))
        menu.show(ctx)


def _media(ctx: Context) -> None:
    if isinstance(ctx.state.dialogue, Drafting):
        if ctx.inbound.kind == "media_ready":
            drafting.photo_ready(ctx, ctx.state.dialogue)
        else:
            drafting.photo_refused(ctx, ctx.state.dialogue)
    elif ctx.inbound.kind == "media_refused":
        menu.greeting(ctx)
        ctx.lead.append(t(ctx.inbound.media[0].reason or "photo.not_a_photo"))
        _ask_again(ctx)
