"""What a citizen is told of an answer: its parts in words, its evidence, and the page where it can be read again."""

import msgspec

from bot.conversation.messages import Bubble, Button, Wants
from bot.conversation.wording import Wording
from bot.ledger import Chat
from feedback import replies
from feedback.acts import CaseFacts, Decision
from feedback.attaching import Attached

NAMES = {
    "case.received": "case.who.received",
    "case.taken": "case.late.who",
    "case.taken_back": "case.late.who",
    "case.forwarded": "case.who.forwarded",
}
"""What names the officer who says it, beside the person of the commune's telephone -> in which words."""
_HAS_A_PAGE = frozenset({"case.reply", "case.ask"})


def buttons(facts: CaseFacts, decision: Decision, wording: Wording) -> tuple[Button, ...]:
    """What the citizen can do about it at once."""
    joined = decision.tell == "case.merged"
    labels = {way: f"case.way.merged.{way}" if joined else f"case.way.{way}" for way in decision.ways}
    return tuple(Button(id=f"go:{way}.{facts.code}", label=wording(key)) for way, key in labels.items())


def stopped(text: str) -> str:
    """A sentence with its full stop, where whoever wrote its end left it out."""
    return text if text.rstrip()[-1:] in ".!?…" else f"{text.rstrip()}."


def in_words(decision: Decision, wording: Wording) -> Decision:
    """An answer with its parts written out: so it is sent, kept and shown everywhere. A draft stays as it is."""
    if decision.tell != "case.reply" or decision.parts is None:
        return decision
    return msgspec.structs.replace(decision, text=replies.worded(decision.text, decision.parts, wording))


def with_evidence(chat: Chat, facts: CaseFacts, decision: Decision, bubble: Bubble, wording: Wording) -> Bubble:
    """The message with the pictures of the answer, and with the address of its page where the chat may not bring all.

    That is where it shows fewer pictures than there are, and where it may be closed by the time the person answers.
    """
    if decision.tell not in _HAS_A_PAGE or facts.confidential:  # on no page of the web is there such a case
        return bubble
    photos = decision.parts.photos if decision.parts is not None else ()
    return with_page(chat, facts.id, bubble, photos, decision.files, wording)


def with_page(
    chat: Chat, case: int, bubble: Bubble, photos: tuple[int, ...], files: tuple[Attached, ...], wording: Wording
) -> Bubble:
    """A message about a case with pictures and documents, and with the address of its page in `chat`."""
    wants: Wants = "files" if files else "evidence" if photos else "thread"
    address = chat.thread_page(case, wants)
    label = wording(f"page.{wants}") if address else ""
    return msgspec.structs.replace(bubble, pictures=photos, files=files, wants=wants, link=address, link_label=label)


def by_page(chat: Chat, facts: CaseFacts, decision: Decision, wording: Wording) -> None:
    """Tell the person's chat what came in on the page of the case: whoever did not send it hears of it at once."""
    if chat.only_by_hand:
        return
    chat.say(Bubble(text=wording(f"case.by_page.{decision.action}", code=facts.code)), 0, notice=True)
    chat.save(None)
