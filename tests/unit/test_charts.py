"""Charts: every number stands in the picture's table, nothing of it carries a style or a script."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web import charts
from web.chart_places import edges_of, gathered, sheet
from web.charts import Bar, Column, Dot

VALUES = st.one_of(st.none(), st.floats(0, 1e7, allow_nan=False))
MONTHS = [
    Column(label=str(at), full=f"{at}/2026", values=(10.0 * at, 5.0), texts=(f"{10 * at}", "5")) for at in range(1, 13)
]


def drawn(svg: str) -> ET.Element:
    """The picture, read by an XML parser: what a browser is given is well formed."""
    return ET.fromstring(svg)


def test_columns_have_a_title_a_description_and_a_column_for_each_value() -> None:
    found = charts.columns("a", "Nhận & trả lời", "Hai cột <mỗi tháng>", ("Tháng", "Nhận", "Trả lời"), MONTHS)

    svg = drawn(found.svg)
    assert [child.tag for child in svg[:2]] == ["title", "desc"]
    assert (svg[0].text, svg[1].text) == ("Nhận & trả lời", "Hai cột <mỗi tháng>")
    assert len(svg.findall("rect")) == 2 * len(MONTHS)
    assert [row[0] for row in found.rows] == [one.full for one in MONTHS]
    assert found.keys == ("Nhận", "Trả lời")
    assert "style=" not in found.svg


def test_labels_without_room_on_a_telephone_are_marked_and_the_last_one_stays() -> None:
    svg = drawn(charts.columns("a", "x", "y", ("Tháng", "Nhận", "Trả lời"), MONTHS).svg)

    ticks = [one for one in svg.findall("text") if (one.get("class") or "").startswith("tick")]
    assert [one.text for one in ticks if one.get("class") == "tick"] == ["2", "4", "6", "8", "10", "12"]


def test_a_line_is_broken_where_a_month_is_withheld() -> None:
    values = (60.0, None, 70.0, 80.0)
    places = [
        Column(label=str(at), full=str(at), values=(value,), texts=("…" if value is None else f"{value}%",))
        for at, value in enumerate(values)
    ]

    found = charts.line("a", "x", "y", ("Tháng", "Tỷ lệ"), places, most=100)

    strokes = [one for one in drawn(found.svg).findall("line") if one.get("class") == "stroke"]
    assert len(strokes) == 1, "only between the two that stand beside each other"
    assert ("1", "…") in found.rows


@given(st.lists(VALUES, max_size=30))
def test_a_meter_never_leaves_its_rail(values: list[float | None]) -> None:
    found = charts.bars("x", ("a", "b"), [Bar(label="l", value=value, text="t") for value in values])

    assert all(percent is None or 0 <= percent <= 100 for _, percent in found.rows)
    assert [percent is None for _, percent in found.rows] == [value is None for value in values]


@given(st.lists(VALUES, max_size=14))
def test_nothing_is_drawn_outside_of_a_picture(values: list[float | None]) -> None:
    places = [Column(label="1", full="1", values=(value,), texts=("1",)) for value in values]

    for make in (charts.columns, charts.line):
        svg = drawn(make("a", "x", "y", ("A", "B"), places).svg)
        height = float((svg.get("height") or "").removesuffix("em"))
        for one in [*svg.findall("rect"), *svg.findall("circle")]:
            y = float((one.get("y") or one.get("cy") or "").removesuffix("em"))
            assert -0.01 <= y <= height
            x = float((one.get("x") or one.get("cx") or "").removesuffix("%"))
            assert -0.01 <= x <= 100.01


@given(st.floats(0, 1e9, allow_nan=False))
def test_an_axis_ends_at_a_round_number_above_the_largest(largest: float) -> None:
    end, marks = charts.scale(largest)

    assert end >= largest
    assert marks[0] == 0
    assert marks[-1] == pytest.approx(end)
    assert len(marks) <= 7


def test_a_dot_and_the_ends_of_its_interval_stand_on_the_scale() -> None:
    found = charts.dots(
        "x", ("a", "b"), [Dot(label="l", value=50, text="t", low=-5, high=140), Dot(label="m", value=None, text="…")]
    )

    assert found.rows[0][1:] == (50.0, 2.0, 98.0)
    assert found.rows[1][1:] == (None, None, None)


# --- places -----------------------------------------------------------------------------------------------------------

POINTS = st.lists(st.tuples(st.floats(8, 23), st.floats(102, 110), st.booleans()), min_size=1, max_size=60)


@given(POINTS)
def test_no_place_is_lost_and_all_lie_on_a_sheet_made_for_them(points: list[tuple[float, float, bool]]) -> None:
    edges = edges_of([(lat, lon) for lat, lon, _ in points])

    spots, beside = gathered(points, edges, 480)

    assert sum(one.count for one in spots) == len(points)
    assert sum(one.late for one in spots) == len([one for one in points if one[2]])
    assert beside == 0
    assert all(0 <= one.x <= 480 and 0 <= one.y <= 480 for one in spots)


def test_a_place_beside_the_picture_is_counted_and_not_drawn() -> None:
    edges = edges_of([(21.5, 106.5)])

    found = sheet("a", "x", "y", [(21.5, 106.5, True), (10.0, 106.0, False)], edges, picture="/can-bo/a.jpg")

    assert (found.on, found.beside) == (1, 1)
    svg = drawn(found.svg)
    assert svg.find("image") is not None
    assert len([one for one in svg.findall("circle") if one.get("class") == "ring"]) == 1, "late is a second ring"


def test_a_sheet_around_one_place_is_about_a_kilometre_wide() -> None:
    assert 1 <= sheet("a", "x", "y", [(21.5, 106.5, False)], edges_of([(21.5, 106.5)])).km <= 3
