"""How a chat is opened: by a poster's word or its typed number, a one-time code, a link to a case; where it leads."""

import re

from bot.conversation import answering, booking, commands, inviting, menu, tracking
from bot.conversation.context import Context
from bot.conversation.desk import Invited, Wave
from bot.conversation.effects import Came, EraseTopic, t
from bot.conversation.going import ask_again, put_aside
from bot.conversation.state import Answering
from feedback.codes import looks_like_code
from surveys.sources import POSTER, split_source

_NUMBER = re.compile(r"(?:ks|khao sat) ?(\d{1,6})")


def typed_source(ctx: Context) -> str:
    """The word of a poster whose number was typed, as Zalo's links carry none ("KS 12"); "" for anything else."""
    found = _NUMBER.fullmatch(ctx.said) if ctx.inbound.kind == "text" else None
    return ctx.desk.source(int(found[1])) if found else ""


def start(ctx: Context, source: str) -> None:
    """Somebody opened the chat, perhaps by the code of a survey on a poster, or by a code of one's own."""
    if source.startswith(inviting.SOURCE):
        by_code(ctx, inviting.find(ctx, source.removeprefix(inviting.SOURCE)))
        return
    if looks_like_code(source):
        put_aside(ctx)
        tracking.by_link(ctx, source)
        return
    if source.startswith(commands.SESSION):
        put_aside(ctx)
        booking.by_link(ctx, source.removeprefix(commands.SESSION))
        return
    if source:
        ctx.state.source = source
    code, place = split_source(source)
    wave = next((wave for wave in ctx.waves if wave.code in (source, code)), None) if source else None
    open_now = ctx.state.dialogue
    if wave is None and source.startswith(POSTER):
        if isinstance(open_now, Answering) and ctx.desk.survey(open_now.version).id == code:
            _past_its_end(ctx, open_now)
            return
        ctx.lead.append(t("survey.closed"))
    if wave is not None and not (isinstance(open_now, Answering) and menu.can_go_on(ctx, open_now, wave)):
        if menu.begun(ctx, wave) is None:
            ctx.want(Came(code=wave.code, place=place))
        put_aside(ctx)
        start_survey(ctx, wave)
    elif open_now is not None:
        ctx.lead.append(t("nav.where_you_were"))
        ask_again(ctx)
    else:
        menu.show(ctx)


def _past_its_end(ctx: Context, doing: Answering) -> None:
    """Somebody opens the poster of the survey that is being answered, and nobody may begin that any more."""
    if ctx.desk.takes_answers(doing.wave, begun=True):
        ctx.lead.append(t("nav.where_you_were"))
        ask_again(ctx)
    else:
        answering.refused(ctx, doing, "wave.closed")


def by_code(ctx: Context, found: Invited | None) -> None:
    """A one-time code was given; `found` is None where it is nobody's."""
    if inviting.already_open(ctx, found):
        ctx.lead.append(t("nav.where_you_were"))
        ask_again(ctx)
        return
    put_aside(ctx)
    inviting.enter(ctx, found)


def start_survey(ctx: Context, wave: Wave) -> None:
    """Begin a survey, or go on where it was left."""
    begun = menu.begun(ctx, wave)
    if begun is not None:
        answering.resume(ctx, begun)
        return
    for late in [doing for doing in ctx.state.paused if menu.is_of(ctx, doing, wave)]:
        # Begun in a version whose time is over and that was gathered: nothing can come of it, so its words go.
        if not ctx.desk.takes_answers(late.wave, begun=True):
            ctx.state.paused.remove(late)
            ctx.want(EraseTopic(topic=late.topic))
    answering.start(ctx, wave.id, wave.version)
