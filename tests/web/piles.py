"""Piles of paper forms for the tests of typing them."""

from typing import Any

import msgspec
from sqlalchemy import insert, select
from starlette.testclient import TestClient

from storage import paper_reading
from storage.ids import new_id
from storage.responses import Body
from storage.tables import officers, sealed_responses, waves
from storage.tx import Tx
from storage.waves import publish
from surveys.definition import Answer
from surveys.paper import typed_questions
from surveys.paper_numbers import form_number, shown
from surveys.reading import read_survey
from surveys.ready import ready_file
from tests.web.house import PASSWORD, House, look
from vietnam.time import DAY
from web.console.fields import understood

ENTRY = "/can-bo/nhap-phieu"
SURVEY = "chinh_quyen_than_thien"
FORM = ["1", *"54345543", "1", *"4304", "2", "1", "Cần thêm ghế ngồi ở nơi chờ."]
"""One filled-in form, question by question."""


def number(n: int) -> str:
    """The number printed on the n-th form of these tests."""
    return form_number(b"forms of the test", n)


PATHS = ("", "/phieu", "/kiem-tra", f"/lech/{number(1)}")
POSTS = ("/phieu", "/hien", "/bo", "/rut", "/kiem-tra", f"/lech/{number(1)}", "/dong", "/huy")


def furnish(tx: Tx, house: House) -> None:
    """A questionnaire that is asked, the Front and the head of a village."""
    commune = house.commune
    publish(tx, commune.commune, read_survey(ready_file(SURVEY), SURVEY), "ready", house.at - DAY)
    known = tx.execute(select(officers.c.password_hash).where(officers.c.login == "tiepnhan")).scalar_one()
    for unit, login, role in (
        (commune.commune, "mattran", "front"),
        (commune.villages[2], "truongthon", "village_head"),
    ):
        values = {"id": new_id(), "unit_id": unit, "login": login, "name": f"Bà {login}", "role": role}
        tx.execute(insert(officers).values(**values, password_hash=known, created_at=house.at))


def entered(client: TestClient, login: str) -> TestClient:
    """Logged in."""
    assert client.post("/can-bo/dang-nhap", data={"login": login, "password": PASSWORD}).status_code == 200
    return client


def wave(house: House, code: str = SURVEY) -> int:
    return int(look(house, lambda conn: conn.execute(select(waves.c.id).where(waves.c.code == code)).scalar_one()))


def open_pile(client: TestClient, house: House, *, expected: int = 3, source: str = "paper", village: str = "") -> int:
    """A new pile; its id."""
    facts = {"dot": str(wave(house)), "nguon": source, "thon": village, "so": str(expected)}
    answer = client.post(ENTRY, data=facts)
    assert answer.status_code == 200, answer.text
    return int(str(answer.url).split("/")[-2])


def typed(answers: list[str]) -> dict[str, str]:
    """The fields of a form."""
    survey = read_survey(ready_file(SURVEY), SURVEY)
    questions = [question for _, question in typed_questions(survey)]
    return {f"q.{one.id}": said for one, said in zip(questions, answers, strict=True)}


def type_in(client: TestClient, batch: int, n: int, answers: list[str] | None = None, *, path: str = "phieu") -> Any:
    """Send one form."""
    return client.post(f"{ENTRY}/{batch}/{path}", data={"so": shown(number(n)), "lan": "", **typed(answers or FORM)})


def drawn(house: House, batch: int) -> list[str]:
    """Numbers that wait for their second typing."""
    forms = look(house, lambda conn: paper_reading.bodies(conn, batch))
    return [form.number for form in forms if form.drawn is paper_reading.Drawn.WAITING]


def check_all(client: TestClient, house: House, batch: int, answers: list[str] | None = None) -> None:
    """Draw, and type every drawn form a second time, the same."""
    client.post(f"{ENTRY}/{batch}/rut")
    for one in drawn(house, batch):
        answer = client.post(f"{ENTRY}/{batch}/kiem-tra", data={"so": one, "rut": "", **typed(answers or FORM)})
        assert "khớp nhau" in answer.text or f"{ENTRY}/{batch}" in str(answer.url)


def sealed(house: House) -> list[tuple[int | None, str, Body]]:
    """Village, channel and words of every sealed answer."""
    vault = house.services.vault
    rows = look(house, lambda conn: conn.execute(select(sealed_responses)).all())
    return [
        (
            row.village_id,
            row.channel,
            msgspec.json.decode(vault.open(row.body, b"sealed_responses:%d" % row.id), type=Body),
        )
        for row in rows
    ]


def meant(answers: list[str]) -> dict[str, Answer]:
    """What the answers of a form say."""
    said = {name.removeprefix("q."): keys for name, keys in typed(answers).items()}
    return understood(read_survey(ready_file(SURVEY), SURVEY), said, "2026-10-03").answers
