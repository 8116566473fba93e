"""Typed columns -> text that says the same, rows numbered; of any frame there is."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl

from callframe.errors import InputError

__all__ = ["SOURCE_ROW", "as_text", "from_any", "unique"]

SOURCE_ROW = "source_row"

_EXACT = {"Float16": 2**11, "Float32": 2**24, "Float64": 2**53}
"""From here on a float no longer holds every whole number: its last digits are made up."""


def from_any(source: Any) -> pl.LazyFrame | None:
    """The frame that `source` is, or None if it is none: Polars, pandas, a DuckDB relation, anything that speaks Arrow.

    Raises:
        InputError: it is a frame that can't be had in Polars, or a query that fails.
    """
    if isinstance(source, pl.LazyFrame | pl.DataFrame):
        return source.lazy()
    try:
        if any(kind.__module__.partition(".")[0] == "pandas" for kind in type(source).__mro__):
            return _from_pandas(source.to_frame() if source.ndim == 1 else source).lazy()
        if hasattr(source, "rename_columns"):
            source = source.rename_columns(unique(source.schema.names))
        if hasattr(source, "__arrow_c_stream__") or hasattr(source, "__dataframe__"):
            return pl.DataFrame(source).lazy()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, ValueError, TypeError, OverflowError):
        raise InputError.frame(f"{type(source).__module__}.{type(source).__name__}") from None
    except Exception as error:
        # A query of another library, run only now; its words may quote cells.
        raise InputError.query(type(error).__name__) from None
    return None


def as_text(frame: pl.LazyFrame) -> pl.LazyFrame:
    """All columns as text behind `source_row`, kept where the frame brings different whole numbers so named.

    Shape: n rows -> n rows, order kept; a struct gives a column for each field.
    Null: empty text and NaN are null.

    Raises:
        InputError: a column is of a kind that has no text.
    """
    schema = frame.collect_schema()
    number = SOURCE_ROW
    if not (schema.get(SOURCE_ROW, pl.String()).is_integer() and _tells_apart(frame)):
        number = unique([*schema, "row"])[-1]
        frame = frame.with_row_index(number, offset=1)
    schema.pop(number, None)
    cells = [cell for name, dtype in schema.items() for cell in _cells(pl.col(name), name, dtype)]
    names = unique([name for name, _ in cells], SOURCE_ROW)
    row = pl.col(number).cast(pl.Int64).alias(SOURCE_ROW)
    return frame.select(row, *(text.alias(name) for name, (_, text) in zip(names, cells, strict=True)))


def _tells_apart(frame: pl.LazyFrame) -> bool:
    """Whether row numbers that a frame brings are there in every row, and different."""
    number = pl.col(SOURCE_ROW)
    told = frame.select(number.null_count() == 0, (number.n_unique() == pl.len()).alias("different"))
    return all(told.collect(engine="streaming").row(0))


def unique(names: Iterable[object], *taken: str) -> list[str]:
    """The names as text, made to differ from each other and from those taken: repeats become `name (2)`."""
    given = [str(name) for name in names]
    known = {*taken, *given}
    seen = Counter(taken)
    result = []
    for name in given:
        seen[name] += 1
        new = name
        while seen[name] > 1 and (new := f"{name} ({seen[name]})") in known:
            seen[name] += 1
        known.add(new)
        result.append(new)
    return result


def _from_pandas(frame: Any) -> pl.DataFrame:
    """A pandas frame, an index with a name as columns before the others."""
    named = frame.index.to_frame(index=False) if any(name is not None for name in frame.index.names) else None
    columns = [] if named is None else [named.iloc[:, i] for i in range(named.shape[1])]
    columns += [frame.iloc[:, i] for i in range(frame.shape[1])]
    names = unique(column.name for column in columns)
    return pl.DataFrame([_pandas_column(name, column) for name, column in zip(names, columns, strict=True)])


def _pandas_column(name: str, column: Any) -> pl.Series:
    """One column; one of mixed Python objects or of a kind that is pandas' own is written out cell by cell."""
    if column.dtype.kind == "O" and str(column.dtype) not in ("str", "string", "category"):
        values = zip(column, column.isna(), strict=True)
        return pl.Series(name, [None if missing else _object(value) for value, missing in values], dtype=pl.String)
    return pl.Series(name, column)


def _object(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ", ".join(map(_object, value))
    if not isinstance(value, float):
        return str(value)
    if abs(value) >= _EXACT["Float64"]:
        return f"{value:.15e}"
    return str(int(value) if value.is_integer() else value)


def _cells(value: pl.Expr, name: str, dtype: pl.DataType) -> Iterator[tuple[str, pl.Expr]]:
    """Name and text of a column; of each field, if it is a struct."""
    if isinstance(dtype, pl.Struct):
        for field in dtype.fields:
            inner = field.dtype() if isinstance(field.dtype, type) else field.dtype
            yield from _cells(value.struct.field(field.name), f"{name}.{field.name}", inner)
    else:
        text = _text(value, dtype)
        if text is None:
            raise InputError.without_text(name, dtype)
        yield name, pl.when(text.str.len_bytes() > 0).then(text)


def _text(value: pl.Expr, dtype: pl.DataType) -> pl.Expr | None:
    if dtype.is_float():
        return _float(value, dtype)
    if isinstance(dtype, pl.Datetime):
        if dtype.time_zone is None:
            return value.dt.strftime("%Y-%m-%dT%H:%M:%S%.f")
        return value.dt.convert_time_zone("UTC").dt.strftime("%Y-%m-%dT%H:%M:%S%.fZ")
    if isinstance(dtype, pl.Duration):
        return _seconds(value)
    if isinstance(dtype, pl.Array):
        return _text(value.arr.to_list(), pl.List(dtype.inner))
    if isinstance(dtype, pl.List):
        return _list(value, dtype)
    if dtype in (pl.Object, pl.Unknown) or isinstance(dtype, pl.BaseExtension):
        return None
    return value.cast(pl.String)


def _seconds(value: pl.Expr) -> pl.Expr:
    """A bare number of seconds; one with a fraction names its unit."""
    whole, exact = value.dt.total_seconds(), value.dt.total_microseconds()
    parted = pl.format("{} s", exact / 1_000_000)
    return pl.when(exact == whole * 1_000_000).then(whole.cast(pl.String)).otherwise(parted)


def _list(value: pl.Expr, dtype: pl.List) -> pl.Expr | None:
    inner = dtype.inner() if isinstance(dtype.inner, type) else dtype.inner
    item = pl.element().struct.json_encode() if isinstance(inner, pl.Struct) else _text(pl.element(), inner)
    return None if item is None else value.list.eval(item).list.join(", ", ignore_nulls=True)


def _float(value: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Digits where the float is exact, powers of ten where it is too large to be: `1.7e+18`, never a made-up digit."""
    limit = _EXACT[str(dtype)]
    text = value.cast(pl.String)
    digits = value.abs().cast(pl.String).str.strip_suffix(".0")
    rounded = (digits.str.head(1) + "." + digits.str.slice(1).str.strip_chars_end("0")).str.strip_chars_end(".")
    sign = pl.when(value < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    power = pl.format("{}{}e+{}", sign, rounded, digits.str.len_chars() - 1)
    return (
        pl.when(value.is_nan())
        .then(None)
        .when((value.abs() < limit) & (value == value.round()))
        .then(value.cast(pl.Float64).cast(pl.Int64, strict=False).cast(pl.String))
        .when((value.abs() >= limit) & text.str.contains(r"^-?[0-9]+\.0$"))
        .then(power)
        .otherwise(text)
    )
