"""Stage 6, upload: the only package that opens a socket."""

from callframe.metrica.client import Metrica, Preview
from callframe.metrica.models import FINAL, LINKAGE_FAILURE, NOTHING_SENT, PROCESSED, STATUSES, Upload
from callframe.metrica.pace import Clock, Limits
from callframe.metrica.parts import Part, Plan, plan
from callframe.metrica.progress import Printer, Progress

__all__ = [
    "FINAL",
    "LINKAGE_FAILURE",
    "NOTHING_SENT",
    "PROCESSED",
    "STATUSES",
    "Clock",
    "Limits",
    "Metrica",
    "Part",
    "Plan",
    "Preview",
    "Printer",
    "Progress",
    "Upload",
    "plan",
]
