"""From a raw event to an Inbound: every kind of event, against what the platform's best known library does with it.

    python -m benchmarks.parse [--short] [--json FILE]

Telegram: our bytes -> Inbound against aiogram's bytes -> Update, as its webhook handler does it (json.loads, then
Update.model_validate with the bot); pydantic's own reading of the bytes is tried as well, and the faster of the two
counts. The payloads of tests/payloads are read one kind after the other, so that a kind that is slow is seen.
"""

import json
import statistics
import time
from collections.abc import Callable
from typing import Any

import msgspec

from benchmarks.result import Measured, Outcome, hand_over, options
from bot.channels.telegram import parse as telegram
from tests.payloads import payloads

Reading = Callable[[bytes], object]
AT = 1_795_000_000_000


class Channel(msgspec.Struct, frozen=True):
    """A channel's own reading, and those of its peers by name; without a peer its rate is only printed."""

    ours: Reading
    peers: Callable[[], dict[str, Reading]]
    least: float | None = None


def _aiogram() -> dict[str, Reading]:
    from aiogram import Bot
    from aiogram.types import Update

    bot = Bot("123456:only_to_read_with")

    def as_its_webhook(raw: bytes) -> object:
        return Update.model_validate(json.loads(raw), context={"bot": bot})

    def by_pydantic_alone(raw: bytes) -> object:
        return Update.model_validate_json(raw, context={"bot": bot})

    return {"aiogram": as_its_webhook, "pydantic": by_pydantic_alone}


CHANNELS: dict[str, Channel] = {
    "telegram": Channel(lambda raw: telegram.parse(raw, account=1, at=AT), _aiogram, least=10),
}
"""Name of the file in tests/payloads -> how it is read."""


def seconds(reading: Reading, raw: bytes, rounds: int) -> float:
    """Median seconds of one reading, over five runs of `rounds` each."""
    runs = []
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(rounds):
            reading(raw)
        runs.append((time.perf_counter() - start) / rounds)
    return statistics.median(runs)


def measure(name: str, channel: Channel, rounds: int) -> tuple[list[Measured], dict[str, Any]]:
    """The figures of one channel, and the microseconds of each kind of event."""
    raws = {
        kind: json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        for kind, event in payloads(name).items()
    }
    peers = channel.peers()
    table: dict[str, dict[str, float]] = {}
    for kind, raw in raws.items():
        table[kind] = {"ours": seconds(channel.ours, raw, rounds) * 1e6}
        table[kind] |= {peer: seconds(reading, raw, rounds // 10) * 1e6 for peer, reading in peers.items()}
    ours = statistics.mean(row["ours"] for row in table.values())
    figures = [Measured(name=f"{name}: events read", value=1e6 / ours, unit="/s")]
    if peers:
        ratios = {kind: min(row[peer] for peer in peers) / row["ours"] for kind, row in table.items()}
        slowest = min(ratios, key=lambda kind: ratios[kind])
        theirs = statistics.mean(min(row[peer] for peer in peers) for row in table.values())
        figures += [
            Measured(
                name=f"{name}: all {len(table)} kinds against the faster peer", value=theirs / ours, least=channel.least
            ),
            Measured(name=f"{name}: the least of all kinds ({slowest})", value=ratios[slowest]),
        ]
    return figures, {"microseconds": table}


def main() -> None:
    asked = options("parse")
    figures: list[Measured] = []
    details: dict[str, Any] = {}
    for name, channel in CHANNELS.items():
        found, details[name] = measure(name, channel, 500 if asked.short else 5_000)
        figures += found
    hand_over(Outcome(name="parse", short=asked.short, figures=figures, details=details), asked.json)


if __name__ == "__main__":
    main()
