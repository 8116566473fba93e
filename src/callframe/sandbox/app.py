"""The three endpoints, as the documents tell them.

Source: "Загрузка информации о звонках" (the upload), its siblings for one upload and the list, and the public pages
on errors. Not documented, and chosen here: spaces are taken in a comment (`comment_spaces`), a `limit` above 10 000
is refused, an unknown counter is `not_found`.
"""

import re
from contextlib import ExitStack
from datetime import datetime
from typing import Annotated, Any, Literal, cast

from fastapi import APIRouter, Depends, FastAPI, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import APIKeyHeader
from pydantic import BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from callframe.sandbox.answers import Refusal
from callframe.sandbox.body import file_part
from callframe.sandbox.check import NotCalls, tally
from callframe.sandbox.page import pages
from callframe.sandbox.store import Store

__all__ = ["ROOT", "build", "refused"]

ROOT = "/management/v1/counter/{counterId}/offline_conversions"

_COMMENT = r"^[A-Za-z\u0400-\u0481\u048A-\u052F0-9 ]*$"
_INT32, _INT64 = 2**31 - 1, 2**63 - 1


def _plain_number(value: object) -> object:
    """Digits and nothing else: pydantic alone takes `1_0`, ` 10` and `10.0` for a number too."""
    if isinstance(value, str) and not re.fullmatch(r"-?[0-9]+", value):
        raise PydanticCustomError("whole_number", "a whole number is expected")
    return value


_Plain = BeforeValidator(_plain_number)
_Counter = Annotated[
    int,
    Field(ge=1, le=_INT32),
    _Plain,
    Path(alias="counterId", title="Counter", json_schema_extra={"format": "int32"}),
]
_UploadId = Annotated[
    int, Field(ge=0, le=_INT64), _Plain, Path(alias="id", title="Upload", json_schema_extra={"format": "int64"})
]
_Limit = Annotated[int, Field(ge=1, le=10_000), _Plain, Query()]
_Offset = Annotated[int, Field(ge=0, le=_INT32), _Plain, Query(description="Counts from zero.")]
_Comment = Annotated[str, Query(max_length=255, pattern=_COMMENT)]
_GoalName = Annotated[str, Query(description="Ignored when the goal exists.")]


class Uploading(BaseModel):
    """An upload, as the service tells it."""

    id: int = Field(json_schema_extra={"format": "int64"})
    create_time: datetime
    source_quantity: int = Field(description="Rows in the file.", json_schema_extra={"format": "int32"})
    line_quantity: int = Field(description="Rows that passed validation.", json_schema_extra={"format": "int32"})
    comment: str = Field(max_length=255)
    client_id_type: Literal["USER_ID", "CLIENT_ID", "YCLID"]
    status: Literal["PREPARED", "UPLOADED", "EXPORTED", "MATCHED", "PROCESSED", "LINKAGE_FAILURE"]
    static_calls_quantity: int = Field(json_schema_extra={"format": "int32"})
    dynamic_calls_quantity: int = Field(json_schema_extra={"format": "int32"})


class One(BaseModel):
    """One upload."""

    uploading: Uploading


class Many(BaseModel):
    """A page of the list of uploads."""

    uploadings: list[Uploading]


class ErrorItem(BaseModel):
    """One thing that is wrong."""

    error_type: str
    message: str
    location: str


class Errors(BaseModel):
    """The service says no."""

    errors: list[ErrorItem]
    code: int
    message: str


_ERRORS: dict[int | str, dict[str, Any]] = {
    code: {"model": Errors} for code in ("400", "401", "403", "404", "429", "4XX", "5XX")
}
_FILE = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                },
                "examples": {
                    "one call": {"value": {"file": "UserId,ClientId,Yclid,DateTime,StaticCall\n,17,,1760000000,0\n"}}
                },
            }
        },
    }
}
_THEN = {
    "links": {
        "what becomes of it": {
            "operationId": "calls_uploading",
            "parameters": {"counterId": "$request.path.counterId", "id": "$response.body#/uploading/id"},
        },
        "where it is listed": {
            "operationId": "calls_uploadings",
            "parameters": {"counterId": "$request.path.counterId"},
        },
    }
}
_TOKEN = APIKeyHeader(name="Authorization", scheme_name="OAuth", description="OAuth <token>", auto_error=False)

# The door has looked at the token before a request comes here; the dependency only tells so in /openapi.json.
_router = APIRouter(prefix=ROOT, responses=_ERRORS, dependencies=[Depends(_TOKEN)])


def _store(request: Request, counter: int) -> Store:
    store = cast("Store", request.app.state.store)
    if not store.knows(counter):
        raise Refusal("not_found", "there is no such counter", "counterId")
    return store


@_router.post(
    "/upload_calls", response_model=One, operation_id="upload_calls", openapi_extra=_FILE, responses={200: _THEN}
)
async def upload_calls(
    request: Request, counter: _Counter, comment: _Comment = "", new_goal_name: _GoalName = ""
) -> JSONResponse:
    """Takes a file of calls."""
    store = _store(request, counter)
    if " " in comment and not request.app.state.comment_spaces:
        raise Refusal("invalid_parameter", "a comment is Latin and Cyrillic letters and digits", "comment")
    part = await file_part(request.headers.get("content-type", ""), request.stream(), request.app.state.max_bytes)
    with ExitStack() as unless_taken:
        unless_taken.callback(part.file.close)
        now = store.clock()
        try:
            counts = await run_in_threadpool(tally, part.file, now)
        except NotCalls as error:
            raise Refusal("invalid_uploading", str(error), "file") from None
        upload = store.take(counter, part, counts, judged=now, comment=comment, goal=new_goal_name.strip())
        unless_taken.pop_all()
    return JSONResponse({"uploading": upload.answer()})


@_router.get("/calls_uploading/{id}", response_model=One, operation_id="calls_uploading")
async def calls_uploading(request: Request, counter: _Counter, number: _UploadId) -> JSONResponse:
    """Tells of one upload."""
    upload = _store(request, counter).find(counter, number)
    if upload is None:
        raise Refusal("not_found", "the counter has no such upload", "id")
    return JSONResponse({"uploading": upload.answer()})


@_router.get("/calls_uploadings", response_model=Many, operation_id="calls_uploadings")
async def calls_uploadings(
    request: Request, counter: _Counter, limit: _Limit = 10_000, offset: _Offset = 0
) -> JSONResponse:
    """Lists the uploads of a counter."""
    uploads = _store(request, counter).listed(counter, limit, offset)
    return JSONResponse({"uploadings": [upload.answer() for upload in uploads]})


def refused(refusal: Refusal) -> JSONResponse:
    """The answer that says no."""
    return JSONResponse(refusal.envelope(), refusal.code, refusal.headers)


async def _on_refusal(_: Request, error: Refusal) -> JSONResponse:
    return refused(error)


async def _on_validation(_: Request, error: RequestValidationError) -> JSONResponse:
    first = error.errors()[0]
    kind = "missing_parameter" if first["type"] == "missing" else "invalid_parameter"
    where = str(first["loc"][-1])
    return refused(Refusal(kind, f"{where}: {first['msg']}", where))


async def _on_http(_: Request, error: HTTPException) -> JSONResponse:
    """What the framework refuses by itself: a path, a method, a body that is no multipart."""
    kind = {400: "invalid_parameter", 404: "not_found"}.get(error.status_code, "query_error")
    return refused(Refusal(kind, str(error.detail), code=error.status_code, headers=error.headers))


async def _on_crash(_: Request, __: Exception) -> JSONResponse:
    return refused(Refusal("backend_error", "the sandbox itself has failed", code=500))


def build(store: Store, *, max_bytes: int = 10**9, comment_spaces: bool = True) -> FastAPI:
    """The app over a store.

    Args:
        store: what has been received.
        max_bytes: size of the largest file taken, in bytes.
        comment_spaces: whether a comment may hold spaces.
    """
    app = FastAPI(
        title="Metrica sandbox",
        version="1",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers={
            Refusal: _on_refusal,
            RequestValidationError: _on_validation,
            HTTPException: _on_http,
            Exception: _on_crash,
        },
    )
    app.state.store, app.state.max_bytes, app.state.comment_spaces = store, max_bytes, comment_spaces
    app.include_router(_router)
    app.include_router(pages)
    return app
