"""A month's reports of 100 communes and their roll-up, by two processes against one.

    python -m benchmarks.province [--short] [--json FILE]

`nghedan province make` as an operator runs it, on copies of one store: with one worker, two, two and one again, so that
a machine that gets slower or faster meanwhile does not speak for either (the short form: one and two). Each commune has
12 villages, a month of answers to the ready questionnaire and some cases; each report is DOCX, PDF, XLSX and charts,
stored as blobs and copied to a folder; last comes the roll-up of all. Promised on two cores: a speed-up of 1.8. A
machine that is busy with something else cannot show it: the share of both cores that the faster runs got is printed
beside it. Memory is that of the largest process: workers are replaced after so many reports.
"""

import asyncio
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date
from functools import partial
from pathlib import Path
from random import Random

from sqlalchemy import insert

from app.demo_data import one_answer
from benchmarks.result import Measured, Outcome, hand_over, options
from storage import responses
from storage.bulk import insert_many
from storage.ids import new_id
from storage.migrate import upgrade
from storage.opening import open_store
from storage.store import Store
from storage.tables import accounts, cases, channel_accounts, persons
from storage.tx import Tx
from storage.units import seed_commune, villages
from storage.vault import Vault, make_key_file
from storage.waves import publish
from surveys.ready import ready
from vietnam.time import DAY, HOUR, start_of

PERIOD, DAY_OF_ANSWERS = "2026-10", date(2026, 10, 20)
SURVEY = "chinh_quyen_than_thien"
PROVINCE = "tỉnh Đo"
_CASES = ("id", "unit_id", "village_id", "code", "kind", "category", "text", "state", "account_id", "opened_at",
          "answered_at", "moved_at")  # fmt: skip
_FIELDS = ("roads", "environment", "land", "procedures", "social_policy")


def fill(tx: Tx, vault: Vault, number: int, answers: int) -> int:
    """A commune with so many answers of one month, all released, and half as many cases; its id."""
    rng, survey = Random(number), ready(SURVEY)
    names = [f"thôn {at}" for at in range(1, 13)]
    unit = seed_commune(tx, province=PROVINCE, commune=f"xã Đo {number}", village_names=names, phone="", contact="")
    wave = publish(tx, unit, survey, "province", start_of(date(2026, 9, 1))).wave
    places = [village.id for village in villages(tx.conn, unit)]
    for at in range(answers):
        # Some villages give many answers, so that some may be shown and some not.
        place = min(int(rng.expovariate(0.4)), len(places) - 1)
        responses.seal(
            tx,
            vault,
            survey=survey,
            wave=wave,
            unit=unit,
            village=places[place],
            channel="webchat" if at % 3 else "telegram",
            answers=one_answer(survey, rng, place + number, DAY_OF_ANSWERS),
        )
    while responses.release(tx, vault, lambda _version: survey, DAY_OF_ANSWERS, rng, chunk=10_000):
        pass
    _some_cases(tx, unit, places, answers // 2, rng)
    return unit


def _some_cases(tx: Tx, unit: int, places: list[int], many: int, rng: Random) -> None:
    person, account, channel = new_id(), new_id(), new_id()
    tx.execute(insert(persons).values(id=person, unit_id=unit, created_at=0))
    tx.execute(insert(channel_accounts).values(id=channel, unit_id=unit, channel="webchat", name="webchat"))
    values = {"id": account, "person_id": person, "channel_account_id": channel, "platform_id": "do", "created_at": 0}
    tx.execute(insert(accounts).values(**values))
    rows = []
    for at in range(many):
        id = new_id()
        opened = start_of(date(2026, 10, 1 + rng.randrange(28))) + 9 * HOUR
        answered = opened + rng.randrange(1, 9) * DAY if rng.random() < 0.8 else None
        kind, state = rng.choice(("feedback", "petition", "dialogue")), "answered" if answered else "in_progress"
        what = (id, unit, rng.choice(places), f"DO-{unit}-{at}", kind, rng.choice(_FIELDS), "Đường hỏng", state)
        rows.append((*what, account, opened, answered, answered or opened))
    insert_many(tx, cases, _CASES, rows)


async def seed(store: Store, vault: Vault, communes: int, answers: int) -> None:
    """A province of so many communes, a transaction each."""
    for number in range(1, communes + 1):
        await store.write(partial(fill, vault=vault, number=number, answers=answers))


def settings(folder: Path) -> Path:
    """A settings file for the store in a folder."""
    file = folder / "do.toml"
    file.write_text(
        f'[storage]\nurl = "sqlite:///{folder}/do.db"\n[privacy]\nkey_file = "{folder}/do.key"\n'
        f'[commune]\nname = "xã Đo 1"\nprovince = "{PROVINCE}"\n',
        "utf-8",
    )
    return file


def run(folder: Path, workers: int) -> tuple[float, float]:
    """Seconds of a run, and of all its processes' work."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = ["province", "make", PERIOD, "--out", str(folder / "out"), "--workers", str(workers)]
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "app.cli", *command, "--config", str(settings(folder))],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    spent = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if not list((folder / "out").glob("tong-hop-*.pdf")):
        raise SystemExit("no roll-up was made")
    return spent, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def compare(place: Path, communes: int, answers: int, order: tuple[int, ...]) -> tuple[float, float, float]:
    """Mean seconds of the runs with one worker and with two, and the mean work of the latter."""
    first = place / "0"
    first.mkdir()
    url = f"sqlite:///{first}/do.db"
    upgrade(url)
    vault = make_key_file(first / "do.key")
    store = open_store(url)

    async def filled() -> None:
        await seed(store, vault, communes, answers)
        await store.close()

    asyncio.run(filled())
    for at in range(1, len(order)):
        shutil.copytree(first, place / str(at))
    spent: dict[int, list[tuple[float, float]]] = {1: [], 2: []}
    for at, workers in enumerate(order):
        spent[workers].append(run(place / str(at), workers))
        shutil.rmtree(place / str(at))
    means = [sum(seconds for seconds, _ in spent[workers]) / len(spent[workers]) for workers in (1, 2)]
    return means[0], means[1], sum(work for _, work in spent[2]) / len(spent[2])


def main() -> None:
    asked = options("province")
    communes, answers, order = (8, 40, (1, 2)) if asked.short else (100, 120, (1, 2, 2, 1))
    place = Path(tempfile.mkdtemp(prefix="nghedan-province-"))
    try:
        alone, together, work = compare(place, communes, answers, order)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    cores = min(2, len(os.sched_getaffinity(0)))
    figures = [
        Measured(name=f"{communes} communes, two workers against one", value=alone / together, least=1.8),
        Measured(name="one commune with two workers", value=together / communes, unit="s"),
        Measured(name="share of two cores that its processes got", value=work / together / cores),
        Measured(name="largest process", value=largest, unit="MB", most=400),
    ]
    details = {"alone_s": alone, "together_s": together, "work_s": work, "cores": len(os.sched_getaffinity(0))}
    hand_over(Outcome(name="province", short=asked.short, figures=figures, details=details), asked.json)


if __name__ == "__main__":
    main()
