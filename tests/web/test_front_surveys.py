"""The Front's own surveys: written, published and asked by the Front; nobody of the Committee meets them before."""

import re
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from storage.tables import survey_versions, surveys
from surveys.reading import read_survey
from surveys.waves import Owner
from surveys.writing import write_survey
from tests.web.house import House, browser_of, look
from tests.web.test_editor_pages import EDITOR, Writing
from tests.web.test_publish_pages import FIRST, PUBLISH, SURVEYS, asked, confirmed, upload
from tests.web.waves_at_desk import WAVES, entered, front_of, open_one, wave, wound_up

FRONTS = "Giám sát xây nhà văn hóa"


@pytest.fixture
def two(house: House) -> House:
    """A house with an officer of the Front."""
    front_of(house)
    return house


def slugs(house: House) -> dict[str, int]:
    """Surveys of the commune with their newest version."""
    query = select(surveys.c.slug, survey_versions.c.number).join(surveys).order_by(survey_versions.c.number)
    return look(house, lambda conn: {row.slug: row.number for row in conn.execute(query)})


def fronts_draft(client: TestClient, house: House) -> Writing:
    writing = Writing(client, house, side=Owner.FRONT, ten=FRONTS)
    writing.add("likert5", "Ông/Bà hài lòng với chất lượng công trình không?", chung="1")
    return writing


def published(client: TestClient, writing: Writing, opens: str = "") -> Any:
    return confirmed(client, client.get(f"{PUBLISH}?phieu=nhap:{writing.id}"), mo=opens)


def test_the_front_writes_publishes_and_asks_its_own_survey(two: House) -> None:
    with browser_of(two) as front:
        entered(front, "mattran")
        assert "/can-bo/phieu" in front.get("/can-bo/mat-tran").text
        writing = fronts_draft(front, two)
        assert writing.survey.owner is Owner.FRONT
        assert writing.survey.id.endswith("_mt")
        # a name without the ending gets it back
        writing.do("dau", ten=FRONTS, ma="nha_van_hoa", rieng="anonymous")
        assert writing.survey.id == "nha_van_hoa_mt"
        assert "chất lượng công trình" in front.get(f"{SURVEYS}/xem-thu?phieu=nhap:{writing.id}").text
        opened = published(front, writing, opens="ngay")
        assert "Đã công bố phiếu và mở đợt này" in opened.text
        mine = wave(two, "nha_van_hoa_mt")
        assert (mine.owner, mine.sealed) == (Owner.FRONT, True)
        assert slugs(two)["nha_van_hoa_mt"] == 1
        assert 'value="nha_van_hoa_mt"' in front.get(f"{WAVES}/moi").text


def test_nobody_of_the_committee_meets_the_front_s_survey_before_its_wave_is_over(two: House) -> None:
    with browser_of(two) as front, browser_of(two) as leader:
        entered(front, "mattran")
        entered(leader, "lanhdao")
        writing = fronts_draft(front, two)
        id = writing.id
        # the draft is not there, by no door
        assert FRONTS not in leader.get(SURVEYS).text
        for path in (f"soan/{id}", f"xem-thu?phieu=nhap:{id}", f"ca-phieu?phieu=nhap:{id}", f"tai?phieu=nhap:{id}",
                     f"cong-bo?phieu=nhap:{id}"):  # fmt: skip
            assert leader.get(f"{SURVEYS}/{path}").status_code == 404, path
        for what in ("cau", "xoa", "bo", "dau"):
            assert leader.post(f"{EDITOR}/{id}", data={"viec": what, "ban": str(writing.seen)}).status_code == 404
        assert leader.post(EDITOR, data={"phieu": f"nhap:{id}"}).status_code == 404
        assert leader.post(PUBLISH, data={"phieu": f"nhap:{id}", "chac": "1"}).status_code == 404
        # published and asked, its wave is seen and its text is not
        published(front, writing, opens="ngay")
        mine = wave(two, writing.survey.id)
        version = f"ban:{mine.version}"
        assert mine.code not in leader.get(SURVEYS).text
        assert f"phieu={version}" not in leader.get(f"{WAVES}/{mine.id}").text
        for path in (f"xem-thu?phieu={version}", f"ca-phieu?phieu={version}", f"tai?phieu={version}"):
            assert leader.get(f"{SURVEYS}/{path}").status_code == 404, path
        assert leader.post(EDITOR, data={"phieu": version}).status_code == 404
        assert f'value="{writing.survey.id}"' not in leader.get(f"{WAVES}/moi").text
        refused = open_one(leader, phieu=writing.survey.id, ma="khac")
        assert refused.status_code == 422
        # over, it may be read and copied, and stays the Front's
        front.post(f"{WAVES}/{mine.id}/dong", data={"chac": "1"})
        wound_up(two)
        listed = leader.get(SURVEYS).text
        assert FRONTS in listed
        assert "Của Mặt trận" in listed
        assert leader.get(f"{SURVEYS}/ca-phieu?phieu={version}").status_code == 200
        copy = Writing(leader, two, phieu=version)
        assert copy.survey.owner is Owner.COMMITTEE
        assert copy.survey.id != writing.survey.id
        assert open_one(leader, phieu=writing.survey.id, ma="khac").status_code == 422


def test_the_front_reads_the_commune_s_surveys_and_touches_none(two: House) -> None:
    with browser_of(two) as front, browser_of(two) as leader:
        entered(front, "mattran")
        entered(leader, "lanhdao")
        theirs = Writing(leader, two)
        theirs.add("yesno", "Có rác không?")
        for path in (f"soan/{theirs.id}", f"xem-thu?phieu=nhap:{theirs.id}", f"cong-bo?phieu=nhap:{theirs.id}"):
            assert front.get(f"{SURVEYS}/{path}").status_code == 404
        assert front.post(f"{EDITOR}/{theirs.id}", data={"viec": "bo", "ban": str(theirs.seen)}).status_code == 404
        assert f"soan/{theirs.id}" not in front.get(SURVEYS).text
        # what is published is read, and the same file from the Front is another survey
        confirmed(leader, asked(leader, FIRST))
        assert "Của UBND" in front.get(SURVEYS).text
        page = asked(front, FIRST)
        assert "ve_sinh_mt" in page.text
        assert "phiên bản đầu tiên" in page.text
        confirmed(front, page)
        assert {name: slugs(two).get(name) for name in ("ve_sinh", "ve_sinh_mt")} == {"ve_sinh": 1, "ve_sinh_mt": 1}
        # a ready one, too, and a copy of the commune's
        confirmed(front, front.get(f"{PUBLISH}?phieu=san:sau_thu_tuc"))
        assert "sau_thu_tuc_mt" in slugs(two)
        assert "sau_thu_tuc" not in slugs(two)
        copy = Writing(front, two, side=Owner.FRONT, phieu=f"ban:{wave(two, 'mau').version}")
        assert (copy.survey.id, copy.survey.owner) == ("mau_mt", Owner.FRONT)


def test_a_name_of_the_other_side_is_refused_in_words(two: House) -> None:
    with browser_of(two) as front, browser_of(two) as leader:
        entered(front, "mattran")
        entered(leader, "lanhdao")
        writing = fronts_draft(front, two)
        name = writing.survey.id
        before = asked(leader, FIRST.replace("ve_sinh", name))
        published(front, writing)
        page = asked(leader, FIRST.replace("ve_sinh", name))
        assert "đã là của một phiếu khác" in page.text
        assert FRONTS not in page.text
        # whoever had the page from before is told so as well
        refused = confirmed(leader, before)
        assert refused.status_code == 409
        assert FRONTS not in refused.text
        assert "đã là của một phiếu khác" in refused.text
        assert slugs(two)[name] == 1


def test_whose_a_survey_is_no_file_says(two: House) -> None:
    with browser_of(two) as leader:
        entered(leader, "lanhdao")
        refused = upload(leader, f'owner = "front"\n{FIRST}'.encode())
        assert refused.status_code == 422
        assert "owner" in unescape(re.sub("<[^>]+>", "", refused.text))
    from msgspec.structs import replace

    survey = read_survey(FIRST.encode(), "x")
    assert write_survey(replace(survey, owner=Owner.FRONT)) == write_survey(survey)
