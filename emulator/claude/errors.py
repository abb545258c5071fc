"""How the API says no: status, error type and message, in the shape every client parses."""

from typing import Any

Json = dict[str, Any]

TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    504: "timeout_error",
    529: "overloaded_error",
}


class Refused(Exception):
    """The API's error reply; becomes the JSON error body with this status."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.type = TYPES[status]
        self.message = message
        self.code = code
        self.headers = headers or {}

    def body(self, request_id: str | None = None) -> Json:
        """The JSON body; `details.error_code` only when the error has a code."""
        error: Json = {"type": self.type, "message": self.message}
        if self.code:
            error["details"] = {"error_code": self.code}
        return {"type": "error", "error": error, "request_id": request_id}


def invalid(message: str) -> Refused:
    """A 400 invalid_request_error."""
    return Refused(400, message)
