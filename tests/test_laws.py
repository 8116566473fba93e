"""The laws of a conversion, for any export."""

import io

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import callframe as cf
from callframe.contract import COLUMNS, DTYPES
from callframe.normalize.texts import present
from callframe.serialize import read_csv, write_csv
from callframe.strategies import NOW, RawExport, call_frames, column_values, raw_exports

JUNK = st.sampled_from(
    ["", "x", "-5", "1.7E+18", "вчера", "31.02.2026 10:00", "8495", "🙂", "\x00", "99999999999999999999999"]
)


@st.composite
def spoiled(draw):
    """A messy export in which any cell may be junk."""
    export: RawExport = draw(raw_exports(max_rows=6))
    cells = {
        name: [draw(JUNK) if draw(st.integers(0, 9)) == 0 else cell for cell in export.raw[name]]
        for name in export.raw.columns
    }
    raw = pl.DataFrame(cells, schema=export.raw.schema)
    return RawExport(raw, export.truth, export.mapping, export.options)


@given(raw_exports())
def test_what_can_be_read_is_read_as_it_was_meant(export):
    result = cf.convert(export.raw, export.mapping, **export.options)

    assert_frame_equal(result.accepted, export.truth)
    assert result.findings.is_empty()


@given(spoiled())
def test_no_row_is_lost_and_none_is_changed(export):
    result = cf.convert(export.raw, export.mapping, **export.options)

    assert result.accepted.height + result.rejected.height + result.skipped.height == export.raw.height
    kept = result.rejected.drop("reasons").vstack(result.skipped.drop("reason"))
    numbered = export.raw.with_row_index("source_row", offset=1).with_columns(pl.col("source_row").cast(pl.Int64))
    as_read = numbered.with_columns(pl.when(pl.col(pl.String) != "").then(pl.col(pl.String)))
    assert_frame_equal(kept, as_read.join(kept, on="source_row", how="semi"), check_row_order=False)


@given(spoiled())
def test_a_value_lost_is_never_a_value_absent(export):
    result = cf.convert(export.raw, export.mapping, **export.options)
    errors = set(result.findings.filter(pl.col("severity") == "error")["source_row"])
    assert errors == set(result.rejected["source_row"])
    assert all(result.rejected["reasons"].list.len() > 0)

    found = set(result.findings.select("source_row", "column").rows())
    given = export.raw.select(present(pl.all())).with_row_index("row", offset=1)
    accepted = given.filter(~pl.col("row").is_in([*errors, *result.skipped["source_row"]]))
    for cells, call in zip(accepted.iter_rows(named=True), result.accepted.iter_rows(named=True), strict=True):
        lost = [name for name in COLUMNS if cells[f"my {name}"] is not None and call[name] is None]
        assert all((cells["row"], name) in found for name in lost), lost


@given(spoiled())
def test_converting_accepted_rows_again_changes_nothing(export):
    accepted = cf.convert(export.raw, export.mapping, **export.options).accepted
    again = cf.convert(accepted, "metrica", now=NOW)

    assert_frame_equal(again.accepted, accepted)


@given(spoiled(), st.integers(0, 6))
def test_converting_a_concatenation_is_concatenating_conversions(export, cut):
    whole = cf.convert(export.raw, export.mapping, **export.options)
    parts = [cf.convert(part, export.mapping, **export.options) for part in (export.raw[:cut], export.raw[cut:])]

    assert_frame_equal(whole.accepted, pl.concat([part.accepted for part in parts]))
    for name in ("rejected", "skipped", "findings"):
        together = pl.concat([getattr(part, name) for part in parts])
        assert_frame_equal(getattr(whole, name).drop("source_row"), together.drop("source_row"))


@given(call_frames())
def test_csv_there_and_back(calls):
    file = io.BytesIO()
    write_csv(calls, file)
    file.seek(0)

    assert_frame_equal(read_csv(file), calls)


@given(call_frames())
def test_a_valid_frame_keeps_the_contract(calls):
    accepted, findings = cf.enforce(calls, now=NOW)

    assert_frame_equal(accepted, calls)
    assert findings.is_empty()


def test_every_column_has_a_strategy():
    assert tuple(column_values()) == COLUMNS == tuple(DTYPES)
