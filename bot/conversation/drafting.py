"""Writing a phản ánh, kiến nghị or đề nghị đối thoại: one short question at a time, then a look before it is sent."""

from bot.conversation import barring, drafting_review, matter, menu, nearby
from bot.conversation.context import BACK, SKIP, Context, nav
from bot.conversation.desk import CaseBrief
from bot.conversation.drafting_asking import KINDS, ask, ask_after, options
from bot.conversation.drafting_review import CHOOSING, NOTHING, REVIEW, review
from bot.conversation.drafting_sending import hand_in, hand_in_about
from bot.conversation.drafting_steps import BY_NAME, STEPS, Step, may_hide
from bot.conversation.drafting_taking import (
    bring,
    done,
    lose_photo,
    pictures,
    put_aside,
    take,
    take_story,
    tells,
    voices,
)
from bot.conversation.drafting_who import hide, hides
from bot.conversation.effects import FetchMedia, Option, t
from bot.conversation.kinds_taken import OFF, taken_no_more
from bot.conversation.messages import Media
from bot.conversation.state import Drafting
from feedback.kinds import Kind

BARE = "bare"
_MEDIA = ("photo", "voice")
_SENT = (*_MEDIA, "location")
_LISTS = (*KINDS, "category")
"""Questions of what it is, which come before what happened."""


def start(
    ctx: Context,
    kind: Kind | None,
    *,
    text: str = "",
    photo: Media | None = None,
    more: bool = False,
    topic: int = 0,
    way: str = "",
) -> None:
    """Begin a case with whatever the person has given already; `more`: with the second list of kinds.

    `topic` is that of the words, where they have one already; `way` leads back from the first question.
    """
    draft = Drafting(
        topic=topic or ctx.new_topic(),
        since=ctx.state.nonce,
        way=way,
        kind=kind,
        more=more,
        text=text,
        photos=[photo] if photo else [],
        place=ctx.inbound.place,
    )
    spoken = photo is not None and photo.kind == "voice"
    shown = photo is not None and not spoken
    given = (("kind", kind or more), ("text", text or spoken), ("photo", shown), ("place", draft.place))
    draft.done = [name for name, value in given if value]
    ctx.state.dialogue = draft
    if spoken:
        ctx.lead.append(t("draft.voice_noted"))
    if photo is not None and not photo.blob:
        ctx.want(FetchMedia(ref=photo.ref, kind=photo.kind))
    _go_on(ctx, draft)


def start_about(ctx: Context, case: CaseBrief, *, again: bool) -> None:
    """Begin words for a case that was sent; `again`: why it is not settled."""
    draft = Drafting(topic=ctx.new_topic(), since=ctx.state.nonce, case=case.code, again=again)
    ctx.state.dialogue = draft
    _go_on(ctx, draft)


def ask_again(ctx: Context, draft: Drafting) -> None:
    """The question that is open, once more."""
    if draft.waiting:
        coming = [one for one in draft.photos if not one.blob]
        spoken = bool(coming) and all(one.kind == "voice" for one in coming)
        said = t("draft.voice_coming" if spoken else "draft.photo_coming")
        ctx.ask(said, options=[Option(BARE, t("draft.send_bare"), "1"), *nav()])
    elif draft.matter:
        matter.ask_again(ctx, draft)
    elif draft.step == REVIEW:
        review(ctx, draft)
    elif draft.step == CHOOSING:
        drafting_review.choose(ctx, draft)
    elif draft.step not in BY_NAME:
        _go_on(ctx, draft)  # a question that an older version of the program asked
    else:
        ask(ctx, draft, BY_NAME[draft.step])


def hear(ctx: Context, draft: Drafting) -> None:
    """One message while a case is being written."""
    if ctx.choice == BACK:
        _go_back(ctx, draft)
    elif draft.waiting:
        _hear_waiting(ctx, draft)
    elif draft.matter:
        _hear_matter(ctx, draft)
    elif draft.step in (REVIEW, CHOOSING):
        _hear_at_review(ctx, draft)
    elif draft.step not in BY_NAME:
        _go_on(ctx, draft)
    else:
        _hear_step(ctx, draft, BY_NAME[draft.step])


def _hear_at_review(ctx: Context, draft: Drafting) -> None:
    if ctx.inbound.kind in _SENT:
        if take(ctx, draft):
            _go_on(ctx, draft)
    elif draft.step == CHOOSING:
        drafting_review.hear_chosen(ctx, draft)
    else:
        match drafting_review.hear(ctx, draft):
            case "send":
                _send(ctx, draft)
            case "on":
                _go_on(ctx, draft)
            case _:
                pass


def _hear_matter(ctx: Context, draft: Drafting) -> None:
    if ctx.inbound.kind in _SENT:
        if take(ctx, draft):
            matter.ask_again(ctx, draft)
    elif matter.hear(ctx, draft):
        _go_on(ctx, draft)


def _hear_step(ctx: Context, draft: Drafting, step: Step) -> None:
    if ctx.inbound.kind in _MEDIA or (ctx.inbound.kind == "location" and step.name != "place"):
        _take_at(ctx, draft, step)
        return
    if step.name in KINDS and (way := matter.chosen(ctx, options(ctx, draft, step))):
        put_aside(ctx, draft)
        matter.go(ctx, way)
        return
    if hides(ctx, step.name) and may_hide(draft):
        hide(draft)
        review(ctx, draft)
        return
    may_skip = step.skip is not None and step.skip(draft)
    if may_skip and (ctx.choice == SKIP or ctx.said in NOTHING):
        step.clear(draft)
    elif ctx.choice == SKIP or ctx.said == "bo qua":
        ctx.lead.append(t("draft.needed"))
        ask_again(ctx, draft)
        return
    else:
        fault = step.hear(ctx, draft)
        if fault is not None:
            if step.name in _LISTS and take_story(ctx, draft):
                _go_on(ctx, draft)
            else:
                ask_after(ctx, draft, step, fault)
            return
    done(draft, step.name)
    _go_on(ctx, draft)


def _take_at(ctx: Context, draft: Drafting, step: Step) -> None:
    """A picture, a voice or a place belongs to the case whenever it comes; the open question stays."""
    if not take(ctx, draft):
        return
    if step.name == "photo" and ctx.inbound.kind != "voice":
        done(draft, "photo")  # a place answers that question as well; pictures may still come
    if step.name in draft.done or step.due is not None or ctx.inbound.kind == "location":
        _go_on(ctx, draft)
    else:
        ask_again(ctx, draft)


def _go_on(ctx: Context, draft: Drafting) -> None:
    taken_no_more(ctx, draft)
    if matter.ask(ctx, draft) or barring.stops(ctx, draft) or nearby.followed(ctx, draft):
        return
    for step in STEPS:
        asked = step.asked and step.name not in draft.done and step.applies(draft)
        if asked if step.due is None else step.due(ctx, draft):
            ask(ctx, draft, step)
            return
    if draft.case:
        _send_about(ctx, draft)
    else:
        review(ctx, draft)


def _go_back(ctx: Context, draft: Drafting) -> None:
    if draft.matter:
        # Back to the words themselves: written anew, they may be something else.
        ask(ctx, draft, BY_NAME[matter.write_anew(draft)])
        return
    if draft.waiting or draft.step == CHOOSING:
        draft.waiting = False
        review(ctx, draft)
        return
    if draft.editing and draft.editing == draft.step:
        done(draft, draft.step)
        review(ctx, draft)
        return
    if draft.step == "name" and may_hide(draft):
        # The name was asked from the review: whoever does not want to give it is there again, unknown.
        hide(draft)
        review(ctx, draft)
        return
    behind = [name for name in draft.done if name in BY_NAME and BY_NAME[name].applies(draft)]
    if behind and behind != ["kind"]:
        draft.done.remove(behind[-1])
        ask(ctx, draft, BY_NAME[behind[-1]])
    else:
        _leave(ctx, draft)


def _leave(ctx: Context, draft: Drafting) -> None:
    """Back from the first question, to where the person came from."""
    put_aside(ctx, draft)
    if draft.way:
        ctx.state.dialogue, ctx.onward = None, draft.way
    else:
        menu.show(ctx)


def _hear_waiting(ctx: Context, draft: Drafting) -> None:
    if ctx.inbound.kind in _MEDIA:
        if take(ctx, draft):
            draft.waiting = False
            if not matter.ask(ctx, draft):  # the words below it are words of the case
                _send(ctx, draft)
    elif ctx.meant([Option(BARE, t("draft.send_bare"), "1")]) == BARE:
        draft.photos, draft.waiting = [photo for photo in draft.photos if photo.blob], False
        if draft.photos or draft.text:
            _send(ctx, draft)
        else:
            ask(ctx, draft, BY_NAME["text"])
    else:
        ask_again(ctx, draft)


def _send_about(ctx: Context, draft: Drafting) -> None:
    """Words for a case that was sent go at once, as in any chat."""
    if any(not photo.blob for photo in draft.photos):
        draft.waiting = True
        ask_again(ctx, draft)
        return
    hand_in_about(ctx, draft)
    ctx.close()
    menu.show(ctx)


def _send(ctx: Context, draft: Drafting) -> None:
    if draft.case:
        _send_about(ctx, draft)
        return
    if any(not photo.blob for photo in draft.photos):
        draft.waiting = True
        ask_again(ctx, draft)
        return
    if draft.kind is None:
        _go_on(ctx, draft)
        return
    hand_in(ctx, draft, draft.kind)
    menu.say_phone(ctx)
    ctx.close()
    menu.show(ctx)


def photo_ready(ctx: Context, draft: Drafting) -> None:
    """A picture has come over; with the last of them the case that waited is sent."""
    if not bring(draft, ctx.inbound.media[0]):
        return
    if any(not photo.blob for photo in draft.photos):
        return
    if draft.waiting:
        draft.waiting = False
        _send(ctx, draft)
    # Otherwise in silence: that it was received has been said, and a message more would stand below the open question.


def photo_refused(ctx: Context, draft: Drafting) -> None:
    """A picture cannot be kept: say why, and ask for another or none."""
    refused = ctx.inbound.media[0]
    ctx.lead.append(t(refused.reason or "photo.not_a_photo"))
    was_voice = refused.kind == "voice" or refused.reason.startswith("voice.")
    if not lose_photo(draft, refused.ref) or (tells(draft) if was_voice else pictures(draft)):
        ask_again(ctx, draft)
    elif draft.kind is not None and was_voice:
        ask(ctx, draft, BY_NAME["text"])
    elif draft.kind is not None:
        ask(ctx, draft, BY_NAME["photo"])
    else:
        _go_on(ctx, draft)


def refused(ctx: Context, draft: Drafting, reason: str) -> None:
    """The act was not accepted; a code that was taken is simply drawn again."""
    if reason == "code.taken":
        _send(ctx, draft)
        return
    if reason in (nearby.GONE, OFF):
        if reason == nearby.GONE:
            nearby.refused(ctx, draft)
        _go_on(ctx, draft)
        return
    draft.let_in = not reason.startswith(barring.REFUSED)
    if not draft.let_in and barring.stops(ctx, draft):
        return
    ctx.lead.append(t(reason))
    if draft.case:
        menu.say_phone(ctx)
        menu.show(ctx)
        return
    if reason == "photo.expired":
        spoken = bool(voices(draft)) and not draft.text
        draft.photos, draft.waiting = [], False
        draft.done = [name for name in draft.done if name not in (("photo", "text") if spoken else ("photo",))]
        ask(ctx, draft, BY_NAME["text" if spoken else "photo"])
        return
    review(ctx, draft)
