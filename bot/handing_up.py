"""What a citizen is told whose matter is about the Chủ tịch: who takes it, and that nothing of it is kept here."""

from bot.conversation.desk import Body, Commune, Guidance
from bot.conversation.menu import capital
from bot.conversation.wording import Wording
from feedback.acts import CaseFacts


def told(facts: CaseFacts, commune: Commune, known: Guidance, wording: Wording) -> list[str]:
    """The paragraphs of the message."""
    return [
        wording("case.handed_up", code=facts.code, Commune=capital(commune.name)),
        "\n".join(
            (
                _at(wording("matter.inspectorate", province=known.province), known.inspectorate, wording),
                _at(wording("matter.committee", province=known.province), known.committee, wording),
            )
        ),
        wording("case.handed_up.gone"),
    ]


def _at(name: str, where: Body, wording: Wording) -> str:
    kind = "_all" if where.address and where.phone else "_address" if where.address else "_phone" if where.phone else ""
    return wording(f"matter.body{kind}", name=name, address=where.address, phone=where.phone)
