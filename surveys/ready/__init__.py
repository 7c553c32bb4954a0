"""Questionnaires that come with the program, each a survey file beside this one."""

from importlib import resources

from surveys.definition import Survey
from surveys.reading import read_survey

_SUFFIX = ".toml"


def ready_names() -> tuple[str, ...]:
    """The names of the ready questionnaires, sorted."""
    files = (entry.name for entry in resources.files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in files if name.endswith(_SUFFIX)))


def ready_file(name: str) -> bytes:
    """The survey file of a ready questionnaire; KeyError where there is none of that name."""
    if name not in ready_names():
        raise KeyError(name)
    return resources.files(__name__).joinpath(name + _SUFFIX).read_bytes()


def ready(name: str) -> Survey:
    """A ready questionnaire; KeyError where there is none of that name."""
    return read_survey(ready_file(name), name + _SUFFIX)
