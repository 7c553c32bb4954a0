"""What goes wrong with outgoing calls: a small share of all of them, drawn by chance from a seed."""

from collections import Counter
from dataclasses import dataclass, field
from random import Random

from tests.fakes import telegram, zalo_bot, zalo_oa
from tests.fakes.telegram.server import Fault as TelegramFault
from tests.fakes.zalo_bot.server import Fault as ZaloBotFault
from tests.fakes.zalo_oa.fake import TOKEN
from tests.fakes.zalo_oa.server import Fault as ZaloOaFault

SHARE = 0.02
_TELEGRAM: tuple[tuple[telegram.FaultKind, bool], ...] = (
    ("flood", False),
    ("status", False),
    ("status", True),
    ("hang", False),
    ("hang", True),
    ("half", True),
    ("garbage", True),
    ("drop", False),
    ("drop", True),
)
_ZALO_BOT: tuple[tuple[zalo_bot.FaultKind, int, bool], ...] = (
    ("code", 429, False),
    ("code", 403, True),
    ("status", 502, False),
    ("status", 502, True),
    ("hang", 0, False),
    ("hang", 0, True),
    ("half", 0, True),
    ("garbage", 0, True),
    ("drop", 0, True),
)
_ZALO_OA: tuple[tuple[zalo_oa.FaultKind, bool], ...] = (
    ("slow", False),
    ("status", False),
    ("status", True),
    ("hang", False),
    ("hang", True),
    ("half", True),
    ("garbage", True),
    ("drop", False),
    ("drop", True),
    ("error", False),
)
"""What the pages of Zalo do not list is -9999 here: worth another try, as nobody knows what it means."""


@dataclass
class Mishaps:
    """Draws for every call; `calls` and `met` (by platform and kind) say what it came to."""

    random: Random
    share: float = SHARE
    calls: int = 0
    met: Counter[str] = field(default_factory=Counter)
    doubtful: int = 0
    """Calls that had taken effect, which the caller was not told."""

    def telegram(self, method: str) -> TelegramFault | None:
        """For a call of the Bot API; asking for updates never hangs, as that is what it does all the time."""
        if not self._falls():
            return None
        kind, carried_out = self.random.choice(_TELEGRAM)
        if method == "getUpdates":
            kind, carried_out = "status", False
        self._note("telegram", kind, doubtful=carried_out)
        return TelegramFault(method, kind, 502, 1, carried_out)

    def zalo_bot(self, method: str) -> ZaloBotFault | None:
        """For a call of the Zalo Bot API."""
        if not self._falls():
            return None
        kind, code, carried_out = self.random.choice(_ZALO_BOT)
        self._note("zalo_bot", kind, doubtful=carried_out)
        return ZaloBotFault(method, kind, code, carried_out)

    def zalo_oa(self, path: str) -> ZaloOaFault | None:
        """For a call of the OpenAPI; the call for new tokens is left alone, it has its own tests."""
        if path == TOKEN or not self._falls():
            return None
        kind, carried_out = self.random.choice(_ZALO_OA)
        self._note("zalo_oa", kind, doubtful=carried_out)
        return ZaloOaFault(path, kind, 502 if kind == "status" else 200, -9999, "fault", carried_out)

    def _falls(self) -> bool:
        self.calls += 1
        return self.random.random() < self.share

    def _note(self, platform: str, kind: str, *, doubtful: bool) -> None:
        self.met[f"{platform}.{kind}"] += 1
        self.doubtful += doubtful
