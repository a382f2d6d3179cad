"""Who may act for an enterprise: capacities include each other, approval and end date count; leaving and reminders."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.urls.converters import UUIDConverter
from django.utils import timezone

from izportal.models import Notice
from onestop import urls
from projects import mandates
from projects.mandates import MandateRefused
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("capacity", "expected"),
    [("view", (True, False, False)), ("prepare", (True, True, False)), ("sign", (True, True, True))],
)
def test_capacity_includes_the_lesser_ones(enterprise, capacity, expected):
    user = factories.make_user(mandate_of=enterprise, capacity=capacity)
    assert tuple(mandates.may(user, enterprise, wanted) for wanted in ("view", "prepare", "sign")) == expected


def test_mandate_not_approved_counts_for_nothing(enterprise):
    user = factories.make_user(mandate_of=enterprise)
    user.mandates.update(approved_at=None)
    assert not mandates.may(user, enterprise, "view")


def test_mandate_counts_on_its_last_day_and_not_after(enterprise):
    user = factories.make_user(mandate_of=enterprise)
    today = timezone.localdate()
    user.mandates.update(until=today)
    assert mandates.may(user, enterprise, "sign")
    user.mandates.update(until=today - timedelta(days=1))
    assert not mandates.may(user, enterprise, "sign")


def test_stranger_has_no_enterprise(enterprise, stranger):
    assert enterprise not in mandates.enterprises_of(stranger)


# Ending -------------------------------------------------------------------------------------------
def end(mandate, by):
    return mandates.end(mandate, by=by, at=timezone.now())


def test_end_counts_at_once_and_is_kept_in_the_history(enterprise, enterprise_user):
    held = enterprise_user.mandates.get()
    end(held, enterprise_user)
    held.refresh_from_db()
    assert not mandates.may(enterprise_user, enterprise, "view")
    assert (held.ended_by, held.history.first().history_user) == (enterprise_user, enterprise_user)


@pytest.mark.parametrize(("who", "expected"), [("own", True), ("sign", True), ("prepare", False), ("view", False)])
def test_mandate_is_ended_by_its_holder_or_by_a_signer(enterprise, who, expected):
    holder = factories.make_user(mandate_of=enterprise, capacity="prepare")
    other = holder if who == "own" else factories.make_user(mandate_of=enterprise, capacity=who)
    assert mandates.may_end(other, holder.mandates.get()) is expected


@pytest.mark.parametrize(("role", "expected"), [("head", True), ("register", True), ("reception", False)])
def test_mandate_is_ended_by_who_approves_mandates(enterprise_user, staff, role, expected):
    assert mandates.may_end(staff(role), enterprise_user.mandates.get()) is expected


def test_signer_of_another_enterprise_ends_nothing(enterprise_user, stranger):
    with pytest.raises(PermissionDenied):
        end(enterprise_user.mandates.get(), stranger)


def test_mandate_ends_once(enterprise_user):
    end(enterprise_user.mandates.get(), enterprise_user)
    with pytest.raises(MandateRefused):
        end(enterprise_user.mandates.get(), enterprise_user)
    assert Notice.objects.count() == 1


def test_who_leaves_is_told_and_so_are_those_who_sign(enterprise, enterprise_user):
    leaver = factories.make_user("di@thep.example", mandate_of=enterprise, capacity="prepare")
    end(leaver.mandates.get(), leaver)
    told = dict(Notice.objects.values_list("email", "kind"))
    assert told == {"di@thep.example": "mandate-ended", "ke-toan@thep.example": "mandate-left"}


def test_who_is_sent_away_is_told_alone(enterprise, enterprise_user):
    leaver = factories.make_user("di@thep.example", mandate_of=enterprise, capacity="prepare")
    end(leaver.mandates.get(), enterprise_user)
    assert dict(Notice.objects.values_list("email", "kind")) == {"di@thep.example": "mandate-ended"}


def test_last_signer_is_known(enterprise, enterprise_user):
    held = enterprise_user.mandates.get()
    preparer = factories.make_user(mandate_of=enterprise, capacity="prepare").mandates.get()
    assert [mandates.is_last_signer(held), mandates.is_last_signer(preparer)] == [True, False]
    factories.make_user(mandate_of=enterprise)
    assert not mandates.is_last_signer(held)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"approved_at": None}, "waiting"),
        ({}, "in_force"),
        ({"until": timezone.localdate()}, "in_force"),
        ({"until": timezone.localdate() - timedelta(days=1)}, "expired"),
        ({"ended_at": timezone.now()}, "ended"),
    ],
)
def test_state_is_told_on_a_day(enterprise_user, changed, expected):
    enterprise_user.mandates.update(**changed)
    assert enterprise_user.mandates.get().state_on(timezone.localdate()) == expected


# Reminders ----------------------------------------------------------------------------------------
@pytest.fixture
def ending(enterprise_user):
    """`ending(5)`: the mandate of `enterprise_user` has five days left; answers how many letters go out tonight."""
    factories.make_rules()

    def tonight(left, **changed):
        enterprise_user.mandates.update(until=timezone.localdate() + timedelta(days=left), **changed)
        return mandates.remind(at=timezone.now())

    return tonight


@pytest.mark.parametrize(("left", "letters"), [(15, 0), (14, 1), (3, 1), (0, 1), (-1, 0)])
def test_reminder_goes_out_before_the_end(ending, left, letters):
    assert (ending(left), Notice.objects.count()) == (letters, letters)


def test_reminder_goes_out_once_for_each_span_and_after_a_missed_night(ending, enterprise_user):
    today, at = timezone.localdate(), timezone.now()
    enterprise_user.mandates.update(until=today + timedelta(days=20))
    sent = [mandates.remind(at=at + timedelta(days=day)) for day in (5, 7, 8, 18, 19, 20)]
    assert sent == [0, 1, 0, 1, 0, 0]


def test_reminder_is_written_anew_for_a_new_end(ending):
    assert [ending(10), ending(10), ending(12)] == [1, 0, 1]


@pytest.mark.parametrize("changed", [{"ended_at": timezone.now()}, {"approved_at": None}])
def test_no_reminder_of_what_is_not_in_force(ending, changed):
    assert ending(3, **changed) == 0


def test_without_a_rule_nobody_is_reminded(enterprise_user):
    enterprise_user.mandates.update(until=timezone.localdate())
    assert mandates.remind(at=timezone.now()) == 0


# Pages --------------------------------------------------------------------------------------------
def page(name, *args):
    return reverse(f"projects:{name}", args=args)


def test_signer_ends_the_mandate_of_a_colleague(client, enterprise, enterprise_user):
    colleague = factories.make_user(mandate_of=enterprise, capacity="prepare")
    client.force_login(enterprise_user)
    where = page("mandate_end", colleague.mandates.get().pk)
    assert "Hồ sơ ở lại với tổ chức" in client.get(where).content.decode()
    answer = client.post(where)
    assert (answer.url, colleague.mandates.get().ended_by) == (
        page("enterprise_people", enterprise.tax_code), enterprise_user,
    )  # fmt: skip


def test_preparer_ends_their_own_and_nobody_elses(client, enterprise, enterprise_user):
    preparer = factories.make_user(mandate_of=enterprise, capacity="prepare")
    client.force_login(preparer)
    assert client.post(page("mandate_end", enterprise_user.mandates.get().pk)).status_code == 403
    assert client.post(page("mandate_end", preparer.mandates.get().pk)).url == page("mandate_list")
    assert client.get(page("enterprise_people", enterprise.tax_code)).status_code == 404


def test_last_signer_is_warned_before_leaving(client, enterprise, enterprise_user):
    client.force_login(enterprise_user)
    where = page("mandate_end", enterprise_user.mandates.get().pk)
    assert client.get(where).context["is_last"]
    factories.make_user(mandate_of=enterprise)
    assert not client.get(where).context["is_last"]


def test_people_page_names_those_in_force_and_nobody_else(client, enterprise, enterprise_user):
    for name, changed in (("Đã Nghỉ", {"ended_at": timezone.now()}), ("Chờ Duyệt", {"approved_at": None})):
        factories.make_user(mandate_of=enterprise, full_name=name).mandates.update(**changed)
    factories.make_user(mandate_of=enterprise, capacity="view", full_name="Người Xem")
    client.force_login(enterprise_user)
    people = client.get(page("enterprise_people", enterprise.tax_code)).context["people"]
    assert [line["mandate"].user.full_name for line in people] == ["Nguyễn Văn Thử", "Người Xem"]


def test_list_tells_what_each_mandate_is_worth(client, enterprise_user):
    user = enterprise_user
    soon = timezone.localdate() + timedelta(days=2)
    for code, changed in (("1", {"until": soon}), ("2", {"until": soon, "ended_at": timezone.now()})):
        user.mandates.create(enterprise=factories.make_enterprise(tax_code=f"460000000{code}"), **changed)
    user.mandates.filter(ended_at__isnull=True).update(approved_at=timezone.now())
    client.force_login(user)
    lines = client.get(page("mandate_list")).context["mandates"]
    assert sorted((line["state"], line["left"]) for line in lines if line["left"]) == [("in_force", 2)]
    assert sorted(line["state"] for line in lines) == ["ended", "in_force", "in_force"]


@pytest.mark.parametrize("rows", [1, 3])
def test_people_page_costs_the_same_however_long(client, enterprise, enterprise_user, django_assert_num_queries, rows):
    for _n in range(rows):
        factories.make_user(mandate_of=enterprise)
    client.force_login(enterprise_user)
    with django_assert_num_queries(7):
        client.get(page("enterprise_people", enterprise.tax_code))


# What stays when somebody leaves ------------------------------------------------------------------
def pages_of(dossier):
    """Every address of the counter that names a dossier, with its own papers and slips."""
    paper, slip = dossier.papers.first(), dossier.slips.first()
    known = {"pk": dossier.pk, "section": "capital", "paper": paper.pk, "slip": slip.pk if slip else 1}
    known |= {"partial": dossier.pk, "message": 1, "file": paper.stored_id}
    for pattern in urls.urlpatterns:
        if isinstance(pattern.pattern.converters.get("pk"), UUIDConverter):
            yield reverse(f"onestop:{pattern.name}", kwargs={name: known[name] for name in pattern.pattern.converters})


def answers(client, dossier):
    return {(client.get(page).status_code, client.post(page).status_code) for page in pages_of(dossier)}


def test_leaver_finds_nothing_of_the_enterprise_at_once(client, enterprise, catalogue):
    leaver = factories.make_user(mandate_of=enterprise)
    filed = factories.advance(factories.make_dossier(by=leaver), "in_review")
    draft = factories.make_dossier(by=leaver)
    client.force_login(leaver)
    assert 200 in {client.get(page).status_code for page in pages_of(filed)}
    end(leaver.mandates.get(), leaver)
    # A page that only takes one of the two says so before it looks whose dossier it is.
    assert answers(client, filed) | answers(client, draft) <= {(404, 404), (405, 404), (404, 405)}
    assert client.get(reverse("onestop:dossier_list")).context["total"] == 0


def test_dossier_stays_with_the_colleagues_of_a_leaver(client, enterprise, catalogue):
    leaver, stays = factories.make_user(mandate_of=enterprise), factories.make_user(mandate_of=enterprise)
    draft = factories.make_dossier(by=leaver)
    end(leaver.mandates.get(), leaver)
    client.force_login(stays)
    assert client.get(reverse("onestop:dossier_review", args=[draft.pk])).status_code == 200
