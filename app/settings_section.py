"""What every section of the settings is: nothing unknown in it, and nobody changes it."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """One section of the file: `[name]`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
