"""What people may ask about the data that is kept of them, until when it is done, and what the commune answers.

Source: Luật Bảo vệ dữ liệu cá nhân 2025 (91/2025/QH15), Điều 4, and Nghị định 356/2025/NĐ-CP.
"""

from enum import StrEnum

import msgspec

from feedback.acts import Refusal
from feedback.clocks import start
from feedback.office import Office
from feedback.roles import Actor, may

MAX_NOTE = 1_000


class Right(StrEnum):
    """xem, nhận bản sao · sửa · rút lại sự đồng ý · xóa."""

    ACCESS = "access"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    ERASE = "erase"


AT_ONCE = frozenset({Right.ACCESS, Right.WITHDRAW, Right.ERASE})
"""What the program does by itself, in the turn in which it is asked; what is wrong only an officer can judge."""


class CloseRequest(msgspec.Struct, frozen=True, kw_only=True):
    """An officer has done what was asked, or says why not; the person is told `answer` word for word."""

    answer: str


def terms(right: Right, at: int, office: Office) -> tuple[int, int]:
    """(until when the person hears that it was received, until when it is done), UTC milliseconds."""
    reply = start(office.rule("data_reply"), at, office.table, office.sessions)
    whole = start(office.rule(f"data_{right}"), at, office.table, office.sessions)
    return reply.due, whole.due


def decide_close(act: CloseRequest, actor: Actor, unit: int, *, is_open: bool) -> str | Refusal:
    """The answer as it is to be kept and told, or why not."""
    answer = act.answer.strip()
    if not may(actor, "data.close", unit):
        return Refusal("act.not_allowed")
    if not is_open:
        return Refusal("act.already")
    if not answer:
        return Refusal("act.reply_empty")
    return Refusal("act.reply_long") if len(answer) > MAX_NOTE else answer
