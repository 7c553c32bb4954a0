"""Surveys as files: the empty template, and a survey written out to be changed and brought back."""

import asyncio
from typing import Literal, get_args

from starlette.exceptions import HTTPException
from starlette.responses import Response

from surveys.definition import Survey
from surveys.faults import SurveyFaults
from web.console.access import Desk, signed_in
from web.console.preview import looked_at

As = Literal["xlsx", "toml", "xlsform"]
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@signed_in("survey.see")
async def template(_desk: Desk) -> Response:
    """The Excel template, filled with an example."""
    from surveys.sheets.template_writing import write_template

    return _file("mau-phieu.xlsx", await asyncio.to_thread(write_template))


@signed_in("survey.see")
async def written(desk: Desk) -> Response:
    """A ready survey or a version as a file."""
    query = desk.request.query_params
    wanted: As = next((one for one in get_args(As) if one == query.get("dang")), "xlsx")
    tried = await looked_at(desk, query.get("phieu", ""), desk.services.now())
    try:
        data = await asyncio.to_thread(_written, tried.survey, wanted)
    except SurveyFaults:  # what this form of file has no place for
        raise HTTPException(409) from None
    name = f"{tried.survey.id}{'_xlsform' if wanted == 'xlsform' else ''}.{'toml' if wanted == 'toml' else 'xlsx'}"
    return _file(name, data)


def _written(survey: Survey, wanted: As) -> bytes:
    # The writers are only for whoever asks for a file.
    if wanted == "xlsform":
        from surveys.xlsform.writing import write_xlsform

        return write_xlsform(survey)[0]
    if wanted == "xlsx":
        from surveys.sheets.template_writing import write_template

        return write_template(survey)
    from surveys.writing import write_survey

    return write_survey(survey).encode()


def _file(name: str, data: bytes) -> Response:
    saved = f'attachment; filename="{name}"'
    kind = "application/toml" if name.endswith(".toml") else _SHEET
    return Response(data, media_type=kind, headers={"content-disposition": saved})
