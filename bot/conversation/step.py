"""The whole conversation as one pure function: what came in and what is remembered -> what is remembered and wanted."""

from bot.conversation import answering, drafting, menu, tracking
from bot.conversation.context import BACK, HELP, MENU, SKIP, STOP, Context
from bot.conversation.desk import Desk, Wave
from bot.conversation.drafting_steps import WRITTEN, too_long
from bot.conversation.effects import Effect, EraseTopic, t
from bot.conversation.messages import Inbound
from bot.conversation.state import Answering, Drafting, State, Tracking
from bot.conversation.wording import Wording
from feedback.acts import MAX_TEXT
from feedback.kinds import Kind
from surveys.understanding import Misread, understand

_COMMANDS = {
    MENU: ("menu", "/menu", "/start", "ve menu"),
    HELP: ("tro giup", "/tro_giup", "/help", "help"),
    "go:track": ("/tra_cuu",),
    "go:privacy": ("/rieng_tu",),
    STOP: ("/huy", "/dung"),
    BACK: ("quay lai", "/quay_lai"),
    SKIP: ("/bo_qua",),
}
_SOFT_COMMANDS = {
    MENU: ("thuc don",),
    HELP: ("giup toi", "huong dan"),
    "go:track": ("tra cuu", "phan anh cua toi"),
    "go:privacy": ("rieng tu", "quyen rieng tu"),
    STOP: ("dung lai", "dung tra loi"),
    BACK: ("lui lai", "tro lai", "sua", "sua lai", "sua cau truoc"),
}
"""Words that may as well be an answer ("hướng dẫn" is what somebody wants more of): the open question goes first."""
_BY_WORD = {word: command for command, words in _COMMANDS.items() for word in words}
_BY_SOFT_WORD = {word: command for command, words in _SOFT_COMMANDS.items() for word in words}
_WITH_ACCENTS = dict.fromkeys(("dừng", "hủy", "huỷ", "thôi", "thoát"), STOP)
"""Without accents these would be "đúng", a man called Huy, or a stench: then only the slash or the button counts."""
_HELLO = frozenset({"alo", "a lo", "chao", "xin chao", "hello", "hi", "chao xa", "chao can bo", "bat dau"})
_THANKS = frozenset({"cam on", "xin cam on", "cam on nhieu", "cam on xa", "cam on can bo", "thanks"})
_LONG_ENOUGH = 12
_POSTER = "ks_"


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
        said = ctx.said
        ctx.choice = _BY_WORD.get(said) or _WITH_ACCENTS.get(ctx.inbound.text.strip(" .!").lower()) or ""
        if not ctx.choice and said in _BY_SOFT_WORD and not _is_answer(ctx):
            ctx.choice = _BY_SOFT_WORD[said]
    return False


def _is_answer(ctx: Context) -> bool:
    """Whether the open question can take these words as they are."""
    match ctx.state.dialogue:
        case Answering() as doing if doing.at:
            question = ctx.desk.survey(doing.version).question(doing.at)
            return not isinstance(understand(question, ctx.inbound.text), Misread)
        case Drafting() as draft:
            if draft.step == "review" or draft.step in WRITTEN - {"text"}:
                return ctx.said.startswith("sua") == (draft.step == "review")
            return draft.step == "text"
        case _:
            return False


def _start(ctx: Context) -> None:
    """Somebody opened the chat, perhaps by the code of a survey on a poster."""
    source = ctx.inbound.source
    if source:
        ctx.state.source = source
    wave = (
        next((wave for wave in ctx.desk.waves() if source in (wave.code, f"{_POSTER}{wave.code}")), None)
        if source
        else None
    )
    open_now = ctx.state.dialogue
    if wave is None and source.startswith(_POSTER):
        ctx.lead.append(t("survey.closed"))
    if wave is not None and not (isinstance(open_now, Answering) and menu.can_go_on(ctx, open_now, wave)):
        _put_aside(ctx)
        _start_survey(ctx, wave)
    elif open_now is not None:
        ctx.lead.append(t("nav.where_you_were"))
        _ask_again(ctx)
    else:
        menu.show(ctx)


def _start_survey(ctx: Context, wave: Wave) -> None:
    begun = menu.begun(ctx, wave)
    if begun is not None:
        answering.resume(ctx, begun)
        return
    for late in [doing for doing in ctx.state.paused if menu.is_of(ctx, doing, wave)]:
        # Begun in a version whose time is over: nothing can come of it any more, so its words go.
        ctx.state.paused.remove(late)
        ctx.want(EraseTopic(topic=late.topic))
    answering.start(ctx, wave.id, wave.version)


def _hear(ctx: Context) -> None:
    if ctx.choice.startswith("go:"):
        _command(ctx, ctx.choice)
        return
    match ctx.state.dialogue:
        case Answering() as doing:
            answering.hear(ctx, doing)
        case Drafting() as draft:
            drafting.hear(ctx, draft)
        case Tracking() if not tracking.hear(ctx):
            _at_the_menu(ctx)
        case None:
            _at_the_menu(ctx)
        case _:
            pass


def _command(ctx: Context, command: str) -> None:
    if command == HELP:
        menu.show_help(ctx)
        _ask_again(ctx)
    elif command == "go:privacy":
        commune = ctx.desk.commune()
        ctx.lead.append(t("privacy", Commune=menu.capital(commune.name), url=commune.privacy_url))
        _ask_again(ctx)
    elif command == menu.KEPT and ctx.state.kept is not None:
        kept, ctx.state.kept = ctx.state.kept, None
        _put_aside(ctx, command)
        ctx.state.dialogue = kept
        drafting.ask_again(ctx, kept)
    else:
        _put_aside(ctx, command)
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
            _start_survey(ctx, wave)
    else:
        menu.show(ctx)


def _put_aside(ctx: Context, command: str = "") -> None:
    """Leave what is open: it waits to be continued; only who says stop drops a case that was not sent."""
    match ctx.state.dialogue:
        case Answering() as doing:
            ctx.state.paused.append(doing)
            if not command.startswith("go:survey."):
                ctx.lead.append(t("survey.paused"))
        case Drafting() as draft if command == STOP:
            if draft.done:
                ctx.lead.append(t("draft.cancelled"))
        case Drafting() as draft:
            drafting.put_aside(ctx, draft)
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
        drafting.start(ctx, None, text=ctx.inbound.text.strip()[:MAX_TEXT], photo=ctx.inbound.media[0])
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
    elif len(ctx.inbound.text) > MAX_TEXT:
        ctx.lead.append(too_long(ctx, MAX_TEXT))
        menu.show(ctx)
    elif len(ctx.said) >= _LONG_ENOUGH and " " in ctx.said:
        # Somebody who simply writes what is wrong is heard, not sent back to a list of buttons.
        drafting.start(ctx, None, text=ctx.inbound.text.strip())
    else:
        if ctx.said in _THANKS:
            ctx.lead.append(t("menu.thanked"))
        elif ctx.said not in _HELLO and ctx.choice not in (BACK, SKIP):
            ctx.lead.append(t("nav.not_understood"))
        menu.show(ctx)


def _media(ctx: Context) -> None:
    media, kept, draft = ctx.inbound.media[0], ctx.state.kept, ctx.state.dialogue
    if kept is not None and kept.photo is not None and media.ref and kept.photo.ref == media.ref:
        if ctx.inbound.kind == "media_ready":
            kept.photo = media
            return
        drafting.lose_photo(kept)
    if isinstance(draft, Drafting):
        if ctx.inbound.kind == "media_ready":
            drafting.photo_ready(ctx, draft)
        else:
            drafting.photo_refused(ctx, draft)
    elif ctx.inbound.kind == "media_refused":
        menu.greeting(ctx)
        ctx.lead.append(t(media.reason or "photo.not_a_photo"))
        _ask_again(ctx)
