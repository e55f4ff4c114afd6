"""The WSGI application: finds the operation, checks keys and language, runs it in a transaction, renders the answer."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map, MapAdapter, Rule
from werkzeug.wrappers import Request, Response

from sandbox import bodies, chaos, clock, faults, knobs, pages, throttle
from sandbox.call import Answer, ApiKey, Call
from sandbox.errors import NO_CONTENT, ApiError, ConnectionCutError, bad_request
from sandbox.identifiers import new_error_id
from sandbox.knobs import KnobError, Knobs
from sandbox.moments import utc
from sandbox.operations import ROUTES, check_knob_names
from sandbox.premises import Premises
from sandbox.routes import Route

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

BASE_PATH = "/v2"
logger = logging.getLogger("sandbox")
_API_HEADERS: dict[str, str] = {
    "Content-Type": "application/json",
    "Expires": "Fri, 01 Jan 1990 00:00:00 GMT",
    "Cache-Control": "private, max-age=0, no-cache, no-store",
    "Pragma": "no-cache",
    "Vary": "Accept-Encoding, User-Agent",
}


class Sandbox(Premises):
    """The stand-in as a WSGI callable. Threads may share it; it keeps nothing but its database."""

    @cached_property
    def urls(self) -> Map:
        """Every path of the API."""
        rules = [
            Rule(f"{BASE_PATH}{route.path}", endpoint=route, methods=[route.method], strict_slashes=True)
            for route in ROUTES
        ]
        return Map(rules, merge_slashes=False, redirect_defaults=False)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        bodies.read_whole(request)
        response = self.respond(request)
        response.headers["X-Sandbox"] = "1"
        bodies.compress(request, response)
        return response(environ, start_response)

    def respond(self, request: Request) -> Response:
        """The answer to any request: API or page. Raises ConnectionCutError when the connection is to be cut."""
        if request.path == BASE_PATH or request.path.startswith(f"{BASE_PATH}/"):
            return self._api(request)
        return pages.respond(self, request)

    def _api(self, request: Request) -> Response:
        held = Knobs()
        try:
            held = knobs.load(self.store.connection())
            route, arguments = _matched(self.urls.bind_to_environ(request.environ))
            key = self._authorised(request)
            held = chaos.struck(self.store, held.merged(_request_knobs(request), route.operation))
            lang = self._language(request)
            now = clock.now(held)
            throttle.check(self.store, held, key.value)
            faults.before(held, request.environ)
            answer = self._run(route, arguments, request, key, lang, now, held)
            faults.after(held, request.environ)
            return faults.spoil(held, self._render(request, answer, lang))
        except ApiError as error:
            return self._refusal(error, held)
        except HTTPException as error:
            return self._refusal(ApiError(error.code or 500, error.name, headers=_headers_of(error)), held)
        except KnobError as error:
            return self._refusal(ApiError(400, str(error)), held)
        except ConnectionCutError:
            raise
        except Exception:
            # A client of the API must never read a web server's own page.
            response = self._refusal(ApiError(500, "Internal error"), held)
            logger.exception("unforeseen: %s", response.get_data(as_text=True))
            return response

    def _authorised(self, request: Request) -> ApiKey:
        secret = request.headers.get("X-Bookeo-secretKey") or request.args.get("secretKey")
        given = request.headers.get("X-Bookeo-apiKey") or request.args.get("apiKey") or ""
        key = self.api_keys.get(given)
        if key is None or secret != self.secret_key:
            raise ApiError(401, "Invalid API key or secret key")
        return key

    def _language(self, request: Request) -> str:
        wanted = request.args.get("lang", "userDefault")
        defaults = {"userDefault": self.account.user_language, "customerDefault": self.account.customer_language}
        tag = defaults.get(wanted, wanted)
        if tag not in {language.tag for language in self.account.languages}:
            raise bad_request("Unsupported language")
        return tag

    def _run(
        self,
        route: Route,
        arguments: Mapping[str, Any],
        request: Request,
        key: ApiKey,
        lang: str,
        now: int,
        held: Knobs,
    ) -> Answer:
        if route.permission is not None and not key.allows(route.permission):
            raise ApiError(403, "This application is not authorized to access this resource")
        if request.accept_mimetypes.provided and not request.accept_mimetypes.accept_json:
            raise ApiError(406, "Answers are application/json only")
        with self.store.writing() if route.writes else self.store.reading() as db:
            call = Call(self.account, request, db, key, lang, now, held)
            answer = route.handler(call, **arguments)
        if call.afterwards:
            with self.store.writing() as db:
                for act in call.afterwards:
                    act(db)
        return answer

    def _render(self, request: Request, answer: Answer, lang: str) -> Response:
        body = b"" if answer.body is None else _encoded(answer.body)
        response = Response(body, answer.status, _API_HEADERS)
        response.headers["Content-Language"] = lang
        if answer.status == NO_CONTENT:
            del response.headers["Content-Type"]
        if answer.location:
            response.headers["Location"] = f"{request.host_url.rstrip('/')}{BASE_PATH}{answer.location}"
        response.autocorrect_location_header = False
        return response

    def _refusal(self, error: ApiError, held: Knobs) -> Response:
        now = utc(clock.now(Knobs()))
        body: dict[str, Any] = {"httpStatus": error.status, "message": error.message, "errorId": new_error_id(now)}
        response = Response(status=error.status, headers=_API_HEADERS | error.headers)
        response.headers["Content-Language"] = self.account.customer_language
        if error.retry_after is not None:
            hint = held.get("throttle_hint") or "both"
            if hint != "header":
                body["retryAfter"] = error.retry_after
            if hint != "body":
                response.headers["Retry-After"] = str(error.retry_after)
        response.set_data(_encoded(body))
        return response


def _headers_of(error: HTTPException) -> dict[str, str]:
    """What plain HTTP asks for beside the status: the methods that there are."""
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        return {"Allow": ", ".join(sorted(error.valid_methods))}
    return {}


def _matched(urls: MapAdapter) -> tuple[Route, Mapping[str, Any]]:
    return urls.match()


def _request_knobs(request: Request) -> dict[str, str]:
    values = knobs.parse_header(request.headers.get(knobs.HEADER, ""))
    check_knob_names(values)
    return values


def _encoded(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
