"""The whole conversation as one pure function: what came in and what is remembered -> what is remembered and wanted."""

from bot.conversation import answering, closing, commands, drafting, inviting, menu, speaking, subscribing, tracking
from bot.conversation.context import BACK, HELP, SKIP, STOP, Context
from bot.conversation.desk import Desk, Invited, Wave
from bot.conversation.drafting_steps import WRITTEN, too_long
from bot.conversation.effects import Came, Effect, EraseTopic, Text, t
from bot.conversation.messages import Inbound
from bot.conversation.state import Answering, Drafting, State, Tracking
from bot.conversation.wording import Wording
from feedback.acts import MAX_TEXT
from feedback.kinds import Kind
from surveys.sources import POSTER, split_source
from vietnam.time import day_of

_HELLO = frozenset({"alo", "a lo", "chao", "xin chao", "hello", "hi", "chao xa", "chao can bo", "bat dau"})
_THANKS = frozenset({"cam on", "xin cam on", "cam on nhieu", "cam on xa", "cam on can bo", "thanks"})
_LONG_ENOUGH = 12
_SHORT_ANSWERS = frozenset(map(str, range(100)))


def step(state: State, inbound: Inbound, desk: Desk, wording: Wording, refusal: str = "") -> tuple[State, list[Effect]]:
    """Answer one event. `state` is given away: the caller reads it anew for another try.

    `wording` is Vietnamese with the other languages in it. `refusal` is the wording key of an effect that could not be
    applied; the step then answers with it in mind.
    """
    ctx = Context(state, inbound, desk, wording)
    if inbound.kind == "expire":
        closing.expire(ctx, refusal)
    elif inbound.kind in ("media_ready", "media_refused"):
        _media(ctx)
    elif inbound.kind != "gone":
        _of_the_person(ctx, refusal)
    return state, ctx.effects


def _of_the_person(ctx: Context, refusal: str) -> None:
    stale = _read_choice(ctx)
    for doing in ctx.state.unfinished:
        if not doing.until:
            # Begun before the 14 days were counted: they begin now.
            doing.begun_at, doing.until = ctx.inbound.at, ctx.desk.deadline(doing.wave, ctx.inbound.at)
    menu.greeting(ctx)
    ended = [t("survey.handed_in", title=title) for title in ctx.state.handed_in]
    ctx.lead += ended
    ctx.state.handed_in = []
    dialogue = ctx.state.dialogue
    language = "" if stale or refusal else speaking.chosen(ctx)
    ctx.state.choosing_language = False
    if refusal and isinstance(dialogue, Answering):
        answering.refused(ctx, dialogue, refusal)
    elif refusal and isinstance(dialogue, Drafting):
        drafting.refused(ctx, dialogue, refusal)
    elif stale:
        ctx.lead.append(t("nav.past"))
        _ask_again(ctx)
    elif language:
        speaking.speak(ctx, language)
        _ask_again(ctx)
    elif ctx.inbound.kind == "start":
        _start(ctx)
    elif ended and dialogue is None and not ctx.choice and ctx.said in _SHORT_ANSWERS:
        menu.show(ctx)  # a number meant for the question that is gone is no choice of a menu that was not shown
    else:
        _hear(ctx)


def _read_choice(ctx: Context) -> bool:
    """Put the choice where dialogues look for it; True where it was for a question that is past."""
    pressed = ctx.inbound.choice
    if ctx.inbound.nonce and ctx.inbound.nonce != ctx.state.nonce:
        return True
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
        ctx.choice = _command_of(ctx)
    return False


def _command_of(ctx: Context) -> str:
    """The command that was typed, or ""."""
    command = commands.firm(ctx.inbound.text, ctx.said)
    if command:
        return command
    command = commands.soft(ctx.said)
    return "" if command and _is_answer(ctx) else command


def _is_answer(ctx: Context) -> bool:
    """Whether the open question can take these words as they are."""
    match ctx.state.dialogue:
        case Answering() as doing:
            return answering.takes(ctx, doing)
        case Drafting() as draft:
            if draft.step == "review" or draft.step in WRITTEN - {"text"}:
                return ctx.said.startswith("sua") == (draft.step == "review")
            return draft.step == "text"
        case _:
            return False


def _start(ctx: Context) -> None:
    """Somebody opened the chat, perhaps by the code of a survey on a poster, or by a code of one's own."""
    source = ctx.inbound.source
    if source.startswith(inviting.SOURCE):
        _by_code(ctx, ctx.desk.invitation(source.removeprefix(inviting.SOURCE)))
        return
    if source:
        ctx.state.source = source
    code, place = split_source(source)
    wave = next((wave for wave in ctx.waves if wave.code in (source, code)), None) if source else None
    open_now = ctx.state.dialogue
    if wave is None and source.startswith(POSTER):
        ctx.lead.append(t("survey.closed"))
    if wave is not None and not (isinstance(open_now, Answering) and menu.can_go_on(ctx, open_now, wave)):
        if menu.begun(ctx, wave) is None:
            ctx.want(Came(code=wave.code, place=place))
        _put_aside(ctx)
        _start_survey(ctx, wave)
    elif open_now is not None:
        ctx.lead.append(t("nav.where_you_were"))
        _ask_again(ctx)
    else:
        menu.show(ctx)


def _by_code(ctx: Context, found: Invited | None) -> None:
    if inviting.already_open(ctx, found):
        ctx.lead.append(t("nav.where_you_were"))
        _ask_again(ctx)
        return
    _put_aside(ctx)
    inviting.enter(ctx, found)


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
    if ctx.state.dialogue is not None and _code_meanwhile(ctx):
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
    elif command == speaking.LANGUAGE:
        if not speaking.show(ctx):
            _ask_again(ctx)
    elif command == subscribing.OPT_IN:
        subscribing.come_back(ctx)
        _ask_again(ctx)
    elif command == subscribing.OPT_OUT:
        subscribing.leave(ctx)
        _put_aside(ctx)
        menu.show(ctx)
    elif command.startswith(inviting.CODE):
        _by_code(ctx, ctx.desk.invitation(command.removeprefix(inviting.CODE)))
    elif command == menu.KEPT and ctx.state.kept is not None:
        kept, ctx.state.kept = ctx.state.kept, None
        _put_aside(ctx, command)
        ctx.state.dialogue = kept
        drafting.ask_again(ctx, kept)
    else:
        if command == STOP and ctx.state.dialogue is None:
            ctx.lead.append(t("optout.hint"))
        _put_aside(ctx, command)
        _open(ctx, command)


def _open(ctx: Context, command: str) -> None:
    name = command.removeprefix("go:")
    if name in list(Kind):
        drafting.start(ctx, Kind(name))
    elif name == "track":
        tracking.start(ctx)
    elif name.startswith("on."):
        begun = next((doing for doing in ctx.state.paused if str(doing.topic) == name.removeprefix("on.")), None)
        if begun is None:
            ctx.lead.append(t("nav.past"))
            menu.show(ctx)
        else:
            answering.resume(ctx, begun)
    elif name.startswith("survey."):
        code = name.removeprefix("survey.")
        wave = next((wave for wave in ctx.waves if wave.code == code), None)
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
            if not command.startswith(("go:survey.", menu.GO_ON)):
                ctx.lead.append(_until_when(ctx, doing))
        case Drafting() as draft if command == STOP:
            if draft.done:
                ctx.lead.append(t("draft.cancelled"))
        case Drafting() as draft:
            drafting.put_aside(ctx, draft)
        case _:
            pass
    ctx.state.dialogue = None


def _until_when(ctx: Context, doing: Answering) -> Text:
    """Until when a survey that was put aside can be gone on with."""
    if not ctx.desk.takes_answers(doing.wave):
        return t("survey.closed")
    day = day_of(doing.until)
    return t("survey.paused_today") if day <= day_of(ctx.inbound.at) else t("survey.paused", day=day)


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
    command = _asked_of_menu(ctx)
    if command:
        _command(ctx, command)
    elif not (tracking.answer(ctx) or _code(ctx)):
        _told_at_the_menu(ctx)


def _asked_of_menu(ctx: Context) -> str:
    if ctx.choice:
        return ""
    return commands.of_invitations(ctx.said) or ctx.meant(menu.options(ctx)) or ""


def _code(ctx: Context) -> bool:
    """Whether it was a one-time code, right or mistyped."""
    found = None if ctx.choice else inviting.find(ctx)
    if found is None and (ctx.choice or not inviting.looks_like_code(ctx.inbound.text)):
        return False
    inviting.enter(ctx, found)
    return True


def _code_meanwhile(ctx: Context) -> bool:
    """Whether a one-time code was typed while something else is open.

    It opens its survey. Kept as an answer in words it would say in the results who gave that answer.
    """
    if ctx.choice or ctx.inbound.kind != "text":
        return False
    found = inviting.find(ctx)
    if found is not None:
        _by_code(ctx, found)
        return True
    mistyped = isinstance(ctx.state.dialogue, Answering) and inviting.looks_like_code(ctx.inbound.text)
    if not mistyped or not any(sign.isalpha() for sign in ctx.inbound.text):
        return False
    ctx.lead.append(t("code.unknown"))
    _ask_again(ctx)
    return True


def _told_at_the_menu(ctx: Context) -> None:
    if len(ctx.inbound.text) > MAX_TEXT:
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
    if answering.media_came(ctx, media):
        return
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
        # In a web chat it was refused before it came this far, whatever was open.
        menu.greeting(ctx)
        ctx.lead.append(t(media.reason or "photo.not_a_photo"))
        _ask_again(ctx)
