"""Waves for page tests: officers of both sides, lists, answers that are released."""

from datetime import date
from functools import partial
from random import Random
from typing import Any

from sqlalchemy import insert, select
from starlette.testclient import TestClient

from app.waves import end_wave, release_wave
from storage import jobs, participations, responses, wave_acts
from storage.ids import new_id
from storage.tables import invitations, officers
from storage.tables import participations as tokens
from storage.tx import Tx
from storage.wave_acts import WaveRow
from surveys.definition import Answer
from tests.stores import VILLAGES, run_apart, sample_survey
from tests.web.house import PASSWORD, House, look, outside
from vietnam.time import MINUTE, day_of

WAVES = "/can-bo/dot"
FRAMES = "/can-bo/danh-sach"
SURVEY = sample_survey()


def front_of(house: House) -> None:
    """An officer of the Front, and one of the Front in another commune."""

    def unit(tx: Tx) -> None:
        known = tx.execute(select(officers.c.password_hash).where(officers.c.login == "tiepnhan")).scalar_one()
        values = {"id": new_id(), "login": "mattran", "name": "Bà Mặt trận", "role": "front"}
        made = {"unit_id": house.commune.commune, "password_hash": known, "created_at": house.at}
        tx.execute(insert(officers).values(**values, **made))

    outside(house, unit)


def wave(house: House, code: str) -> WaveRow:
    """The wave of a code."""
    found = look(house, lambda conn: wave_acts.by_code(conn, house.commune.commune, code))
    assert found is not None, code
    return found


def a_list(rows: int = 24, villages: int = 3) -> bytes:
    """A list of households as CSV."""
    lines = ["Danh sách hộ", "STT,Họ tên,Thôn,Nhóm"]
    lines += [f"{n + 1},Nguyễn Văn {n + 1},{VILLAGES[n % villages]},{'nghèo' if n % 2 else ''}" for n in range(rows)]
    return "\n".join(lines).encode()


def bring_in(client: TestClient, data: bytes, name: str = "Các hộ", kind: str = "household") -> Any:
    """A list sent from the page."""
    return client.post(FRAMES, data={"ten": name, "loai": kind}, files={"tep": ("ho.csv", data)})


def open_one(client: TestClient, **fields: str) -> Any:
    """The form of a new wave, confirmed at once."""
    form = {"phieu": "mau", "cach": "open", "ma": "", "mau": "tu-tinh", "nhac_lan": "0", "nhac_ngay": "3", "chac": "1"}
    return client.post(f"{WAVES}/moi", data=form | fields)


def answers(random: Random, village: int) -> dict[str, Answer]:
    """Somebody's answers to the sample questionnaire, happier in the first villages."""
    weights = (1, 1, 2, 6 - village, 4 - village)
    return {
        "chung": random.choices((1, 2, 3, 4, 5), weights)[0],
        "mot": random.choice("ab"),
        "co_khong": random.choice(("yes", "no")),
        "gioi_thieu": random.choice((6, 8, 9, 10)),
        "so": random.randrange(1, 6),
    }


def answered(house: House, of: WaveRow, counts: dict[int, int]) -> None:
    """So many answers by the place of the village, sealed; of an invited wave, by the first that were invited."""
    random, vault = Random(20261121), house.runtime.vault

    def unit(tx: Tx) -> None:
        for at, many in counts.items():
            place = house.commune.villages[at]
            for _ in range(many):
                responses.seal(
                    tx,
                    vault,
                    survey=SURVEY,
                    wave=of.id,
                    unit=house.commune.commune,
                    village=place,
                    channel="webchat",
                    answers=answers(random, at),
                )
            if of.frame is not None:
                query = select(invitations.c.id).where(invitations.c.wave_id == of.id)
                rows = tx.execute(query.where(invitations.c.village_id == place).limit(many)).scalars().all()
                came = [{"token": participations.of_invitation(vault, of.id, row), "wave_id": of.id} for row in rows]
                tx.execute(tokens.insert(), came)

    outside(house, unit)


def released(house: House) -> None:
    """What can be released of running waves is."""
    day: date = day_of(house.at)
    vault = house.runtime.vault
    while outside(house, lambda tx: responses.release(tx, vault, lambda _version: SURVEY, day, Random(7))):
        pass


def wound_up(house: House, minutes: int = 15) -> None:
    """Time goes on, and the worker does what was asked of it for closed waves."""
    for kind, work in ((wave_acts.END_JOB, end_wave), (wave_acts.RELEASE_JOB, release_wave)):
        house.at += minutes * MINUTE
        for job in outside(house, partial(jobs.claim, now=house.at, lease_ms=MINUTE, limit=9, only=kind)):
            run_apart(work(house.runtime, job))
            outside(house, partial(jobs.done, job=job))


def entered(client: TestClient, login: str) -> TestClient:
    """Logged in, without a look at the page that comes first."""
    sent = client.post("/can-bo/dang-nhap", data={"login": login, "password": PASSWORD}, follow_redirects=False)
    assert sent.status_code == 303
    return client
