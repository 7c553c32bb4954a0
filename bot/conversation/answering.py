"""Answering a survey: one question at a time, in any words, until the answer is in and its words are erased here."""

from bot.conversation import menu
from bot.conversation.context import BACK, SKIP, Context, nav
from bot.conversation.effects import EraseTopic, Option, Submit, plain, t
from bot.conversation.state import Answering
from bot.conversation.villages import VILLAGE_SKIP, hear_village, place_word, village_options
from surveys.definition import Answer, Kind, Question, Survey
from surveys.understanding import Misread, from_token, label, settle, toggle, understand
from surveys.understanding import options as survey_options
from surveys.walking import next_question, previous_question, progress, prune, shown

MAX_TRIES = 3
_DONE = "done"
_TICKED = frozenset({"xong", "chon xong", "da xong", "da chon xong", "xong roi"})
_TOKEN = "="  # noqa: S105  (no secret: what the button of an answer begins with)
_NAMES_ITSELF = {Kind.LIKERT5, Kind.SINGLE, Kind.YESNO}


def start(ctx: Context, wave: int, version: int) -> None:
    """Begin a survey: its intro and its first question in one message."""
    if ctx.desk.took_part(wave):
        ctx.lead.append(t("survey.took_part"))
        menu.show(ctx)
        return
    survey = ctx.desk.survey(version)
    ctx.state.dialogue = Answering(wave=wave, version=version, topic=ctx.new_topic())
    if survey.intro:
        ctx.lead.append(plain(survey.intro))
    _go_on(ctx, ctx.state.dialogue, survey, after=None)


def resume(ctx: Context, doing: Answering) -> None:
    """Go on exactly where the person stopped."""
    ctx.state.paused.remove(doing)
    ctx.state.dialogue = doing
    ctx.lead.append(t("survey.continued"))
    ask_again(ctx, doing)


def ask_again(ctx: Context, doing: Answering) -> None:
    """The question that is open, once more."""
    survey = ctx.desk.survey(doing.version)
    if doing.at:
        _ask(ctx, doing, survey, survey.question(doing.at))
    else:
        _ask_village(ctx, doing)


def hear(ctx: Context, doing: Answering) -> None:
    """One message while a survey is open."""
    survey = ctx.desk.survey(doing.version)
    if not doing.at:
        _hear_village(ctx, doing, survey)
        return
    question = survey.question(doing.at)
    if ctx.inbound.kind not in ("text", "choice"):
        ctx.lead.append(t("survey.words_only"))
        _ask(ctx, doing, survey, question)
        return
    if ctx.choice == BACK:
        _go_back(ctx, doing, survey)
        return
    if question.kind is Kind.MULTIPLE and ctx.choice.startswith(_TOKEN):
        doing.picked = list(toggle(question, tuple(doing.picked), ctx.choice.removeprefix(_TOKEN)))
        _ask(ctx, doing, survey, question)
        return
    answer = _read(ctx, doing, question)
    if isinstance(answer, Misread):
        _not_understood(ctx, doing, survey, question, answer)
    else:
        _keep(ctx, doing, survey, question, answer)


def _read(ctx: Context, doing: Answering, question: Question) -> Answer | Misread:
    if question.kind is Kind.MULTIPLE and not ctx.choice and ctx.said in _TICKED:
        return settle(question, tuple(doing.picked))
    if not ctx.choice:
        return understand(question, ctx.inbound.text)
    if ctx.choice == SKIP:
        return Misread("required") if question.required else None
    if ctx.choice == _DONE:
        return settle(question, tuple(doing.picked))
    return from_token(question, ctx.choice.removeprefix(_TOKEN))


def _keep(ctx: Context, doing: Answering, survey: Survey, question: Question, answer: Answer) -> None:
    doing.answers[question.id] = answer
    doing.answers = dict(prune(survey, doing.answers))
    doing.tries, doing.picked = 0, []
    if answer is None:
        ctx.lead.append(t("survey.skipped"))
    elif question.kind in _NAMES_ITSELF or question.kind is Kind.MULTIPLE:
        ctx.lead.append(t("survey.noted", answer=label(question, answer)))
    else:
        ctx.lead.append(t("survey.noted_text"))
    _go_on(ctx, doing, survey, after=question.id)


def _not_understood(ctx: Context, doing: Answering, survey: Survey, question: Question, why: Misread) -> None:
    doing.tries += 1
    if doing.tries >= MAX_TRIES and not question.required:
        ctx.lead.append(t("survey.skipped_for_now"))
        doing.tries = 0
        doing.answers[question.id] = None
        _go_on(ctx, doing, survey, after=question.id)
        return
    if doing.tries >= MAX_TRIES:
        ctx.lead.append(t("survey.put_aside"))
        menu.say_phone(ctx)
        doing.tries = 0
        ctx.state.paused.append(doing)
        menu.show(ctx)
        return
    ctx.lead.append(t(f"misread.{why.reason}"))
    _ask(ctx, doing, survey, question)


def _before(survey: Survey, doing: Answering) -> Question | None:
    if doing.at:
        return previous_question(survey, doing.answers, doing.at)
    asked = [question for question in shown(survey, doing.answers) if question.kind is not Kind.NOTE]
    return asked[-1] if asked else None


def _go_back(ctx: Context, doing: Answering, survey: Survey) -> None:
    before = _before(survey, doing)
    if before is None:
        ctx.lead.append(t("survey.first"))
        ask_again(ctx, doing)
        return
    doing.tries, doing.picked = 0, []
    given = doing.answers.get(before.id)
    if given is not None and before.kind is Kind.MULTIPLE and isinstance(given, tuple | list):
        doing.picked = list(given)
    if given is not None:
        ctx.lead.append(t("survey.given_before", answer=label(before, given)))
    _ask(ctx, doing, survey, before)


def _go_on(ctx: Context, doing: Answering, survey: Survey, *, after: str | None) -> None:
    question = next_question(survey, doing.answers, after)
    while question is not None and question.kind is Kind.NOTE:
        ctx.lead.append(plain(question.text))
        question = next_question(survey, doing.answers, question.id)
    if question is not None:
        _ask(ctx, doing, survey, question)
        return
    doing.at = ""
    if ctx.desk.villages():
        _ask_village(ctx, doing)
    else:
        _submit(ctx, doing, survey, None)


def _ask(ctx: Context, doing: Answering, survey: Survey, question: Question) -> None:
    doing.at = question.id
    number, total = progress(survey, doing.answers, question.id)
    rows = [
        Option(_TOKEN + token, t("survey.ticked", label=text) if token in doing.picked else plain(text), digit)
        for token, text, digit in survey_options(question)
    ]
    if question.kind is Kind.MULTIPLE:
        rows.append(Option(_DONE, t("survey.done_ticking")))
    parts = [t("survey.question", number=number, total=total, text=question.text)]
    if question.kind is Kind.MULTIPLE:
        parts.append(t("survey.several"))
    elif question.kind is Kind.TEXT:
        parts.append(t("survey.write"))
    elif question.kind is Kind.NUMBER:
        parts.append(t("survey.write_number"))
    ctx.ask(
        *parts,
        options=rows + nav(back="nav.edit_last" if number > 1 else "", skip=not question.required),
        wide=question.kind is not Kind.NPS,
        topic=doing.topic,
    )


def _ask_village(ctx: Context, doing: Answering) -> None:
    ctx.ask(
        t("survey.village", place=place_word(ctx)),
        options=(ctx.narrowed or village_options(ctx)) + nav(back="nav.edit_last", skip=True),
        topic=doing.topic,
    )


def _hear_village(ctx: Context, doing: Answering, survey: Survey) -> None:
    if ctx.choice == BACK:
        _go_back(ctx, doing, survey)
        return
    if ctx.inbound.kind not in ("text", "choice"):
        ctx.lead.append(t("survey.words_only"))
        _ask_village(ctx, doing)
        return
    heard = hear_village(ctx)
    if heard.fault is not None:
        ctx.lead.append(heard.fault)
        _ask_village(ctx, doing)
        return
    _submit(ctx, doing, survey, None if heard.village == VILLAGE_SKIP else heard.village)


def _submit(ctx: Context, doing: Answering, survey: Survey, village: int | None) -> None:
    ctx.want(Submit(wave=doing.wave, version=doing.version, village=village, answers=doing.answers))
    ctx.want(EraseTopic(topic=doing.topic))
    # A closing note of the survey is still said; the echo of the last answer would outlive the erasing.
    ctx.lead = [part for part in ctx.lead if part.key == "plain"]
    ctx.lead.append(plain(survey.thanks) if survey.thanks else t("survey.thanks"))
    ctx.lead.append(t("survey.erased"))
    ctx.close()
    ctx.state.answered.append(doing.wave)
    menu.show(ctx)


def refused(ctx: Context, doing: Answering, reason: str) -> None:
    """The submission was not accepted: say why, and lose nothing that can still be used."""
    ctx.want(EraseTopic(topic=doing.topic))
    ctx.state.answered.append(doing.wave)
    ctx.lead.append(t("survey.took_part_meanwhile" if reason == "wave.took_part" else "survey.closed_meanwhile"))
    ctx.close()
    menu.show(ctx)
