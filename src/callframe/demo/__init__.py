"""A messy export to try callframe on, and the main job run on it against the sandbox."""

from callframe.demo.export import COLUMNS, messy_export
from callframe.demo.run import run

__all__ = ["COLUMNS", "messy_export", "run"]
