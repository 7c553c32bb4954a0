"""Questions with choices: what kind of ours a list makes of them, and what an answer to them is called."""

import msgspec

from surveys.definition import NO_OPINION, NOT_APPLICABLE, Kind
from surveys.wording import labels
from surveys.xlsform.choices import ChoiceList
from surveys.xlsform.scope import SORTS, Field
from surveys.xlsform.specifying import OTHER_NAME
from vietnam.text import fold_words

_LEVELS = ("1", "2", "3", "4", "5")
_OUT = {str(NO_OPINION), str(NOT_APPLICABLE)}
_NPS = tuple(str(value) for value in range(11))
ACKNOWLEDGED = {"OK": "yes", "ok": "yes"}
"""What ODK stores for an acknowledged question, beside ours."""


class Scale(msgspec.Struct, frozen=True, kw_only=True):
    """The offers of a likert5 question beside its levels, and whether its labels are other than ours."""

    no_opinion: bool
    not_applicable: str
    not_applicable_others: dict[str, str]
    relabelled: bool


def kind_of_select(options: ChoiceList, appearance: str, language: str) -> Kind:
    """likert5, nps or yesno where the list is theirs, else single."""
    names = tuple(option.name for option in options.options)
    ours = labels(language)
    texts = {option.name: fold_words(option.text) for option in options.options}
    if set(_LEVELS) <= set(names) <= {*_LEVELS, *_OUT}:
        same = all(texts[name] == fold_words(text) for name, text in zip(_LEVELS, ours.likert, strict=True))
        if "likert" in appearance.split() or same:
            return Kind.LIKERT5
    if names == _NPS and all(text == name for name, text in texts.items()):
        return Kind.NPS
    if names == ("yes", "no") and (texts["yes"], texts["no"]) == (fold_words(ours.yes), fold_words(ours.no)):
        return Kind.YESNO
    return Kind.SINGLE


def scale_of(options: ChoiceList, language: str) -> Scale:
    """What a likert5 list offers."""
    by_name = {option.name: option for option in options.options}
    none, nine = by_name.get(str(NO_OPINION)), by_name.get(str(NOT_APPLICABLE))
    ours = labels(language)
    expected = dict(zip(_LEVELS, ours.likert, strict=True)) | {str(NO_OPINION): ours.no_opinion}
    return Scale(
        no_opinion=none is not None,
        not_applicable=nine.text if nine else "",
        not_applicable_others=nine.others if nine else {},
        relabelled=any(fold_words(by_name[k].text) != fold_words(text) for k, text in expected.items() if k in by_name),
    )


def field_of(id: str, kind: Kind, row: int, options: ChoiceList | None, *, other: bool = False) -> Field:
    """The question as expressions see it; `other` where or_other adds a choice."""
    ids: dict[str, str] = {}
    if kind is Kind.ACKNOWLEDGE:
        ids = ACKNOWLEDGED
    elif options is not None and kind in {Kind.SINGLE, Kind.MULTIPLE, Kind.RANK, Kind.YESNO}:
        ids = options.ids | ({OTHER_NAME: OTHER_NAME} if other else {})
    off_scale = kind is Kind.LIKERT5 and options is not None and bool(_OUT & options.ids.keys())
    return Field(id=id, sort=SORTS[kind], row=row, ids=ids, off_scale=off_scale)
