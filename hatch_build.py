"""Build hook of the wheel: catalogues are compiled on the way in, because git keeps only their .po."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Catalogues(BuildHookInterface):
    """Adds every compiled catalogue to the files of the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and name the results: hatchling leaves out what .gitignore names unless told."""
        if version == "editable":
            return  # `make setup` compiles them in place
        root = Path(self.root)
        sys.path.insert(0, self.root)
        from app.catalogues import compile_catalogues

        build_data["artifacts"] += [f"/{path.relative_to(root)}" for path in compile_catalogues(root)]
