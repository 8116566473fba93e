"""The options of the commands, each described once."""

from typing import Annotated

import typer

__all__ = [
    "PART_BYTES",
    "SETTLE",
    "Again",
    "Ambiguous",
    "BaseUrl",
    "CaBundle",
    "Columns",
    "Comment",
    "Counter",
    "Currency",
    "DateOrder",
    "DecimalMark",
    "Dedupe",
    "DryRun",
    "DurationUnit",
    "Encoding",
    "Findings",
    "Force",
    "Goal",
    "Header",
    "Json",
    "MappingName",
    "NoHeader",
    "NoWait",
    "NonExistent",
    "Now",
    "Out",
    "PartBytes",
    "Records",
    "Region",
    "Rejected",
    "ReportPath",
    "Separator",
    "Settle",
    "Sheet",
    "Skipped",
    "Source",
    "SplitByIdentifier",
    "Strict",
    "TimeZone",
    "TokenFile",
]

Source = Annotated[
    list[str], typer.Argument(help="The export, or several: CSV, XLSX, JSON, Parquet, packed or not; - is stdin.")
]
MappingName = Annotated[
    str | None,
    typer.Option("--mapping", help="A ready mapping or a TOML file; without it, suggested from the headers."),
]
TimeZone = Annotated[str | None, typer.Option(help="Zone of times that name none, as Europe/Moscow.")]
Region = Annotated[str | None, typer.Option(help="Country of numbers without a country code, as RU.")]
Currency = Annotated[str | None, typer.Option(help="Currency of prices that name none, as RUB.")]
DateOrder = Annotated[str | None, typer.Option(help="day-first or month-first, for dates as 03/04/2026.")]
DecimalMark = Annotated[str | None, typer.Option(help="'.' or ',', for amounts as 1,234.")]
DurationUnit = Annotated[str | None, typer.Option(help="m:s, h:m, seconds, minutes, …, for durations as 1:35.")]
Ambiguous = Annotated[
    str | None, typer.Option(help="Of a clock time that a zone shows twice: earliest or latest; default: a finding.")
]
NonExistent = Annotated[
    str | None, typer.Option(help="Of a clock time that a zone skips: earliest or latest; default: a finding.")
]
Dedupe = Annotated[
    list[str] | None,
    typer.Option(metavar="COLUMN", help="Rows with the same cell here are one call: the first counts. Repeatable."),
]
Encoding = Annotated[str | None, typer.Option(help="Encoding of the export, as cp1251; default: seen from the file.")]
Separator = Annotated[str | None, typer.Option(help="Separator of the export; default: seen from the file.")]
Header = Annotated[
    int | None, typer.Option(help="Line of the export that holds the column names; default: seen from the file.", min=1)
]
NoHeader = Annotated[bool, typer.Option("--no-header", help="The export has no column names.")]
Columns = Annotated[str | None, typer.Option(help="Column names of an export that has none, as start,caller.")]
Records = Annotated[str | None, typer.Option(help="Path to the list of rows in a JSON export, as data.calls.")]
Sheet = Annotated[str | None, typer.Option(help="Sheet of a workbook by name or number; default: the only filled one.")]
Out = Annotated[str, typer.Option(help="Where accepted rows go; - is stdout.")]
Rejected = Annotated[str, typer.Option(help="Where rejected rows go, as they were, with the reasons.")]
Findings = Annotated[str, typer.Option(help="Where each finding goes: row, column, code, message, severity.")]
Skipped = Annotated[str | None, typer.Option(help="Where skipped rows go, with the reason.")]
ReportPath = Annotated[str | None, typer.Option("--report", help="Where the report goes, as an HTML page.")]
Strict = Annotated[bool, typer.Option("--strict", help="Reject rows for any bad value; exit 3 if any is.")]
Force = Annotated[bool, typer.Option("--force", help="Replace files that are there.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]
Now = Annotated[int | None, typer.Option(help="Unix seconds to take for the present; later calls are rejected.")]
Counter = Annotated[str, typer.Option(help="Number of the counter.")]
Goal = Annotated[str | None, typer.Option(help="Name of the goal that Metrica creates for the calls.")]
Comment = Annotated[
    str | None, typer.Option(help="Letters and digits to find the upload by; other characters are left out.")
]
TokenFile = Annotated[str | None, typer.Option(help="File with the OAuth token; default: METRICA_TOKEN.")]
BaseUrl = Annotated[str | None, typer.Option(help="Where the service is, for a sandbox: http://127.0.0.1:PORT.")]
CaBundle = Annotated[str | None, typer.Option(help="Root certificates of your network.")]
NoWait = Annotated[bool, typer.Option("--no-wait", help="Do not follow the upload to its end.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Look at everything, send nothing.")]
Again = Annotated[
    bool, typer.Option("--again", help="Send a file once more that Metrica has already: its calls then count twice.")
]
PART_BYTES = 200_000_000
SETTLE = 1800
"""What these options are if nobody says; the same as in Python."""
PartBytes = Annotated[int, typer.Option(help="Most bytes of one request; a larger file goes in parts.", min=1)]
SplitByIdentifier = Annotated[
    bool, typer.Option("--split-by-identifier", help="Send rows with ids in different columns in parts of their own.")
]
Settle = Annotated[
    float,
    typer.Option(
        help="Seconds to look for a part whose answer was lost; after that the run ends with exit code 5, outcome "
        "unknown.",
        min=0,
    ),
]
