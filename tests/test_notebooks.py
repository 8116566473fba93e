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


def test_there_is_one():
    assert NOTEBOOKS
