"""Surveys written in the console: questions, order, conditions, languages, two officers, and from there to citizens."""

import re
from html import unescape
from typing import Any

import msgspec
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from feedback.roles import OFFICER, Actor, Role
from storage import survey_drafts
from storage.survey_drafts import Draft
from storage.tables import acts
from storage.tables import survey_drafts as drafts
from surveys.definition import Kind, Survey
from surveys.editing import begun, checked
from surveys.reading import read_survey
from surveys.ready import ready, ready_names
from surveys.waves import Owner
from tests.web.house import House, browser_of, look, outside
from tests.web.test_publish_pages import confirmed
from tests.web.waves_at_desk import entered, front_of

EDITOR = "/can-bo/phieu/soan"


class Writing:
    """A draft in the hands of one officer; each form carries the version that its page had."""

    def __init__(
        self, client: TestClient, house: House, id: int = 0, side: Owner = Owner.COMMITTEE, **begin: str
    ) -> None:
        self.client, self.house, self.side = client, house, side
        if not id:
            made = client.post(EDITOR, data=begin or {"ten": "Vệ sinh môi trường"})
            assert made.status_code == 200, made.text
            id = int(made.url.path.rpartition("/")[2])
        self.id = id
        self.seen = self.kept.version

    @property
    def kept(self) -> Draft:
        return look(self.house, lambda conn: survey_drafts.draft(conn, self.house.commune.commune, self.side, self.id))

    @property
    def survey(self) -> Survey:
        return self.kept.survey

    @property
    def ids(self) -> list[str]:
        return [one.id for one in self.survey.questions]

    def do(self, what: str, **fields: str) -> Any:
        answer = self.client.post(f"{EDITOR}/{self.id}", data={"viec": what, "ban": str(self.seen)} | fields)
        if answer.status_code == 200:
            self.seen = self.kept.version if what != "bo" else 0
        return answer

    def add(self, kind: str, text: str, **fields: str) -> str:
        self.do("them", loai=kind)
        id = self.ids[-1]
        plain = {"loai": kind, "hoi": text, "khong_y_kien": "1"}
        self.do("cau", cau=id, **plain | fields)
        return id


def test_a_survey_is_written_tried_and_published(house: House) -> None:
    with browser_of(house) as leader:
        entered(leader, "lanhdao")
        writing = Writing(leader, house)
        assert "Còn" in leader.get(f"{EDITOR}/{writing.id}").text, "a survey without questions asks nothing"
        writing.add("likert5", "Việc thu gom rác thế nào?", chung="1")
        place = writing.add("single", "Chỗ nào cần dọn?", lua_chon="Chợ\nĐường thôn\nKhác (ghi rõ)", bat_buoc="1")
        why = writing.add("text", "Vì sao là chợ?", khi=f"{place}=cho")
        page = leader.get(f"{EDITOR}/{writing.id}?cau={why}").text
        assert "Phiếu dùng được, 4 câu" in page, "what is asked beside Khác is a question of its own"
        assert "Câu 2 là: Chợ" in page
        assert "Chỉ hỏi khi câu 2: Chợ" in page
        # it is walked like any other, and published
        assert "Việc thu gom rác thế nào?" in leader.get(f"/can-bo/phieu/xem-thu?phieu=nhap:{writing.id}").text
        done = confirmed(leader, leader.get(f"/can-bo/phieu/cong-bo?phieu=nhap:{writing.id}"))
        assert "Đã công bố phiên bản 1" in done.text
        # the same draft again is the same version, and changed it is the next
        again = leader.get(f"/can-bo/phieu/cong-bo?phieu=nhap:{writing.id}")
        assert "đã công bố từ trước" in confirmed(leader, again).text
        writing.do("xoa", cau=why)
        assert "Bỏ câu 4 của bản trước" in leader.get(f"/can-bo/phieu/cong-bo?phieu=nhap:{writing.id}").text


def test_order_copies_and_removal(house: House) -> None:
    with browser_of(house) as desk:
        entered(desk, "tiepnhan")
        writing = Writing(desk, house)
        one, two = writing.add("yesno", "Một?"), writing.add("yesno", "Hai?")
        writing.do("len", cau=two)
        assert writing.ids == [two, one]
        writing.do("len", cau=two)
        assert writing.ids == [two, one], "above the first there is nothing"
        writing.do("xuong", cau=two)
        writing.do("chep", cau=one)
        assert writing.ids == [one, f"{one}_2", two]
        # an open question is kept as it was typed, whatever is done to it
        writing.do("xuong", cau=one, loai="yesno", hoi="Một, sửa lại?")
        assert writing.survey.question(one).text == "Một, sửa lại?"
        writing.do("xoa", cau=two)
        assert two not in writing.ids
        writing.do("bo")
        assert look(house, lambda conn: conn.execute(select(drafts.c.id)).first()) is None
        done = select(acts.c.action).where(acts.c.thing == "survey_draft").order_by(acts.c.id)
        assert look(house, lambda conn: list(conn.scalars(done)))[-1] == "remove"


def test_words_in_another_language_go_with_their_question(house: House) -> None:
    with browser_of(house) as desk:
        entered(desk, "tiepnhan")
        writing = Writing(desk, house)
        id = writing.add("single", "Chỗ nào?", lua_chon="Chợ\nĐường")
        head = {"ten": "Vệ sinh", "ma": "ve_sinh", "rieng": "anonymous"}
        writing.do("dau", **head, tieng_tyz="1")
        assert "Tày" in desk.get(f"{EDITOR}/{writing.id}?cau={id}").text
        spoken = {"dich_tyz": "Tỉ tầư?", "dich_tyz_chon": "Háng\nTàng"}
        writing.do("cau", cau=id, loai="single", hoi="Chỗ nào?", lua_chon="Chợ\nĐường", **spoken)
        good, _, _ = checked(writing.survey)
        assert good is not None
        assert good.translations["tyz"][f"questions.{id}.text"] == "Tỉ tầư?"
        assert sorted(good.translations["tyz"].values()) == ["Háng", "Tàng", "Tỉ tầư?"]
        # a tick taken away loses no words
        writing.do("dau", **head)
        assert "tyz" in writing.survey.translations
        writing.do("xoa", cau=id)
        assert writing.survey.translations["tyz"] == {}


def test_a_draft_of_a_document_is_published_with_its_file(house: House) -> None:
    with browser_of(house) as leader:
        entered(leader, "lanhdao")
        writing = Writing(leader, house, phieu="san:sau_thu_tuc")
        writing.do("dau", ten="Lấy ý kiến", ma="y_kien", rieng="anonymous", du_thao="du-thao.pdf")
        page = leader.get(f"/can-bo/phieu/cong-bo?phieu=nhap:{writing.id}")
        assert "du-thao.pdf" in page.text
        assert "Đã công bố phiên bản 1" in confirmed(leader, page, {"du-thao.pdf": b"%PDF-1.7 x"}).text


def test_what_is_wrong_stands_at_its_question(house: House) -> None:
    with browser_of(house) as desk:
        entered(desk, "tiepnhan")
        writing = Writing(desk, house)
        first = writing.add("single", "Chỗ nào?", lua_chon="Chợ\nĐường")
        second = writing.add("text", "Vì sao?", khi=f"{first}=cho")
        writing.do("len", cau=second)
        page = desk.get(f"{EDITOR}/{writing.id}").text
        here = page.partition(f'id="cau-{second}"')[2].partition("</li>\n  <li")[0]
        assert 'class="wrong"' in here
        for way in ("xem-thu", "ca-phieu", "tai", "cong-bo"):
            assert desk.get(f"/can-bo/phieu/{way}?phieu=nhap:{writing.id}").status_code in (403, 404)


def test_two_officers_write_nothing_over_each_other(house: House) -> None:
    with browser_of(house) as desk, browser_of(house) as leader:
        entered(desk, "tiepnhan")
        entered(leader, "lanhdao")
        mine = Writing(desk, house)
        id = mine.add("text", "Góp ý gì?")
        theirs = Writing(leader, house, mine.id)
        theirs.do("cau", cau=id, loai="text", hoi="Lãnh đạo hỏi")
        refused = mine.do("cau", cau=id, loai="text", hoi="Tiếp nhận <b>hỏi</b>")
        assert refused.status_code == 409
        assert "Hoàng Văn Mẫu đã lưu bản soạn" in refused.text
        # both are there: what is kept in the chat beside, what was typed in its field
        assert "Lãnh đạo hỏi" in refused.text
        assert "Tiếp nhận &lt;b&gt;hỏi&lt;/b&gt;</textarea>" in refused.text
        assert mine.survey.question(id).text == "Lãnh đạo hỏi"
        mine.seen = mine.kept.version
        theirs.seen = mine.kept.version
        theirs.do("xoa", cau=id)
        lost = mine.do("cau", cau=id, loai="text", hoi="Lời dài vừa ghi")
        assert lost.status_code == 409
        assert "Lời dài vừa ghi" in lost.text


@pytest.mark.parametrize("name", ready_names())
def test_a_ready_questionnaire_as_a_draft_is_the_same_survey(house: House, name: str) -> None:
    assert checked(begun(ready(name)))[0] == ready(name)
    with browser_of(house) as desk:
        entered(desk, "tiepnhan")
        writing = Writing(desk, house, phieu=f"san:{name}")
        for one in writing.survey.questions:
            page = desk.get(f"{EDITOR}/{writing.id}?cau={one.id}")
            assert page.status_code == 200
            # sent back as it stands, nothing of it changes
            form = page.text.partition('class="wave-form question-form"')[2].partition("</form>")[0]
            writing.do("cau", **fields_of(form))
        assert checked(writing.survey)[0] == ready(name)


def fields_of(form: str) -> dict[str, str]:
    """What a browser would send of a form."""
    found = {n: unescape(v) for n, v in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)}
    found |= {
        n: unescape(v) for n, v in re.findall(r'<textarea [^>]*name="(\w+)"[^>]*>(.*?)</textarea>', form, re.DOTALL)
    }
    found |= {n: unescape(v) for n, v in re.findall(r'<input id="\w+" name="(\w+)" value="([^"]*)"', form)}
    found |= dict.fromkeys(re.findall(r'type="checkbox" name="(\w+)" value="1" checked', form), "1")
    for name, inner in re.findall(r'<select [^>]*name="(\w+)">(.*?)</select>', form, re.DOTALL):
        picked = re.search(r'<option value="([^"]*)" selected', inner)
        found[name] = unescape(picked[1]) if picked else ""
    found.pop("viec", None)
    found.pop("ban", None)
    return found


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"viec": "cau"},
        {"viec": "cau", "cau": "../x", "hoi": "x"},
        {"viec": "them", "loai": "<script>"},
        {"viec": "dau"},
        {"viec": "dau", "ten": "=cmd|' /C calc'!A0 🏡 \u202e", "ma": "Có dấu", "rieng": "x"},
        {"viec": "len", "cau": "khong_co"},
    ],
)
def test_odd_forms_are_answered_in_words(house: House, fields: dict[str, str]) -> None:
    with browser_of(house) as desk:
        entered(desk, "tiepnhan")
        writing = Writing(desk, house)
        sent = desk.post(f"{EDITOR}/{writing.id}", data={"ban": str(writing.seen)} | fields)
        assert sent.status_code in (200, 409, 422)
        assert desk.get(f"{EDITOR}/{writing.id}").status_code == 200


def test_odd_words_are_kept_as_words(house: House) -> None:
    with browser_of(house) as desk:
        entered(desk, "tiepnhan")
        writing = Writing(desk, house)
        odd = "Ông/Bà \"nghĩ\" gì? \\ 'x' ${ten} <script>alert(1)</script> 🏡"
        id = writing.add("single", odd, lua_chon='"Một"\nHai \\ 2\nHai \\ 2', it_nhat="abc", nhieu_nhat="-1")
        page = desk.get(f"{EDITOR}/{writing.id}?cau={id}").text
        assert "<script>alert" not in page
        assert writing.survey.question(id).text == odd
        assert writing.survey.question(id).kind is Kind.SINGLE


def test_a_draft_is_its_communes_and_its_officers(house: House) -> None:
    front_of(house)
    with browser_of(house) as desk, browser_of(house) as stranger, browser_of(house) as front:
        entered(desk, "tiepnhan")
        id = Writing(desk, house).id
        entered(stranger, "xakhac")
        assert stranger.get(f"{EDITOR}/{id}").status_code == 404
        assert stranger.post(f"{EDITOR}/{id}", data={"viec": "bo", "ban": "1"}).status_code == 404
        assert stranger.get(f"/can-bo/phieu/xem-thu?phieu=nhap:{id}").status_code == 404
        entered(front, "mattran")
        assert front.get(f"{EDITOR}/{id}").status_code == 404
        assert desk.post(EDITOR, data={"ten": "  "}).status_code == 422
        assert desk.post(EDITOR, data={"phieu": "ban:1"}).status_code == 404


def test_a_draft_without_a_survey_that_reads_is_still_json(house: House) -> None:
    with browser_of(house) as desk:
        entered(desk, "tiepnhan")
        writing = Writing(desk, house)
        body = look(house, lambda conn: str(conn.scalar(select(drafts.c.body))))
        assert msgspec.json.decode(body, type=Survey) == writing.survey


# --- grids, conditions that cannot be, what is seen beside ------------------------------------------------------------


def test_a_grid_is_written_on_the_page_and_asked_row_by_row(house: House) -> None:
    with browser_of(house) as desk:
        entered(desk, "lanhdao")
        writing = Writing(desk, house)
        writing.do("them", loai="matrix")
        grid = writing.survey.questions[0].matrix
        page = desk.get(f"{EDITOR}/{writing.id}?cau={grid}").text
        assert "Lời hỏi chung của cả bảng" in page
        said = {"hoi": "Ông/Bà hài lòng thế nào với:", "dong": "Đường\nĐiện\nNước", "khong_y_kien": "1"}
        assert writing.do("cau", cau=grid, **said).status_code == 200
        assert [one.text for one in writing.survey.questions] == ["Đường", "Điện", "Nước"]
        # rows change places, one goes and one comes; what stays keeps its name in the figures
        names = {one.text: one.id for one in writing.survey.questions}
        writing.do("cau", cau=grid, **said | {"dong": "Nước\nĐường\nChợ"})
        assert [one.text for one in writing.survey.questions] == ["Nước", "Đường", "Chợ"]
        assert [one.id for one in writing.survey.questions][:2] == [names["Nước"], names["Đường"]]
        # a row's address opens the grid that it is of
        assert "Lời hỏi chung của cả bảng" in desk.get(f"{EDITOR}/{writing.id}?cau={names['Nước']}").text
        walk = desk.get(f"/can-bo/phieu/xem-thu?phieu=nhap:{writing.id}").text
        assert "Ông/Bà hài lòng thế nào với:" in walk
        writing.do("xoa", cau=grid)
        assert writing.ids == []


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("{later}=yes", "Câu 3 đứng sau câu này"),
        ("{before}=khong_co", "Lựa chọn làm điều kiện không còn ở câu 1"),
        ("cau_99=yes", "Câu làm điều kiện không còn trong phiếu"),
        ("{own}=yes", "đứng sau câu này"),
    ],
)
def test_a_condition_that_can_never_be_is_refused_beside_its_field(house: House, wanted: str, said: str) -> None:
    with browser_of(house) as desk:
        entered(desk, "tiepnhan")
        writing = Writing(desk, house)
        before = writing.add("single", "Chỗ nào?", lua_chon="Chợ\nĐường")
        own = writing.add("yesno", "Có rác không?", khi=f"{before}=cho")
        later = writing.add("yesno", "Có đèn không?")
        kept = writing.survey
        khi = wanted.format(before=before, own=own, later=later)
        refused = writing.do("cau", cau=own, loai="yesno", hoi="Lời vừa ghi", khi=khi)
        assert refused.status_code == 422
        assert said in refused.text.partition('id="khi-sai"')[2][:400]
        assert "Lời vừa ghi" in refused.text
        assert writing.kept.survey == kept


def test_a_condition_that_came_to_be_impossible_is_told_at_its_field(house: House) -> None:
    with browser_of(house) as desk:
        entered(desk, "tiepnhan")
        writing = Writing(desk, house)
        before = writing.add("single", "Chỗ nào?", lua_chon="Chợ\nĐường\nSuối")
        own = writing.add("yesno", "Có rác không?", khi=f"{before}=cho")
        writing.do("cau", cau=before, loai="single", hoi="Chỗ nào?", lua_chon="Đường\nSuối")
        page = desk.get(f"{EDITOR}/{writing.id}?cau={own}").text
        assert "Lựa chọn làm điều kiện không còn ở câu 1" in page.partition('id="khi-sai"')[2][:300]
        assert "điều kiện cũ, không còn hỏi được" in page
        writing.do("len", cau=own)
        assert "Câu 2 đứng sau câu này" in desk.get(f"{EDITOR}/{writing.id}?cau={own}").text


EVERY = """
id = "moi_loai"
title = "Mọi loại"
privacy = "named"
factors = [{ id = "nhom", text = "Đường sá" }]

[[questions]]
id = "bang"
kind = "matrix"
text = "Hài lòng với:"
[[questions.items]]
id = "duong"
text = "đường"
factor = "nhom"
[[questions.items]]
id = "dien"
text = "điện"
audio = "dien.mp3"
"""


def every_kind() -> Survey:
    more = "".join(
        f'[[questions]]\nid = "q_{kind}"\nkind = "{kind}"\ntext = "Hỏi {kind}?"\n{rest}\n'
        for kind, rest in (
            ("date", ""), ("photo", ""), ("voice", ""), ("place", ""), ("note", ""), ("acknowledge", ""), ("time", ""),
            ("number", "min = 1\nmax = 9"),
            ("rank", 'choices = [{ id = "a", text = "Một" }, { id = "b", text = "Hai" }]'),
            ("multiple", 'max = 2\nchoices = [{ id = "a", text = "Một" }, { id = "b", text = "Hai" }]'),
        )
    )  # fmt: skip
    return read_survey(f"{EVERY}{more}".encode(), "moi_loai")


def test_every_kind_of_question_is_seen_as_it_is_answered(house: House) -> None:
    actor = Actor(kind=OFFICER, unit=house.commune.commune, id=house.commune.officer, role=Role.RECEPTION)
    id = outside(house, lambda tx: survey_drafts.begin(tx, actor, begun(every_kind()), house.at))
    with browser_of(house) as desk:
        entered(desk, "tiepnhan")
        page = desk.get(f"{EDITOR}/{id}").text
        chat = re.sub(r"<[^>]+>|\s+", " ", page.partition('class="chat-of"')[2])
        chat = re.sub(r" +", " ", unescape(chat))
        for said in ("Hài lòng với: đường", "Trả lời bằng ngày", "Gửi ảnh", "Gửi ghi âm", "Gửi vị trí", "Đã đọc",
                     "Trả lời bằng giờ", "Trả lời bằng một số từ 1 đến 9", "Chọn lần lượt", "Chọn đến 2"):  # fmt: skip
            assert said in chat, said
        # what a file brought is told, and where
        assert "tính điểm theo nhóm" in page
        grid = desk.get(f"{EDITOR}/{id}?cau=bang").text
        assert "Tính điểm theo nhóm “Đường sá”" in grid
        assert "Bản đọc kèm: dien.mp3" in grid
