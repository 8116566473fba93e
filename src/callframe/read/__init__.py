"""Stage 1, read: an export in any file or files, or a frame -> RawFrame, all text, rows numbered.

No cell is parsed: each is the text that stands in the file. What kind of file it is, is seen from its first bytes; the
encoding from all of it; separator and names from the first records. What can't be seen is asked for, and the question
names the option of `FileOptions` that answers it.
"""

from callframe.read.export import Export
from callframe.read.frames import SOURCE_ROW, unique
from callframe.read.opening import opened, read
from callframe.read.options import FileOptions
from callframe.read.origin import Origin
from callframe.read.places import check_there, paths_of
from callframe.read.raw import RawFrame
from callframe.read.several import own

__all__ = [
    "SOURCE_ROW",
    "Export",
    "FileOptions",
    "Origin",
    "RawFrame",
    "check_there",
    "opened",
    "own",
    "paths_of",
    "read",
    "unique",
]
