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
