/** The part of every Python client that does not depend on the API. */
export const PYTHON_RUNTIME = String.raw`"""Requests and answers, on the standard library alone."""

from __future__ import annotations

import json
import ssl
import uuid
from dataclasses import dataclass
from datetime import date
from email.message import Message
from typing import Any, Callable, Iterable, Mapping, Sequence
from urllib.error import HTTPError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)

# Name, value, style and whether lists are taken apart, as OpenAPI defines them.
Parameter = tuple[str, Any, str, bool]
Secret = str | Callable[[], str] | None

SEPARATORS = {"spaceDelimited": " ", "pipeDelimited": "|"}


class ApiError(Exception):
    """An answer that is no success."""

    def __init__(self, status: int, reason: str, headers: Mapping[str, str], body: Any) -> None:
        super().__init__(f"{status} {reason}")
        self.status = status
        self.reason = reason
        self.headers = headers
        self.body = body


@dataclass(frozen=True)
class Upload:
    """A file of a form: its content, and what the server is told about it."""

    content: bytes
    name: str = "file"
    type: str = "application/octet-stream"


class _SameOrigin(HTTPRedirectHandler):
    """Follows no redirect to another server: it would be sent the token."""

    def redirect_request(self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Request | None:
        if urlsplit(newurl)[:2] != urlsplit(req.full_url)[:2]:
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class Transport:
    def __init__(
        self,
        base_url: str,
        *,
        access_token: Secret,
        api_key: Secret,
        headers: Mapping[str, str] | None,
        timeout: float,
        ssl_context: ssl.SSLContext | None,
        token_header: str,
        key_header: str | None,
    ) -> None:
        if urlsplit(base_url).scheme not in ("http", "https"):
            raise ValueError("base_url must begin with http:// or https://")
        if api_key is not None and key_header is None:
            raise ValueError("this API takes no API key")
        self._base_url = base_url.rstrip("/")
        self._access_token = access_token
        self._api_key = api_key
        self._headers = dict(headers or {})
        self._timeout = timeout
        self._token_header = token_header
        self._key_header = key_header
        self._opener = OpenerDirector()
        for handler in (
            ProxyHandler(),
            HTTPHandler(),
            HTTPSHandler(context=ssl_context),
            HTTPDefaultErrorHandler(),
            _SameOrigin(),
            HTTPErrorProcessor(),
            UnknownHandler(),
        ):
            self._opener.add_handler(handler)

    def call(
        self,
        method: str,
        path_template: str,
        *,
        accept: str,
        secured: bool,
        path: Iterable[Parameter] = (),
        query: Iterable[Parameter] = (),
        header: Iterable[Parameter] = (),
        cookie: Iterable[Parameter] = (),
        body: Any = None,
        media_type: str | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> Any:
        address = self._base_url + _filled(path_template, path)
        pairs = [pair for parameter in query for pair in _pairs(parameter)]
        if pairs:
            address += "?" + urlencode(pairs, quote_via=quote)
        request = Request(address, method=method)
        request.add_header("Accept", accept)
        if secured:
            self._authenticate(request)
        for name, value, _, explode in header:
            if value is not None:
                request.add_header(name, _joined(value, explode, str))
        cookies = [f"{name}={quote(value)}" for parameter in cookie for name, value in _pairs(parameter)]
        if cookies:
            request.add_header("Cookie", "; ".join(cookies))
        if body is not None and media_type is not None:
            request.data, sent_type = _encoded(body, media_type)
            request.add_header("Content-Type", sent_type)
        for name, text in {**self._headers, **(headers or {})}.items():
            request.add_header(name, text)
        return self._answer(request, self._timeout if timeout is None else timeout)

    def _authenticate(self, request: Request) -> None:
        token, key = _current(self._access_token), _current(self._api_key)
        # Not sent on by a redirect.
        if token is not None:
            request.add_unredirected_header(self._token_header, f"Bearer {token}")
        if key is not None and self._key_header is not None:
            request.add_unredirected_header(self._key_header, key)

    def _answer(self, request: Request, timeout: float) -> Any:
        try:
            with self._opener.open(request, timeout=timeout) as response:
                return _decoded(response.read(), response.headers)
        except HTTPError as error:
            with error:
                body = _decoded(error.read(), error.headers)
            raise ApiError(error.code, str(error.reason), dict(error.headers.items()), body) from None


def _current(secret: Secret) -> str | None:
    return secret() if callable(secret) else secret


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return json.dumps(value, default=_text)
    return str(value)


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))


def _pairs(parameter: Parameter) -> list[tuple[str, str]]:
    name, value, style, explode = parameter
    if value is None:
        return []
    if isinstance(value, Mapping):
        if style == "deepObject":
            return [(f"{name}[{key}]", _text(item)) for key, item in value.items()]
        if explode:
            return [(str(key), _text(item)) for key, item in value.items()]
        return [(name, ",".join(f"{key},{_text(item)}" for key, item in value.items()))]
    if _is_list(value):
        if explode:
            return [(name, _text(item)) for item in value]
        return [(name, SEPARATORS.get(style, ",").join(_text(item) for item in value))]
    return [(name, _text(value))]


def _joined(value: Any, explode: bool, write: Callable[[str], str], separator: str = ",") -> str:
    if isinstance(value, Mapping):
        between = "=" if explode else ","
        return separator.join(f"{write(str(key))}{between}{write(_text(item))}" for key, item in value.items())
    if _is_list(value):
        return separator.join(write(_text(item)) for item in value)
    return write(_text(value))


def _segment(text: str) -> str:
    # It would lead to another path, escaped or not.
    if text in (".", ".."):
        raise ValueError("a part of a path must not be . or ..")
    return quote(text, safe="")


def _filled(template: str, parameters: Iterable[Parameter]) -> str:
    path = template
    for name, value, style, explode in parameters:
        if value is None or value == "":
            raise ValueError(f"{name} must not be empty")
        if style == "label":
            text = "." + _joined(value, explode, _segment, "." if explode else ",")
        elif style == "matrix":
            pairs = value.items() if isinstance(value, Mapping) and explode else [(name, value)]
            if _is_list(value) and explode:
                pairs = [(name, item) for item in value]
            text = "".join(f";{quote(str(key), safe='')}={_joined(item, False, _segment)}" for key, item in pairs)
        elif style == "rest":
            text = "/".join(_segment(part) if part else "" for part in _text(value).split("/"))
        else:
            text = _joined(value, explode, _segment)
        path = path.replace("{" + name + "}", text)
    return path


def _encoded(body: Any, media_type: str) -> tuple[bytes, str]:
    if media_type == "multipart/form-data":
        return _multipart(body)
    if media_type == "application/x-www-form-urlencoded":
        pairs = [pair for name, value in body.items() for pair in _pairs((name, value, "form", True))]
        return urlencode(pairs).encode(), media_type
    if media_type == "application/json" or media_type.endswith("+json"):
        return json.dumps(body, default=_text).encode(), media_type
    if isinstance(body, str):
        return body.encode(), f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
    return bytes(body), media_type


def _multipart(body: Mapping[str, Any]) -> tuple[bytes, str]:
    boundary = uuid.uuid4().hex
    parts = bytearray()
    for name, value in body.items():
        for item in value if _is_list(value) else [value]:
            if item is not None:
                parts += f"--{boundary}\r\n".encode() + _part(name, item) + b"\r\n"
    parts += f"--{boundary}--\r\n".encode()
    return bytes(parts), f"multipart/form-data; boundary={boundary}"


def _part(name: str, value: Any) -> bytes:
    disposition = f'Content-Disposition: form-data; name="{_quotable(name)}"'
    if isinstance(value, (bytes, bytearray)):
        value = Upload(bytes(value), name)
    if isinstance(value, Upload):
        media_type = "".join(value.type.splitlines())
        head = f'{disposition}; filename="{_quotable(value.name)}"\r\nContent-Type: {media_type}\r\n\r\n'
        return head.encode() + value.content
    kind = "\r\nContent-Type: application/json" if isinstance(value, Mapping) else ""
    return f"{disposition}{kind}\r\n\r\n{_text(value)}".encode()


def _quotable(text: str) -> str:
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _decoded(content: bytes, headers: Message) -> Any:
    if not content:
        return None
    media_type = headers.get_content_type()
    charset = headers.get_content_charset("utf-8")
    if media_type == "application/json" or media_type.endswith("+json"):
        try:
            return json.loads(content)
        except ValueError:
            return content.decode("utf-8", "replace")
    if media_type.startswith("text/"):
        try:
            return content.decode(charset, "replace")
        except LookupError:
            return content.decode("utf-8", "replace")
    return content
`;
