"""Words at a question that are not for it, or perhaps not: they have their reply, and the question is put again."""

from bot.conversation import asides, closing
from bot.conversation.asking import ask
from bot.conversation.effects import t
from bot.conversation.sheet import Sheet
from surveys.definition import Kind, Question
from surveys.understanding import Misread, understand


def takes(sheet: Sheet, question: Question) -> bool:
    """Whether a question can take the words that came as they are."""
    ctx = sheet.ctx
    return not isinstance(understand(question, ctx.inbound.text, sheet.language, today=ctx.today), Misread)


def heard(sheet: Sheet, question: Question) -> bool:
    """Whether the words were not for the question, or perhaps not; nothing is to be done with them any more then."""
    ctx = sheet.ctx
    if ctx.choice or ctx.inbound.kind != "text":
        return False
    if number := asides.number_to_correct(ctx.said):
        _correct(sheet, question, number)
        return True
    if question.kind is Kind.TEXT:
        return _doubted(sheet, question)
    said = asides.reply(sheet, question)
    if not said or takes(sheet, question):
        return False
    ctx.lead += said
    ask(sheet, question, fresh=False)
    return True


def _correct(sheet: Sheet, question: Question, number: int) -> None:
    earlier = sheet.numbered(number)
    if earlier is not None:
        closing.reopen(sheet, earlier)
        return
    sheet.ctx.lead.append(t("aside.not_answered", number=number))
    ask(sheet, question, fresh=False)


def _doubted(sheet: Sheet, question: Question) -> bool:
    """Whether what was written is perhaps no answer: then it is kept, and the person says which it is."""
    ctx, doing = sheet.ctx, sheet.doing
    if not asides.doubtful(doing, ctx.inbound.text, ctx.said) or not takes(sheet, question):
        return False
    doing.doubted, doing.wordy = ctx.inbound.text.strip(), True
    ctx.lead += asides.reply(sheet, question) or [t("aside.which")]
    ask(sheet, question, fresh=False, doubted=asides.ways(doing))
    return True
