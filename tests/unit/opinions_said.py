"""Opinions for tests: released answers to the sample survey's open question, and góp ý, as rows."""

import msgspec
from sqlalchemy import insert

from feedback.mood import OpinionKey
from storage.ids import new_id, random_id
from storage.tables import accounts, answers, cases, conversations, persons, responses
from storage.tx import Tx
from tests.stores import SampleCommune
from vietnam.time import day_of


def answered(
    tx: Tx, commune: SampleCommune, *texts: str, village: int | None = None, day: str = "2026-10-03", wave: int = 0
) -> list[OpinionKey]:
    """Released answers in words."""
    keys = [OpinionKey("answer", random_id(), "gop_y") for _ in texts]
    for key, text in zip(keys, texts, strict=True):
        tx.execute(
            insert(responses).values(
                id=key.id,
                unit_id=commune.commune,
                wave_id=wave or commune.wave,
                version_id=commune.version,
                village_id=village,
                channel="webchat",
                day=day,
            )
        )
        value = msgspec.json.encode(text).decode()
        tx.execute(insert(answers).values(response_id=key.id, question=key.question, value=value))
    return keys


def suggested(
    tx: Tx, commune: SampleCommune, text: str, now: int, *, kind: str = "suggestion", village: int | None = None
) -> tuple[OpinionKey, int]:
    """A góp ý and the account it came from."""
    person, account, case = new_id(), new_id(), new_id()
    tx.execute(insert(persons).values(id=person, unit_id=commune.commune, created_at=now))
    tx.execute(
        insert(accounts).values(
            id=account, person_id=person, channel_account_id=commune.webchat, platform_id=f"p{case}", created_at=now
        )
    )
    tx.execute(
        insert(conversations).values(
            id=new_id(), account_id=account, unit_id=commune.commune, channel="webchat", heard_at=now
        )
    )
    tx.execute(
        insert(cases).values(
            id=case,
            unit_id=commune.commune,
            village_id=village,
            code=f"M-{day_of(now):%Y}-{case % 1_000_000:06d}-X",
            kind=kind,
            category="other",
            text=text,
            state="new",
            account_id=account,
            channel="webchat",
            name="Bùi Thị Mẫu",
            phone="0912345678",
            opened_at=now,
            moved_at=now,
        )
    )
    return OpinionKey("case", case), account
