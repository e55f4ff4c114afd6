"""The page of knobs, and the same for programs: POST a JSON object to /knobs or /clock."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from html import escape
from typing import Any

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from sandbox import chaos, clock, desk, knobs
from sandbox.call import Call, inside_call
from sandbox.errors import ApiError
from sandbox.knobs import KNOBS, PROFILES, KnobError, Knobs
from sandbox.markup import html_page
from sandbox.moments import render
from sandbox.operations import check_knob_names
from sandbox.premises import Premises

_MORE = "more"


def respond(premises: Premises, request: Request) -> Response | None:
    """The answer at /knobs, /clock and /waiting; None for any other path."""
    handler = {"/knobs": _knobs, "/clock": _clock, "/waiting": _waiting}.get(request.path)
    if handler is None:
        return None
    try:
        return handler(premises, request)
    except (KnobError, ApiError) as error:
        return _trouble(request, str(error))


def _trouble(request: Request, text: str) -> Response:
    if request.is_json:
        return _json({"message": text}, 400)
    return html_page("That did not work", f'<p>{escape(text)}</p><p><a href="/knobs">Back to the knobs</a></p>', 400)


def _json(body: Mapping[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")


def _knobs(premises: Premises, request: Request) -> Response:
    if request.method != "POST":
        return _page(premises)
    values = _posted(request)
    check_knob_names(values)
    with premises.store.writing() as db:
        knobs.save(db, values)
        chaos.begin_anew(db)
        clock.now(Knobs(values))
    return _json(values) if request.is_json else redirect("/knobs", 303)


def _posted(request: Request) -> dict[str, str]:
    if request.is_json:
        return _json_object(request)
    if request.form.get("profile") in PROFILES:
        return dict(PROFILES[request.form["profile"]])
    values = {name: request.form[name].strip() for name in KNOBS if request.form.get(name, "").strip()}
    lines = request.form.get(_MORE, "").splitlines()
    return values | knobs.parse(line for line in lines if line.strip())


def _json_object(request: Request) -> dict[str, str]:
    posted = request.get_json(silent=True)
    if not isinstance(posted, dict) or not all(isinstance(value, str) for value in posted.values()):
        raise KnobError("The body must be a JSON object of texts")
    return posted


def _clock(premises: Premises, request: Request) -> Response:
    if request.method == "POST":
        setting = (_json_object(request) if request.is_json else request.form).get("clock", "")
        with premises.store.writing() as db:
            _set_clock(db, setting)
    return _json({"now": render(clock.now(_held(premises)), premises.account.zone)})


def _set_clock(db: sqlite3.Connection, setting: str) -> None:
    values = {name: value for name, value in knobs.load(db).values.items() if name != "clock"}
    values |= {"clock": setting} if setting else {}
    knobs.save(db, values)
    clock.now(Knobs(values))


def _held(premises: Premises) -> Knobs:
    return knobs.load(premises.store.connection())


def _waiting(premises: Premises, request: Request) -> Response:
    decide = {"accept": desk.accept, "deny": desk.deny}.get(request.form.get("decision", ""))
    if request.method != "POST" or decide is None:
        return redirect("/knobs", 303)
    with premises.store.writing() as db:
        decide(_inside(premises, db), request.form.get("bookingNumber", ""))
    return redirect("/knobs", 303)


def _inside(premises: Premises, db: sqlite3.Connection) -> Call:
    held = knobs.load(db)
    return inside_call(premises.account, db, clock.now(held), held)


def _page(premises: Premises) -> Response:
    held = _held(premises)
    now = render(clock.now(held), premises.account.zone)
    rows = "".join(_row(name, held.values.get(name, "")) for name in KNOBS)
    more = "\n".join(f"{name}={value}" for name, value in held.values.items() if name not in KNOBS)
    profiles = "".join(f'<button name="profile" value="{name}">{name}</button> ' for name in PROFILES)
    content = f"""<p>It is {escape(now)} in the sandbox. What is set here holds for every call until it is changed.</p>
<form method="post" action="/knobs">
<table>
<tr><th scope="col">Knob</th><th scope="col">Value</th><th scope="col">What it does</th></tr>
{rows}
</table>
<p><label for="more">For one operation, one a line, such as <code>fail.createBooking=503</code></label><br>
<textarea id="more" name="{_MORE}" rows="3" cols="50">{escape(more)}</textarea></p>
<p><button>Set</button></p>
</form>
<form method="post" action="/knobs"><p>Or take a profile: {profiles}</p></form>
<h2>Bookings that wait to be accepted</h2>
{_waiting_list(premises)}
<p><a href="/">About the sandbox</a></p>"""
    return html_page("Knobs", content)


def _row(name: str, value: str) -> str:
    return (
        f'<tr><td><label for="{name}">{name}</label></td>'
        f"<td>{_field(name, value)}</td><td>{escape(KNOBS[name].meaning)}</td></tr>"
    )


def _field(name: str, value: str) -> str:
    if not KNOBS[name].words:
        return f'<input id="{name}" name="{name}" value="{escape(value)}">'
    options = "".join(
        f'<option value="{word}"{" selected" if word == value else ""}>{word or "as usual"}</option>'
        for word in ("", *KNOBS[name].words)
    )
    return f'<select id="{name}" name="{name}">{options}</select>'


def _waiting_list(premises: Premises) -> str:
    rows = desk.waiting(premises.store.connection())
    if not rows:
        return "<p>None.</p>"
    return "".join(_waiting_form(premises, row) for row in rows)


def _waiting_form(premises: Premises, row: sqlite3.Row) -> str:
    title = f"{json.loads(row['details'])['title']}, {render(row['starts'], premises.account.zone)}"
    return f"""<form method="post" action="/waiting"><p>{escape(row["number"])}: {escape(title)}
<input type="hidden" name="bookingNumber" value="{escape(row["number"])}">
<button name="decision" value="accept">Accept</button> <button name="decision" value="deny">Deny</button></p></form>
"""
