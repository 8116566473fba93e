"""Stage 1, read: an export in any file, or a frame -> RawFrame, all text, rows numbered.

Nothing is parsed and nothing is guessed from values: each cell is the text that stands in the file. What kind of file
it is, is seen from its first bytes; the separator from its first records; anything else is an option of `FileOptions`.
"""

from callframe.read.export import Export, RawFrame, opened, read
from callframe.read.frames import SOURCE_ROW, unique
from callframe.read.options import FileOptions

__all__ = ["SOURCE_ROW", "Export", "FileOptions", "RawFrame", "opened", "read", "unique"]
