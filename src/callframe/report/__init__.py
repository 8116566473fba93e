"""Views: a conversion or an upload for people, as text and as HTML."""

from typing import TYPE_CHECKING, Union, overload

from callframe.convert import Conversion, FileConversion
from callframe.report.conversion import Report, of_conversion

if TYPE_CHECKING:
    from callframe.metrica.models import Upload
    from callframe.report.upload import UploadReport

__all__ = ["Report", "report"]


@overload
def report(result: Conversion | FileConversion) -> Report: ...
@overload
def report(result: "Upload") -> "UploadReport": ...
def report(result: Union[Conversion, FileConversion, "Upload"]) -> Union[Report, "UploadReport"]:
    """What became of an export or of an upload, for people: print it, show it in a notebook, or save it as a page.

    Args:
        result: what `convert` or `convert_file` gave; or what `Metrica.upload`, `wait` or `status` gave.

    >>> import polars as pl
    >>> from callframe.convert import convert
    >>> raw = pl.DataFrame({"ClientId": ["17"], "DateTime": ["03.04.2026 9:05"]})
    >>> print(str(report(convert(raw, "metrica", time_zone="Europe/Moscow", now=1775300000))).splitlines()[0])
    1 rows read = 1 accepted + 0 rejected + 0 skipped; 0 warnings
    >>> from callframe.metrica import Upload
    >>> print(str(report(Upload(7, "PROCESSED", 20, 18, 0, 18, rows_sent=20))).splitlines()[0])
    20 rows sent = 20 read by Metrica ≠ 18 taken; PROCESSED
    """
    if isinstance(result, (Conversion, FileConversion)):
        return of_conversion(result)
    from callframe.report.upload import UploadReport  # it loads the client

    return UploadReport(result)
