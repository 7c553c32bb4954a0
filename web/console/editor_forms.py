"""What is typed in the editor of surveys, put into the draft; what cannot be read is left for the check to name."""

from surveys.definition import Kind, Privacy, Question, Survey
from surveys.editing import BOUNDED, USUAL, WITH_CHOICES, change, choices_of, chosen, conditions, put
from surveys.impossible import Impossible, why_not_chosen
from vietnam.text import clean
from web.body import Form

MOST_TEXT = 2_000
MOST_TITLE = 200
KEEP = "giu"
"""The condition stays what it is: it cannot be said by choosing."""
TONGUES = ("km", "hmn", "tyz", "nut", "jra", "bdq", "en")
_LONGEST_NUMBER = 9


def line(text: str, most: int = MOST_TEXT) -> str:
    """One line, spaces put in order."""
    return " ".join(clean(text)[0].split())[:most]


def words(text: str, most: int = MOST_TEXT) -> str:
    """Text of several lines."""
    return clean(text.replace("\r\n", "\n"))[0].strip()[:most]


def headed(draft: Survey, form: Form) -> Survey:
    """With the title and what stands around the questions."""
    tags = [*draft.translations, *(tag for tag in TONGUES if form[f"tieng_{tag}"] and tag not in draft.translations)]
    translations = {}
    for tag in tags:
        texts = dict(draft.translations.get(tag, {}))
        for key, field in (("title", "ten"), ("intro", "mo_dau"), ("thanks", "cam_on")):
            if f"dich_{tag}_{field}" in form.fields:
                texts.pop(key, None)
                if said := words(form[f"dich_{tag}_{field}"]):
                    texts[key] = said
        # One that holds no text any more and is not wanted is no language of this survey.
        if texts or form[f"tieng_{tag}"]:
            translations[tag] = texts
    return change(
        draft,
        id=line(form["ma"], 60).lower() or draft.id,
        title=line(form["ten"], MOST_TITLE),
        intro=words(form["mo_dau"]),
        thanks=words(form["cam_on"]),
        document=line(form["du_thao"], 100) if "du_thao" in form.fields else draft.document,
        privacy=Privacy(form["rieng"]) if form["rieng"] in list(Privacy) else draft.privacy,
        translations=translations,
    )


class Refused(Exception):
    """A condition that cannot be chosen."""

    def __init__(self, why: Impossible) -> None:
        super().__init__(why.reason)
        self.why = why


def asked(draft: Survey, form: Form) -> Survey:
    """With one question as it was typed. KeyError where there is none of that id; Refused."""
    before = draft.question(form["cau"])
    kind = Kind(form["loai"]) if form["loai"] in list(USUAL) and before.kind in USUAL else before.kind
    question = change(
        before,
        kind=kind,
        text=words(form["hoi"]),
        hint=words(form["goi_y"]),
        section=line(form["dau_muc"], MOST_TITLE),
        required=bool(form["bat_buoc"]),
        overall=bool(form["chung"]) and kind is Kind.LIKERT5,
        no_opinion=bool(form["khong_y_kien"]) if kind is Kind.LIKERT5 else True,
        choices=choices_of(form["lua_chon"], before.choices) if kind in WITH_CHOICES else (),
        show_if=said_when(draft, before, form["khi"]),
        min=_number(form["it_nhat"]) if kind in BOUNDED else before.min if kind is before.kind else None,
        max=_number(form["nhieu_nhat"]) if kind in BOUNDED else before.max if kind is before.kind else None,
    )
    tags = [tag for tag in draft.translations if f"dich_{tag}" in form.fields]
    spoken = {tag: _spoken(draft, form, tag, before, question) for tag in tags}
    others = _of_others(draft, question) if question.overall and not before.overall else draft
    return put(others, question, spoken)


def _of_others(draft: Survey, question: Question) -> Survey:
    """One question is the overall one: whichever was so before is not any more."""
    questions = tuple(change(one, overall=False) if one.id != question.id else one for one in draft.questions)
    return change(draft, questions=questions)


def _spoken(draft: Survey, form: Form, tag: str, before: Question, question: Question) -> dict[str, str]:
    """The texts of a question in a language: its own, and those of its choices, a line each, in their order."""
    texts = {"text": words(form[f"dich_{tag}"])}
    typed = form[f"dich_{tag}_chon"].replace("\r\n", "\n")
    if typed.strip("\n") == choices_in(draft, tag, before).strip("\n"):
        return texts  # choices that changed places in Vietnamese alone take their words with them
    lines = [line(part) for part in typed.split("\n")]
    for at, choice in enumerate(question.choices):
        texts[f"choices.{choice.id}"] = lines[at] if at < len(lines) else ""
    return texts


def choices_in(draft: Survey, tag: str, question: Question) -> str:
    """The choices of a question in a language, a line each; "" where none is said."""
    texts = draft.translations.get(tag, {})
    spoken = [texts.get(f"questions.{question.id}.choices.{choice.id}", "") for choice in question.choices]
    return "\n".join(spoken) if any(spoken) else ""


def said_when(draft: Survey, before: Question, said: str) -> str:
    """The condition that was chosen, as an expression. Refused where a question cannot be asked on it."""
    if said == KEEP or not said:
        return before.show_if if said else ""
    offered = conditions(draft, before.id)
    id, _, answer = said.partition("=")
    found = next((one for one in offered if (one.question.id, one.answer) == (id, answer)), None)
    if found is None:
        raise Refused(why_not_chosen(draft, before.id, id, answer))
    # The same condition keeps the way in which a file wrote it.
    return before.show_if if found == chosen(before.show_if, offered) else found.expression


def _number(text: str) -> float | None:
    digits = text.strip().replace(",", ".")
    try:
        return float(digits) if len(digits) <= _LONGEST_NUMBER and digits.replace(".", "", 1).isdecimal() else None
    except ValueError:
        return None
