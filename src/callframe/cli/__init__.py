"""The command line: parse, call one function, print, set the exit code.

People's text goes to stderr, data to stdout. Exit codes: 0 done; 1 refused or failed; 2 usage, or a question that only
the user can answer; 3 rows were rejected and --strict was given; 4 Metrica took fewer rows than were sent; 5 outcome
unknown, run again; 6 quota; 7 not authorised; 130 interrupted.
"""

from callframe.cli.commands import app
from callframe.cli.ending import main

__all__ = ["app", "main"]
