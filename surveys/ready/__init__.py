"""Questionnaires that come with the program, each a survey file beside this one."""

from importlib import resources

from surveys.definition import Survey
from surveys.reading import read_survey

_SUFFIX = ".toml"


def ready_names() -> tuple[str, ...]:
    """The names of the ready questionnaires, sorted."""
    files = (entry.name for entry in resources.files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in files if name.endswith(_SUFFIX)))


def ready(name: str) -> Survey:
    """A ready questionnaire; KeyError where there is none of that name."""
    if name not in ready_names():
        raise KeyError(name)
    file = name + _SUFFIX
    return read_survey(resources.files(__name__).joinpath(file).read_bytes(), file)
