"""Stages 2 to 4: raw rows -> accepted, rejected, skipped, and findings on them."""

from callframe.convert.conversion import Conversion, convert
from callframe.convert.files import FileConversion, convert_file

__all__ = ["Conversion", "FileConversion", "convert", "convert_file"]
