"""What is said beside the question of a survey: what is meant, how many are left, who asks, enough for today.

At a question with choices such words are no answer, so they are simply heeded. At one in free words they could be the
answer: the person is asked once which of the two it is, and what was written is kept until then.
"""

import re

from bot.conversation import commands
from bot.conversation.context import BACK, DROP, MENU, STOP, Context
from bot.conversation.desk import Commune
from bot.conversation.effects import Option, Text, t
from bot.conversation.sheet import Sheet
from bot.conversation.state import Answering
from bot.conversation.subscribing import OPT_IN, OPT_OUT
from bot.conversation.villages import place_word
from surveys.definition import Kind, Question
from vietnam.text import fold_words

TAKE = "take"
_LONGEST_SHOWN = 40
_MEANING = frozenset(
    {
        "gi", "gi co", "gi vay", "gi the", "cai gi", "la gi", "la sao", "sao co", "sao a", "la the nao", "the la sao",
        "nghia la gi", "nghia la sao", "y la gi", "y la sao", "hoi gi", "hoi gi vay", "hoi gi the", "hoi cai gi",
        "khong hieu", "ko hieu", "k hieu", "chua hieu", "toi khong hieu", "toi chua hieu", "khong hieu cau hoi",
        "khong hieu cau nay", "khong hieu gi", "khong hieu gi ca", "khong hieu hoi gi", "cau nay la sao",
        "cau nay nghia la gi", "noi lai di", "hoi lai di", "khong hieu y", "tra loi the nao", "tra loi sao",
    }
)  # fmt: skip
_LEFT = frozenset(
    {
        "con nua khong", "con nhieu khong", "con lau khong", "con dai khong", "sap xong chua", "sap het chua",
        "bao gio xong", "bao gio thi xong", "bao lau nua", "bao lau nua thi xong", "bao lau nua moi xong",
        "con may cau", "con bao nhieu cau", "co may cau", "tat ca may cau", "het chua", "xong chua",
    }
)  # fmt: skip
_HOW_MANY = re.compile(
    r"(?:the |vay )?(?:con )?(?:bao nhieu|may) cau(?: hoi)?(?: nua)(?: moi xong| moi het| la xong| thi xong)?"
    r"(?: the| vay| a| ha| nhi| day)?"
)
_WHO = frozenset(
    {
        "ai day", "ai do", "ai vay", "ai the", "ai hoi", "ai hoi vay", "ai hoi the", "ai hoi day", "ai gui",
        "day la ai", "ai gui vay", "ai gui the", "ai nhan the", "ai nhan day", "ai nhan vay", "la ai", "la ai vay",
        "o dau day", "lua dao", "lua dao a", "lua dao ha", "co phai lua dao khong", "co lua dao khong",
        "phai lua dao khong", "noi chuyen voi ai day", "nguoi hay may", "may hay nguoi", "nguoi that hay may",
    }
)  # fmt: skip
_TO_CORRECT = re.compile(r"(?:cho )?(?:toi )?(?:muon )?(?:sua|sua lai|chon lai|tra loi lai) cau (?:so )?(\d{1,3})")
_LABELS = {
    OPT_OUT: "aside.optout",
    OPT_IN: "menu.optin",
    STOP: "aside.stop",
    DROP: "aside.drop",
    MENU: "aside.stop",
    BACK: "nav.edit_last",
}
_WRITTEN = frozenset({Kind.TEXT, Kind.NUMBER, Kind.DECIMAL, Kind.DATE, Kind.TIME})
_SENT = frozenset({Kind.PHOTO, Kind.VOICE, Kind.PLACE})


def number_to_correct(said: str) -> int:
    """The number of the question that is to be corrected ("sửa câu 2"); 0 where the words say something else."""
    found = _TO_CORRECT.fullmatch(said)
    return int(found[1]) if found else 0


def reply(sheet: Sheet, question: Question | None) -> list[Text]:
    """What to say to words that ask something themselves; [] where they ask nothing. No question: at the end."""
    said = sheet.ctx.said
    if said in _LEFT or _HOW_MANY.fullmatch(said):
        return [_left(sheet, question)]
    if said in _WHO:
        return _who(sheet.ctx.desk.commune())
    if said not in _MEANING:
        return []
    if question is None:
        return [t("aside.village", place=place_word(sheet.ctx)) if sheet.doing.stage == "village" else t("aside.end")]
    return [_meaning(question)]


def _left(sheet: Sheet, question: Question | None) -> Text:
    if question is None:
        return t("aside.none_left")
    number, total = sheet.progress(question.id)
    return t("aside.left", left=total - number + 1) if number < total else t("aside.last")


def _who(commune: Commune) -> list[Text]:
    if not commune.phone:
        return [t("aside.who", commune=commune.name)]
    return [t("aside.who_phone", commune=commune.name, phone=commune.phone)]


def _meaning(question: Question) -> Text:
    way = "write" if question.kind in _WRITTEN else "send" if question.kind in _SENT else "choose"
    return t(f"aside.{way}_needed" if question.required else f"aside.{way}")


def doubtful(doing: Answering, text: str, said: str) -> bool:
    """Whether words at a question in free words are perhaps no answer to it; never the same words twice."""
    return text.strip() != doing.doubted and bool(_wanted(text, said))


def _wanted(text: str, said: str) -> str:
    """The command that the words could be, or some other sign that they are perhaps no answer; "" for an answer."""
    asks = said in _LEFT or said in _MEANING or said in _WHO or _HOW_MANY.fullmatch(said)
    if asks:
        return "?"
    return commands.hardly_answer(said) or (STOP if commands.stop_word(text) else "")


def ways(doing: Answering) -> list[Option]:
    """What the words that were doubted could be: a command, or the answer after all."""
    command = _wanted(doing.doubted, fold_words(doing.doubted))
    rows = [Option(command, t(_LABELS[command]), "1")] if command in _LABELS else []
    shown = doing.doubted if len(doing.doubted) <= _LONGEST_SHOWN else f"{doing.doubted[:_LONGEST_SHOWN]}…"
    return [*rows, Option(TAKE, t("aside.take", words=shown), str(len(rows) + 1))]


def chosen(ctx: Context) -> str:
    """Which of these ways was typed; "" for anything else."""
    doing = ctx.state.dialogue
    if not isinstance(doing, Answering) or not doing.doubted:
        return ""
    rows = ways(doing)
    labels = {option.digit: option.id for option in rows}
    labels |= {fold_words(ctx.wording.word(option.label)): option.id for option in rows}
    return labels.get(ctx.said, "")
