"""Answering a survey: one question at a time, in any words; how it ends is bot/conversation/closing.py."""

import re

import msgspec

from bot.conversation import asides, beside, closing, menu
from bot.conversation.asking import DONE, KEEP, TOKEN, UNDO, ask, ask_waiting, bounds, label_of
from bot.conversation.context import BACK, SKIP, Context
from bot.conversation.desk import Invited
from bot.conversation.effects import FetchMedia, Text, plain, t
from bot.conversation.messages import Media, MediaKind
from bot.conversation.sheet import Sheet, open_sheet
from bot.conversation.state import Answering
from surveys.definition import Answer, Choice, Kind, Question
from surveys.understanding import Misread, from_token, label, options, placed, settle, toggle, understand

MAX_TRIES = 3
_TICKED = frozenset({"xong", "chon xong", "da xong", "da chon xong", "xong roi"})
_UNDONE = frozenset({"bo lua chon vua roi", "xoa", "lam lai", "chon lai"})
_KEPT = frozenset({"giu nguyen", "giu", "khong sua", "de nguyen"})
_TYPED = frozenset({Kind.NUMBER, Kind.DECIMAL, Kind.DATE, Kind.TIME})
"""Kinds without a button that could be pressed instead."""
_NUMBERS = frozenset({Kind.NUMBER, Kind.DECIMAL})
_SEVERAL_NUMBERS = re.compile(r"\d+(?: \d+){2,}")
"""Answers to several questions in one message ("5 4 3")."""
_FROM_KEYBOARD = ("text", "choice")
_ECHOED_BY_NAME = frozenset({Kind.PHOTO, Kind.VOICE, Kind.PLACE, Kind.TEXT})
_SENT: dict[Kind, MediaKind] = {Kind.PHOTO: "photo", Kind.VOICE: "voice"}


def start(ctx: Context, wave: int, version: int, invited: Invited | None = None) -> None:
    """Begin a survey: its intro and its first question in one message."""
    code = invited.id if invited else 0
    if not code and ctx.desk.took_part(wave):
        ctx.lead.append(t("survey.took_part"))
        menu.show(ctx)
        return
    at = ctx.inbound.at
    doing = Answering(
        wave=wave,
        version=version,
        topic=ctx.new_topic(),
        invitation=code,
        home=_home(ctx, invited),
        begun_at=at,
        until=ctx.desk.deadline(wave, at),
    )
    ctx.state.dialogue = doing
    sheet = open_sheet(ctx, doing)
    if sheet.survey.intro:
        ctx.lead.append(plain(sheet.survey.intro))
    if sheet.survey.document:
        ctx.lead.append(t("survey.draft", url=ctx.desk.draft_url(wave)))
    _go_on(sheet)


def _home(ctx: Context, invited: Invited | None) -> int:
    """The village of an invitation, where the commune still has it."""
    if invited is None or not invited.village:
        return 0
    return next((village.id for village in ctx.desk.villages() if village.id == invited.village), 0)


def resume(ctx: Context, doing: Answering) -> None:
    """Go on exactly where the person stopped."""
    ctx.state.paused.remove(doing)
    ctx.state.dialogue, doing.tries = doing, 0
    ctx.lead.append(t("survey.continued"))
    if doing.stage == "question" and doing.at in doing.answers:
        _go_on(open_sheet(ctx, doing))  # a picture came in meanwhile
    else:
        ask_again(ctx, doing)


def ask_again(ctx: Context, doing: Answering) -> None:
    """What is open, once more."""
    sheet = open_sheet(ctx, doing)
    if doing.stage != "question":
        closing.ask_again(sheet)
    elif doing.media:
        ask_waiting(sheet, sheet.question(doing.at))
    else:
        ask(sheet, sheet.question(doing.at))


def hear(ctx: Context, doing: Answering) -> None:
    """One message while a survey is open."""
    sheet = open_sheet(ctx, doing)
    if doing.stage != "question":
        closing.hear(sheet)
        return
    question = sheet.question(doing.at)
    if ctx.choice == BACK:
        _go_back(sheet)
    elif ctx.choice == KEEP or (not ctx.choice and ctx.said in _KEPT and doing.answers.get(question.id) is not None):
        doing.tries, doing.picked = 0, []
        _go_on(sheet)
    elif ctx.inbound.kind not in _FROM_KEYBOARD:
        _take_sent(sheet, question)
    elif doing.media and ctx.choice != SKIP:
        ask_waiting(sheet, question)
    elif ctx.choice == asides.TAKE and doing.doubted:
        _heard(sheet, question, understand(question, doing.doubted, sheet.language, today=ctx.today))
    elif not beside.heard(sheet, question) and not _picked(sheet, question):
        _heard(sheet, question, _read(sheet, question))


def takes(ctx: Context, doing: Answering) -> bool:
    """Whether the open question can take the words that came as they are."""
    if doing.stage != "question":
        return doing.stage == "review" and ctx.said.startswith("sua")
    sheet = open_sheet(ctx, doing)
    question = sheet.question(doing.at)
    return bool(question.kind is Kind.RANK and _one_more(sheet, question)) or beside.takes(sheet, question)


# --- reading what was pressed, typed or sent ---


def _read(sheet: Sheet, question: Question) -> Answer | Misread:
    ctx = sheet.ctx
    if not ctx.choice:
        if question.kind is Kind.MULTIPLE:
            return _several(sheet, question)
        return understand(question, ctx.inbound.text, sheet.language, today=ctx.today)
    if ctx.choice == SKIP:
        return Misread("required") if question.required else None
    if ctx.choice == DONE:
        return settle(question, tuple(sheet.doing.picked))
    return from_token(question, ctx.choice.removeprefix(TOKEN))


def _several(sheet: Sheet, question: Question) -> Answer | Misread:
    """Choices that were typed, with those ticked before; where they are too few, they stay ticked.

    An answer that stands already is written anew.
    """
    ctx, doing = sheet.ctx, sheet.doing
    if ctx.said in _TICKED:
        return settle(question, tuple(doing.picked))
    any_number = msgspec.structs.replace(question, min=None)
    typed = understand(any_number, ctx.inbound.text, sheet.language, today=ctx.today)
    if not isinstance(typed, tuple):
        return typed
    alone = {choice.id for choice in question.choices if choice.exclusive}
    ticked = () if question.id in doing.answers or alone.intersection(typed) else set(doing.picked) - alone
    chosen = tuple(choice.id for choice in question.choices if choice.id in typed or choice.id in ticked)
    answer = settle(question, chosen)
    if isinstance(answer, Misread) and answer.reason == "too_few":
        doing.picked = list(chosen)
    return answer


def _picked(sheet: Sheet, question: Question) -> bool:
    """Whether it was one of several: ticked, or put in its place of a rank; the question then stays open."""
    ctx, doing = sheet.ctx, sheet.doing
    if question.kind not in {Kind.MULTIPLE, Kind.RANK}:
        return False
    if question.kind is Kind.RANK and (ctx.choice == UNDO or (not ctx.choice and ctx.said in _UNDONE)):
        doing.picked = doing.picked[:-1]
        ctx.instead = ctx.inbound.kind == "choice"
        ask(sheet, question, fresh=False)
        return True
    token = ctx.choice.removeprefix(TOKEN) if ctx.choice.startswith(TOKEN) else ""
    if not token and question.kind is Kind.RANK and not ctx.choice:
        token = _one_more(sheet, question)
    if not token:
        return False
    offered = {choice.id for choice in question.choices}
    picked = toggle(question, tuple(one for one in doing.picked if one in offered), token)
    doing.picked = list(picked)
    if question.kind is Kind.RANK and len(picked) == len(question.choices):
        _heard(sheet, question, picked)
    else:
        ctx.instead = ctx.inbound.kind == "choice"
        ask(sheet, question, fresh=False)
    return True


def _one_more(sheet: Sheet, question: Question) -> str:
    """The next choice of a rank where just one was typed, by its number or words; "" where the whole order was."""
    whole = understand(question, sheet.ctx.inbound.text, sheet.language, today=sheet.ctx.today)
    if not isinstance(whole, Misread):
        return ""
    numbers = {token: int(digit) for token, _, digit in options(question, sheet.language) if digit.isdecimal()}
    left = tuple(
        msgspec.structs.replace(choice, number=numbers.get(choice.id, 0), show_if="")
        for choice in question.choices
        if choice.id not in sheet.doing.picked
    )
    return _the_one(question, left, sheet)


def _the_one(question: Question, left: tuple[Choice, ...], sheet: Sheet) -> str:
    single = msgspec.structs.replace(question, kind=Kind.SINGLE, choices=left, required=True)
    meant = understand(single, sheet.ctx.inbound.text, sheet.language, today=sheet.ctx.today)
    return meant if isinstance(meant, str) else ""


def _take_sent(sheet: Sheet, question: Question) -> None:
    """A picture, a voice or a place, where the question wants one."""
    ctx, doing = sheet.ctx, sheet.doing
    kind = ctx.inbound.kind
    if question.kind is Kind.PLACE and kind == "location" and ctx.inbound.place is not None:
        place = ctx.inbound.place
        _heard(sheet, question, placed(place.lat, place.lon))
    elif question.kind in _SENT and kind == _SENT[question.kind] and ctx.inbound.media:
        media = ctx.inbound.media[0]
        if media.blob:
            _heard(sheet, question, f"blob:{media.blob}")
            return
        doing.media = media.ref
        ctx.want(FetchMedia(ref=media.ref, kind=_SENT[question.kind]))
        ask_waiting(sheet, question)
    else:
        ctx.lead.append(_wanted(question) if question.kind in _SENT else _in_words(kind, question))
        if doing.media:
            ask_waiting(sheet, question)
        else:
            ask(sheet, question, fresh=False)


def _rounded(place: str) -> str:
    """A place to five decimals, which is about a metre."""
    lat, _, lon = place.partition(",")
    return f"{float(lat):.5f},{float(lon):.5f}"


def _in_words(sent: str, question: Question) -> Text:
    """What to say where words are wanted and something else was sent."""
    if question.kind is Kind.TEXT or question.kind in _TYPED:
        return t("survey.heard_nothing_write" if sent == "voice" else "survey.write_only")
    return t("survey.heard_nothing" if sent == "voice" else "survey.words_only")


def _wanted(question: Question) -> Text:
    return t(f"misread.send_{question.kind}")


def media_came(ctx: Context, media: Media) -> bool:
    """What was on its way for a question has come, or will not; False where no survey waits for it."""
    for doing in ctx.state.unfinished:
        if media.ref and doing.media == media.ref:
            _arrived(ctx, doing, media)
            return True
    return False


def _arrived(ctx: Context, doing: Answering, media: Media) -> None:
    sheet = open_sheet(ctx, doing)
    question = sheet.question(doing.at)
    open_now = doing is ctx.state.dialogue
    doing.media = ""
    if not media.blob:
        if open_now:
            ctx.lead.append(t(media.reason or "photo.failed"))
            ask(sheet, question, fresh=False)
    elif open_now:
        _heard(sheet, question, f"blob:{media.blob}")
    else:
        sheet.keep(question.id, f"blob:{media.blob}")


# --- what becomes of it ---


def _heard(sheet: Sheet, question: Question, answer: Answer | Misread) -> None:
    if isinstance(answer, Misread):
        _not_understood(sheet, question, answer)
    elif not sheet.accepts(question, answer):
        said = plain(question.constraint_message) if question.constraint_message else t("survey.not_accepted")
        _again(sheet, question, said)
    else:
        if question.kind is Kind.PLACE and isinstance(answer, str):
            answer = _rounded(answer)
        sheet.keep(question.id, answer)
        _echo(sheet, question, answer)
        _go_on(sheet)


def _echo(sheet: Sheet, question: Question, answer: Answer) -> None:
    """Say what was understood; "Sửa câu trước" stands below the next question."""
    lead = sheet.ctx.lead
    if answer is None:
        lead.append(t("survey.skipped"))
    elif question.kind in _ECHOED_BY_NAME:
        lead.append(t(f"survey.noted_{question.kind}"))
    elif question.kind is not Kind.ACKNOWLEDGE:
        lead.append(t("survey.noted", answer=label(question, answer, sheet.language)))


def _not_understood(sheet: Sheet, question: Question, why: Misread) -> None:
    said, only = t(f"misread.{why.reason}"), why.candidates
    if why.reason == "unclear" and question.kind in _TYPED:
        said = t("survey.unclear")
    if why.reason == "out_of_range" and question.kind in _NUMBERS:
        said = bounds(question, said)
    if len(only) > 1:
        names = [label_of(sheet, question, token) for token in only]
        said = t("survey.which", first="”, “".join(names[:-1]), last=names[-1])
        if _SEVERAL_NUMBERS.fullmatch(sheet.ctx.said):
            sheet.ctx.lead.append(t("survey.one_at_a_time"))
    _again(sheet, question, said, only)


def _again(sheet: Sheet, question: Question, said: Text, only: tuple[str, ...] = ()) -> None:
    """Ask once more; after three tries pass the question, or put a survey aside that cannot do without it."""
    ctx, doing = sheet.ctx, sheet.doing
    doing.tries += 1
    if doing.tries < MAX_TRIES:
        ctx.lead.append(said)
        ask(sheet, question, fresh=False, only=only)
    elif not question.required:
        ctx.lead.append(t("survey.skipped_for_now"))
        sheet.keep(question.id, None)
        _go_on(sheet)
    else:
        ctx.lead.append(t("survey.put_aside"))
        menu.say_phone(ctx)
        doing.tries = 0
        ctx.state.paused.append(doing)
        menu.show(ctx)


def _go_back(sheet: Sheet) -> None:
    """To the answer given before; from a question opened at the review back to that."""
    ctx, doing = sheet.ctx, sheet.doing
    if doing.media:
        doing.media = ""
        ask(sheet, sheet.question(doing.at), fresh=False)
        return
    if doing.editing and sheet.ahead()[1] is None:
        doing.tries, doing.picked = 0, []
        closing.review(sheet)
        return
    before = sheet.before(doing.at)
    if before is None:
        ctx.lead.append(t("survey.first"))
        ask_again(ctx, doing)
    else:
        closing.reopen(sheet, before)


def _go_on(sheet: Sheet) -> None:
    notes, question = sheet.ahead()
    if question is None and sheet.doing.editing:
        closing.review(sheet)
        return
    sheet.ctx.lead += [plain(note.text) for note in notes]
    if question is None:
        closing.close(sheet)
    else:
        ask(sheet, sheet.question(question.id))


def refused(ctx: Context, doing: Answering, reason: str) -> None:
    """The submission was not accepted: say why, and lose nothing that can still be used."""
    sheet = open_sheet(ctx, doing)
    if reason == "photo.expired":
        ctx.lead.append(t(reason))
        sheet.forget(*(question.id for question in sheet.given() if question.kind in _SENT))
        doing.stage, doing.editing = "question", True
        _go_on(sheet)
        return
    closing.refused(sheet, reason)
