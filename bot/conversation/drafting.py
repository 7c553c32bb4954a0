"""Writing a phản ánh, kiến nghị or đề nghị đối thoại: one short question at a time, then a look before it is sent."""

from bot.conversation import barring, matter, menu, nearby, odd_place
from bot.conversation.context import BACK, SKIP, Context, nav
from bot.conversation.desk import CaseBrief
from bot.conversation.drafting_sending import hand_in, hand_in_about
from bot.conversation.drafting_steps import BY_NAME, STEPS, Step
from bot.conversation.drafting_taking import bring, done, lose_photo, pictures, put_aside, take, tells, voices
from bot.conversation.effects import FetchMedia, Option, Text, t
from bot.conversation.messages import Media, Wants
from bot.conversation.state import Drafting
from bot.conversation.villages import place_word
from feedback.kinds import Kind

SEND, EDIT, CANCEL, BARE = "send", "edit", "cancel", "bare"
MAX_TRIES = 3
_NONE = frozenset(
    {"bo qua", "khong", "ko", "k", "khong co", "ko co", "khong co anh", "ko co anh", "chua co", "khong can"}
)
_SAYS_ALL = frozenset(
    {"draft.phone_wrong", "draft.name_wrong", "draft.photo_only", "draft.too_long", "draft.field_too_long"}
)
"""Faults after which the question itself would only be said twice."""
_YES = frozenset({"gui", "gui di", "dong y", "dong y gui", "ok", "oke", "vang", "duoc", "dung roi", "uh", "u"})
_REVIEW, _CHOOSING = "review", "choosing"
_KINDS = ("kind", "kind_more")
_MEDIA = ("photo", "voice")
_SENT = (*_MEDIA, "location")
_WANTS: dict[str, Wants] = {
    "text": "words",
    "photo": "photo",
    "place": "place",
    odd_place.STEP: "place",
    "phone": "contact",
}


def start(
    ctx: Context,
    kind: Kind | None,
    *,
    text: str = "",
    photo: Media | None = None,
    more: bool = False,
    topic: int = 0,
) -> None:
    """Begin a case with whatever the person has given already; `more`: with the second list of kinds.

    `topic` is that of the words, where they have one already.
    """
    draft = Drafting(
        topic=topic or ctx.new_topic(),
        since=ctx.state.nonce,
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
    elif draft.step == _REVIEW:
        _review(ctx, draft)
    elif draft.step == _CHOOSING:
        _choose_what_to_edit(ctx, draft)
    else:
        _ask(ctx, draft, BY_NAME[draft.step])


def hear(ctx: Context, draft: Drafting) -> None:
    """One message while a case is being written."""
    if ctx.choice == BACK:
        _go_back(ctx, draft)
    elif draft.waiting:
        _hear_waiting(ctx, draft)
    elif draft.matter:
        _hear_matter(ctx, draft)
    elif draft.step == _REVIEW:
        _hear_review(ctx, draft)
    elif draft.step == _CHOOSING:
        _hear_what_to_edit(ctx, draft)
    else:
        _hear_step(ctx, draft, BY_NAME[draft.step])


def _hear_matter(ctx: Context, draft: Drafting) -> None:
    if ctx.inbound.kind in _SENT:
        if take(ctx, draft):
            matter.ask_again(ctx, draft)
    elif matter.hear(ctx, draft):
        _go_on(ctx, draft)


def _hear_step(ctx: Context, draft: Drafting, step: Step) -> None:
    if ctx.inbound.kind in _MEDIA or (ctx.inbound.kind == "location" and step.name != "place"):
        # A picture, a voice or a place belongs to the case whenever it comes; the open question stays.
        if not take(ctx, draft):
            return
        if step.name == "photo" and ctx.inbound.kind != "voice":
            done(draft, "photo")  # a place answers that question as well; pictures may still come
        if step.name in draft.done or step.due is not None or ctx.inbound.kind == "location":
            _go_on(ctx, draft)
        else:
            ask_again(ctx, draft)
        return
    if step.name in _KINDS and (way := matter.chosen(ctx, _options(ctx, draft, step))):
        put_aside(ctx, draft)
        matter.go(ctx, way)
        return
    may_skip = step.skip is not None and step.skip(draft)
    if may_skip and (ctx.choice == SKIP or ctx.said in _NONE):
        step.clear(draft)
    elif ctx.choice == SKIP or ctx.said == "bo qua":
        ctx.lead.append(t("draft.needed"))
        ask_again(ctx, draft)
        return
    else:
        fault = step.hear(ctx, draft)
        if fault is not None:
            _wrong(ctx, draft, step, fault)
            return
    done(draft, step.name)
    _go_on(ctx, draft)


def _wrong(ctx: Context, draft: Drafting, step: Step, fault: Text) -> None:
    draft.tries += 1
    ctx.lead.append(fault)
    if draft.tries >= MAX_TRIES:
        menu.say_phone(ctx)
    _ask(ctx, draft, step, again=fault.key not in _SAYS_ALL)


def _go_on(ctx: Context, draft: Drafting) -> None:
    if matter.ask(ctx, draft) or barring.stops(ctx, draft) or nearby.followed(ctx, draft):
        return
    for step in STEPS:
        asked = step.asked and step.name not in draft.done and step.applies(draft)
        if asked if step.due is None else step.due(ctx, draft):
            _ask(ctx, draft, step)
            return
    if draft.case:
        _send_about(ctx, draft)
    else:
        _review(ctx, draft)


def _ask(ctx: Context, draft: Drafting, step: Step, *, again: bool = True) -> None:
    draft.step = step.name
    skip = step.skip is not None and step.skip(draft)
    ctx.ask(
        *(step.question(ctx, draft) if again else ()),
        options=(ctx.narrowed or _options(ctx, draft, step)) + nav(skip=skip),
        wants=_wants(draft, step),
    )


def _options(ctx: Context, draft: Drafting, step: Step) -> list[Option]:
    """What can be chosen; below the rarer kinds also what is not taken here, so that nobody looks for it in vain."""
    options = step.options(ctx, draft)
    return [*options, matter.way(len(options) + 1)] if step.name == _KINDS[1] else options


def _wants(draft: Drafting, step: Step) -> Wants:
    """A picture needs no button where a place does: every channel takes one as it is."""
    return "scene" if step.name == "photo" and draft.kind is Kind.FEEDBACK else _WANTS.get(step.name, "")


def _go_back(ctx: Context, draft: Drafting) -> None:
    if draft.matter:
        # Back to the words themselves: written anew, they may be something else.
        draft.matter, draft.weighed = "", 0
        draft.done = [name for name in draft.done if name != "text"]
        _ask(ctx, draft, BY_NAME["text"])
        return
    if draft.waiting or draft.step == _CHOOSING:
        draft.waiting = False
        _review(ctx, draft)
        return
    if draft.editing and draft.editing == draft.step:
        done(draft, draft.step)
        _review(ctx, draft)
        return
    behind = [name for name in draft.done if BY_NAME[name].applies(draft)]
    if behind and behind != ["kind"]:
        draft.done.remove(behind[-1])
        _ask(ctx, draft, BY_NAME[behind[-1]])
    else:
        put_aside(ctx, draft)
        menu.show(ctx)


def _hear_waiting(ctx: Context, draft: Drafting) -> None:
    if ctx.inbound.kind in _MEDIA:
        if take(ctx, draft):
            draft.waiting = False
            _send(ctx, draft)
    elif ctx.meant([Option(BARE, t("draft.send_bare"), "1")]) == BARE:
        draft.photos, draft.waiting = [photo for photo in draft.photos if photo.blob], False
        if draft.photos or draft.text:
            _send(ctx, draft)
        else:
            _ask(ctx, draft, BY_NAME["text"])
    else:
        ask_again(ctx, draft)


def _review(ctx: Context, draft: Drafting) -> None:
    if matter.ask(ctx, draft):
        return
    draft.step, draft.editing, draft.tries = _REVIEW, "", 0
    lines = [step.shown(ctx, draft) for step in STEPS if step.applies(draft)]
    ctx.ask(
        t("draft.review"),
        *(line for line in lines if line is not None),
        t("draft.consent", commune=ctx.desk.commune().name),
        options=review_options(),
    )


def review_options() -> list[Option]:
    """What can be done with a finished draft."""
    return [
        Option(SEND, t("draft.send"), "1"),
        Option(EDIT, t("draft.edit"), "2"),
        Option(CANCEL, t("draft.cancel"), "3"),
        *nav(menu=False),
    ]


def _hear_review(ctx: Context, draft: Drafting) -> None:
    if ctx.inbound.kind in _SENT:
        if take(ctx, draft):
            _go_on(ctx, draft)
        return
    meant = SEND if not ctx.choice and ctx.said in _YES else ctx.meant(review_options())
    if not ctx.choice and ctx.said in _NONE:
        # "Không": nothing to change, or nothing to be sent? Only the person knows.
        ctx.lead.append(t("draft.send_or_not"))
        _review(ctx, draft)
    elif meant == SEND:
        _send(ctx, draft)
    elif meant == EDIT:
        _choose_what_to_edit(ctx, draft)
    elif meant == CANCEL:
        matter.drop(ctx, draft)
        ctx.lead.append(t("draft.cancelled"))
        menu.show(ctx)
    else:
        ctx.lead.append(t("nav.not_understood"))
        _review(ctx, draft)


def _edit_options(ctx: Context, draft: Drafting) -> list[Option]:
    place = menu.capital(place_word(ctx))
    steps = [step for step in STEPS if step.applies(draft)]
    return [
        Option(step.name, t(f"draft.field.{step.name}", Place=place), str(n)) for n, step in enumerate(steps, start=1)
    ]


def _choose_what_to_edit(ctx: Context, draft: Drafting) -> None:
    draft.step = _CHOOSING
    ctx.ask(t("draft.what_to_edit"), options=_edit_options(ctx, draft) + nav(menu=False))


def _hear_what_to_edit(ctx: Context, draft: Drafting) -> None:
    if ctx.inbound.kind in _SENT:
        if take(ctx, draft):
            _go_on(ctx, draft)
        return
    meant = ctx.meant(_edit_options(ctx, draft))
    if meant is None:
        ctx.lead.append(t("nav.not_understood"))
        _choose_what_to_edit(ctx, draft)
        return
    if meant in draft.done:
        draft.done.remove(meant)
    draft.editing = meant
    _ask(ctx, draft, BY_NAME[meant])


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
        _ask(ctx, draft, BY_NAME["text"])
    elif draft.kind is not None:
        _ask(ctx, draft, BY_NAME["photo"])
    else:
        _go_on(ctx, draft)


def refused(ctx: Context, draft: Drafting, reason: str) -> None:
    """The act was not accepted; a code that was taken is simply drawn again."""
    if reason == "code.taken":
        _send(ctx, draft)
        return
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
        _ask(ctx, draft, BY_NAME["text" if spoken else "photo"])
        return
    _review(ctx, draft)
