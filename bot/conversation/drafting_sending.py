"""A finished draft becomes a case, or words for one: what is wanted of the turn, and what the person is told."""

from bot.conversation import menu
from bot.conversation.context import Context
from bot.conversation.drafting_taking import pictures, voices
from bot.conversation.effects import ActOnCase, GiveConsent, OpenCase, t
from bot.conversation.matter import accuses
from bot.conversation.state import Drafting
from feedback.acts import Open, Reopen, Tell
from feedback.kinds import Kind, rule
from vietnam.time import day_of

CONSENT_WORDING = "draft.consent/1"
HIDDEN_WORDING = "draft.consent_hidden/1"
ABOUT_WORDING = "draft.ask.text.more/1"


def _media(draft: Drafting) -> list[str]:
    return (["photo"] if pictures(draft) else []) + (["voice"] if voices(draft) else [])


def _words(ctx: Context, draft: Drafting) -> str:
    """What is on record as the words of the case: until an officer has written it down, that something was said."""
    return draft.text or (ctx.all_wording("case.spoken") if voices(draft) else "")


def hand_in(ctx: Context, draft: Drafting, kind: Kind) -> None:
    """A new case."""
    hidden = draft.anonymous and rule(kind).anonymous
    personal = [name for name in ("name", "phone") if getattr(draft, name)]
    personal += _media(draft)
    personal += ["place"] if draft.place else []
    personal += ["village"] if draft.village else []
    if personal:
        wording = HIDDEN_WORDING if hidden else CONSENT_WORDING
        ctx.want(GiveConsent(purpose="case", data=tuple(personal), wording=wording))
    act = Open(
        code=ctx.desk.new_code(),
        kind=kind,
        category=rule(kind).field or draft.category,
        text=_words(ctx, draft),
        village=draft.village,
        works=draft.works or None,
        anonymous=hidden,
        name=draft.name,
        phone=draft.phone,
        wanted_day=draft.wanted_day if kind is Kind.DIALOGUE else "",
        blobs=tuple(photo.blob for photo in draft.photos),
        where=draft.where,
        point=(draft.place.lat, draft.place.lon) if draft.place else None,
        matter=accuses(draft),
    )
    ctx.want(OpenCase(act=act))
    commune = menu.capital(ctx.desk.commune().name)
    ctx.lead.append(t(f"draft.sent.{kind}", code=act.code, Commune=commune))
    due = day_of(ctx.desk.due(kind, ctx.inbound.at))
    ctx.lead.append(t("draft.follow_up", day=due))


def hand_in_about(ctx: Context, draft: Drafting) -> None:
    """Words and pictures for a case that was sent."""
    if draft.photos:
        ctx.want(GiveConsent(purpose="case", data=tuple(_media(draft)), wording=ABOUT_WORDING))
    blobs = tuple(photo.blob for photo in draft.photos)
    words = _words(ctx, draft)
    act = Reopen(words, blobs) if draft.again else Tell(words, blobs)
    ctx.want(ActOnCase(code=draft.case, act=act))
    ctx.lead.append(t("case.reopened" if draft.again else "case.told", code=draft.case))
