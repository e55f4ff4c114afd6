"""The owner's page of staff, and the page on which somebody who was invited chooses a password."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from booking.forms.manager.members import InviteForm, RoleForm, WelcomeForm
from booking.forms.problems import problems_of
from booking.presenters.manager.members import member_line
from booking.services import audit, staff
from booking.services.audit import Actor, Kind, OwnAct, audited
from booking.services.staff import EmailTaken, LastOwner, Member
from booking.services.staff_acts import Act, Role
from booking.views.http import client_address, page, see_other
from booking.views.manager.access import actor_of, anybody, may, staff_id_of, told

LAST_OWNER = "This is the last owner who can sign in. Let another owner choose a password first."


@require_safe
@may(Act.MANAGE_STAFF)
def member_list(request: HttpRequest) -> HttpResponse:
    return page(request, "manager/member_list.html", {"members": [member_line(m) for m in staff.find_staff()]})


@require_http_methods(["GET", "HEAD", "POST"])
@may(Act.MANAGE_STAFF)
def member_new(request: HttpRequest) -> HttpResponse:
    form = InviteForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            with audited(actor_of(request), Act.MANAGE_STAFF, kind=Kind.STAFF) as entry:
                role = form.to_role()
                member = staff.invite(name=form.cleaned_data["name"], email=form.cleaned_data["email"], role=role)
                entry.subject = str(member.id)
                entry.changed("role", None, role)
        except EmailTaken:
            form.add_error("email", "Somebody of the staff has this e-mail already.")
        else:
            return _link_page(request, member)
    context = {"form": form, "problems": problems_of(form)}
    return page(request, "manager/member_new.html", context, status=422 if form.is_bound else 200)


@require_safe
@may(Act.MANAGE_STAFF)
def member_detail(request: HttpRequest, member_id: int) -> HttpResponse:
    return _member_page(request, staff.get_member(member_id))


@require_POST
@may(Act.MANAGE_STAFF)
def member_role(request: HttpRequest, member_id: int) -> HttpResponse:
    before, form = staff.get_member(member_id), RoleForm(request.POST)
    if not form.is_valid():
        return _member_page(request, before, form=form, status=422)
    try:
        with audited(actor_of(request), Act.MANAGE_STAFF, kind=Kind.STAFF, subject=str(member_id)) as entry:
            entry.changed("role", before.role, form.to_role())
            member = staff.change_role(member_id, form.to_role())
    except LastOwner:
        return _member_page(request, before, problem=LAST_OWNER, status=409)
    told(request, f"{member.name} is now {member.role}.")
    return see_other(_after_role(request, member))


@require_POST
@may(Act.MANAGE_STAFF)
def member_let_go(request: HttpRequest, member_id: int) -> HttpResponse:
    before = staff.get_member(member_id)
    try:
        with audited(actor_of(request), Act.MANAGE_STAFF, kind=Kind.STAFF, subject=str(member_id)) as entry:
            entry.changed("active", before.active, False)
            member = staff.let_go(member_id)
    except LastOwner:
        return _member_page(request, before, problem=LAST_OWNER, status=409)
    told(request, f"{member.name} has no access any more.")
    return see_other(reverse("manager:member-list"))


@require_POST
@may(Act.MANAGE_STAFF)
def member_take_back(request: HttpRequest, member_id: int) -> HttpResponse:
    with audited(actor_of(request), Act.MANAGE_STAFF, kind=Kind.STAFF, subject=str(member_id)) as entry:
        entry.changed("active", staff.get_member(member_id).active, True)
        member = staff.take_back(member_id)
    told(request, f"{member.name} has access again.")
    return see_other(reverse("manager:member-detail", args=[member_id]))


@require_POST
@may(Act.MANAGE_STAFF)
def member_second_factor(request: HttpRequest, member_id: int) -> HttpResponse:
    with audited(actor_of(request), Act.MANAGE_STAFF, kind=Kind.STAFF, subject=str(member_id)) as entry:
        entry.changed("second_factor", staff.get_member(member_id).second_factor, False)
        member = staff.remove_second_factor(member_id)
    told(request, f"{member.name} signs in with the password alone now, and can set up a new second factor.")
    return see_other(reverse("manager:member-detail", args=[member_id]))


@require_POST
@may(Act.MANAGE_STAFF)
def member_link(request: HttpRequest, member_id: int) -> HttpResponse:
    with audited(actor_of(request), Act.MANAGE_STAFF, kind=Kind.STAFF, subject=str(member_id)) as entry:
        entry.changed("step", None, "link")
        return _link_page(request, staff.get_member(member_id))


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@anybody
def welcome(request: HttpRequest, member_id: int, key: str) -> HttpResponse:
    """For whoever holds the link of an invitation."""
    user = staff.holder_of(member_id, key)
    form = WelcomeForm(request.POST or None, user=user)
    if not form.is_valid():
        context = {"form": form, "problems": problems_of(form), "name": user.first_name, "email": user.email}
        return page(request, "manager/welcome.html", context, status=422 if form.is_bound else 200)
    member = staff.choose_password(member_id, key, form.cleaned_data["password1"])
    audit.record(Actor(member.id, member.name, client_address(request)), OwnAct.CHANGE_PASSWORD)
    told(request, "Your password is set. Please sign in with it.")
    return see_other(reverse("account_login"))


def _member_page(
    request: HttpRequest, member: Member, *, form: RoleForm | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    form = form or RoleForm(initial={"role": member.role})
    context = {
        "member": member_line(member),
        "has_factor": member.second_factor,
        "form": form,
        "problems": problems_of(form),
        "problem": problem,
    }
    return page(request, "manager/member_detail.html", context, status=status)


def _after_role(request: HttpRequest, member: Member) -> str:
    """Whoever has given up the own role may not see the pages of staff any more."""
    if member.id == staff_id_of(request) and member.role != Role.OWNER:
        return reverse("manager:day")
    return reverse("manager:member-detail", args=[member.id])


def _link_page(request: HttpRequest, member: Member) -> HttpResponse:
    """The only time that the link is shown."""
    address = reverse("manager:welcome", args=[member.id, staff.link_key(member.id)])
    context = {"member": member_line(member), "link": request.build_absolute_uri(address)}
    return page(request, "manager/member_link.html", context)
