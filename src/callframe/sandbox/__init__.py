"""A local Metrica to try and to test against: `with Sandbox() as box: …`, then call `box.base_url`.

It speaks the three endpoints of the calls import as the service's documents tell them, judges files in code of its
own, keeps what it received, shows it on a page, and misbehaves on demand. It listens on this machine only.
"""

from importlib.util import find_spec

if any(find_spec(name) is None for name in ("fastapi", "uvicorn", "python_multipart")):
    raise ImportError("the sandbox needs its extra: pip install 'callframe[sandbox]'")

from callframe.sandbox.check import Verdict
from callframe.sandbox.clock import Clock
from callframe.sandbox.door import Received
from callframe.sandbox.faults import known as known_faults
from callframe.sandbox.quotas import Quotas
from callframe.sandbox.server import Sandbox, serve
from callframe.sandbox.store import Upload

__all__ = ["Clock", "Quotas", "Received", "Sandbox", "Upload", "Verdict", "known_faults", "serve"]
