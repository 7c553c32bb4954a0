"""Where a khiếu nại or tố cáo is brought, for the pages: in the words that the chat says it in."""

from sqlalchemy import Connection

from app.guidance import guidance
from app.runtime import Runtime
from bot.conversation.desk import Commune, Guidance
from bot.conversation.matter import explained
from feedback.complaints import Matter
from storage import units


async def explain(runtime: Runtime, unit_id: int, matter: Matter) -> list[str]:
    """The paragraphs for a commune's citizens, the most needed first."""

    def look(conn: Connection) -> tuple[Commune, Guidance]:
        unit = units.unit(conn, unit_id)
        province = units.unit(conn, unit.parent_id).name if unit.parent_id else ""
        public_url = runtime.settings.public_url
        commune = Commune(
            id=unit.id,
            name=unit.name,
            prefix=unit.prefix,
            phone=unit.phone,
            contact=unit.contact,
            privacy_url=f"{public_url}/{unit.slug}/rieng-tu",
        )
        return commune, guidance(runtime.ledger.entered, unit, province, public_url)

    commune, known = await runtime.store.read(look)
    return [runtime.wording.word(part) for part in explained(matter, commune, known)]
