"""How a commune signs, as an officer types it or copies it from a paper."""

import pytest

from reports.plans import default_profile
from reports.profiles import typed
from reports.recipients import named

GOOD = {
    "addressed": "Ủy ban nhân dân tỉnh Lạng Sơn",
    "copies": "- Như trên;\n- TT Đảng ủy;\n\n+ Lưu: VT, VHXH.",
    "signature": "Tm. Ủy ban nhân dân\nKt. Chủ tịch\nPhó Chủ tịch",
    "signer": "  Nguyễn  Văn   Mẫu ",
    "mark": "bc - ubnd",
    "letters_mark": "UBND-VP",
}


def test_dashes_and_semicolons_of_a_paper_go() -> None:
    found, faults = typed(**GOOD)

    assert faults == []
    assert found.copies == ("Như trên", "TT Đảng ủy", "Lưu: VT, VHXH")
    assert found.signature == ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")
    assert (found.signer, found.mark) == ("Nguyễn Văn Mẫu", "BC-UBND")


@pytest.mark.parametrize(
    ("key", "said", "fault"),
    [
        ("copies", " \n - ;", "copies: cần ít nhất một dòng"),
        ("addressed", "UBND huyện Chi Lăng", "addressed[0]: 'huyện'"),
        ("mark", "", "mark: "),
        ("signer", "a" * 201, "signer: dài quá 200"),
        ("copies", "Như\0trên", "copies: có ký tự"),
    ],
)
def test_what_cannot_be_printed_is_named(key: str, said: str, fault: str) -> None:
    _, faults = typed(**{**GOOD, key: said})

    assert any(str(one).startswith(fault) for one in faults)


def test_a_commune_that_has_said_nothing_signs_as_communes_do_today() -> None:
    found = default_profile()

    assert found.copies == ("Như trên", "TT Đảng ủy", "TT HĐND", "CT, các PCT UBND", "Ủy ban MTTQ", "Lưu: VT, VHXH")
    assert found.signature == ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")


@pytest.mark.parametrize(
    ("body", "province", "expected"),
    [
        ("Ủy ban nhân dân tỉnh", "tỉnh Lạng Sơn", "Ủy ban nhân dân tỉnh Lạng Sơn"),
        (
            "Ủy ban nhân dân tỉnh (qua Sở Nội vụ)",
            "thành phố Huế",
            "Ủy ban nhân dân thành phố Huế (qua Sở Nội vụ)",
        ),
        ("Ủy ban nhân dân tỉnh Vĩnh Long (qua Sở Nội vụ)", "tỉnh Vĩnh Long", ""),
        ("Sở Nội vụ", "tỉnh Lạng Sơn", "Sở Nội vụ tỉnh Lạng Sơn"),
        ("Sở Nội vụ tỉnh Gia Lai", "tỉnh Lạng Sơn", ""),
        ("Ủy ban nhân dân tỉnh", "", ""),
    ],
)
def test_a_body_of_the_province_is_called_by_its_name(body: str, province: str, expected: str) -> None:
    assert named(body, province) == (expected or body)
