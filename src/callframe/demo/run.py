"""The main job, start to end, on the demo's export, against a sandbox that lives as long as the demo."""

from collections.abc import Callable
from pathlib import Path

import polars as pl

from callframe.convert import convert_file
from callframe.demo.export import messy_export
from callframe.metrica import Metrica
from callframe.report import report
from callframe.sandbox import Sandbox

__all__ = ["run"]


def run(folder: Path, rows: int = 300, *, say: Callable[..., None] = print) -> None:
    """Make the export, convert it, upload it to a sandbox on a free port, wait until it is processed, stop the sandbox.

    Files of an earlier demo in `folder` are replaced.

    Args:
        folder: where the files go; made if it is not there.
        rows: number of calls.
        say: prints lines for people.
    """
    folder.mkdir(parents=True, exist_ok=True)
    export, calls = folder / "export.csv", folder / "calls.csv"
    export.write_bytes(messy_export(rows))
    say(f"1. A messy export, as call trackers write them: {export}", "", *_excerpt(export), "")

    result = convert_file(
        export,
        out=calls,
        rejected=folder / "rejected.csv",
        findings=folder / "findings.csv",
        skipped=folder / "skipped.csv",
        time_zone="Europe/Moscow",
        region="RU",
        currency="RUB",
    )
    shown = report(result)
    shown.save(folder / "report.html")
    say("2. Converted:", "", *(f"   {line}".rstrip() for line in str(shown).splitlines()), "")

    with Sandbox(pace=0.2) as box:
        client = Metrica(box.counter, token=box.token, base_url=box.base_url)
        upload = client.wait(client.upload(calls, goal="Звонок", comment="callframe demo"))
        say(f"3. Sent to a local Metrica at {box.base_url}, counter {box.counter}:", "")
        say(f"   upload {upload.id} is {upload.status}: {upload.rows_sent} rows sent, {upload.line_quantity} taken", "")
    say("4. What Metrica took, first rows:", "", *(f"   {line}" for line in _taken(calls)), "")
    say("5. The files:", "", *(f"   {path}" for path in sorted(folder.iterdir())), "")


def _excerpt(export: Path) -> list[str]:
    lines = export.read_text(encoding="utf-8-sig").splitlines()[:6]
    return [f"   {line[:108]}…" for line in lines]


def _taken(calls: Path) -> list[str]:
    columns = ["ClientId", "DateTime", "Price", "Currency", "PhoneNumber", "TalkDuration", "CallMissed"]
    table = pl.read_csv(calls, infer_schema=False, columns=columns, n_rows=5)
    with pl.Config(
        tbl_hide_dataframe_shape=True,
        tbl_hide_column_data_types=True,
        tbl_formatting="NOTHING",
        tbl_width_chars=120,
        tbl_cols=7,
    ):
        return str(table.fill_null("")).splitlines()
