"""Tables of a form (appearance table-list, or label and list-nolabel) as matrices, where ours can be that."""

from itertools import groupby

import msgspec

from surveys.definition import Kind
from surveys.faults import Fault
from surveys.xlsform.building import Builder, Built
from surveys.xlsform.columns import Table

_LEAST = 1


def as_matrices(built: list[Built], builder: Builder, table: Table, remarks: list[Fault]) -> None:
    """Gives the items of every table of likert5 rows their matrix and its text; other tables stay single questions.

    Rows of likert5 alone on one page (field-list) are a table too: that is how one with several lists is written.
    """
    for (group_row, head), run in groupby(built, key=_table_of):
        items = list(run)
        if not group_row and not head:
            continue
        if _is_matrix(items, builder, head or group_row):
            _make(items, builder, head or group_row)
        elif head or (items[0].draft.group and items[0].draft.group.table):
            remarks.append(Fault("xlsform.table_apart", table.place(head or group_row, "type")))


def _table_of(built: Built) -> tuple[int, int]:
    group = built.draft.group
    return (group.row if group and (group.table or group.together) else 0), built.draft.head


def _is_matrix(items: list[Built], builder: Builder, row: int) -> bool:
    """Rows of one scale under one condition, with a text above them."""
    questions = [one.question for one in items]
    return (
        bool(builder.groups.heading(row)[0])
        and all(one.kind is Kind.LIKERT5 and not one.constraint and not one.other_of for one in questions)
        and len({(one.show_if, one.hint) for one in questions}) == _LEAST
        and len({str(one.spoken.get("hint")) for one in items}) == _LEAST
    )


def _make(items: list[Built], builder: Builder, row: int) -> None:
    stem, others = builder.groups.heading(row)
    first = items[0].draft
    section, section_others = builder.groups.section(first, but=row)
    id = builder.matrix_id(row)
    for one in items:
        one.question = msgspec.structs.replace(one.question, matrix=id, stem=stem, section=section)
        one.spoken |= {"stem": others, "section": section_others}
