"""A khiếu nại or tố cáo, or what belongs elsewhere, in the words of a case: the person is asked before it is opened.

Neither is taken by chat, as the law wants a signed đơn or a visit: whoever means one is told where, when and how, and
nothing of what they wrote is kept. What others settle faster is pointed there, and may still be sent.
"""

import re
from zlib import crc32

from bot.conversation import menu
from bot.conversation.context import Context, nav
from bot.conversation.desk import Body, Commune, Guidance
from bot.conversation.effects import DropMedia, EraseTopic, Option, Text, t
from bot.conversation.state import Drafting
from bot.conversation.villages import place_word
from feedback.complaints import Matter, Reading, complaints, denounced, read_all, read_each
from feedback.kinds import Kind
from vietnam.text import fold_words

STEP = "matter"
"""The name of the question, as Drafting.step has it."""
WAY = "go:matter."
_CHOOSE = "which"
_BOOK = "go:hen.rieng"
"""The way to a seat at a session (booking), where nobody is asked what it is about."""
YES, NO = "yes", "no"
_NOTHING = "-"
EXPLAINED = (Matter.ABOUT_CHAIRMAN, Matter.DENUNCIATION, Matter.COMPLAINT)
"""What is never taken here; everything else may still be sent."""
_DENOUNCED = (Matter.ABOUT_CHAIRMAN, Matter.DENUNCIATION)
_PROMISES = frozenset(
    {"draft.photo_noted", "draft.photos_noted", "draft.place_noted", "draft.voice_noted", "draft.voice_beside"}
    | {"draft.text_noted"}
)
"""What a picture, a place or a voice is answered with where it belongs to a case."""
_FORMS = {
    Matter.COMPLAINT: "khieu-nai",
    Matter.DENUNCIATION: "to-cao",
    Matter.ABOUT_CHAIRMAN: "to-cao?gui=tinh",
}
"""The page of the printable form, below the pages of the commune."""
_SAYS_YES = frozenset(
    {"co", "co a", "dung", "dung roi", "dung vay", "dung a", "phai", "phai roi", "phai a", "vang", "vang a", "da"}
    | {"da vang", "da dung", "uh", "u", "um", "ok", "oke"}
)
_SAYS_NO = frozenset({"khong", "ko", "k", "hong", "hok", "chua"})
_WANTED = re.compile(
    r"(?:(?:toi|em|minh|chung toi|chau|con|cho toi|cho em|cho hoi|xin hoi) )*"
    r"(?:(?:muon|can|xin|dinh|phai|duoc|hoi|cach|thu tuc|lam|viet|gui|nop|lay|tai|xem|don|mau|mau don) )*"
    r"(khieu nai|to cao)(?: (?:va )?(khieu nai|to cao))?"
    r"(?: (?:o dau|the nao|nhu the nao|lam sao|ra sao|gui ai|gap ai|cho ai|thi|lam|phai|can|gi|giay to|a|nhe|can bo"
    r"|mot nguoi|duoc khong|co duoc khong))*"
)
"""Folded words that say what somebody wants to do, and nothing yet of what happened."""
_PLAINLY = re.compile(
    r"\b(?:toi|em|chau|con|minh|gia dinh toi) (?:muon|xin|can|quyet|se) (?:duoc )?(?:khieu nai|to cao)\b"
)
_NAMED = {"khieu nai": Matter.COMPLAINT, "to cao": Matter.DENUNCIATION}


# --- the question ---


def ask(ctx: Context, draft: Drafting) -> bool:
    """Ask what is meant, where the words have changed and could be such a matter; False where there is nothing to ask.

    What was said no to is not asked again. Words for a case that was sent are read by as many people as its first.
    """
    if not fields(draft) or draft.weighed == _mark(draft):
        return False
    open_ones = (one for one in weigh(draft) if not _settled(draft, one) or _said_anew(draft, one))
    reading = next(open_ones, None)
    if reading is None:
        return False
    draft.matter = str(reading.matter)
    ask_again(ctx, draft)
    return True


def _mark(draft: Drafting) -> int:
    return crc32("\n".join(fields(draft).values()).encode())


def weigh(draft: Drafting) -> list[Reading]:
    """Read the words, and remember that they were: a long story takes milliseconds, so once for each is enough."""
    found = read_each(*fields(draft).values())
    sure = (str(one.matter) for one in found[:1] if one.sure and one.matter in _DENOUNCED)
    draft.weighed, draft.accused = _mark(draft), next(sure, _NOTHING)
    return found


def accuses(draft: Drafting) -> str:
    """What the words surely denounce, as feedback.complaints.denounced says it."""
    if draft.accused and draft.weighed == _mark(draft):
        return "" if draft.accused == _NOTHING else draft.accused
    return denounced(*fields(draft).values())


def fields(draft: Drafting) -> dict[str, str]:
    """What the person wrote in their own words, by the name of the question (drafting_steps.py); nothing empty."""
    said = {"text": draft.text, "place": draft.where, "day": draft.wanted_day}
    return {step: words for step, words in said.items() if words}


def write_anew(draft: Drafting) -> str:
    """The question whose words are asked about, to be answered once more; its answer is taken back."""
    texts = fields(draft)
    asked = next((step for step, words in texts.items() if _reads_as(words, draft.matter)), "text")
    draft.matter, draft.weighed = "", 0
    if asked == "place":
        draft.where = ""
    elif asked == "day":
        draft.wanted_day = ""
    draft.done = [name for name in draft.done if name != asked]
    return asked


def _reads_as(words: str, matter: str) -> bool:
    reading = complaints().read(words)
    return reading is not None and str(reading.matter) == matter


def _settled(draft: Drafting, reading: Reading) -> bool:
    if reading.sure and reading.matter is Matter.ABOUT_CHAIRMAN:
        return False  # no word of theirs lets it pass
    if draft.case and reading.matter not in EXPLAINED:
        return True  # an officer has it in hand, who says where it belongs
    if draft.kind is Kind.DIALOGUE and not stops_a_visit(reading):
        return True
    return str(reading.matter) in draft.matters


def _said_anew(draft: Drafting, reading: Reading) -> bool:
    """Whether the words now say plainly, as they did not when it was said no to, that this is what is meant."""
    if reading.matter not in (*_DENOUNCED, Matter.COMPLAINT) or str(reading.matter) not in draft.matters:
        return False
    return not draft.plainly and _plainly_said(draft)


def _plainly_said(draft: Drafting) -> bool:
    return any(_PLAINLY.search(fold_words(words)) for words in fields(draft).values())


def stops_a_visit(reading: Reading) -> bool:
    """Whether whoever asks to be received is asked; with what others settle they are on a right way already."""
    return reading.matter in EXPLAINED


def ask_again(ctx: Context, draft: Drafting) -> None:
    """The question, once more."""
    matter = Matter(draft.matter)
    draft.step = STEP
    _promise_nothing(ctx)
    commune = ctx.desk.commune().name
    parts = [t(f"matter.ask.{matter}", commune=commune)] if matter in EXPLAINED else _guide(ctx, matter)
    ctx.ask(*parts, options=[*_options(matter, _no_of(draft)), *nav()])


def _no_of(draft: Drafting) -> str:
    if draft.case:
        return "matter.no.more"
    return "matter.no.visit" if draft.kind is Kind.DIALOGUE else "matter.no"


def _promise_nothing(ctx: Context) -> None:
    """What has just come may yet be erased with the words: it is not said here that anybody gets it."""
    kept = [said for said in ctx.lead if said.key not in _PROMISES]
    if len(kept) < len(ctx.lead):
        ctx.lead[:] = [*kept, t("matter.held")]


def _options(matter: Matter, no: str) -> list[Option]:
    """Yes and no, in that order of the list; `no` is the wording of "no, I only want to ..."."""
    if matter in EXPLAINED:
        said = "complaint" if matter is Matter.COMPLAINT else "denunciation"
        return [Option(YES, t(f"matter.yes.{said}"), "1"), Option(NO, t(no), "2")]
    return [Option(NO, t("matter.send"), "1"), Option(YES, t("matter.leave"), "2")]


def hear(ctx: Context, draft: Drafting) -> bool:
    """What the person says to it; True where the case goes on."""
    matter = Matter(draft.matter)
    said = meant(ctx, matter, _no_of(draft))
    texts = fields(draft).values()
    grave = accuses(draft) == Matter.ABOUT_CHAIRMAN
    if said == NO and not grave:
        no_petition(ctx, *texts)
        draft.plainly = _plainly_said(draft)
        draft.matters += [str(one) for one in (_DENOUNCED if matter in _DENOUNCED else (matter,))]
        draft.matter, draft.step = "", ""
        return True
    if said:
        draft.matter = ""
        forget(ctx, draft)
        _part(ctx, Matter.ABOUT_CHAIRMAN if grave else matter, case=draft.case, denied=said == NO)
    else:
        ctx.lead.append(t("nav.not_understood"))
        ask_again(ctx, draft)
    return False


def no_petition(ctx: Context, *texts: str) -> None:
    """To whoever sends on what surely is a khiếu nại: that it takes the place of no đơn, and that the days run."""
    reading = read_all(*texts)
    if reading is not None and reading.sure and reading.matter is Matter.COMPLAINT:
        ctx.lead.append(t("matter.no_petition", url=f"{ctx.desk.guidance().forms_url}/{_FORMS[Matter.COMPLAINT]}"))


def _part(ctx: Context, matter: Matter, *, case: str, denied: bool) -> None:
    """What is said to whoever goes without sending: nothing was kept, and where it can be brought."""
    below = [t("matter.erased", commune=ctx.desk.commune().name)]
    if case:
        below.append(t("matter.case_goes_on", code=case))
    if denied:
        below.append(t("matter.write_again"))
    if matter in EXPLAINED:
        explain(ctx, matter, *below)
    else:
        ctx.lead.append(t("matter.left"))
    menu.show(ctx)


def meant(ctx: Context, matter: Matter, no: str) -> str:
    """YES, NO, or "" for what is neither."""
    pressed = ctx.meant(_options(matter, no))
    if pressed is not None or ctx.choice or ctx.inbound.kind != "text":
        return pressed or ""
    if matter not in EXPLAINED:
        return NO if ctx.said in {"gui", "gui di", "van gui", "cu gui"} else ""
    first = ctx.said.partition(" ")[0]
    if ctx.said in _SAYS_YES or named(ctx.said) in EXPLAINED:
        return YES
    return NO if first in _SAYS_NO else ""


def yes_and_no(matter: Matter, no: str) -> list[Option]:
    """The two answers, with the ways out; `no` is the wording of the second."""
    return [*_options(matter, no), *nav()]


def forget(ctx: Context, draft: Drafting) -> None:
    """Keep nothing of what was written: neither the words, on both sides of the chat, nor pictures and voices."""
    ctx.state.dialogue = None
    if blobs := tuple(photo.blob for photo in draft.photos if photo.blob):
        ctx.want(DropMedia(blobs=blobs))
    if draft.topic:  # begun before the words of a case had a topic: these stay until the chat is swept
        ctx.want(EraseTopic(topic=draft.topic))


def drop(ctx: Context, draft: Drafting) -> None:
    """The person goes without sending: what may have been a matter that is not kept leaves nothing behind."""
    if draft.matter or draft.matters:
        forget(ctx, draft)


# --- asked for by name ---


def named(said: str) -> Matter | str:
    """What folded words ask to do, and nothing else ("tôi muốn tố cáo"); "which" for both, "" for any other words."""
    found = _WANTED.fullmatch(said)
    if found is None:
        return ""
    first, second = found.groups()
    return _NAMED[first] if second in (None, first) else _CHOOSE


def typed(ctx: Context) -> str:
    """The way that was typed; "" for anything else."""
    wanted = "" if ctx.choice or ctx.inbound.kind != "text" else named(ctx.said)
    return f"{WAY}{wanted}" if wanted else ""


def way(place: int) -> Option:
    """The way to both, as the line of a list with that number."""
    return Option(f"{WAY}{_CHOOSE}", t("matter.way.which"), str(place))


def chosen(ctx: Context, options: list[Option]) -> str:
    """The way that was typed at a list: by name, or by the number of its line there; "" for anything else."""
    if ctx.choice or ctx.inbound.kind != "text":
        return ""
    mine = [option for option in options if option.id.startswith(WAY)]
    return typed(ctx) or ctx.meant(mine) or ""


def go(ctx: Context, command: str) -> None:
    """Take such a way: explain, or ask which of the two is meant; then the menu."""
    wanted = command.removeprefix(WAY)
    if wanted in (Matter.COMPLAINT, Matter.DENUNCIATION):
        explain(ctx, Matter(wanted))
    else:
        ways = (Matter.COMPLAINT, Matter.DENUNCIATION)
        ctx.offer(t("matter.which"), options=[Option(f"{WAY}{one}", t(f"matter.way.{one}")) for one in ways])
    menu.show(ctx)


# --- what is explained ---


def explain(ctx: Context, matter: Matter, *below: Text) -> None:
    """What to do, as `explained` says it; `below` is said last."""
    parts = [*explained(matter, ctx.desk.commune(), ctx.desk.guidance()), *below]
    if matter is not Matter.ABOUT_CHAIRMAN and ctx.desk.takes_bookings():
        ctx.offer(*parts, options=[Option(_BOOK, t("matter.book"))])
    else:
        ctx.say(*parts)


def explained(matter: Matter, commune: Commune, known: Guidance) -> list[Text]:
    """What to do comes first: where to bring it, whom to call, the form; then what a đơn needs and how long it takes.

    Whoever reads it on a telephone has that much before their eyes at once.
    """
    form = t("matter.print", url=f"{known.forms_url}/{_FORMS[matter]}")
    if matter is Matter.ABOUT_CHAIRMAN:
        inspectorate = _at(t("matter.inspectorate", province=known.province), known.inspectorate)
        committee = _at(t("matter.committee", province=known.province), known.committee)
        first = t("matter.what.about_chairman", Commune=menu.capital(commune.name))
        return [first, inspectorate, committee, form, t("matter.form_of.about_chairman")]
    phone = menu.phone_line(commune)
    where = _reception(commune, known)
    parts = [t(f"matter.what.{matter}", where=where, commune=commune.name), *([phone] if phone else []), form]
    return parts + [t(f"matter.{about}.{matter}") for about in ("form_of", "time")]


def _guide(ctx: Context, matter: Matter) -> list[Text]:
    """Where something else is settled, and what comes of sending it all the same."""
    known = ctx.desk.guidance()
    commune = ctx.desk.commune().name
    where = _reception(ctx.desk.commune(), known)
    parts = [t(f"matter.guide.{matter}", commune=commune, where=where, place=place_word(ctx))]
    if matter is Matter.CRIME:
        police = known.police_phone
        parts.append(t("matter.police_phone" if police else "matter.police", commune=commune, phone=police))
        parts.append(t("matter.vneid"))
    elif matter is Matter.RULES:
        parts += [t("matter.portal"), t("matter.province_desk", province=known.province)]
    return [*parts, t(f"matter.or_send.{matter}", commune=commune)]


def _reception(commune: Commune, known: Guidance) -> Text:
    if known.reception:
        return t("matter.reception_at", commune=commune.name, when=known.reception)
    return t("matter.reception", commune=commune.name)


def _at(name: Text, where: Body) -> Text:
    if where.address and where.phone:
        return t("matter.body_all", name=name, address=where.address, phone=where.phone)
    if where.address or where.phone:
        key = "matter.body_address" if where.address else "matter.body_phone"
        return t(key, name=name, address=where.address, phone=where.phone)
    return t("matter.body", name=name)
