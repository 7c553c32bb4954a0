"""What an author writes short, written out: texts in several languages, a matrix, "Khác (ghi rõ)", choice numbers.

What comes out is one flat table that is a Survey as soon as it has no fault. Keys that are unknown or of a wrong type
are named here, where the file's own shape is still known, and left out of it.
"""

from typing import Any, NamedTuple

from surveys.definition import Kind
from surveys.findings import ID, Findings, Table, check_language, check_text, has_type, tables
from surveys.lines import TOP, Block
from surveys.wording import LABELS, labels

MATRIX = "matrix"
OTHER = "_other"
"""What the id of the question after "Khác (ghi rõ)" ends with."""

_DEEPEST_PLACE = 4
_SPOKEN = (str, dict)
_NUMBER = (int, float)
_SURVEY: Table = {
    **dict.fromkeys(("id", "language", "source", "index", "print_note", "document", "privacy"), str),
    **dict.fromkeys(("title", "intro", "thanks"), _SPOKEN),
    **dict.fromkeys(("factors", "questions"), list),
    "translations": dict,
}
_FACTOR: Table = {"id": str, "text": _SPOKEN}
_CHOICE: Table = {"id": str, "text": _SPOKEN, "exclusive": bool, "other": bool, "show_if": str, "number": int}
_TEXTS = ("text", "hint", "not_applicable", "constraint_message", "section", "audio")
_QUESTION: Table = {
    **dict.fromkeys(("id", "kind", "factor", "show_if", "constraint", "value"), str),
    **dict.fromkeys(_TEXTS, _SPOKEN),
    **dict.fromkeys(("required", "no_opinion", "overall"), bool),
    **dict.fromkeys(("min", "max", "step"), _NUMBER),
    **dict.fromkeys(("choices", "items"), list),
}
_INHERITED = ("factor", "required", "show_if", "no_opinion", "not_applicable", "section", "hint")
_MATRIX_KEYS = frozenset({"id", "kind", "text", "items", *_INHERITED})
_ITEM_KEYS = ("id", "text", "factor", "required", "no_opinion", "not_applicable", "overall", "audio")
_ITEM: Table = {key: _QUESTION[key] for key in _ITEM_KEYS}
_TYPE_NAMES: dict[Any, str] = {
    str: "text",
    _SPOKEN: "text",
    bool: "boolean",
    list: "tables",
    _NUMBER: "number",
    int: "whole",
    dict: "table",
}

Spoken = dict[str, str]
"""A text by language tag, the survey's own among them."""


class Written(NamedTuple):
    """The flat table, and of each of its questions the block of the file that it comes from; ids of matrices apart."""

    table: Table
    blocks: list[Block]
    matrices: list[tuple[Block, object]]


def write_out(table: Table, findings: Findings) -> Written:
    """The flat table of a parsed file."""
    return _Writer(table, findings).written()


class _Writer:
    def __init__(self, table: Table, findings: Findings) -> None:
        self._findings = findings
        language = table.get("language", "vi")
        self._own = language if isinstance(language, str) else "vi"
        self._top = self._known(table, _SURVEY, ("id", "title", "questions"), TOP)
        self._translations: dict[str, dict[str, str]] = {}
        self._questions: list[Table] = []
        self._blocks: list[Block] = []
        self._matrices: list[tuple[Block, object]] = []
        self._specify: list[str] = []

    def written(self) -> Written:
        top = {key: value for key, value in self._top.items() if key not in {"factors", "questions", "translations"}}
        for key in ("source", "index", "print_note"):
            if key in top:
                check_text(top[key], TOP, key, self._findings)
        for key in ("title", "intro", "thanks"):
            if key in top:
                self._put(top, key, key, self._spoken(top.pop(key), TOP, key))
        top["factors"] = [
            self._factor(factor, number)
            for number, factor in enumerate(tables(self._top, "factors", TOP, self._findings), start=1)
        ]
        for number, question in enumerate(tables(self._top, "questions", TOP, self._findings), start=1):
            self._question(question, ("questions", number, 0))
        self._apart(self._top.get("translations", {}))
        self._translate_specify()
        top["questions"] = self._questions
        if self._translations:
            top["translations"] = self._translations
        return Written(top, self._blocks, self._matrices)

    def _known(self, table: Table, types: Table, needed: tuple[str, ...], block: Block) -> Table:
        """The entries of a table that are what they should be; the others are faults."""
        own = table.get("id")
        for key, value in table.items():
            if key not in types:
                self._findings.near("key.unknown", block, key, key, list(types), id=own)
            elif not has_type(value, types[key]):
                self._findings.add(f"type.{_TYPE_NAMES[types[key]]}", block, key, id=own)
        for key in needed:
            if key not in table:
                self._findings.add("key.missing", block, id=own, missing=key)
        return {key: value for key, value in table.items() if key in types and has_type(value, types[key])}

    # --- texts -----------------------------------------------------------------------------------------------------

    def _spoken(self, value: str | dict[str, Any], block: Block, key: str, id: object = "") -> Spoken:
        if isinstance(value, str):
            check_text(value, block, key, self._findings, id=id)
            return {self._own: value}
        if self._own not in value:
            self._findings.add("text.no_own", block, key, id=id, language=self._own)
        texts = {}
        for tag, text in value.items():
            at = f"{key}.{tag}"
            check_language(tag, block, at, self._findings, id=id)
            if isinstance(text, str):
                check_text(text, block, at, self._findings, id=id)
                texts[tag] = text
            else:
                self._findings.add("type.text", block, at, id=id)
        return texts

    def _put(self, flat: Table, key: str, place: str, texts: Spoken) -> None:
        """Enters a text into the flat table, and its other languages under its place."""
        for tag, text in texts.items():
            if tag == self._own:
                flat[key] = text
            else:
                self._translations.setdefault(tag, {})[place] = text

    def _put_all(self, flat: Table, spoken: dict[str, Spoken]) -> None:
        for key, texts in spoken.items():
            self._put(flat, key, f"questions.{flat.get('id', '')}.{key}", texts)

    def _apart(self, languages: Table) -> None:
        """[translations.km]: the texts of a language in one table, by their places."""
        for tag, entries in languages.items():
            at = f"translations.{tag}"
            check_language(tag, TOP, at, self._findings)
            if tag == self._own:
                self._findings.add("translations.own", TOP, at, language=tag)
            if not isinstance(entries, dict):
                self._findings.add("type.table", TOP, at)
                continue
            for place, text in _flattened(entries).items():
                if isinstance(text, str):
                    check_text(text, TOP, f"{at}.{place}", self._findings)
                    self._translations.setdefault(tag, {}).setdefault(place, text)
                else:
                    self._findings.add("type.text", TOP, f"{at}.{place}")

    def _translate_specify(self) -> None:
        for tag, texts in self._translations.items():
            known = LABELS.get(tag) or LABELS.get(tag.split("-", 1)[0])
            if known is not None:
                for id in self._specify:
                    texts.setdefault(f"questions.{id}.text", known.specify)

    # --- tables ----------------------------------------------------------------------------------------------------

    def _factor(self, factor: Table, number: int) -> Table:
        block: Block = ("factors", number, 0)
        flat = self._known(factor, _FACTOR, ("id", "text"), block)
        if "text" in flat:
            self._put(flat, "text", f"factors.{flat.get('id', '')}", self._spoken(flat.pop("text"), block, "text"))
        return flat

    def _question(self, question: Table, block: Block) -> None:
        silent = question.get("kind") == Kind.CALCULATED.value
        needed = ("id", "kind") if silent else ("id", "kind", "text")
        flat = self._known(question, _QUESTION, needed, block)
        if silent:
            flat.setdefault("text", "")
        for key in ("show_if", "constraint", "value"):
            if key in flat and not flat[key].strip():
                del flat[key]
        own = flat.get("id")
        spoken = {
            key: self._spoken(flat.pop(key), block, key, own)
            for key in _TEXTS
            if key in flat and not (silent and key == "text")
        }
        if flat.get("kind") == MATRIX:
            if "items" not in flat and "items" in question:
                return  # something else than tables, which is told already
            self._matrix(flat, spoken, block)
            return
        if "items" in flat:
            self._findings.add("key.not_for_kind", block, "items", id=own, kind=str(flat.get("kind")), kinds=MATRIX)
            del flat["items"]
        self._put_all(flat, spoken)
        self._enter(flat, block)
        if "choices" in flat:
            flat["choices"] = self._choices(flat, block)
            self._others(flat, spoken.get("section", {}), block)

    def _enter(self, flat: Table, block: Block) -> None:
        self._questions.append(flat)
        self._blocks.append(block)

    def _choices(self, flat: Table, block: Block) -> list[Table]:
        own = flat.get("id")
        written = []
        for number, choice in enumerate(tables(flat, "choices", block, self._findings, id=own), start=1):
            at: Block = ("questions.choices", block[1], number)
            one = self._known(choice, _CHOICE, ("id", "text"), at)
            if "text" in one:
                place = f"questions.{flat.get('id', '')}.choices.{one.get('id', '')}"
                self._put(one, "text", place, self._spoken(one.pop("text"), at, "text", own))
            written.append(one)
        if not any("number" in choice for choice in written):
            for number, choice in enumerate(written, start=1):
                choice["number"] = number
        return written

    def _others(self, flat: Table, section: Spoken, block: Block) -> None:
        """The question for the words of "Khác (ghi rõ)"; hidden with the question whose value it looks at."""
        id, kind = flat.get("id"), flat.get("kind")
        others = [(number, one) for number, one in enumerate(flat["choices"], start=1) if one.get("other")]
        if not others or not isinstance(id, str) or kind not in {Kind.SINGLE.value, Kind.MULTIPLE.value}:
            return
        number, choice = others[0]
        chosen = choice.get("id")
        if not isinstance(chosen, str) or not ID.fullmatch(chosen) or not ID.fullmatch(id):
            return
        words: Table = {"id": id + OTHER, "kind": Kind.TEXT.value, "text": labels(self._own).specify, "other_of": id}
        words["show_if"] = f'{id} == "{chosen}"' if kind == Kind.SINGLE.value else f'"{chosen}" in {id}'
        self._specify.append(words["id"])
        self._put_all(words, {"section": section})
        self._enter(words, ("questions.choices", block[1], number))

    def _matrix(self, flat: Table, spoken: dict[str, Spoken], block: Block) -> None:
        """The items of a matrix as likert5 questions one after the other, each under the matrix's text."""
        own = flat.get("id")
        self._matrices.append((block, own))
        for key in flat.keys() | spoken.keys():
            if key not in _MATRIX_KEYS:
                self._findings.add("key.not_for_matrix", block, key, id=own, known=", ".join(sorted(_MATRIX_KEYS)))
        items = tables(flat, "items", block, self._findings, id=own)
        if not items and flat.get("items", []) == []:
            self._findings.add("matrix.no_items", block, "items" if "items" in flat else "", id=own)
        inherited = {key: flat[key] for key in _INHERITED if key in flat}
        heard = {key: spoken[key] for key in _INHERITED if key in spoken}
        if "text" in spoken:
            heard["stem"] = spoken["text"]
        for number, item in enumerate(items, start=1):
            at: Block = ("questions.items", block[1], number)
            one = self._known(item, _ITEM, ("id", "text"), at)
            said = {key: self._spoken(one.pop(key), at, key, one.get("id")) for key in _TEXTS if key in one}
            question = {**inherited, **one, "kind": Kind.LIKERT5.value, "matrix": own if isinstance(own, str) else ""}
            self._put_all(question, {**heard, **said})
            self._enter(question, at)


def _flattened(entries: Table, before: str = "", depth: int = 0) -> Table:
    """Nested tables as one, with points in the keys: questions.den.text is written either way."""
    flat: Table = {}
    for key, value in entries.items():
        if isinstance(value, dict) and depth < _DEEPEST_PLACE:
            flat.update(_flattened(value, f"{before}{key}.", depth + 1))
        else:
            flat[before + key] = value
    return flat
