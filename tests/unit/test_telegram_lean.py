"""A process without Telegram never pays for aiogram: only `client` imports it."""

import subprocess
import sys

LEAN = (
    *("acknowledge", "groups", "in_group", "keyboard", "limits", "outcomes"),
    *("parse", "polling", "render", "updates", "webhook"),
)
HEAVY = ("aiogram", "aiohttp", "pydantic")


def test_everything_but_the_client_imports_without_aiogram() -> None:
    imports = "; ".join(f"import bot.channels.telegram.{name}" for name in LEAN)
    code = f"import sys; {imports}; print([name for name in {HEAVY!r} if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60)
    assert said.stdout.strip() == "[]"


def test_what_is_not_used_of_aiogram_is_not_built_until_somebody_uses_it() -> None:
    code = (
        "from bot.channels.telegram import client; from aiogram.types import Update; "
        "print([one.__pydantic_complete__ for one in (*client._USED, *client._ANSWERS)]); "
        "print(Update.__pydantic_complete__); "
        "chat = {'id': 1, 'type': 'private'}; "
        "update = Update.model_validate({'update_id': 1, 'message': {'message_id': 2, 'date': 3, 'chat': chat}}); "
        "print(update.message.message_id, Update.__pydantic_complete__)"
    )
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60)
    used, before, after = said.stdout.splitlines()
    assert set(used.strip("[]").split(", ")) == {"True"}
    assert (before, after) == ("False", "2 True")
