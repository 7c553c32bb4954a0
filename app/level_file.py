"""Hồ sơ đề xuất cấp độ an toàn hệ thống thông tin: a draft, filled from the settings and the size of the store."""

from pathlib import Path

from app.settings import Settings
from storage.scale import Scale

_TEMPLATE = Path(__file__).with_name("locale") / "vi" / "ho_so_cap_do.md"
_BLANK = "..."
MANY = 10_000
"""People from whose number on the third level is looked at (Nghị định 85/2016/NĐ-CP; to be checked by the reader)."""


def level_file(settings: Settings | None, size: Scale | None, villages: int = 0) -> str:
    """The draft in Markdown; without settings a form with dots to fill in."""
    from jinja2 import Environment, StrictUndefined

    # Markdown for somebody's word processor, from our own settings: nothing is shown by a browser.
    room = Environment(
        autoescape=False,  # noqa: S701 - plain text, no HTML: escaped it would be wrong
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    known = Settings() if settings is None else settings
    blank = settings is None
    platforms = _platforms(known)
    values: dict[str, object] = {
        "commune": _BLANK if blank else known.commune.name,
        "province": _BLANK if blank else known.commune.province,
        "address": _BLANK if blank else known.public_url,
        "officers": _BLANK if size is None else size.officers,
        "people": _BLANK if size is None else size.people,
        "villages": _BLANK if blank else villages,
        "channels": _BLANK if blank else ", ".join(["web", *platforms]),
        "outside": _BLANK if blank else ", ".join(platforms) or "0",
        "database": _BLANK if blank else known.storage.url.partition(":")[0],
        "listens": _BLANK if blank else f"{known.web.host}:{known.web.port}",
        "level": 3 if size is not None and size.people >= MANY else 2,
        "second": known.access.second_step,
        "https": blank or known.public_url.startswith("https://"),
        "key_file": _BLANK if blank else known.privacy.key_file.name,
        "chat_months": known.retention.chat_months,
    }
    return room.from_string(_TEMPLATE.read_text("utf-8")).render(**values).strip() + "\n"


def _platforms(settings: Settings) -> list[str]:
    """Those that are on in the settings, by the names of their hosts."""
    found = []
    if settings.telegram.token.get_secret_value():
        found.append("Telegram")
    if settings.zalo_oa.oa_id:
        found.append("Zalo OA")
    if settings.zalo_bot.token.get_secret_value():
        found.append("Zalo Bot")
    return found
