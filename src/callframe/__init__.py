"""Messy phone call exports in, calls in Yandex Metrica out.

import callframe as cf

raw = cf.read("export.csv")                        # every cell as text, rows numbered
mapping = cf.Mapping.suggest(raw)                  # which column is what; or .load("calltouch"), .load("my.toml")
result = cf.convert(raw, mapping, time_zone="Europe/Moscow", region="RU", currency="RUB")
cf.report(result)                                  # what was accepted, what was set aside and why
client = cf.Metrica(counter=123, token="…")        # or the token in METRICA_TOKEN
client.wait(client.upload(result.accepted))        # sent once, followed to its end
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from callframe import normalize
from callframe.errors import (
    Ambiguous,
    CallframeError,
    ContractError,
    InputError,
    MappingError,
    OptionError,
    OutputError,
    UploadError,
)

if TYPE_CHECKING:
    from callframe import strategies as strategies
    from callframe.contract import CallRow, enforce
    from callframe.convert import Conversion, FileConversion, convert, convert_file
    from callframe.mapping import Mapping
    from callframe.metrica import Metrica, Upload
    from callframe.read import FileOptions, RawFrame, read
    from callframe.report import report
    from callframe.sandbox import Sandbox as Sandbox
    from callframe.serialize import write_csv

__all__ = [
    "Ambiguous",
    "CallRow",
    "CallframeError",
    "ContractError",
    "Conversion",
    "FileConversion",
    "FileOptions",
    "InputError",
    "Mapping",
    "MappingError",
    "Metrica",
    "OptionError",
    "OutputError",
    "RawFrame",
    "Upload",
    "UploadError",
    "convert",
    "convert_file",
    "enforce",
    "normalize",
    "read",
    "report",
    "write_csv",
]

_EXTRAS = ("Sandbox", "strategies")
"""Names that need an extra, so that `import *` works without."""

# Pandera, requests and what else takes long to import wait until a name that needs them is used.
_HOMES = {
    "CallRow": "contract",
    "Conversion": "convert",
    "FileConversion": "convert",
    "FileOptions": "read",
    "Mapping": "mapping",
    "Metrica": "metrica",
    "RawFrame": "read",
    "Sandbox": "sandbox",
    "Upload": "metrica",
    "convert": "convert",
    "convert_file": "convert",
    "enforce": "contract",
    "read": "read",
    "report": "report",
    "write_csv": "serialize",
}


class _Package(ModuleType):
    """The package; its functions `read`, `convert` and `report` stand before the modules of these names."""

    def __setattr__(self, name: str, value: object) -> None:
        # The import system binds a submodule in its package when it is first imported; the function has that name.
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


def __getattr__(name: str) -> Any:
    if name == "strategies":
        return import_module("callframe.strategies")
    if name not in _HOMES:
        raise AttributeError(f"module 'callframe' has no attribute {name!r}")
    value = getattr(import_module(f"callframe.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted((*__all__, *_EXTRAS))


sys.modules[__name__].__class__ = _Package
