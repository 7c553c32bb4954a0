"""A case goes to no body that ended in 2025: today's one is named instead."""

import pytest

from feedback.gone_bodies import gone


@pytest.mark.parametrize(
    ("to", "today"),
    [
        ("UBND huyện Chi Lăng", "UBND xã, phường mới sau sắp xếp, hoặc UBND tỉnh"),
        ("ubnd huyen chi lang", "UBND xã, phường mới sau sắp xếp, hoặc UBND tỉnh"),
        ("Ủy ban nhân dân quận Ba Đình", "UBND xã, phường mới sau sắp xếp, hoặc UBND tỉnh"),
        ("UBND H. Chi Lăng", "UBND xã, phường mới sau sắp xếp, hoặc UBND tỉnh"),
        ("UBND thành phố Lạng Sơn", "UBND xã, phường mới sau sắp xếp, hoặc UBND tỉnh"),
        ("UBND thị trấn Đồng Mỏ", "UBND xã, phường mới sau sắp xếp"),
        ("Thị trấn Chi Lăng", "UBND xã, phường mới sau sắp xếp"),
        ("Phòng Tài nguyên và Môi trường huyện Chi Lăng", "Sở Nông nghiệp và Môi trường"),
        ("Phòng Nội vụ huyện", "Sở Nội vụ"),
        ("Ban Quản lý dự án huyện Chi Lăng", "phòng chuyên môn của xã, hoặc sở, ngành của tỉnh"),
        ("Công an huyện Chi Lăng", "Công an xã, hoặc Công an tỉnh"),
        ("Tòa án nhân dân huyện Chi Lăng", "Tòa án nhân dân khu vực"),
        ("Huyện ủy Chi Lăng", "Đảng ủy xã, hoặc Tỉnh ủy"),
        ("UBND thị xã Sa Pa", "UBND xã, phường mới sau sắp xếp, hoặc UBND tỉnh"),
    ],
)
def test_what_was_of_a_district_is_named_as_it_is_today(to: str, today: str) -> None:
    assert gone().today(to) == today


@pytest.mark.parametrize(
    "to",
    [
        "Công an xã", "UBND tỉnh Lạng Sơn", "Sở Xây dựng tỉnh Lạng Sơn", "UBND thành phố Hải Phòng", "Công an TP Huế",
        "UBND xã Chi Lăng, huyện Chi Lăng cũ", "UBND phường Đông Kinh", "Tòa án nhân dân khu vực 2 - Lạng Sơn",
        "Điện lực khu vực Chi Lăng", "Phòng Kinh tế xã Vạn Linh", "Ban Quản lý rừng", "UBND đặc khu Phú Quốc",
        "Thanh tra tỉnh", "Bà Nguyễn Thị Huyền, Sở Y tế", "Ban Quản lý dự án đầu tư xây dựng tỉnh", "Quân khu 1", "",
    ],
)  # fmt: skip
def test_what_there_is_may_be_named(to: str) -> None:
    assert gone().today(to) == ""
