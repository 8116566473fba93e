"""Workbooks for tests, in memory: each kind by a well-kept writer, XLSB by hand since there is none."""

import datetime as dt
import io
import struct
import zipfile

import odf.opendocument
import odf.table
import odf.text
import xlsxwriter
import xlwt

__all__ = ["ods", "xls", "xlsb", "xlsx"]


def xlsx(*sheets, write=None, **options):
    """Sheets of rows; a cell is a value, or a value and its number format."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True, "strings_to_urls": False, **options}) as book:
        for number, (title, rows) in enumerate(_titled(sheets)):
            sheet = book.add_worksheet(title)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    value, *form = cell if isinstance(cell, tuple) else (cell,)
                    if value is not None:
                        sheet.write(row, column, value, *(book.add_format({"num_format": one}) for one in form))
            if write and number == 0:
                write(book, sheet)
    return data.getvalue()


def xls(*sheets, write=None, dates_1904=False):
    """The same in the old format."""
    book = xlwt.Workbook(encoding="utf-8")
    book.dates_1904 = dates_1904
    for title, rows in _titled(sheets):
        sheet = book.add_sheet(title)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                value, *form = cell if isinstance(cell, tuple) else (cell,)
                if isinstance(value, dt.timedelta):
                    value /= dt.timedelta(days=1)
                if value is not None:
                    sheet.write(row, column, value, *(xlwt.easyxf(num_format_str=one) for one in form))
        if write and title == _titled(sheets)[0][0]:
            write(book, sheet)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def ods(*rows):
    """One sheet; a cell is text, or the attributes of a cell."""
    book = odf.opendocument.OpenDocumentSpreadsheet()
    sheet = odf.table.Table(name="Звонки")
    book.spreadsheet.addElement(sheet)
    for cells in rows:
        row = odf.table.TableRow()
        sheet.addElement(row)
        for value in cells:
            kind = value if isinstance(value, dict) else {"valuetype": "string"}
            cell = odf.table.TableCell(**kind)
            if isinstance(value, str):
                cell.addElement(odf.text.P(text=value))
            row.addElement(cell)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def xlsb(*rows):
    """One sheet of texts, numbers and booleans."""
    sheet = _record(0x81) + _record(0x94, struct.pack("<4I", 0, len(rows) - 1, 0, 10)) + _record(0x91)
    for number, cells in enumerate(rows):
        sheet += _record(0x00, struct.pack("<IIHBBBI", number, 0, 300, 0, 0, 0, 0))
        for column, value in enumerate(cells):
            place = struct.pack("<II", column, 0)
            if isinstance(value, str):
                sheet += _record(0x06, place + _wide(value))
            elif isinstance(value, bool):
                sheet += _record(0x04, place + bytes([value]))
            else:
                sheet += _record(0x05, place + struct.pack("<d", value))
    bundle = struct.pack("<II", 0, 1) + _wide("rId1") + _wide("Звонки")
    book = _record(0x83) + _record(0x99, bytes(12)) + _record(0x8F) + _record(0x9C, bundle) + _record(0x90)
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": _link("officeDocument", "xl/workbook.bin"),
        "xl/workbook.bin": book + _record(0x9D, bytes(26)) + _record(0x84),
        "xl/_rels/workbook.bin.rels": _link("worksheet", "worksheets/sheet1.bin"),
        "xl/worksheets/sheet1.bin": sheet + _record(0x92) + _record(0x82),
    }
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    return data.getvalue()


def _titled(sheets):
    return [sheet if isinstance(sheet, tuple) else (f"Лист{n}", sheet) for n, sheet in enumerate(sheets, start=1)]


def _record(kind, data=b""):
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return head + bytes([len(data)]) + data


def _wide(text):
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _link(kind, target):
    home = "http://schemas.openxmlformats.org"
    link = f'<Relationship Id="rId1" Type="{home}/officeDocument/2006/relationships/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{home}/package/2006/relationships">{link}</Relationships>'
