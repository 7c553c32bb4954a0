"""How a survey ends: the village, a look at the answers for whoever wants one, and off it goes.

The fewest steps that still let a person look and correct: the question for the village closes the survey, and its
answer sends it; "Xem lại" stands below it for whoever wants to see the answers first. Only where there is no village
to ask for, where the invitation knows it, or where something was given that tells who the person is (a picture, a
voice, a place), does the review come by itself, since something has to be pressed that sends.
"""

from bot.conversation import asides, menu
from bot.conversation.asking import ask, ending, shortened
from bot.conversation.context import BACK, Context, nav
from bot.conversation.effects import EraseTopic, GiveConsent, Option, Submit, Text, plain, t
from bot.conversation.sheet import Sheet, open_sheet
from bot.conversation.state import Answering
from bot.conversation.villages import Heard, hear_village, place_word, village_name, village_options
from surveys.definition import TELLING, Kind, Privacy, Question
from surveys.understanding import label

SEND, EDIT, REVIEW = "send", "edit", "review"
CONSENT_WORDING = "survey.consent/1"
_LONGEST_QUESTION = 48
_LONGEST_ANSWER = 32
"""Characters of a line of the review."""
_LONGEST_REPEATED = 120
"""Characters of an answer that is opened again: it stands in the chat in full."""
_SENT = {
    Privacy.ANONYMOUS: "survey.erased",
    Privacy.CONFIDENTIAL: "survey.sent_confidential",
    Privacy.NAMED: "survey.sent",
}
_YES = frozenset({"gui", "gui di", "gui phieu", "dong y", "dong y gui", "ok", "oke", "vang", "duoc", "dung roi"})
_EDIT = frozenset({"sua", "sua lai", "sua cau", "toi muon sua"})
_LOOK = frozenset({"xem lai", "kiem tra", "kiem tra lai", "xem", "xem lai truoc khi gui"})


def close(sheet: Sheet) -> None:
    """Every question has been asked."""
    if sheet.doing.village is None and _asks_village(sheet):
        _ask_village(sheet)
    else:
        review(sheet)


def _asks_village(sheet: Sheet) -> bool:
    """Whether the village is asked for: not where there is none, nor where the invitation knows it."""
    return not sheet.doing.home and bool(sheet.ctx.desk.villages())


def ask_again(sheet: Sheet) -> None:
    """What is open, once more."""
    match sheet.doing.stage:
        case "village":
            _ask_village(sheet)
        case "choosing":
            _ask_which(sheet)
        case _:
            review(sheet)


def hear(sheet: Sheet) -> None:
    """One message at the end of a survey."""
    ctx = sheet.ctx
    if ctx.choice == BACK:
        _go_back(sheet)
    elif ctx.inbound.kind not in ("text", "choice"):
        ctx.lead.append(t("survey.words_only"))
        ask_again(sheet)
    elif not ctx.choice and (said := asides.reply(sheet, None)):
        ctx.lead += said
        ask_again(sheet)
    elif sheet.doing.stage == "village" and not ctx.choice and (number := asides.number_to_correct(ctx.said)):
        _correct(sheet, number)
    elif sheet.doing.stage == "village":
        _hear_village(sheet)
    elif sheet.doing.stage == "choosing":
        _hear_which(sheet)
    else:
        _hear_review(sheet)


def _correct(sheet: Sheet, number: int) -> None:
    earlier = sheet.numbered(number)
    if earlier is not None:
        reopen(sheet, earlier)
    else:
        sheet.ctx.lead.append(t("aside.not_answered", number=number))
        ask_again(sheet)


def _go_back(sheet: Sheet) -> None:
    doing = sheet.doing
    last = sheet.before("")
    if doing.stage == "choosing":
        review(sheet)
    elif doing.stage == "review" and _asks_village(sheet):
        doing.village = None
        _ask_village(sheet)
    elif last is None:
        sheet.ctx.lead.append(t("survey.first"))
        ask_again(sheet)
    else:
        reopen(sheet, last)


def reopen(sheet: Sheet, question: Question) -> None:
    """Ask a question that has its answer already, which stands until another is given."""
    doing = sheet.doing
    doing.tries, doing.picked = 0, []
    given = doing.answers.get(question.id)
    if given is not None:
        if question.kind is Kind.MULTIPLE and isinstance(given, tuple | list):
            doing.picked = list(given)
        answer = shortened(label(question, given, sheet.language), _LONGEST_REPEATED)
        key = f"survey.given_{question.kind}" if question.kind in TELLING else "survey.given_before"
        sheet.ctx.lead.append(t(key, answer=answer))
    ask(sheet, sheet.question(question.id), fresh=False)


# --- the village ---


def _ask_village(sheet: Sheet) -> None:
    ctx, doing = sheet.ctx, sheet.doing
    doing.stage, doing.picked = "village", [option.id for option in ctx.narrowed]
    more = [] if ctx.narrowed else [Option(REVIEW, t("survey.look"))]
    key = "survey.village_named" if sheet.survey.privacy is Privacy.NAMED else "survey.village"
    if sheet.telling():
        key = "survey.village_telling"
    ctx.ask(
        t(key, place=place_word(ctx)),
        options=(ctx.narrowed or village_options(ctx)) + more + nav(back="nav.edit_last", skip=True),
        topic=doing.topic,
    )


def _hear_village(sheet: Sheet) -> None:
    ctx, doing = sheet.ctx, sheet.doing
    if ctx.choice == REVIEW or (not ctx.choice and ctx.said in _LOOK):
        review(sheet)
        return
    heard = hear_village(ctx)
    few = [option for option in village_options(ctx) if option.id in doing.picked]
    if few and ctx.number_said and f"v{heard.village}" not in doing.picked:
        # Only these were shown: another one's number was meant for the place in this short list, or for none.
        ctx.narrowed = few
        heard = Heard(fault=t("village.several", place=place_word(ctx)))
    if heard.fault is not None:
        ctx.lead.append(heard.fault)
        _ask_village(sheet)
        return
    doing.village = heard.village
    if sheet.telling():
        review(sheet)
    else:
        _submit(sheet)


# --- the review ---


def review(sheet: Sheet) -> None:
    """Every answer in a line, and what can be done with them."""
    ctx, doing = sheet.ctx, sheet.doing
    doing.stage, doing.editing, doing.tries, doing.picked = "review", False, 0, []
    telling = sheet.telling()
    parts = [t("survey.review"), *_lines(sheet)]
    if telling:
        parts.append(t("survey.consent", commune=ctx.desk.commune().name))
    ctx.ask(*parts, options=_review_options(sheet) + nav(), topic=doing.topic, long=True)


def _review_options(sheet: Sheet) -> list[Option]:
    key = "survey.consent_and_send" if sheet.telling() else "survey.send"
    return [Option(SEND, t(key)), Option(EDIT, t("survey.edit_one"))]


def _lines(sheet: Sheet) -> list[Text]:
    lines = [
        t(
            "survey.review_line",
            number=number,
            question=ending(question.text, _LONGEST_QUESTION),
            answer=shortened(label(question, sheet.doing.answers[question.id], sheet.language), _LONGEST_ANSWER),
        )
        for number, question in enumerate(sheet.given(), start=1)
    ]
    village = sheet.doing.home or sheet.doing.village
    if village:
        name = village_name(sheet.ctx, village)
        lines.append(t("survey.review_village", Place=menu.capital(place_word(sheet.ctx)), name=name))
    return lines


def _hear_review(sheet: Sheet) -> None:
    ctx, doing = sheet.ctx, sheet.doing
    meant = SEND if not ctx.choice and ctx.said in _YES else ctx.meant(_review_options(sheet))
    if meant == SEND and doing.village is None and _asks_village(sheet):
        _ask_village(sheet)
    elif meant == SEND:
        _submit(sheet)
    elif meant == EDIT or (not ctx.choice and ctx.said in _EDIT):
        _ask_which(sheet)
    elif not _edited(sheet):
        ctx.lead.append(t("nav.not_understood"))
        review(sheet)


def _which(sheet: Sheet) -> list[Option]:
    return [
        Option(f"q{number}", plain(ending(question.text, _LONGEST_QUESTION)), str(number))
        for number, question in enumerate(sheet.given(), start=1)
    ]


def _ask_which(sheet: Sheet) -> None:
    sheet.doing.stage = "choosing"
    sheet.ctx.ask(t("survey.which_to_edit"), options=_which(sheet) + nav(), topic=sheet.doing.topic)


def _hear_which(sheet: Sheet) -> None:
    if not _edited(sheet):
        sheet.ctx.lead.append(t("nav.not_understood"))
        _ask_which(sheet)


def _edited(sheet: Sheet) -> bool:
    """Open the question that was named; False where none was."""
    number = "" if sheet.ctx.choice else str(asides.number_to_correct(sheet.ctx.said))
    options = _which(sheet)
    meant = next((option.id for option in options if option.digit == number), None) or sheet.ctx.meant(options)
    if meant is None:
        return False
    sheet.doing.editing = True
    reopen(sheet, sheet.given()[int(meant[1:]) - 1])
    return True


# --- off it goes ---


def _submit(sheet: Sheet) -> None:
    ctx, doing, survey = sheet.ctx, sheet.doing, sheet.survey
    telling = sheet.telling()
    if telling:
        ctx.want(GiveConsent(purpose="survey", data=tuple(telling), wording=CONSENT_WORDING))
    ctx.want(_handed_in(sheet, partial=False))
    ctx.want(EraseTopic(topic=doing.topic))
    # A closing note of the survey is still said; the echo of the last answer would outlive the erasing.
    ctx.lead = [part for part in ctx.lead if part.key == "plain"]
    ctx.lead.append(plain(survey.thanks) if survey.thanks else t("survey.thanks"))
    ctx.lead.append(t(_SENT[survey.privacy]))
    ctx.close()
    _forget(ctx, doing)
    menu.show(ctx)


def _handed_in(sheet: Sheet, *, partial: bool) -> Submit:
    doing = sheet.doing
    return Submit(
        wave=doing.wave,
        version=doing.version,
        village=doing.home or doing.village or None,
        answers=sheet.settled(),
        partial=partial,
        invitation=doing.invitation,
    )


def _forget(ctx: Context, doing: Answering) -> None:
    if not doing.invitation:
        ctx.state.answered.append(doing.wave)


def refused(sheet: Sheet, reason: str) -> None:
    """The answer comes too late, or a second time: its words go."""
    ctx, doing = sheet.ctx, sheet.doing
    ctx.want(EraseTopic(topic=doing.topic))
    _forget(ctx, doing)
    ctx.lead.append(t("survey.took_part_meanwhile" if reason == "wave.took_part" else "survey.closed_meanwhile"))
    ctx.close()
    menu.show(ctx)


def drop(ctx: Context) -> None:
    """Nothing of the open survey is to be sent, nor of those put aside where none is open: their words go."""
    doing = ctx.state.dialogue
    dropped = [doing] if isinstance(doing, Answering) else ctx.state.paused
    ctx.lead.append(t("survey.dropped") if dropped else t("survey.nothing_to_drop"))
    for one in dropped:
        ctx.want(EraseTopic(topic=one.topic))
    if isinstance(doing, Answering):
        ctx.state.dialogue = None
    else:
        ctx.state.paused = []


# --- broken off (DL5) ---


def expire(ctx: Context, refusal: str) -> None:
    """Hand in, as they are, the surveys whose time is over, and say nothing; the person hears of it with the next word.

    What cannot be handed in (nothing answered, taken part elsewhere, refused) is dropped without a word.
    """
    for doing in list(ctx.state.unfinished):
        gathered = ctx.desk.takes_answers(doing.wave, begun=True)
        deadline = ctx.desk.deadline(doing.wave, doing.begun_at)
        if gathered and deadline > ctx.inbound.at:
            doing.until = deadline
            continue
        if doing is ctx.state.dialogue:
            ctx.state.dialogue = None
        else:
            ctx.state.paused.remove(doing)
        ctx.want(EraseTopic(topic=doing.topic))
        sheet = open_sheet(ctx, doing)
        # A picture, a voice, a place tell who the person is, and the consent stands at the end that was not reached.
        sheet.forget(*(question.id for question in sheet.given() if question.kind in TELLING))
        counts = any(answer is not None for answer in doing.answers.values())
        if counts and gathered and not refusal and not ctx.desk.took_part(doing.wave, doing.invitation):
            ctx.want(_handed_in(sheet, partial=True))
            _forget(ctx, doing)
            ctx.state.handed_in.append(sheet.survey.title)
