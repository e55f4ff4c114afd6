"""The tests' own eyes: a page that is wrong must be seen to be wrong."""

from collections.abc import Mapping

import pytest

from tests.pages import Page, parse_fragment, parse_page
from tests.plain_browser import Answer, PlainBrowser

HEAD = '<!DOCTYPE html><html lang="en"><head><title>Tours</title></head><body>'


def page_with(content: str) -> str:
    """A page in order, around the content."""
    return f"{HEAD}<main><h1>Tours</h1>{content}</main></body></html>"


def test_page_in_order_is_accepted_and_readable() -> None:
    page = parse_page(
        page_with(
            '<p>Two   <b>free</b> ti<i>mes</i><!-- x --><br>today</p><a href="/a/">Kayak <img src="" alt="tour"></a>'
        )
    )

    assert (page.title, page.h1, page.text) == ("Tours", "Tours", "Tours Two free times today Kayak")
    assert page.link("Kayak tour").href == "/a/"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("<html lang=en><head><title>t</title></head><body><h1>x</h1></body></html>", "DOCTYPE"),
        ("<!DOCTYPE html><html><head><title>t</title></head><body><h1>x</h1></body></html>", "no lang"),
        ('<!DOCTYPE html><html lang="en"><head><title> </title></head><body><h1>x</h1></body></html>', "one title"),
        (f"{HEAD}<p>x</p></body></html>", "0 h1"),
        (page_with("<h1>Again</h1>"), "2 h1"),
        (page_with("<h3>Deep</h3>"), "follows a heading of level 1"),
        (page_with("<h2></h2>"), "no text"),
        (page_with("<div><p>unclosed</div></span>"), "end tag"),
        (page_with('<p id="a"></p><p id="a"></p>'), "'a' is there 2 times"),
        (page_with('<p id="a b"></p>'), "white space"),
        (page_with('<input name="q">'), "no label"),
        (page_with('<label for="q"></label><input id="q">'), "no label"),
        (page_with('<label for="q">Find</label>'), "points at no form control"),
        (page_with('<label for="q">Find</label><p id="q">x</p>'), "points at no form control"),
        (page_with('<input aria-label="Find" aria-describedby="hint">'), "'hint', which is not there"),
        (page_with('<div hx-target="#gone"></div>'), "matches nothing"),
        (page_with('<a href="#gone">Skip</a>'), "leads nowhere"),
        (page_with('<form action="/a/"></form>'), "no method"),
        (page_with('<form action="" method="post"></form>'), "empty action"),
        (page_with("<button><svg></svg></button>"), "no text"),
        (page_with('<a href="/a/"></a>'), "no text"),
        (page_with('<img src="a.svg">'), "no alt"),
        (page_with('<p style="color:red">x</p>'), "style attribute"),
        (page_with("<script>alert(1)</script>"), "inline script"),
        (page_with('<p onclick="x()">x</p>'), "event handler"),
        (page_with('<p hx-on:click="x()">x</p>'), "event handler"),
        (page_with('<a href="JavaScript:x()">x</a>'), "is a script"),
        (page_with('<script type="application/ld+json">{"a":}</script>'), "bad JSON"),
    ],
)
def test_page_with_a_fault_is_refused_for_that_fault(text: str, complaint: str) -> None:
    with pytest.raises(AssertionError, match=complaint):
        parse_page(text)


def test_page_with_two_faults_names_both() -> None:
    with pytest.raises(AssertionError, match=r"(?s)no alt.*style attribute"):
        parse_page(page_with('<img src="a.svg"><p style="color:red">x</p>'))


def test_page_may_label_controls_in_every_lawful_way() -> None:
    parse_page(
        page_with(
            '<label for="a">A</label><input id="a"><label>B <input></label><input aria-label="C">'
            '<p id="d">D</p><input aria-labelledby="d"><input type="hidden" name="e">'
            '<a href="#d">D</a><a href="#top">Up</a><script type="application/ld+json">{"a": 1}</script>'
        )
    )


def test_fragment_needs_no_heading_but_is_checked_otherwise() -> None:
    assert parse_fragment('<p hx-target="#elsewhere">Ten times</p>').text == "Ten times"
    with pytest.raises(AssertionError, match="no alt"):
        parse_fragment('<img src="a.svg">')
    with pytest.raises(AssertionError, match="end tag"):
        parse_fragment("<div>unclosed")


FORM = """
<form id="party" action="/times/" method="post">
  <input type="hidden" name="token" value="t1">
  <label>Adults <input name="adults" type="number" value="2"></label>
  <label>Old <input name="old" value="x" disabled></label>
  <fieldset disabled><legend>Off</legend><label>In <input name="inside" value="x"></label></fieldset>
  <label>Sun <input type="checkbox" name="day" value="sun" checked></label>
  <label>Mon <input type="checkbox" name="day" value="mon" checked></label>
  <label>Tue <input type="checkbox" name="day" value="tue"></label>
  <label>Card <input type="radio" name="pay" value="card"></label>
  <label>Boat <select name="boat"><option value="1">One</option><option value="2" selected>Two</option></select></label>
  <label>Size <select name="size"><option>Small</option><option>Big</option></select></label>
  <label>Note <textarea name="note">
Hello</textarea></label>
  <button>Show times</button>
  <button name="do" value="more" formaction="/more/">More</button>
  <button type="button">Help</button>
</form>
<label>Code <input name="code" value="X" form="party"></label>
"""


def test_form_knows_what_it_would_send() -> None:
    form = parse_page(page_with(FORM)).form("#party")

    assert (form.method, form.action, form.button_names) == ("post", "/times/", ("Show times", "More"))
    assert form.fields == {
        "token": "t1",
        "adults": "2",
        "day": ["sun", "mon"],
        "boat": "2",
        "size": "Small",
        "note": "Hello",
        "code": "X",
    }
    assert form.names == {*form.fields, "pay"}


class FakeSite:
    """Answers from a table of (method, path), and remembers what was sent."""

    origin = "http://site.test"

    def __init__(self, answers: Mapping[tuple[str, str], Answer]) -> None:
        self.answers = answers
        self.sent: list[tuple[str, str, bytes]] = []

    def send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        self.sent.append((method, path, body))
        return self.answers[method, path]


def page(content: str, status: int = 200) -> Answer:
    return Answer(status, {"Content-Type": "text/html; charset=utf-8"}, page_with(content).encode())


def redirect(to: str, status: int = 303) -> Answer:
    return Answer(status, {"Location": to}, b"")


def test_plain_browser_submits_what_a_browser_would() -> None:
    site = FakeSite(
        {("GET", "/p/?x=1"): page(FORM), ("POST", "/more/"): redirect("../done/"), ("GET", "/done/"): page("Done")}
    )

    browser = PlainBrowser(site).get("/p/?x=1").submit("#party", {"adults": "3", "day": []}, button="More")

    assert site.sent[1] == ("POST", "/more/", b"token=t1&adults=3&boat=2&size=Small&note=Hello&code=X&do=more")
    assert (browser.url, browser.status, browser.redirects) == ("/done/", 200, ["../done/"])
    assert isinstance(browser.page, Page)


def test_plain_browser_puts_a_get_form_into_the_address() -> None:
    form = '<form method="get" action="?old=1#a"><input name="q" value="a b" aria-label="Q"><button>Go</button></form>'
    site = FakeSite({("GET", "/p/?x=1"): page(form), ("GET", "/p/?q=a+b"): page("Found")})

    assert PlainBrowser(site).get("/p/?x=1").submit().page.text == "Tours Found"


def test_plain_browser_refuses_a_field_that_the_form_does_not_have() -> None:
    with pytest.raises(AssertionError, match="no fields \\['adult'\\]"):
        PlainBrowser(FakeSite({("GET", "/"): page(FORM)})).get("/").submit("#party", {"adult": "3"})


def test_plain_browser_never_leaves_the_site() -> None:
    site = FakeSite({("GET", "/"): redirect("https://elsewhere.test/")})

    with pytest.raises(AssertionError, match="another site"):
        PlainBrowser(site).get("/")


def test_plain_browser_takes_a_fragment_only_when_it_asked_as_htmx() -> None:
    site = FakeSite({("GET", "/"): Answer(200, {"Content-Type": "text/html"}, b"<p>Ten times</p>")})

    assert PlainBrowser(site).get("/", {"HX-Request": "true"}).page.text == "Ten times"
    with pytest.raises(AssertionError, match="fragment"):
        PlainBrowser(site).get("/")


def test_plain_browser_shows_no_page_for_a_calendar_file() -> None:
    browser = PlainBrowser(FakeSite({("GET", "/a.ics"): Answer(200, {"content-type": "text/calendar"}, b"BEGIN")})).get(
        "/a.ics"
    )

    assert browser.answer.text == "BEGIN"
    with pytest.raises(AssertionError, match="is no page"):
        _ = browser.page
