"""Questions of a form, made one by one in the order of the sheet."""

import re

import msgspec

from surveys.checking_questions import MAX_CHOICES
from surveys.definition import SILENT, TELLING, Kind, Question
from surveys.faults import Fault
from surveys.wording import labels
from surveys.writing_out import OTHER
from surveys.xlsform.bounds import Bounds, bounds_of
from surveys.xlsform.choices import ChoiceList, Lists
from surveys.xlsform.columns import Table
from surveys.xlsform.expressions import Expressions
from surveys.xlsform.groups import Groups, Said
from surveys.xlsform.names import question_ids
from surveys.xlsform.rows import Draft, Rows, flag
from surveys.xlsform.scope import Field
from surveys.xlsform.selects import field_of, kind_of_select, scale_of
from surveys.xlsform.specifying import OTHER_NAME, choice_asked_for, with_other, words_of
from surveys.xlsform.spoken import joined
from surveys.xlsform.texts import Texts

_PARAMETER = re.compile(r"([A-Za-z_-]+)\s*=\s*([^\s,;]+)")
_RANGE = {"start": ("min", 1.0), "end": ("max", 10.0), "step": ("step", 1.0)}
"""Parameters of a range with what holds where they are not given (xlsform.org/en/#range)."""
_UNJUDGED = SILENT | TELLING | {Kind.RANK, Kind.ACKNOWLEDGE}
_CHOOSING = frozenset({Kind.SINGLE, Kind.MULTIPLE, Kind.RANK})


class Built(msgspec.Struct, kw_only=True):
    """A question with its other languages by key ("text", "choices.<id>"), and where its parts stand."""

    question: Question
    draft: Draft
    spoken: dict[str, Said]
    rows: dict[int, int]
    """Rows of the sheet choices by the number of the choice, from 1."""


class Builder:
    """Knows the whole form while its questions are made."""

    def __init__(
        self, table: Table, rows: Rows, lists: Lists, texts: Texts, faults: list[Fault], remarks: list[Fault]
    ) -> None:
        self._table = table
        self._drafts = rows.drafts
        self._lists = lists
        self._texts = texts
        self._faults = faults
        self._remarks = remarks
        self._language = texts.languages.own
        self._matrix_ids: dict[int, str] = {}
        self.ids = self._ids()
        texts.names, texts.broken = self._shown(rows.silent)
        first = {draft.name: draft.row for draft in reversed(rows.drafts)}
        self._expressions = Expressions(table, faults, rows.silent, first)
        self.groups = Groups(table, texts, self._expressions)
        self._built: list[Built] = []

    def build(self) -> list[Built]:
        """Every question, faults entered; a question at fault stands as far as it could be read."""
        for draft in self._drafts:
            if self._specifies(draft):
                continue
            self._question(draft)
            if draft.type.other:
                self._add_other()
        self._defaults()
        return self._built

    def _ids(self) -> dict[str, str]:
        """The id of every question by its key; those of tables beside them."""
        keys = [draft.key for draft in self._drafts]
        heads = {
            draft.head or (draft.group.row if draft.group and (draft.group.table or draft.group.together) else 0)
            for draft in self._drafts
        }
        tables: dict[int, str] = {}
        for row in sorted(heads - {0}):
            name = self._table.cell(row, "name") or "table"
            tables[row] = f"{name} {row}" if name in keys or name in tables.values() else name
        ids = question_ids([*keys, *tables.values()])
        self._matrix_ids = {row: ids[key] for row, key in tables.items()}
        for draft in self._drafts:
            id = ids[draft.key]
            if id != draft.name:
                place = self._table.place(draft.row, "name")
                self._remarks.append(Fault("xlsform.renamed", place, {"found": draft.name, "id": id}))
        return ids

    def _shown(self, silent: dict[str, str]) -> tuple[dict[str, str], frozenset[str]]:
        """The ids of questions by the names that texts can show them under, and names that are faults already."""
        names = {draft.name: self.ids[draft.key] for draft in self._drafts if draft.name not in silent}
        names |= {draft.name + OTHER: self.ids[draft.key] + OTHER for draft in self._drafts if draft.type.other}
        return names, frozenset(name for name, what in silent.items() if what == "unsupported")

    # --- one question ------------------------------------------------------------------------------------------------

    def _question(self, draft: Draft) -> None:
        table, row, id = self._table, draft.row, self.ids[draft.key]
        options = self._options(draft)
        kind = draft.kind
        if kind is Kind.SINGLE and options is not None and self._scaled(draft):
            kind = kind_of_select(options, draft.appearance, self._language)
        spoken: dict[str, Said] = {}
        text, spoken["text"] = self._label(draft, kind)
        hint, spoken["hint"] = self._texts.of(table, row, "hint")
        if hint == text:
            hint, spoken["hint"] = "", {}
        section, spoken["section"] = self.groups.section(draft)
        audio, spoken["audio"] = ("", {}) if kind is Kind.CALCULATED else self._texts.of(table, row, "audio")
        question = Question(
            id=id,
            kind=kind,
            text=text,
            hint="" if kind is Kind.CALCULATED else hint,
            section=section,
            audio=audio,
            required=self._required(row, kind),
            show_if=joined([*self.groups.conditions(draft.group), self._expressions.condition(row, "relevant")]),
        )
        built = Built(question=question, draft=draft, spoken=spoken, rows={})
        self._built.append(built)
        self._of_kind(built, kind, options)
        if kind is not Kind.CALCULATED:
            field = field_of(id, kind, row, options, other=draft.type.other) if kind is not Kind.NOTE else None
            if field is not None:
                if draft.type.list and options is None:
                    self._expressions.give_up(draft.name)
                self._constraint(built, field)
                self._expressions.add(draft.name, field)

    def _scaled(self, draft: Draft) -> bool:
        return not draft.type.other and not self._table.cell(draft.row, "choice_filter")

    def _options(self, draft: Draft) -> ChoiceList | None:
        if not draft.type.list:
            return None
        options = self._lists.get(draft.type.list)
        if options is None:
            place = self._table.place(draft.row, "type")
            code = "xlsform.list_unknown" if self._lists.names else "xlsform.list_none"
            code = "xlsform.list_of_answers" if draft.type.list.startswith("${") else code
            known = ", ".join(self._lists.names[:12])
            self._faults.append(Fault(code, place, {"list": draft.type.list, "known": known}))
        return options

    def _label(self, draft: Draft, kind: Kind) -> tuple[str, Said]:
        text, others = self._texts.of(self._table, draft.row, "label")
        if kind is Kind.CALCULATED:
            return "", {}
        if not text:
            text, others = self._texts.of(self._table, draft.row, "hint")
        if not text:
            place = self._table.place(draft.row, "label", self._language)
            self._faults.append(Fault("xlsform.no_label", place, {"name": draft.name}))
        return text, others

    def _required(self, row: int, kind: Kind) -> bool:
        required = flag(self._table.cell(row, "required"))
        if kind in SILENT:
            return False
        if required is None:
            self._faults.append(Fault("xlsform.required", self._table.place(row, "required")))
        return bool(required)

    def _of_kind(self, built: Built, kind: Kind, options: ChoiceList | None) -> None:
        """What only questions of that kind have."""
        draft = built.draft
        if kind is Kind.LIKERT5 and options is not None:
            self._likert(built, options)
        elif kind in _CHOOSING and options is not None:
            self._choices(built, options)
        elif kind is Kind.CALCULATED:
            self._calculated(built)
        elif kind is Kind.RANGE:
            self._range(built)
        parameters = self._table.cell(draft.row, "parameters")
        if parameters and kind is not Kind.RANGE:
            place = self._table.place(draft.row, "parameters")
            self._remarks.append(Fault("xlsform.decoration", place, {"column": "parameters"}))

    def _likert(self, built: Built, options: ChoiceList) -> None:
        scale = scale_of(options, self._language)
        self._replace(built, no_opinion=scale.no_opinion, not_applicable=scale.not_applicable)
        built.spoken["not_applicable"] = scale.not_applicable_others
        if scale.relabelled:
            place = self._table.place(built.draft.row, "type")
            self._remarks.append(Fault("xlsform.likert_labels", place, {"list": options.name}))

    def _choices(self, built: Built, options: ChoiceList) -> None:
        if len(options.options) > MAX_CHOICES:
            # Whole registers of communes stand in some lists; they are not looked through for every question.
            count = str(len(options.options))
            place = self._table.place(built.draft.row, "type")
            self._faults.append(Fault("choices.too_many", place, {"count": count, "most": str(MAX_CHOICES)}))
            return
        cells = {option.name: option.columns for option in options.options}
        show_if, dropped = self._expressions.filters(built.draft.row, cells)
        choices = options.choices(show_if, dropped)
        self._remarks.extend(self._lists.renamed(options))
        self._replace(built, choices=choices)
        by_id = {options.ids[option.name]: option for option in options.options}
        built.rows = {number: by_id[choice.id].row for number, choice in enumerate(choices, start=1)}
        built.spoken |= {f"choices.{choice.id}": by_id[choice.id].others for choice in choices}

    def _calculated(self, built: Built) -> None:
        draft = built.draft
        value, field = self._expressions.value(draft.row, built.question.id)
        if not self._table.cell(draft.row, "calculation"):
            self._faults.append(Fault("xlsform.no_calculation", self._table.place(draft.row, "calculation")))
        if field is None:
            self._expressions.give_up(draft.name)
        else:
            self._expressions.add(draft.name, field)
        # What is at fault stands as a number, so that the rules of surveys have nothing more to say of it.
        self._replace(built, value=value or "0")

    def _range(self, built: Built) -> None:
        text = self._table.cell(built.draft.row, "parameters")
        given = {name.lower(): value for name, value in _PARAMETER.findall(text)}
        limits: dict[str, float] = {}
        for name, (key, usual) in _RANGE.items():
            try:
                limits[key] = float(given.pop(name, usual))
            except ValueError:
                place = self._table.place(built.draft.row, "parameters")
                self._faults.append(Fault("xlsform.parameter", place, {"name": name}))
        if given or (text and not _PARAMETER.search(text)):
            place = self._table.place(built.draft.row, "parameters")
            self._faults.append(Fault("xlsform.parameter", place, {"name": ", ".join(given) or text}))
        if len(limits) == len(_RANGE):
            self._replace(built, min=limits["min"], max=limits["max"], step=limits["step"])

    def _constraint(self, built: Built, own: Field) -> None:
        row, kind = built.draft.row, built.question.kind
        node = self._expressions.parsed_constraint(row)
        message, others = self._texts.of(self._table, row, "constraint_message")
        if node is None:
            return
        if kind in _UNJUDGED:
            self._faults.append(Fault("xlsform.no_constraint", self._table.place(row, "constraint")))
            return
        # A message of the form's own goes with the whole constraint; without one, our words name the limits.
        bounds = Bounds(rest=(node,)) if message else bounds_of(node, kind)
        ids = {own.ids[name] for name in bounds.alone if name in own.ids}
        choices = tuple(msgspec.structs.replace(c, exclusive=c.id in ids) for c in built.question.choices)
        constraint = self._expressions.constraint(row, bounds.rest, own) if bounds.rest else ""
        self._replace(built, constraint=constraint, constraint_message=message if constraint else "", choices=choices)
        for key, limit in (("min", bounds.min), ("max", bounds.max)):
            if limit is not None:
                self._replace(built, **{key: limit})
        built.spoken["constraint_message"] = others if constraint else {}

    # --- "Khác (ghi rõ)" ---------------------------------------------------------------------------------------------

    def _add_other(self) -> None:
        """or_other, which pyxform writes out too: a choice "other", and a question <name>_other."""
        built = self._built[-1]
        if built.question.choices:
            self._with_words(built, OTHER_NAME, built.draft, {})
            self._enter_text(built.draft.name + OTHER, built.question.id + OTHER, built.draft.row)

    def _with_words(self, built: Built, chosen: str, draft: Draft, said: Said) -> None:
        """Marks the choice and writes out the question for its words."""
        built.question = with_other(built.question, chosen, self._language)
        asking, known = words_of(built.question, chosen, self._texts.languages)
        spoken = {"text": known | said, "section": built.spoken.get("section", {})}
        self._built.append(Built(question=asking, draft=draft, spoken=spoken, rows={}))

    def _specifies(self, draft: Draft) -> bool:
        """Whether the row is the question for the words of a choice of the one before it, and nothing but that."""
        before = self._built[-1] if self._built else None
        if before is None or draft.kind is not Kind.TEXT or draft.key != before.draft.key + OTHER:
            return False
        own, cell, row = before.question, self._table.cell, draft.row
        bare = not any(cell(row, name) for name in ("constraint", "required", "hint", "audio", "default"))
        if own.kind not in {Kind.SINGLE, Kind.MULTIPLE} or not bare or draft.group != before.draft.group:
            return False
        options = self._lists.get(before.draft.type.list)
        name = choice_asked_for(cell(row, "relevant"), before.draft.name)
        text = cell(row, "label", self._language) or cell(row, "label")
        if options is None or name not in options.ids or text != labels(self._language).specify:
            return False
        _, others = self._texts.of(self._table, row, "label")
        self._with_words(before, options.ids[name], draft, others)
        self.ids[draft.key] = own.id + OTHER
        self._enter_text(draft.name, own.id + OTHER, row)
        return True

    def _enter_text(self, name: str, id: str, row: int) -> None:
        self._expressions.add(name, field_of(id, Kind.TEXT, row, None))

    def matrix_id(self, row: int) -> str:
        """The id of the table that stands there."""
        return self._matrix_ids[row]

    def _defaults(self) -> None:
        """A value filled in beforehand is left out: the person answers; what nobody is asked cannot be without it."""
        for draft in self._drafts:
            if self._table.cell(draft.row, "default"):
                place = self._table.place(draft.row, "default")
                if draft.name in self._expressions.looked_at and draft.kind in SILENT:
                    self._faults.append(Fault("xlsform.default_used", place, {"name": draft.name}))
                else:
                    self._remarks.append(Fault("xlsform.default", place))

    def _replace(self, built: Built, **changes: object) -> None:
        built.question = msgspec.structs.replace(built.question, **changes)
