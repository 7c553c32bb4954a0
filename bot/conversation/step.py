"""The whole conversation as one pure function: what came in and what is remembered -> what is remembered and wanted."""

from collections.abc import Callable
from typing import Any

from bot.conversation import (
    answering,
    asides,
    asking_commune,
    booking,
    closing,
    commands,
    drafting,
    drafting_taking,
    emergency,
    flooding,
    following,
    inviting,
    joining,
    menu,
    nearby,
    opening,
    rights,
    speaking,
    stopping,
    subscribing,
    thread,
    tracking,
    unasked,
    ways,
)
from bot.conversation.context import DROP, HELP, STOP, Context
from bot.conversation.desk import Desk
from bot.conversation.drafting_steps import WRITTEN
from bot.conversation.effects import DropMedia, Effect, t
from bot.conversation.going import ask_again, put_aside
from bot.conversation.messages import Inbound
from bot.conversation.state import (
    Answering,
    AskingCommune,
    Booking,
    Confirming,
    Drafting,
    Joining,
    Rating,
    State,
    Subscribing,
    Tracking,
)
from bot.conversation.wording import Wording

_SHORT_ANSWERS = frozenset(map(str, range(100)))


def step(state: State, inbound: Inbound, desk: Desk, wording: Wording, refusal: str = "") -> tuple[State, list[Effect]]:
    """Answer one event. `state` is given away: the caller reads it anew for another try.

    `wording` is Vietnamese with the other languages in it. `refusal` is the wording key of an effect that could not be
    applied; the step then answers with it in mind.
    """
    ctx = Context(state, inbound, desk, wording)
    doing = state.dialogue
    if inbound.kind == "expire":
        closing.expire(ctx, refusal)
    elif inbound.kind == "flood":
        flooding.stop(ctx)
    elif inbound.kind in ("media_ready", "media_refused"):
        _media(ctx)
    elif inbound.kind != "gone":
        _of_the_person(ctx, refusal)
        emergency.point_out(ctx, doing)
    return state, ctx.effects


def _of_the_person(ctx: Context, refusal: str) -> None:
    stale = _read_choice(ctx)
    if not stale:
        stopping.settle(ctx)
    ctx.instead = ctx.of_the_same_album()
    for doing in ctx.state.unfinished:
        if not doing.until:
            # Begun before the 14 days were counted: they begin now.
            doing.begun_at, doing.until = ctx.inbound.at, ctx.desk.deadline(doing.wave, ctx.inbound.at)
    menu.greeting(ctx)
    flooding.missed(ctx)
    ended = [t("survey.handed_in", title=title) for title in ctx.state.handed_in]
    ctx.lead += ended
    ctx.state.handed_in = []
    dialogue = ctx.state.dialogue
    language = "" if stale or refusal else speaking.chosen(ctx)
    ctx.state.choosing_language = False
    if refusal:
        _refused(ctx, refusal)
    elif stale:
        ctx.lead.append(t("nav.past"))
        ask_again(ctx)
    elif language:
        speaking.speak(ctx, language)
        ask_again(ctx)
    elif ctx.inbound.kind == "start":
        opening.start(ctx, ctx.inbound.source)
    elif ctx.inbound.kind == "unseen":
        ctx.web = True
        ctx.lead.append(t("nav.unseen"))
        menu.say_phone(ctx)
        ask_again(ctx)
    elif ctx.inbound.kind == "edited":
        # What was said has been heard and often counted: silence would let the person believe it had changed.
        ctx.lead.append(t("nav.edited"))
        ask_again(ctx)
    elif ended and dialogue is None and not ctx.choice and ctx.said in _SHORT_ANSWERS:
        menu.show(ctx)  # a number meant for the question that is gone is no choice of a menu that was not shown
    else:
        _hear(ctx)


def _refused(ctx: Context, refusal: str) -> None:
    match ctx.state.dialogue:
        case Answering() as doing:
            answering.refused(ctx, doing, refusal)
        case Drafting() as draft:
            drafting.refused(ctx, draft, refusal)
        case Joining():
            joining.refused(ctx, refusal)
        case Booking() as seat:
            booking.refused(ctx, seat, refusal)
        case _:
            thread.refused(ctx, refusal)


def _read_choice(ctx: Context) -> bool:
    """Put the choice where dialogues look for it; True where it was for a question that is past."""
    pressed = ctx.inbound.choice
    if ctx.inbound.nonce and (ctx.inbound.nonce != ctx.state.nonce or ctx.state.dialogue is None):
        return not _of_the_draft(ctx)
    if pressed.startswith("go:"):
        ctx.choice = pressed
        return False
    if pressed:
        nonce, _, choice = pressed.partition(":")
        if nonce != str(ctx.state.nonce):
            return True
        ctx.choice = choice
        return False
    if ctx.inbound.kind == "text" and not ctx.inbound.nonce:
        # What comes with the number of a question is from its page, which answers it and gives no commands: whoever
        # has the address of the page could otherwise part, join or leave in the person's name.
        ctx.choice = _command_of(ctx)
    return False


def _of_the_draft(ctx: Context) -> bool:
    """Whether the page of an earlier question brings a picture or a place of the case that is being written.

    As in the chat itself, those belong to the case whenever they come.
    """
    draft = ctx.state.dialogue
    brings = ctx.inbound.kind in ("photo", "voice", "location")
    return isinstance(draft, Drafting) and brings and ctx.inbound.nonce > draft.since


def _command_of(ctx: Context) -> str:
    """The command that was typed, or ""."""
    command = commands.firm(ctx.inbound.text, ctx.said) or asides.chosen(ctx) or stopping.command(ctx)
    if command:
        return command
    command = commands.soft(ctx.said) or commands.of_invitations(ctx.said)
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
        case Booking(step="question"):
            return True
        case _:
            return False


def _hear(ctx: Context) -> None:
    if ctx.choice.startswith("go:"):
        _command(ctx, ctx.choice)
        return
    if not ctx.inbound.nonce and _elsewhere(ctx):
        return
    open_now = ctx.state.dialogue
    if open_now is None or _HEARERS[type(open_now)](ctx, open_now) is False:
        if command := unasked.hear(ctx):
            _command(ctx, command)
    elif ctx.onward:
        ways.take(ctx, ctx.onward)


def _hear_code(ctx: Context, _asked: Tracking) -> bool:
    return not thread.typed(ctx) and tracking.hear(ctx)


def _elsewhere(ctx: Context) -> bool:
    """Go where a typed code leads, whatever is open; False where none was typed."""
    if source := opening.typed_source(ctx):
        opening.start(ctx, source)
        return True
    if join := joining.code_of(ctx):
        _join(ctx, join)
        return True
    return ctx.state.dialogue is not None and _code_meanwhile(ctx)


def _join(ctx: Context, code: str) -> None:
    """A code to join two chats, whatever is open: it is never taken for an answer in words."""
    if ctx.state.dialogue is not None and ctx.desk.join_offer(code) is not None:
        put_aside(ctx)
    if not joining.hear_code(ctx, code):
        ask_again(ctx)


def _command(ctx: Context, command: str) -> None:
    if command in _ASIDES:
        _ASIDES[command](ctx)
        ask_again(ctx)
    elif command == speaking.LANGUAGE:
        if not speaking.show(ctx):
            ask_again(ctx)
    elif command == subscribing.OPT_OUT:
        subscribing.leave(ctx)
        put_aside(ctx)
        menu.show(ctx)
    elif command == stopping.DOUBT:
        stopping.ask(ctx)
    elif command == DROP and isinstance(ctx.state.dialogue, Answering | None):
        closing.drop(ctx)
        menu.show(ctx)
    elif command == menu.KEPT and ctx.state.kept is not None:
        kept, ctx.state.kept = ctx.state.kept, None
        put_aside(ctx, command)
        ctx.state.dialogue = kept
        drafting.ask_again(ctx, kept)
    elif command.startswith(nearby.UNFOLLOW):
        following.unfollow(ctx, command)
    elif command.startswith(inviting.CODE):
        opening.by_code(ctx, inviting.find(ctx, command.removeprefix(inviting.CODE)))
    else:
        if command == STOP and ctx.state.dialogue is None:
            subscribing.perhaps_leave(ctx, meant=stopping.of_news(ctx))
        put_aside(ctx, STOP if command == DROP else command)
        ways.take(ctx, command)


def _code_meanwhile(ctx: Context) -> bool:
    """Whether a one-time code was typed while something else is open.

    It opens its survey. Kept as an answer in words it would say in the results who gave that answer.
    """
    if ctx.choice or ctx.inbound.kind != "text":
        return False
    found = inviting.find(ctx, ctx.inbound.text)
    if found is not None:
        opening.by_code(ctx, found)
        return True
    mistyped = isinstance(ctx.state.dialogue, Answering) and inviting.looks_like_code(ctx.inbound.text)
    if not mistyped or not any(sign.isalpha() for sign in ctx.inbound.text):
        return False
    ctx.lead.append(inviting.unknown(ctx))
    ask_again(ctx)
    return True


def _media(ctx: Context) -> None:
    media, kept, draft = ctx.inbound.media[0], ctx.state.kept, ctx.state.dialogue
    if answering.media_came(ctx, media):
        return
    if kept is not None:
        if ctx.inbound.kind == "media_ready" and drafting_taking.bring(kept, media):
            return
        if ctx.inbound.kind == "media_refused":
            drafting_taking.lose_photo(kept, media.ref)
    if isinstance(draft, Drafting):
        if ctx.inbound.kind == "media_ready":
            drafting.photo_ready(ctx, draft)
        else:
            drafting.photo_refused(ctx, draft)
    elif ctx.inbound.kind == "media_refused":
        # In a web chat it was refused before it came this far, whatever was open.
        menu.greeting(ctx)
        ctx.lead.append(t(media.reason or "photo.not_a_photo"))
        ask_again(ctx)
    elif media.blob:
        # It was for something that is not kept, or went without it.
        ctx.want(DropMedia(blobs=(media.blob,)))


_HEARERS: dict[type[Any], Callable[[Context, Any], object]] = {
    Answering: answering.hear,
    AskingCommune: asking_commune.hear,
    Booking: booking.hear,
    Confirming: rights.hear,
    Drafting: drafting.hear,
    Joining: joining.hear,
    Rating: thread.hear,
    Subscribing: subscribing.hear,
    Tracking: _hear_code,
}
"""Who hears what is said while a dialogue is open; False where it was nothing for it."""
_ASIDES: dict[str, Callable[[Context], None]] = {
    HELP: menu.show_help,
    "go:privacy": rights.notice,
    subscribing.OPT_IN: subscribing.come_back,
    joining.JOIN: joining.offer,
    joining.PART: joining.part,
}
"""What is said beside the question that is open."""
