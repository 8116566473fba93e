"""Every public name as users annotate it: type-checked, never run."""

from pathlib import Path

import polars as pl

import callframe as cf


def the_main_job(path: Path) -> str:
    raw: cf.RawFrame = cf.read(path)
    mapping: cf.Mapping = cf.Mapping.suggest(raw)
    result: cf.Conversion = cf.convert(raw, mapping, time_zone="Europe/Moscow", region="RU", currency="RUB")
    done: cf.FileConversion = cf.convert_file(path, mapping, out="calls.csv", file=cf.FileOptions(separator=";"))
    cf.report(done).save("report.html")
    cf.write_csv(result.accepted, "calls.csv")
    client = cf.Metrica(counter=123, token_file="token")
    upload: cf.Upload = client.wait(client.upload(result.accepted, goal="Звонок"))
    cf.report(upload).save("upload.html")
    return upload.status


def the_parts(frame: pl.DataFrame) -> pl.DataFrame:
    accepted, findings = cf.enforce(frame)
    checked = cf.CallRow.validate(accepted)
    phones = checked.select(cf.normalize.phones.e164(pl.col("PhoneNumber"), region="RU"))
    with cf.Sandbox() as box:
        assert box.base_url
        assert findings.height >= 0
    return phones


def the_errors() -> tuple[type[Exception], ...]:
    return (
        cf.Ambiguous,
        cf.CallframeError,
        cf.ContractError,
        cf.InputError,
        cf.MappingError,
        cf.OptionError,
        cf.OutputError,
        cf.UploadError,
    )


def the_strategies() -> None:
    cf.strategies.call_frames()
    cf.strategies.raw_exports()
