"""A province hands a survey or a plan out on its page: looked at first, each commune once, twice nothing double."""

import hashlib
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select, update
from starlette.testclient import TestClient

from app.province import province_of
from reports.plans import shipped
from storage.tables import acts, notices, plans, survey_versions, units, waves
from storage.units import seed_of
from surveys.ready import ready_file
from tests.stores import run_apart
from tests.web.house import PASSWORD, House, browser_of, look, outside
from tests.web.test_province_pages import officer_of_the_province

PAGE = "/can-bo/tinh/phat"
SURVEY = "mot_cua"
PLAN = "cau_ngang_2022_2026"


@pytest.fixture
def province(house: House) -> Iterator[TestClient]:
    officer_of_the_province(house, "tinh", "leader")
    with browser_of(house) as client:
        client.post("/can-bo/dang-nhap", data={"login": "tinh", "password": PASSWORD})
        yield client


def counted(house: House) -> dict[str, int]:
    tables = {"versions": survey_versions, "waves": waves, "plans": plans}
    found = {
        name: look(house, lambda conn, one=table: conn.scalar(select(func.count()).select_from(one)))  # type: ignore[misc]
        for name, table in tables.items()
    }
    handed = notices.c.key.in_(("notice.survey_handed", "notice.plan_handed"))
    told = look(house, lambda conn: conn.scalar(select(func.count()).select_from(notices).where(handed)))
    kept = acts.c.action.in_(("hand_out", "hand_plan"))
    done = look(house, lambda conn: conn.scalar(select(func.count()).select_from(acts).where(kept)))
    return {**{name: many or 0 for name, many in found.items()}, "told": told or 0, "acts": done or 0}


def gives(client: TestClient, text: str, kind: str = "survey", **more: str) -> str:
    # As a browser sends it: with its own line ends.
    form = {"chac": "1", "loai": kind, "toan_van": text.replace("\n", "\r\n"), **more}
    answer = client.post(PAGE, data=form)
    return f"{answer.status_code} {answer.text}"


def test_a_survey_in_two_steps_to_every_commune_once(house: House, province: TestClient) -> None:
    assert PAGE in province.get("/can-bo/tinh").text
    before = counted(house)
    page = province.post(PAGE, data={"san": f"survey:{SURVEY}"}).text
    checksum = hashlib.sha256(ready_file(SURVEY)).hexdigest()
    assert checksum in page
    assert page.count("Chưa có, sẽ nhận") == 2
    assert counted(house) == before, "looking gives nothing"

    text = ready_file(SURVEY).decode()
    assert "Đã giao cho 2 xã, phường" in gives(province, text, mo="1")
    after = counted(house)
    # of two communes and of the province itself
    assert (after["versions"] - before["versions"], after["waves"] - before["waves"]) == (3, 2)
    assert (after["told"], after["acts"]) == (2, 1)
    sums = look(house, lambda conn: set(conn.scalars(select(survey_versions.c.checksum))))
    assert checksum in sums
    assert "Xã nào cũng đã có đúng bản này" in gives(province, text, mo="1")
    assert counted(house) == after
    assert "Xã nào cũng đã có đúng bản này" in province.post(PAGE, data={"san": f"survey:{SURVEY}"}).text
    with browser_of(house) as commune:
        commune.post("/can-bo/dang-nhap", data={"login": "xakhac", "password": PASSWORD})
        assert "tỉnh Mẫu đã phát phiếu khảo sát" in commune.get("/can-bo/").text


def test_without_opening_each_commune_opens_it_itself(house: House, province: TestClient) -> None:
    before = counted(house)
    assert "Đã giao cho 2" in gives(province, ready_file(SURVEY).decode())
    assert counted(house)["waves"] == before["waves"]


def test_what_a_commune_has_closed_since_stays_closed(house: House, province: TestClient) -> None:
    text = ready_file(SURVEY).decode()
    gives(province, text, mo="1")
    outside(house, lambda tx: tx.execute(update(waves).where(waves.c.code == SURVEY).values(state="closed")).close())
    before = counted(house)
    gives(province, text, mo="1")
    assert counted(house) == before


def test_a_plan_is_every_commune_s_and_told_once(house: House, province: TestClient) -> None:
    raw = shipped(PLAN)
    assert raw is not None
    text = raw.decode()
    assert "Kế hoạch" in province.post(PAGE, data={"san": f"plan:{PLAN}"}).text
    assert "Đã giao cho 2 xã, phường" in gives(province, text, "plan")
    after = counted(house)
    assert (after["told"], after["acts"]) == (2, 1)
    assert "Xã nào cũng đã có đúng bản này" in gives(province, text, "plan")
    assert counted(house) == after


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"san": ""}, 422),
        ({"san": "survey:../../etc"}, 422),
        ({"san": "plan:mau"}, 422),
        ({"san": "survey:lay_y_kien"}, 422),
        ({"chac": "1", "toan_van": ""}, 422),
        ({"chac": "1", "toan_van": "a = ["}, 422),
        ({"chac": "1", "loai": "plan", "toan_van": "<b>\x00</b>"}, 422),
    ],
)
def test_what_cannot_be_handed_out_is_said_and_nothing_is_given(
    house: House, province: TestClient, form: dict[str, str], status: int
) -> None:
    before = counted(house)
    answer = province.post(PAGE, data=form)
    assert (answer.status_code, 'role="alert"' in answer.text) == (status, True)
    assert counted(house) == before


def test_a_file_of_the_province_is_read_and_a_wrong_one_refused(house: House, province: TestClient) -> None:
    text = ready_file(SURVEY).decode().replace(f'id = "{SURVEY}"', 'id = "cua_tinh"')
    page = province.post(PAGE, files={"tep": ("phieu.toml", text.encode())}, data={"loai": "survey"})
    assert (page.status_code, "Chưa có, sẽ nhận" in page.text) == (200, True)
    bad = province.post(PAGE, files={"tep": ("x.xlsx", b"PK\x03\x04" + b"\0" * 40)}, data={"loai": "survey"})
    assert (bad.status_code, "Chưa phát gì" in bad.text) == (422, True)


def test_a_clerk_of_the_province_and_everybody_of_a_commune_hand_out_nothing(house: House) -> None:
    officer_of_the_province(house, "tiepnhantinh", "reception")
    for login in ("tiepnhantinh", "lanhdao", "quantri"):
        with browser_of(house) as client:
            client.post("/can-bo/dang-nhap", data={"login": login, "password": PASSWORD})
            assert client.get(PAGE).status_code == 403
            assert gives(client, ready_file(SURVEY).decode()).startswith("403")


def test_the_province_is_that_of_the_commune_of_the_settings_whatever_it_is_called_now(house: House) -> None:
    wanted = house.runtime.settings.commune
    seeded = units.c.id == house.commune.commune
    seed = seed_of(wanted.province, wanted.name)
    outside(house, lambda tx: tx.execute(update(units).where(seeded).values(seed=seed, name="xã Tên Mới")).close())
    assert run_apart(province_of(house.runtime))[0] == house.commune.province
