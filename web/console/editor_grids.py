"""A grid as it is typed in the editor of surveys: its rows one a line, what is not touched stays as a file has it."""

from collections.abc import Sequence

from surveys import grids
from surveys.definition import Question, Survey
from surveys.editing import chosen, conditions
from surveys.grids import Said, Spoken
from web.body import Form
from web.console.editor_forms import KEEP, MOST_TITLE, line, said_when, words

MOST_NOT_APPLICABLE = 60


def asked(draft: Survey, form: Form) -> Survey:
    """With a grid as it was typed. KeyError where there is none of that id; editor_forms.Refused."""
    rows = grids.rows_of(draft, form["cau"])
    if not rows:
        raise KeyError(form["cau"])
    first, shown = rows[0], fields(draft, rows)
    said = Said(
        stem=words(form["hoi"]),
        rows=lines(form["dong"]),
        hint=words(form["goi_y"]),
        section=line(form["dau_muc"], MOST_TITLE),
        show_if=said_when(draft, first, form["khi"]),
        required=_changed(form, shown, "bat_buoc"),
        no_opinion=_changed(form, shown, "khong_y_kien"),
        not_applicable=_reworded(form, shown, "khong_ap_dung"),
        overall=_overall(form, shown),
    )
    spoken = {tag: _spoken(form, shown, tag) for tag in draft.translations if f"dich_{tag}" in form.fields}
    return grids.put(draft, first.matrix, said, spoken)


def fields(draft: Survey, rows: Sequence[Question]) -> dict[str, str]:
    """What stands in the fields of an open grid, as it is kept; where rows differ a field holds what none says."""
    first = rows[0]
    overall = next((str(at) for at, row in enumerate(rows, start=1) if row.overall), "")
    found = {
        "hoi": first.stem,
        "dong": "\n".join(row.text for row in rows),
        "goi_y": first.hint,
        "dau_muc": first.section,
        "bat_buoc": "1" if all(row.required for row in rows) else "",
        "khong_y_kien": "1" if all(row.no_opinion for row in rows) else "",
        "khong_ap_dung": first.not_applicable if len({row.not_applicable for row in rows}) == 1 else "",
        "chung": overall,
        "khi": "",
    }
    if first.show_if:
        when = chosen(first.show_if, conditions(draft, first.id))
        found["khi"] = KEEP if when is None else f"{when.question.id}={when.answer}"
    for tag, texts in draft.translations.items():
        found[f"dich_{tag}"] = texts.get(f"questions.{first.id}.stem", "")
        own = [texts.get(f"questions.{row.id}.text", "") for row in rows]
        found[f"dich_{tag}_dong"] = "\n".join(own) if any(own) else ""
    return found


def lines(text: str) -> list[str]:
    """The lines of a field, empty ones too: they hold the place of what is not said."""
    return [line(part) for part in text.replace("\r\n", "\n").split("\n")]


def _changed(form: Form, shown: dict[str, str], name: str) -> bool | None:
    """A tick that was set or taken away; None where it is as it was shown: rows may differ in it."""
    now = bool(form[name])
    return None if now == bool(shown[name]) else now


def _reworded(form: Form, shown: dict[str, str], name: str) -> str | None:
    now = line(form[name], MOST_NOT_APPLICABLE)
    return None if now == shown[name] else now


def _overall(form: Form, shown: dict[str, str]) -> int | None:
    number = form["chung"].strip()
    if number == shown["chung"]:
        return None
    return int(number) - 1 if number.isascii() and number.isdecimal() and len(number) < len("100") else -1


def _spoken(form: Form, shown: dict[str, str], tag: str) -> Spoken:
    stem, name = words(form[f"dich_{tag}"]), f"dich_{tag}_dong"
    typed = form[name].replace("\r\n", "\n")
    # Rows that changed places in Vietnamese alone take their words with them.
    return Spoken(stem=stem, rows=None if typed.strip("\n") == shown[name].strip("\n") else lines(typed))
