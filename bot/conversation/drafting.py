"""Writing a phản ánh, kiến nghị or đề nghị đối thoại: one short question at a time, then a look before it is sent."""

from bot.conversation import menu
from bot.conversation.context import BACK, SKIP, Context, nav
from bot.conversation.drafting_steps import BY_NAME, STEPS, Step
from bot.conversation.effects import FetchPhoto, GiveConsent, OpenCase, Option, Text, t
from bot.conversation.messages import Media
from bot.conversation.state import Drafting
from feedback.acts import Open
from feedback.kinds import Kind

SEND, EDIT, CANCEL = "send", "edit", "cancel"
CONSENT_WORDING = "draft.consent/1"
_REVIEW, _CHOOSING = "review", "choosing"


def start(ctx: Context, kind: Kind | None, *, text: str = "", photo: Media | None = None) -> None:
    """Begin a case with whatever the person has given already."""
    draft = Drafting(topic=0, kind=kind, text=text, photo=photo)
    draft.done = [name for name, given in (("kind", kind), ("text", text), ("photo", photo)) if given]
    ctx.state.dialogue = draft
    if photo is not None and not photo.blob:
        ctx.want(FetchPhoto(ref=photo.ref))
    _go_on(ctx, draft)


def ask_again(ctx: Context, draft: Drafting) -> None:
    """The question that is open, once more."""
    if draft.waiting:
        ctx.ask(t("draft.photo_coming"), options=nav(back=True))
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
        ask_again(ctx, draft)
    elif draft.step == _REVIEW:
        _hear_review(ctx, draft)
    elif draft.step == _CHOOSING:
        _hear_what_to_edit(ctx, draft)
    else:
        _hear_step(ctx, draft, BY_NAME[draft.step])


def _hear_step(ctx: Context, draft: Drafting, step: Step) -> None:
    if ctx.inbound.kind == "photo" and step.name != "photo":
        # A picture belongs to the case whenever it comes; the open question stays.
        _take_photo(ctx, draft)
        ctx.lead.append(t("draft.photo_noted"))
        ask_again(ctx, draft)
        return
    wants_skip = ctx.choice == SKIP or ctx.said in ("bo qua", "khong co")
    if step.skip and step.skip(draft) and wants_skip:
        step.clear(draft)
    else:
        fault = step.hear(ctx, draft)
        if fault is not None:
            ctx.lead.append(fault)
            ask_again(ctx, draft)
            return
    if step.name == "photo" and draft.photo is not None and not draft.photo.blob:
        ctx.want(FetchPhoto(ref=draft.photo.ref))
        ctx.lead.append(t("draft.photo_fetching"))
    draft.done.append(step.name)
    _go_on(ctx, draft)


def _take_photo(ctx: Context, draft: Drafting) -> None:
    draft.photo = ctx.inbound.media[0]
    if "photo" not in draft.done:
        draft.done.append("photo")
    if not draft.photo.blob:
        ctx.want(FetchPhoto(ref=draft.photo.ref))


def _go_on(ctx: Context, draft: Drafting) -> None:
    for step in STEPS:
        if step.name not in draft.done and step.applies(draft):
            _ask(ctx, draft, step)
            return
    _review(ctx, draft)


def _ask(ctx: Context, draft: Drafting, step: Step) -> None:
    draft.step = step.name
    skip = step.skip is not None and step.skip(draft)
    ctx.ask(
        *step.question(ctx, draft),
        options=step.options(ctx, draft) + nav(back=bool(draft.done), skip=skip),
        photo=step.name == "photo",
    )


def _go_back(ctx: Context, draft: Drafting) -> None:
    draft.waiting = False
    if draft.step == _CHOOSING:
        _review(ctx, draft)
    elif draft.done:
        _ask(ctx, draft, BY_NAME[draft.done.pop()])
    else:
        menu.show(ctx)


def _review(ctx: Context, draft: Drafting) -> None:
    draft.step = _REVIEW
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
        *nav(back=True, menu=False),
    ]


def _hear_review(ctx: Context, draft: Drafting) -> None:
    if ctx.inbound.kind == "photo":
        _take_photo(ctx, draft)
        _review(ctx, draft)
        return
    meant = ctx.meant(review_options())
    if meant == SEND:
        _send(ctx, draft)
    elif meant == EDIT:
        _choose_what_to_edit(ctx, draft)
    elif meant == CANCEL:
        ctx.lead.append(t("draft.cancelled"))
        menu.show(ctx)
    else:
        ctx.lead.append(t("nav.not_understood"))
        _review(ctx, draft)


def _edit_options(draft: Drafting) -> list[Option]:
    steps = [step for step in STEPS if step.applies(draft)]
    return [Option(step.name, t(f"draft.field.{step.name}"), str(place)) for place, step in enumerate(steps, start=1)]


def _choose_what_to_edit(ctx: Context, draft: Drafting) -> None:
    draft.step = _CHOOSING
    ctx.ask(t("draft.what_to_edit"), options=_edit_options(draft) + nav(back=True, menu=False))


def _hear_what_to_edit(ctx: Context, draft: Drafting) -> None:
    meant = ctx.meant(_edit_options(draft))
    if meant is None:
        ctx.lead.append(t("nav.not_understood"))
        _choose_what_to_edit(ctx, draft)
        return
    if meant in draft.done:
        draft.done.remove(meant)
    _ask(ctx, draft, BY_NAME[meant])


def _send(ctx: Context, draft: Drafting) -> None:
    if draft.photo is not None and not draft.photo.blob:
        draft.waiting = True
        ask_again(ctx, draft)
        return
    if draft.kind is None:
        _go_on(ctx, draft)
        return
    personal = [name for name in ("name", "phone") if getattr(draft, name)]
    personal += ["photo"] if draft.photo else []
    personal += ["village"] if draft.village else []
    if personal:
        ctx.want(GiveConsent(purpose="case", data=tuple(personal), wording=CONSENT_WORDING))
    act = Open(
        code=ctx.desk.new_code(),
        kind=draft.kind,
        category=draft.category,
        text=draft.text,
        village=draft.village,
        anonymous=draft.anonymous,
        name=draft.name,
        phone=draft.phone,
        wanted_day=draft.wanted_day,
        blobs=(draft.photo.blob,) if draft.photo else (),
    )
    ctx.want(OpenCase(act=act))
    commune = ctx.desk.commune()
    ctx.lead.append(t(f"draft.sent.{draft.kind}", code=act.code))
    ctx.lead.append(t("draft.follow_up"))
    if commune.phone:
        key = "help.phone_person" if commune.contact else "help.phone"
        ctx.lead.append(t(key, phone=commune.phone, person=commune.contact))
    ctx.close()
    menu.show(ctx)


def photo_ready(ctx: Context, draft: Drafting) -> None:
    """The picture has come over: the case that waited for it is sent."""
    arrived = ctx.inbound.media[0]
    if draft.photo is None or draft.photo.ref != arrived.ref:
        return
    draft.photo = arrived
    if draft.waiting:
        draft.waiting = False
        _send(ctx, draft)
    else:
        ctx.say(t("draft.photo_ready"))


def photo_refused(ctx: Context, draft: Drafting) -> None:
    """The picture cannot be kept: say why, and ask for another or none."""
    refused = ctx.inbound.media[0]
    if draft.photo is not None and not draft.photo.blob and draft.photo.ref == refused.ref:
        draft.photo, draft.waiting = None, False
    if draft.photo is None and "photo" in draft.done:
        draft.done.remove("photo")
    ctx.lead.append(Text(refused.reason or "photo.not_a_photo"))
    _go_on(ctx, draft)


def refused(ctx: Context, draft: Drafting, reason: str) -> None:
    """The act was not accepted; a code that was taken is simply drawn again."""
    if reason == "code.taken":
        _send(ctx, draft)
        return
    ctx.lead.append(t(reason))
    _review(ctx, draft)
