"""A khiếu nại or tố cáo, or what belongs elsewhere, in the words of a case: the person is asked before it is opened.

Neither is taken by chat, as the law wants a signed đơn or a visit: whoever means one is told where, when and how, and
nothing of what they wrote is kept. What others settle faster is pointed there, and may still be sent.
"""

import re
from zlib import crc32

from bot.conversation import menu
from bot.conversation.context import Context, nav
from bot.conversation.desk import Body
from bot.conversation.effects import DropMedia, EraseTopic, Option, Text, t
from bot.conversation.state import Drafting
from bot.conversation.villages import place_word
from feedback.complaints import Matter, Reading, complaints
from feedback.kinds import Kind

STEP = "matter"
"""The name of the question, as Drafting.step has it."""
WAY = "go:matter."
_CHOOSE = "which"
_BOOK = "go:hen"
"""The way to a seat at a session (booking)."""
_YES, _NO = "yes", "no"
_EXPLAINED = (Matter.ABOUT_CHAIRMAN, Matter.DENUNCIATION, Matter.COMPLAINT)
"""What is never taken here; everything else may still be sent."""
_DENOUNCED = (Matter.ABOUT_CHAIRMAN, Matter.DENUNCIATION)
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
_NAMED = {"khieu nai": Matter.COMPLAINT, "to cao": Matter.DENUNCIATION}


# --- the question ---


def ask(ctx: Context, draft: Drafting) -> bool:
    """Ask what is meant, where the words have changed and could be such a matter; False where there is nothing to ask.

    What was said no to is not asked again.
    """
    if draft.case or not draft.text:
        return False
    seen = crc32(draft.text.encode())  # reading a long story takes milliseconds: once for each text is enough
    if draft.weighed == seen:
        return False
    reading = complaints().read(draft.text)
    draft.weighed = seen
    if reading is None or _settled(draft, reading):
        return False
    draft.matter = str(reading.matter)
    ask_again(ctx, draft)
    return True


def _settled(draft: Drafting, reading: Reading) -> bool:
    if draft.kind is Kind.DIALOGUE and not (reading.sure and reading.matter in _EXPLAINED):
        return True  # whoever asks to be received is on the right way already
    return str(reading.matter) in draft.matters


def ask_again(ctx: Context, draft: Drafting) -> None:
    """The question, once more."""
    matter = Matter(draft.matter)
    draft.step = STEP
    commune = ctx.desk.commune().name
    parts = [t(f"matter.ask.{matter}", commune=commune)] if matter in _EXPLAINED else _guide(ctx, matter)
    ctx.ask(*parts, options=[*_options(matter), *nav()])


def _options(matter: Matter) -> list[Option]:
    if matter in _EXPLAINED:
        said = "complaint" if matter is Matter.COMPLAINT else "denunciation"
        return [Option(_YES, t(f"matter.yes.{said}"), "1"), Option(_NO, t("matter.no"), "2")]
    return [Option(_NO, t("matter.send"), "1"), Option(_YES, t("matter.leave"), "2")]


def hear(ctx: Context, draft: Drafting) -> bool:
    """What the person says to it; True where the case goes on."""
    matter = Matter(draft.matter)
    meant = _meant(ctx, matter)
    if meant == _NO:
        draft.matters += [str(one) for one in (_DENOUNCED if matter in _DENOUNCED else (matter,))]
        draft.matter, draft.step = "", ""
        return True
    if meant == _YES:
        draft.matter = ""
        forget(ctx, draft)
        if matter in _EXPLAINED:
            ctx.lead.append(t("matter.erased", commune=ctx.desk.commune().name))
            explain(ctx, matter)
        else:
            ctx.lead.append(t("matter.left"))
        menu.show(ctx)
    else:
        ctx.lead.append(t("nav.not_understood"))
        ask_again(ctx, draft)
    return False


def _meant(ctx: Context, matter: Matter) -> str:
    meant = ctx.meant(_options(matter))
    if meant is not None or ctx.choice or ctx.inbound.kind != "text":
        return meant or ""
    if matter not in _EXPLAINED:
        return _NO if ctx.said in {"gui", "gui di", "van gui", "cu gui"} else ""
    first = ctx.said.partition(" ")[0]
    if ctx.said in _SAYS_YES or named(ctx.said) in _EXPLAINED:
        return _YES
    return _NO if first in _SAYS_NO else ""


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


def explain(ctx: Context, matter: Matter) -> None:
    """What it is, where and when to bring it, what a đơn needs, how long it takes, the form, whom to call."""
    known = ctx.desk.guidance()
    commune = ctx.desk.commune().name
    parts = [t(f"matter.what.{matter}", Commune=menu.capital(commune), commune=commune)]
    if matter is Matter.ABOUT_CHAIRMAN:
        parts.append(_at(t("matter.inspectorate", province=known.province), known.inspectorate))
        parts.append(_at(t("matter.committee", province=known.province), known.committee))
        parts.append(t("matter.form_of.about_chairman"))
    else:
        parts.append(t(f"matter.where.{matter}", where=_reception(ctx), commune=commune))
        parts += [t(f"matter.{about}.{matter}") for about in ("form_of", "time")]
    parts.append(t("matter.print", url=f"{known.forms_url}/{_FORMS[matter]}"))
    phone = menu.phone_line(ctx.desk.commune())
    if matter is Matter.ABOUT_CHAIRMAN:
        ctx.say(*parts)
        return
    parts += [phone] if phone is not None else []
    if ctx.desk.takes_bookings():
        ctx.offer(*parts, options=[Option(_BOOK, t("matter.book"))])
    else:
        ctx.say(*parts)


def _guide(ctx: Context, matter: Matter) -> list[Text]:
    """Where something else is settled, and what comes of sending it all the same."""
    known = ctx.desk.guidance()
    commune = ctx.desk.commune().name
    parts = [t(f"matter.guide.{matter}", commune=commune, where=_reception(ctx), place=place_word(ctx))]
    if matter is Matter.CRIME:
        police = known.police_phone
        parts.append(t("matter.police_phone" if police else "matter.police", commune=commune, phone=police))
        parts.append(t("matter.vneid"))
    elif matter is Matter.RULES:
        parts += [t("matter.portal"), t("matter.province_desk", province=known.province)]
    return [*parts, t(f"matter.or_send.{matter}", commune=commune)]


def _reception(ctx: Context) -> Text:
    said = ctx.desk.guidance().reception
    commune = ctx.desk.commune().name
    return t("matter.reception_at", commune=commune, when=said) if said else t("matter.reception", commune=commune)


def _at(name: Text, where: Body) -> Text:
    if where.address and where.phone:
        return t("matter.body_all", name=name, address=where.address, phone=where.phone)
    if where.address or where.phone:
        key = "matter.body_address" if where.address else "matter.body_phone"
        return t(key, name=name, address=where.address, phone=where.phone)
    return t("matter.body", name=name)
