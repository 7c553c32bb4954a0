"""A survey opened in the editor and saved as it stands is the same file: grids, factors, recordings and all."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys import grids
from surveys.definition import Choice, Factor, Kind, Question, Survey
from surveys.editing import added, begun, change, checked, copied, moved, removed
from surveys.reading import read_survey
from surveys.writing import write_survey
from web.body import Form
from web.console import editor_forms, editor_grids
from web.console.editor import _blocks, _fields

ROOT = Path(__file__).parents[2]
DOMAIN = ROOT.parent / "shared" / "design" / "domain.md"
SAMPLES = sorted(
    path
    for folder in ("surveys/ready", "surveys/sheets", "tests/transcripts/surveys")
    for path in (ROOT / folder).glob("*.toml")
    if "[[questions]]" in path.read_text("utf-8")
)


def saved(draft: Survey, id: str) -> Survey:
    """The draft after one of its questions, or grids, was opened and saved as its page had it."""
    rows = grids.rows_of(draft, id)
    one = rows[0] if rows else draft.question(id)
    form = Form({**_fields(draft, one, rows, None), "cau": id})
    return editor_grids.asked(draft, form) if rows else editor_forms.asked(draft, form)


def head_saved(draft: Survey) -> Survey:
    """The draft after its first part was saved as it stood."""
    fields = {"ten": draft.title, "mo_dau": draft.intro, "cam_on": draft.thanks, "rieng": draft.privacy.value}
    fields |= {"ma": draft.id, "du_thao": draft.document}
    for tag, texts in draft.translations.items():
        fields[f"tieng_{tag}"] = "1"
        names = (("title", "ten"), ("intro", "mo_dau"), ("thanks", "cam_on"))
        fields |= {f"dich_{tag}_{field}": texts.get(key, "") for key, field in names}
    return editor_forms.headed(draft, Form(fields))


def all_saved(draft: Survey) -> Survey:
    draft = head_saved(draft)
    for block in _blocks(draft):
        draft = saved(draft, block.id)
    return draft


def same_file(one: Survey, other: Survey) -> bool:
    return tomllib.loads(write_survey(one)) == tomllib.loads(write_survey(other))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_survey_of_the_tree_is_the_same_after_it_was_saved(path: Path) -> None:
    survey = read_survey(path.read_bytes(), path.name)
    draft = begun(survey)
    done = all_saved(draft)
    assert done == draft
    assert checked(done)[0] == survey
    assert same_file(done, survey)


def test_the_questionnaire_of_the_domain_is_the_same_after_it_was_saved() -> None:
    if not DOMAIN.exists():
        pytest.skip("the design notes are not beside this tree")
    draft = from_the_domain(DOMAIN.read_text("utf-8"))
    survey, faults, _ = checked(draft)
    assert faults == []
    assert survey is not None
    assert sum(1 for one in survey.questions if one.matrix) >= 10, "it asks in grids"
    assert all_saved(begun(survey)) == begun(survey)
    assert same_file(all_saved(begun(survey)), survey)


def from_the_domain(text: str) -> Survey:
    """The form "Chính quyền thân thiện" as it stands in the notes: what is asked "... về" becomes rows of grids."""
    part = text.partition('**Phiếu "Chính quyền thân thiện"')[2].partition("Tùy chọn, hỏi riêng")[0]
    draft = Survey(id="than_thien", title="Chính quyền thân thiện", questions=())
    for line in part.splitlines():
        rows = re.findall(r"(?:\.\.\.|thế nào) (về [^?]+)\?", line)
        heading = re.match(r"\*([^*(]+)", line)
        if rows:
            draft, id = grids.added(draft)
            stem = f"Ông/Bà hài lòng thế nào ({heading[1].strip() if heading else ''})"
            draft = grids.put(draft, id, grids.Said(stem=stem, rows=rows), {})
            continue
        for single in re.findall(r"\d+\. ([^?\[]+\?) \[([^\]]+)\]", line):
            draft, id = added(draft, Kind.SINGLE)
            choices = tuple(
                Choice(id=f"c{at}", text=words.strip()) for at, words in enumerate(single[1].split("·"), start=1)
            )
            asked = change(draft.question(id), text=single[0], choices=choices)
            draft = change(draft, questions=(*draft.questions[:-1], asked))
    return draft


# --- any survey -------------------------------------------------------------------------------------------------------

WORDS = st.text("aăâbcđeêghiơưv ?“”\"'\\${}<>&", min_size=1, max_size=20).map(lambda text: f"C{' '.join(text.split())}")


@st.composite
def surveys(draw: st.DrawFn) -> Survey:
    """A draft with grids, factors, recordings, conditions and two languages."""
    factors = (Factor(id="nhom", text="Nhóm"),)
    questions: list[Question] = []
    spoken: dict[str, str] = {}
    for number in range(draw(st.integers(1, 5))):
        id = f"cau_{number}"
        if draw(st.booleans()):
            stem = draw(WORDS)
            hint, section = draw(st.sampled_from(["", "Gợi ý"])), draw(st.sampled_from(["", "Phần"]))
            texts = draw(st.lists(WORDS, min_size=1, max_size=4, unique=True))
            for at, text in enumerate(texts):
                row = f"{id}_{at}"
                questions.append(
                    Question(
                        id=row, kind=Kind.LIKERT5, text=text, stem=stem, matrix=id, hint=hint,
                        section=section,
                        required=draw(st.booleans()), no_opinion=draw(st.booleans()),
                        not_applicable=draw(st.sampled_from(["", "Không áp dụng"])),
                        factor=draw(st.sampled_from(["", "nhom"])), audio=draw(st.sampled_from(["", "doc.mp3"])),
                    )
                )  # fmt: skip
                if draw(st.booleans()):
                    spoken[f"questions.{row}.text"] = draw(WORDS)
            if draw(st.booleans()):
                spoken |= {f"questions.{id}_{at}.stem": "Stem" for at in range(len(texts))}
        else:
            texts = draw(st.lists(WORDS, min_size=2, max_size=4, unique=True))
            choices = tuple(Choice(id=f"c{at}", text=text) for at, text in enumerate(texts))
            when = questions[-1].id if questions else ""
            condition = f"{when} >= 4" if when and draw(st.booleans()) and questions[-1].matrix else ""
            questions.append(
                Question(id=id, kind=Kind.SINGLE, text=draw(WORDS), choices=choices, show_if=condition,
                         audio=draw(st.sampled_from(["", "hoi.ogg"])))
            )  # fmt: skip
            spoken |= {f"questions.{id}.choices.c{at}": draw(WORDS) for at in range(len(texts)) if draw(st.booleans())}
    return Survey(
        id="mau",
        title="Mẫu",
        questions=tuple(questions),
        factors=factors,
        translations={"km": spoken} if spoken else {},
    )


@settings(max_examples=60, deadline=None)
@given(surveys())
def test_whatever_a_survey_holds_is_there_after_it_was_saved(draft: Survey) -> None:
    for block in _blocks(draft):
        assert saved(draft, block.id) == draft
    assert same_file(all_saved(draft), draft)


@settings(max_examples=40, deadline=None)
@given(surveys(), st.data())
def test_rows_that_change_places_take_everything_along(draft: Survey, data: st.DataObject) -> None:
    grid = next((block for block in _blocks(draft) if block.grid), None)
    if grid is None:
        return
    order = data.draw(st.permutations(grid.rows))
    fields = _fields(draft, grid.rows[0], grid.rows, None) | {"dong": "\n".join(row.text for row in order)}
    done = editor_grids.asked(draft, Form({**fields, "cau": grid.grid}))
    assert grids.rows_of(done, grid.grid) == tuple(order)
    assert done.translations == draft.translations


def test_a_grid_is_added_to_ordered_copied_and_removed() -> None:
    draft, id = grids.added(Survey(id="mau", title="Mẫu", questions=(), translations={"km": {}}))
    draft = grids.put(draft, id, grids.Said(stem="Hài lòng với", rows=["đường", "điện"]), {})
    form = {"cau": id, "hoi": "Hài lòng với", "dong": "điện\nnước\nđường", "khong_y_kien": "1"}
    form["khong_ap_dung"] = "Không dùng"
    form |= {"dich_km": "S", "dich_km_dong": "d\n\nk", "chung": "3"}
    draft = editor_grids.asked(draft, Form(form))
    rows = grids.rows_of(draft, id)
    assert [row.text for row in rows] == ["điện", "nước", "đường"]
    assert [row.overall for row in rows] == [False, False, True]
    assert {row.not_applicable for row in rows} == {"Không dùng"}
    assert sorted(draft.translations["km"].values()) == ["S", "S", "S", "d", "k"]
    twice, copy = copied(draft, id)
    assert [row.text for row in grids.rows_of(twice, copy)] == ["điện", "nước", "đường"]
    assert len({one.id for one in twice.questions}) == 6
    assert moved(twice, copy, -1).questions[0].matrix == copy
    assert [one.matrix for one in removed(twice, id).questions] == [copy] * 3
    survey, faults, _ = checked(twice)
    assert faults == []
    assert survey is not None


def test_what_a_row_alone_has_stays_when_the_grid_is_changed() -> None:
    rows = tuple(
        Question(id=f"r{at}", kind=Kind.LIKERT5, text=f"Dòng {at}", matrix="b", stem="Hỏi", required=at == 1,
                 factor="nhom" if at == 1 else "", audio=f"r{at}.mp3")
        for at in (1, 2)
    )  # fmt: skip
    draft = Survey(id="mau", title="Mẫu", questions=rows, factors=(Factor(id="nhom", text="Nhóm"),))
    fields = _fields(draft, rows[0], rows, None) | {"dong": "Dòng 1\nDòng hai\nDòng 3", "hoi": "Hỏi lại"}
    done = grids.rows_of(editor_grids.asked(draft, Form({**fields, "cau": "b"})), "b")
    assert [(row.stem, row.required, row.audio) for row in done[:1]] == [("Hỏi lại", True, "r1.mp3")]
    assert done[0].factor == "nhom"
    assert [row.audio for row in done[1:]] == ["", ""], "a recording of other words is none of a new row"


@pytest.mark.parametrize("words", ["Khảo sát mức độ hài lòng về môi trường và trật tự", "2026", "!!!", "Đường"])
def test_names_made_of_words_are_names_that_a_file_takes(words: str) -> None:
    from surveys.editing import id_of
    from surveys.findings import ID

    first = id_of(words, (), "phieu")
    taken = [first]
    for _ in range(12):
        taken.append(id_of(words, taken, "phieu"))
    assert len(set(taken)) == len(taken)
    assert all(ID.fullmatch(one) for one in taken)
