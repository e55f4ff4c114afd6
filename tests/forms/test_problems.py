"""The summary above a form that was refused."""

from booking.bookeo import CustomFieldDefinitions, Product
from booking.forms.details import CodeForm, ConsentForm, DetailsForm, SignInForm
from booking.forms.manager.reports import ReportForm
from booking.forms.problems import problems_of
from tests.bookeo.samples import payload

GUEST = {"first_name": "Maya", "last_name": "Rossi", "email": "maya@example.com", "phone": "055 501 0188"}


def _details(changes: dict[str, str]) -> DetailsForm:
    product = Product.model_validate(payload("settings.products")["data"][0])
    return DetailsForm(GUEST | changes, product=product, custom_fields=CustomFieldDefinitions())


def test_summary_links_to_each_field_in_the_order_of_the_page() -> None:
    problems = problems_of(_details({"last_name": "", "email": "maya@example", "country": "", "city": "Pisa"}))
    assert [(problem.text, problem.target) for problem in problems] == [
        ("Last name: please fill this in.", "id_last_name"),
        ("E-mail: this has no ending, such as .com.", "id_email"),
        ("Country: please choose one for this address.", "id_country"),
    ]


def test_summary_takes_several_forms_and_leaves_out_what_was_not_sent() -> None:
    code, consent = CodeForm({"code": ""}), ConsentForm({})
    assert [problem.target for problem in problems_of(code, consent, CodeForm())] == ["id_code", "id_terms"]


def test_summary_tells_what_concerns_the_form_as_a_whole_first() -> None:
    form = SignInForm({"email": "", "password": "x"})
    form.add_error(None, "E-mail and password do not match.")
    problems = problems_of(form)
    assert (problems[0].text, problems[0].target) == ("E-mail and password do not match.", "")
    assert problems[1].target == "id_email"


def test_summary_links_to_no_hidden_field() -> None:
    problems = problems_of(ReportForm({"span": "x" * 21}, products={}))
    assert [problem.target for problem in problems] == [""]
