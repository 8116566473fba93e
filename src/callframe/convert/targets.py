"""Where the results of a file go: refused before anything is read, if they can't go there."""

from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from callframe.errors import OutputError
from callframe.read import check_there, paths_of

__all__ = ["Target", "check_targets"]

Target = str | Path | IO[bytes]


def check_targets(source: Any, targets: Mapping[str, Target], *, overwrite: bool) -> None:
    """Refuse what would be refused at the end, when the work is done; a source that isn't there before anything else.

    Args:
        source: what is read: one source or several.
        targets: what is written -> where.
        overwrite: whether files that are there may be replaced.

    Raises:
        InputError: there is no such source.
        OutputError: a path is the source, is named twice, is there and must not be replaced, or can't be written.
    """
    paths = [Path(target) for target in targets.values() if isinstance(target, str | Path)]
    places = [path.resolve() for path in paths]
    reading = [path.resolve() for path in paths_of(source)]
    check_there(source)
    for number, (path, place) in enumerate(zip(paths, places, strict=True)):
        if any(place == path or (place.exists() and path.exists() and place.samefile(path)) for path in reading):
            raise OutputError.same_as_source(str(path))
        if place.is_dir():
            raise OutputError.directory(str(path))
        if not place.parent.is_dir():
            raise OutputError.unwritable(str(path), f"there is no folder {path.parent}")
        special = place.exists() and not place.is_file()
        if place in places[:number] and not special:
            raise OutputError.twice(str(path))
        if place.exists() and not overwrite and not special:
            raise OutputError.exists(str(path))
