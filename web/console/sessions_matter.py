"""A khiếu nại or tố cáo in what an officer writes down for a visitor: asked about as the chat asks, and not kept.

The list of a session lies on the desk, where many read it.
"""

from bot.conversation.matter import EXPLAINED
from feedback.acts import Refusal
from feedback.complaints import Matter, complaints, denounced
from web.body import Form
from web.thread_matter import mark

ASKED = "dau"
"""The field that tells which words were asked about already."""


def doubted(form: Form, name: str) -> Refusal | None:
    """Why the words of that field are not written down, or not before the officer has looked at them once more.

    What surely denounces somebody is never written down; the visitor says it in person.
    """
    text = form[name]
    reading = complaints().read(text)
    if reading is None or reading.matter not in EXPLAINED:
        return None
    if sure := denounced(text):
        return Refusal(f"session.never.{sure}")
    if form[ASKED] == mark(text):
        return None
    form.fields[ASKED] = mark(text)
    return Refusal(f"session.asks.{Matter.COMPLAINT if reading.matter is Matter.COMPLAINT else Matter.DENUNCIATION}")
