"""Which province a name or a point belongs to, so that a place far from the commune is asked about."""

from itertools import combinations
from typing import Any

import pytest
from sqlalchemy import update

from bot.conversation.desk import Body, Guidance
from bot.conversation.messages import Place
from storage import maps
from storage.store import Store
from storage.tables import units
from tests.stores import SampleCommune
from tests.unit.desk import Citizen, MemoryDesk
from vietnam.area import ASHORE, VIETNAM
from vietnam.provinces import Lands, elsewhere, lands_of, province_of, provinces
from vietnam.text import fold_words

HOME = "tỉnh Lạng Sơn"
OWN = ("thôn Hòa Bình", "Hòa Bình", "Y Tịch")
SAI_GON = Place(lat=10.7769, lon=106.7009)
VAN_LINH = Place(lat=21.62, lon=106.53)
STORY = "Ổ gà to trước cổng trường"


class Desk(MemoryDesk):
    """A commune whose province is known by its name, and nothing more of where it lies."""

    def guidance(self) -> Guidance:
        return Guidance(province=HOME, inspectorate=Body(), committee=Body(), forms_url="https://nghedan.example")


def citizen(**other: Any) -> Citizen:
    who = Citizen(Desk(lies=lands_of(HOME) or VIETNAM, **other))
    who.says("gửi phản ánh", "đường sá", STORY)
    return who


def test_there_are_34_and_63_names_of_before_each_belonging_to_one() -> None:
    known = provinces()
    assert len(known) == 34
    names = [fold_words(name) for one in known for name in {one.name, *one.former} - {"Huế"}]
    assert len(names) == len(set(names)) == 63


def test_every_rectangle_lies_within_the_country_and_on_its_land() -> None:
    for one in provinces():
        for south, north, west, east in one.lands:
            assert VIETNAM.holds(south, west), one.name
            assert VIETNAM.holds(north, east), one.name
            assert south < north, one.name
            assert west < east, one.name
        south, north, west, east = one.lands[0]
        assert ASHORE.holds((south + north) / 2, (west + east) / 2), one.name


@pytest.mark.parametrize(
    ("seat", "point"),
    [
        ("Lạng Sơn", (21.853, 106.761)), ("Hà Nội", (21.028, 105.854)), ("Thừa Thiên Huế", (16.463, 107.59)),
        ("Hà Giang", (22.823, 104.984)), ("Trà Vinh", (9.934, 106.345)), ("Bình Định", (13.776, 109.223)),
        ("Gia Lai", (13.983, 108.0)), ("Đồng Nai", (10.957, 106.843)), ("Bình Phước", (11.535, 106.893)),
        ("Tây Ninh", (11.31, 106.098)), ("Long An", (10.536, 106.413)), ("Kiên Giang", (10.012, 105.081)),
        ("Cà Mau", (9.177, 105.15)), ("Quảng Nam", (15.573, 108.474)), ("Kon Tum", (14.35, 108.0)),
        ("Nam Định", (20.42, 106.168)), ("Hải Dương", (20.94, 106.33)), ("Điện Biên", (21.386, 103.023)),
        ("Nghệ An", (18.68, 105.68)), ("Bà Rịa - Vũng Tàu", (10.346, 107.084)), ("Đắk Nông", (12.0, 107.69)),
    ],
)  # fmt: skip
def test_the_seat_of_a_province_lies_in_it(seat: str, point: tuple[float, float]) -> None:
    lands = lands_of(seat)
    assert lands is not None
    assert lands.holds(*point)


def test_who_is_far_away_is_in_another_one() -> None:
    middles = {
        one.name: ((one.lands[0][0] + one.lands[0][1]) / 2, (one.lands[0][2] + one.lands[0][3]) / 2)
        for one in provinces()
    }
    apart = [(a, b) for a, b in combinations(middles, 2) if abs(middles[a][0] - middles[b][0]) > 3]
    assert len(apart) > 100
    for a, b in apart:
        assert not Lands.of(next(one for one in provinces() if one.name == a)).holds(*middles[b]), (a, b)


@pytest.mark.parametrize(
    ("name", "today"),
    [("Hà Giang", "Tuyên Quang"), ("tỉnh Trà Vinh", "Vĩnh Long"), ("TP. HCM", "Hồ Chí Minh"),
     ("Sài Gòn", "Hồ Chí Minh"), ("Lạng Sơn", "Lạng Sơn"), ("tinh dak lak", "Đắk Lắk"), ("thành phố Huế", "Huế")],
)  # fmt: skip
def test_a_province_is_known_by_its_names_of_today_and_before(name: str, today: str) -> None:
    found = province_of(name)
    assert found is not None
    assert found.name == today


@pytest.mark.parametrize("name", ["", "Mẫu", "tỉnh", "Hà", "Lạng"])
def test_what_is_no_province(name: str) -> None:
    assert province_of(name) is None
    assert lands_of(name) is None


@pytest.mark.parametrize(
    ("where", "named"),
    [("chợ Bưởi, tỉnh Hải Dương", "Hải Dương"), ("thôn 2, Hải Dương", "Hải Dương"), ("gan tp hue", "Huế"),
     ("quận 1, TP.HCM", "HCM"), ("xã Ea Tu, tỉnh Đắk Lắk", "Đắk Lắk"), ("thôn 2, tỉnh Bắc Giang", "Bắc Giang")],
)  # fmt: skip
def test_another_province_in_the_words_of_a_place_is_found(where: str, named: str) -> None:
    assert elsewhere(where, HOME, OWN) == named


@pytest.mark.parametrize(
    "where",
    ["cổng trường", "tỉnh lộ 242", "đường Hà Nội", "cầu trên đường đi tỉnh Bắc Giang", "giáp tỉnh Bắc Giang",
     "thôn Nà Pất, Hòa Bình", "ngã ba Hòa Bình", "huyện Chi Lăng, tỉnh Lạng Sơn", "thành phố Lạng Sơn", "Hà Nội", ""],
)  # fmt: skip
def test_what_says_nothing_of_another_province(where: str) -> None:
    assert elsewhere(where, HOME, OWN) == ""


def test_where_the_own_province_is_not_known_nothing_is_another_one() -> None:
    assert elsewhere("chợ Bưởi, tỉnh Hải Dương", "tỉnh Mẫu") == ""


# --- in the chat ---


def test_a_point_in_another_province_is_asked_about_without_map_and_middle() -> None:
    lan = citizen()
    said = lan.send("location", place=SAI_GON)
    assert "có lẽ không thuộc tỉnh Lạng Sơn" in said
    lan.say("đúng chỗ này")
    assert lan.draft.step == "village"
    assert lan.draft.place == SAI_GON


def test_a_point_of_the_own_province_is_not() -> None:
    lan = citizen()
    lan.send("location", place=VAN_LINH)
    assert lan.draft.step == "village"


def test_words_that_name_another_province_are_asked_about_once() -> None:
    lan = citizen()
    said = lan.say("chợ Bưởi, tỉnh Hải Dương")
    assert "có nhắc đến Hải Dương" in said
    lan.say("1")
    assert (lan.draft.step, lan.draft.where) == ("village", "chợ Bưởi, tỉnh Hải Dương")
    lan.says("mai", "gửi")
    assert [act.where for act in lan.opened] == ["chợ Bưởi, tỉnh Hải Dương"]


@pytest.mark.parametrize(("said", "where"), [("2", ""), ("bỏ chỗ đã ghi", ""), ("đầu cầu treo", "đầu cầu treo")])
def test_they_are_dropped_or_written_anew(said: str, where: str) -> None:
    lan = citizen()
    lan.says("chợ Bưởi, tỉnh Hải Dương", said)
    assert (lan.draft.step, lan.draft.where) == ("village", where)


def test_a_former_commune_of_that_name_is_no_other_province() -> None:
    lan = citizen(former={"101": "Hòa Bình"})
    lan.say("thôn Chè, Hòa Bình")
    assert lan.draft.step == "village"


async def test_a_commune_without_map_and_middle_lies_in_its_province(store: Store, commune: SampleCommune) -> None:
    assert await store.read(lambda conn: maps.area(conn, commune.commune)) is ASHORE
    named = update(units).where(units.c.id == commune.province).values(name=HOME)
    await store.write(lambda tx: tx.execute(named))
    lies = await store.read(lambda conn: maps.area(conn, commune.commune))
    assert isinstance(lies, Lands)
    assert lies.holds(VAN_LINH.lat, VAN_LINH.lon)
    assert not lies.holds(SAI_GON.lat, SAI_GON.lon)
