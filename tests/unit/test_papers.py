"""The words of the papers of a case and of a session: who is named where, and what is said where something lacks."""

import re
from pathlib import Path

import msgspec
import pytest

from reports import paper_making
from reports.document import Code, Document, Heading, Paragraph, Table
from reports.paper_facts import CASE_PAPERS, CaseJob, CasePaper
from reports.paper_making import Job, make_job, make_paper
from reports.papers import compose_case, file_name
from reports.session_facts import SESSION_PAPERS, SessionPaper
from reports.session_papers import compose_session, session_file_name
from tests.unit.paper_samples import ASKED, CODE, DIALOGUE, HOSTILE, MADE, NAMED, NAMELESS, OFFICE, SESSION, session_for


def words(document: Document) -> str:
    """Everything that is printed, a line each."""
    found = [document.name, *document.about, document.regarding, document.number, document.to_head]
    for block in document.blocks:
        match block:
            case Heading(text=text) | Paragraph(text=text):
                found.append(text)
            case Table(rows=rows):
                found += [" | ".join(row) for row in rows]
            case Code(caption=text):
                found.append(text)
    found += [*document.copies, *document.signature, document.signer]
    return "\n".join(line for line in found if line)


def marks(document: Document) -> list[str]:
    """What an officer still has to add."""
    return [block.text for block in document.blocks if isinstance(block, Paragraph) and block.style == "mark"]


def case_words(paper: CasePaper, case: object = NAMED) -> str:
    return words(compose_case(paper, case, OFFICE, MADE))  # type: ignore[arg-type]


def session_words(paper: SessionPaper) -> str:
    return words(compose_session(paper, session_for(paper), OFFICE, MADE))


def test_the_receipt_says_what_came_in_and_until_when_it_is_answered() -> None:
    said = case_words("receipt", NAMELESS)

    assert "PHIẾU TIẾP NHẬN\nPhản ánh" in said
    assert f"1. Mã tra cứu: {CODE}" in said
    assert "2. Người gửi: đề nghị không nêu tên" in said
    assert "Địa điểm: đầu cầu treo, thôn Nà Lọt, xã Vạn Linh (tọa độ 21.57000, 106.51000)" in said
    assert "qua Zalo, lúc 09 giờ 05 phút, ngày 03/10/2026" in said
    assert "Hẹn trả lời: chậm nhất 09 giờ 05 phút, ngày 08/10/2026" in said
    assert "Đường vào nhà văn hoá thôn bị sạt lở sau mưa lớn.\nĐề nghị xã cho kè lại." in said
    assert "https://nghedan.example.vn/van-linh/" in said


def test_what_was_sent_along_is_counted_by_what_it_is() -> None:
    spoken = msgspec.structs.replace(NAMELESS, recordings=1)

    assert "Tài liệu gửi kèm: 2 ảnh, 1 bản ghi âm" in case_words("receipt", spoken)
    assert "Gửi kèm: 2 ảnh, 1 bản ghi âm." in case_words("transfer", spoken)
    assert "Tài liệu gửi kèm: không có" in case_words("receipt", NAMED)


def test_on_the_receipt_a_telephone_is_masked() -> None:
    said = case_words("receipt")

    assert "Người gửi: Lương Văn Mẫu" in said
    assert "0912 xxx 678" in said
    assert "0912345678" not in said


def test_the_authority_learns_how_to_reach_who_gave_a_name() -> None:
    said = case_words("transfer")

    assert "Kính gửi: Công ty Môi trường Lạng Sơn." in said
    assert "Ông/Bà Lương Văn Mẫu, điện thoại 0912345678" in said
    assert "không nêu tên" not in said


def test_no_paper_names_who_did_not_want_to_be_named() -> None:
    case = msgspec.structs.replace(NAMED, anonymous=True, name="", phone="")

    for paper in CASE_PAPERS:
        said = case_words(paper, case)
        assert "Lương" not in said
        assert "0912" not in said
    assert "(không nêu tên)" in case_words("transfer", case)
    assert "Kính gửi: Người gửi kiến nghị." in case_words("answer", case)


def test_the_answer_is_a_letter_with_the_parts_that_were_given() -> None:
    document = compose_case("answer", NAMED, OFFICE, MADE)
    said = words(document)

    assert document.name == ""
    assert document.regarding == f"V/v trả lời kiến nghị\nmã số {CODE}"
    assert re.fullmatch(r"Số: +/UBND-VP", document.number)
    assert "Kính gửi: Ông/Bà Lương Văn Mẫu." in said
    assert "Kết luận: đã giải quyết. Xã đã hợp đồng thu gom hai lần một tuần." in said
    assert "Việc đã làm: Ký phụ lục hợp đồng thu gom rác." in said
    assert "Ngày hoàn thành: ngày 05 tháng 10 năm 2026." in said
    assert "Người chịu trách nhiệm: Hoàng Văn Mẫu." in said
    assert "Gửi kèm: 2 ảnh kết quả thực hiện." in said
    assert marks(document) == []
    assert document.blocks[-1].text.endswith("./.")  # type: ignore[union-attr]  # another kind fails the test


def test_a_case_without_an_answer_gives_a_draft_that_says_what_is_missing() -> None:
    assert marks(compose_case("answer", NAMELESS, OFFICE, MADE)) == [
        "[cán bộ bổ sung: nội dung trả lời; vụ việc chưa có câu trả lời]"
    ]
    assert len(marks(compose_case("transfer", NAMELESS, OFFICE, MADE))) == 1
    assert marks(compose_case("receipt", NAMELESS, OFFICE, MADE)) == []


def test_a_case_that_was_opened_again_asks_for_a_new_answer() -> None:
    again = msgspec.structs.replace(NAMED, state="reopened")

    assert len(marks(compose_case("answer", again, OFFICE, MADE))) == 1


@pytest.mark.parametrize("paper", CASE_PAPERS)
def test_numbers_and_days_are_left_to_the_archive(paper: CasePaper) -> None:
    document = compose_case(paper, NAMED, OFFICE, MADE)

    assert re.fullmatch(r"Số: +/[A-Z]+-[A-Z]+", document.number)
    assert re.fullmatch(r"Vạn Linh, ngày +tháng +năm 2026", document.place_date)
    assert document.issuer == ("ỦY BAN NHÂN DÂN", "XÃ VẠN LINH")


def test_files_are_named_after_paper_and_case() -> None:
    assert file_name("receipt", CODE, "docx") == f"phieu-tiep-nhan-{CODE}.docx"
    assert file_name("transfer", CODE, "pdf") == f"phieu-chuyen-{CODE}.pdf"
    assert file_name("answer", CODE, "pdf") == f"van-ban-tra-loi-{CODE}.pdf"
    assert session_file_name("sheet", SESSION, "docx") == "danh-sach-tiep-dan-2026-10-15-0730.docx"


def test_the_desk_sees_what_each_visitor_brought_before_and_was_promised() -> None:
    said = session_words("sheet")

    assert "1\n07:30 | Lương Văn Mẫu\nthôn Nà Lọt\n0912345678\nLH-7 | Đất đai" in said
    assert f"- {CODE}: kiến nghị, 03/10/2026. Đã trả lời." in said
    assert "- Đã hứa: Cấp giấy chứng nhận (Địa chính xã, hạn 30/11/2026)." in said
    assert "Danh sách có 1 người có chỗ, 1 người chờ chỗ" in said


def test_the_notice_says_when_where_who_and_how_to_book() -> None:
    said = session_words("notice")

    assert "1. Thời gian: từ 07:30 đến 11:30, thứ Năm, ngày 15/10/2026." in said
    assert "2. Địa điểm: Phòng tiếp công dân, trụ sở UBND xã." in said
    assert "3. Người chủ trì: Hoàng Văn Mẫu, Chủ tịch Ủy ban nhân dân xã." in said
    assert "giấy tờ tùy thân" in said


def test_the_minutes_keep_who_asked_and_the_results_do_not() -> None:
    minutes, results = session_words("minutes"), session_words("results")

    assert "1. Lương Văn Mẫu, thôn Nà Lọt (Đất đai, xây dựng)" in minutes
    assert "Lương Văn Mẫu" not in results
    assert "0912" not in minutes + results
    for said in (minutes, results):
        assert "Trả lời (Chủ tịch UBND xã): Tháng 11 sẽ cấp." in said
        assert "1 | Cấp giấy chứng nhận | Địa chính xã | 30/11/2026 | Đang làm" in said
        assert "[cán bộ bổ sung: câu trả lời; câu hỏi này chưa ghi trả lời]" in said
    assert "Kính gửi: Trưởng các thôn, tổ dân phố." in results


def test_the_results_print_no_question_word_for_word() -> None:
    beaten = msgspec.structs.replace(ASKED, topic="security", text="Tôi là Lò Thị Máy, chồng tôi đánh tôi.")
    worded = msgspec.structs.replace(ASKED, public="Tiến độ cấp giấy chứng nhận ở thôn Nà Lọt.")
    session = msgspec.structs.replace(DIALOGUE, questions=(beaten, worded))

    said = words(compose_session("results", session, OFFICE, MADE))

    assert "Lò Thị Máy" not in said
    assert "đánh" not in said
    assert ASKED.text not in said
    assert "2. Đất đai, xây dựng\nTiến độ cấp giấy chứng nhận ở thôn Nà Lọt.\nTrả lời" in said
    assert "1. An ninh" in said
    assert "Lò Thị Máy" in words(compose_session("minutes", session, OFFICE, MADE)), "the minutes stay in the office"


@pytest.mark.parametrize("kind", ["reception", "extra_reception"])
def test_a_reception_has_no_paper_of_results(kind: str) -> None:
    with pytest.raises(ValueError, match="results"):
        compose_session("results", msgspec.structs.replace(SESSION, kind=kind), OFFICE, MADE)


def test_the_notice_names_the_matter_and_has_a_code_that_opens_the_booking() -> None:
    document = compose_session("notice", msgspec.structs.replace(SESSION, matter="đất đai ở Nà Lọt."), OFFICE, MADE)

    assert "3. Nội dung: đất đai ở Nà Lọt.\n4. Người chủ trì" in words(document)
    [code] = document.codes()
    assert code.address == f"{OFFICE.url}?n=dt_{SESSION.id}"


def test_the_loudspeakers_text_is_set_to_be_approved() -> None:
    spoken = msgspec.structs.replace(SESSION, aloud="Kính thưa bà con!\nXin nhắc lại.")

    document = compose_session("loudspeaker", spoken, OFFICE, MADE)

    assert words(document).startswith("BẢN TIN TRUYỀN THANH\nTiếp công dân định kỳ tháng 10")
    assert "Kính thưa bà con!\nXin nhắc lại." in words(document)
    assert "NGƯỜI DUYỆT TIN" in words(document)
    assert len(marks(compose_session("loudspeaker", SESSION, OFFICE, MADE))) == 1


def test_a_session_of_the_party_says_that_its_papers_have_rules_of_their_own() -> None:
    held_by_party = msgspec.structs.replace(SESSION, host="secretary")

    assert "thể thức văn bản của Đảng" in "".join(marks(compose_session("notice", held_by_party, OFFICE, MADE)))


def test_sample_data_says_so_on_every_paper() -> None:
    office = msgspec.structs.replace(OFFICE, sample=True)

    for paper in CASE_PAPERS:
        assert compose_case(paper, NAMED, office, MADE).sample
    for session_paper in SESSION_PAPERS:
        assert compose_session(session_paper, session_for(session_paper), office, MADE).sample


@pytest.mark.parametrize("ending", ["docx", "pdf"])
@pytest.mark.parametrize("paper", CASE_PAPERS)
def test_the_worst_that_was_typed_still_makes_a_paper(paper: CasePaper, ending: str) -> None:
    job = CaseJob(office=OFFICE, case=HOSTILE, paper=paper, ending=ending, made_on=MADE)  # type: ignore[arg-type]

    name, data = make_paper(job)

    assert name.endswith(f"{CODE}.{ending}")
    assert data[:4] in {b"PK\x03\x04", b"%PDF"}


def test_a_folder_that_cannot_be_written_is_said_without_a_word_of_the_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from io import BytesIO, TextIOWrapper

    work = CaseJob(office=OFFICE, case=NAMED, paper="receipt", ending="docx", made_on=MADE)
    raw = msgspec.json.encode(Job(work=work, out=str(tmp_path / "nowhere")))
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(raw)))

    assert paper_making.main() == 1

    said = capsys.readouterr().err
    assert said == "FileNotFoundError: No such file or directory\n"


def test_a_job_writes_its_file_and_tells_its_name(tmp_path: Path) -> None:
    work = CaseJob(office=OFFICE, case=NAMED, paper="receipt", ending="docx", made_on=MADE)

    (made,) = make_job(msgspec.json.decode(msgspec.json.encode(Job(work=work, out=str(tmp_path))), type=Job))

    assert made.media_type.startswith("application/vnd.openxmlformats")
    assert (tmp_path / made.name).stat().st_size > 10_000
