"""The notebooks run from top to bottom, and show what they promise."""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_runs(path, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": tmp_path}}).execute()
    shown = "\n".join(str(cell.get("outputs", "")) for cell in notebook.cells)
    report = next(cell for cell in notebook.cells if cell.source.startswith("cf.report"))
    page = report.outputs[0]["data"]["text/html"]

    assert "302 rows read" in page.replace("<b>", "").replace("</b>", "")
    assert "PROCESSED" in shown
    assert not re.search(r"\+?7?495000\d{4}", page), "a report shows no number"


def test_a_conversion_shows_a_bar(tmp_path):
    """The outputs of the cell, one by one: an empty one, a bar for each batch, and the empty one again."""
    rows = "ClientID;Дата\n" + "17;21.11.2026 14:05\n" * 3
    (tmp_path / "export.csv").write_text(rows, encoding="utf-8")
    cell = (
        "import callframe as cf\n"
        "mapping = cf.Mapping(columns={'ClientId': 'ClientID', 'DateTime': 'Дата'})\n"
        "cf.convert_file('export.csv', mapping, out='calls.csv', time_zone='Europe/Moscow', now=1795300000)\n"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)])
    client = Watched(notebook, timeout=120, resources={"metadata": {"path": tmp_path}})
    client.execute()

    pages = [page for page in client.pages if not page or "progress" in page]
    assert [re.sub("[0-9]+ s$", "", page) for page in pages] == [
        "",
        '<progress value="3" max="4"></progress> 3 rows converted, ',
        "",
    ]
    assert not [output for output in notebook.cells[0].outputs if output.get("name") == "stderr"]


class Watched(NotebookClient):
    """A client that keeps every state of an output that is shown."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.pages = []

    def process_message(self, msg, cell, cell_index):
        if msg["msg_type"] in ("display_data", "update_display_data"):
            self.pages.append(msg["content"]["data"].get("text/html", ""))
        return super().process_message(msg, cell, cell_index)


def test_there_is_one():
    assert NOTEBOOKS
