"""What the service answers when it says no: one envelope, and a closed list of error types.

The envelope is `{"errors": [{"error_type": …, "message": …, "location": …}], "code": …, "message": …}`.
"""

from collections.abc import Mapping

__all__ = ["CODES", "Refusal"]

CODES: dict[str, int] = {
    "invalid_parameter": 400,
    "missing_parameter": 400,
    "invalid_uploading": 400,
    "limit_exceeded": 400,
    "query_error": 400,
    "unauthorized": 401,
    "access_denied": 403,
    "invalid_token": 403,
    "counter_in_connect": 403,
    "not_found": 404,
    "not_acceptable": 406,
    "conflict": 409,
    "quota_requests_by_ip": 429,
    "quota_parallel_requests": 429,
    "quota_requests_by_uid": 429,
    "quota_requests_by_counter_id": 429,
    "backend_error": 503,
    "timeout": 504,
}
"""Every error type the service names -> the status it comes with."""


class Refusal(Exception):
    """The service says no, in its own words.

    `code` defaults to the status that the error type comes with.
    """

    def __init__(
        self,
        error_type: str,
        message: str,
        location: str = "",
        *,
        code: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.error_type = error_type
        self.message = message
        self.location = location
        self.code = CODES[error_type] if code is None else code
        self.headers = dict(headers or {})
        super().__init__(error_type, message)

    def envelope(self) -> dict[str, object]:
        """The JSON body.

        >>> Refusal("not_found", "no such upload", "id").envelope()["code"]
        404
        """
        error = {"error_type": self.error_type, "message": self.message, "location": self.location}
        return {"errors": [error], "code": self.code, "message": self.message}
