"""Stages 2 to 4: raw rows -> accepted, rejected, skipped, and findings on them."""

from callframe.convert.conversion import Conversion, convert
from callframe.convert.files import FileConversion, convert_file
from callframe.convert.targets import check_targets

__all__ = ["Conversion", "FileConversion", "check_targets", "convert", "convert_file"]
