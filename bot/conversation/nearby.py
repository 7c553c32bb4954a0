"""Somebody has reported it already, perhaps: the person follows that, or sends their own; both hold at once."""

from bot.conversation import menu
from bot.conversation.context import Context
from bot.conversation.drafting_taking import pictures
from bot.conversation.effects import FollowCase, GiveConsent, Option, Text, t
from bot.conversation.state import Drafting
from feedback.kinds import Kind
from feedback.nearness import Near, Report, words_of
from vietnam.time import day_of

STEP = "near"
UNFOLLOW = "go:unfollow"
GONE = "near.gone"
WORDING = "near.ask/1"
_OTHER, _SAME = "other", "same."
_SAYS_OTHER = frozenset(
    {"khong", "ko", "khong phai", "viec khac", "khac", "gui tiep", "tiep", "cu gui", "khong cung", "viec khac gui tiep"}
)
_BEGINS_OTHER = ("khong ", "viec khac", "khac viec", "cu gui")
_SAYS_SAME = frozenset({"dung", "dung roi", "phai", "co", "cung viec", "theo doi", "dung the", "vang", "u", "uh"})


def due(ctx: Context, draft: Drafting) -> bool:
    """Whether there is something to ask: looked up when text and place are known, and never again without a find."""
    if STEP in draft.done or draft.case or draft.kind is not Kind.FEEDBACK:
        return False
    draft.near = ctx.desk.near(_report(draft))
    if not draft.near:
        draft.done.append(STEP)
    return bool(draft.near)


def _report(draft: Drafting) -> Report:
    return Report(
        category=draft.category,
        words=words_of(draft.text),
        place=words_of(draft.where),
        point=(draft.place.lat, draft.place.lon) if draft.place else None,
        village=draft.village,
    )


def question(ctx: Context, draft: Drafting) -> list[Text]:
    """What is known of each that a stranger may know, and whether it is the same."""
    ctx.picture = next((near.photo for near in draft.near if near.photo), 0)
    several = len(draft.near) > 1
    mine = all(near.own for near in draft.near)
    lines = [
        t("near.item_one", number=place, line=_line(ctx, near)) if several else t("near.item", line=_line(ctx, near))
        for place, near in enumerate(draft.near, start=1)
    ]
    return [t("near.own" if mine else "near.found"), *lines, t("near.which" if several else "near.same")]


def _line(ctx: Context, near: Near) -> Text:
    """Field, thôn, distance, since when, state: never a word that somebody else wrote."""
    what, name = t(f"category.{near.category}"), _village(ctx, near.village)
    what = t("near.what_where", field=what, name=name) if name else what
    far = t("near.far", metres=near.metres) if near.metres > 0 else ""
    day, state = day_of(near.opened_at), t(f"state.{near.state}")
    if near.own:
        return t("near.line_own", what=what, far=far, day=day, code=near.code, state=state)
    return t("near.line", what=what, far=far, day=day, state=state)


def _village(ctx: Context, id: int) -> str:
    return next((village.name for village in ctx.desk.villages() if village.id == id), "")


def options(_ctx: Context, draft: Drafting) -> list[Option]:
    """Follow one of them (tell more, where it is the person's own), or go on."""
    several = len(draft.near) > 1
    rows = [
        Option(f"{_SAME}{place}", _label(near, place if several else 0), str(place))
        for place, near in enumerate(draft.near, start=1)
    ]
    return [*rows, Option(_OTHER, t("near.other"), str(len(rows) + 1))]


def _label(near: Near, place: int) -> Text:
    if near.own:
        return t("near.tell", code=near.code)
    return t("near.follow_one", number=place) if place else t("near.follow")


def hear(ctx: Context, draft: Drafting) -> Text | None:
    """Which it is, or that it is another matter; a fault where neither can be told."""
    meant = ctx.meant(options(ctx, draft))
    if meant is None and not ctx.choice and (ctx.said in _SAYS_OTHER or ctx.said.startswith(_BEGINS_OTHER)):
        meant = _OTHER
    if meant is None and not ctx.choice and len(draft.near) == 1 and ctx.said in _SAYS_SAME:
        meant = f"{_SAME}1"
    if meant is None:
        return t("nav.not_understood")
    if meant == _OTHER:
        draft.near = []
        return None
    chosen = draft.near[int(meant.removeprefix(_SAME)) - 1]
    draft.near = []
    if chosen.own:
        # What was written goes to that case as further words, with the pictures.
        draft.case = chosen.code
    else:
        draft.follow = chosen
    return None


def followed(ctx: Context, draft: Drafting) -> bool:
    """Whether the person follows instead: then nothing is sent, and they are told so."""
    chosen = draft.follow
    if chosen is None:
        return False
    ctx.want(FollowCase(case=chosen.id))
    ctx.want(GiveConsent(purpose="follow", data=("chat",), wording=WORDING))
    what = t("near.words_photos" if pictures(draft) else "near.words")
    ctx.lead += [t("near.following"), t("near.not_sent", what=what)]
    menu.say_phone(ctx)
    ctx.offer(options=[Option(f"{UNFOLLOW}.{chosen.id}", t("near.unfollow"))])
    menu.show(ctx)
    return True


def refused(ctx: Context, draft: Drafting) -> None:
    """The case was settled in that moment: the person's own goes on."""
    draft.near, draft.follow = [], None
    draft.done.append(STEP)
    ctx.lead.append(t(GONE))
