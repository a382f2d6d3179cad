"""Looking a dossier up without an account: the pair of codes, what is told, and how often one may try."""

import pytest
from django.utils import translation

from izportal.models import Rule
from onestop import workflow
from tests import factories

pytestmark = pytest.mark.django_db
ADDRESS = "/tra-cuu/"


@pytest.fixture
def filed(make_dossier, enterprise_user):
    return factories.advance(make_dossier(by=enterprise_user), "submitted")


def look(client, code, lookup, address=ADDRESS):
    return client.post(address, {"code": code, "lookup": lookup})


def found(response):
    return response.context.get("dossier")


def test_a_filed_dossier_is_found_by_its_reference(client, filed):
    assert found(look(client, filed.reference, filed.lookup)) == filed


def test_a_received_dossier_is_found_by_its_code(client, make_dossier):
    received = factories.advance(make_dossier(), "received")
    assert found(look(client, received.code, received.lookup)) == received


def test_case_and_spaces_do_not_matter(client, filed):
    typed = f" {filed.lookup[:4].lower()} {filed.lookup[4:]} "
    assert found(look(client, f" {filed.reference.lower()} ", typed)) == filed


def test_a_miss_and_a_wrong_pair_look_alike(client, filed):
    wrong = look(client, filed.reference, "22222222")
    miss = look(client, filed.reference.replace("XN", "XM"), "22222222")
    texts = [r.content.decode().replace("XM", "XN") for r in (wrong, miss)]
    assert (wrong.status_code, miss.status_code) == (200, 200)
    assert [_without_token(text) for text in texts][0] == _without_token(texts[1])


def _without_token(text):
    return "\n".join(line for line in text.splitlines() if "csrfmiddlewaretoken" not in line)


def test_a_draft_is_not_found(client, make_dossier, enterprise_user):
    draft = make_dossier(by=enterprise_user)
    assert found(look(client, str(draft.pk), draft.lookup)) is None


def test_the_page_names_nobody_and_no_paper(client, filed, enterprise_user):
    text = look(client, filed.reference, filed.lookup).content.decode()
    told = [enterprise_user.full_name, filed.enterprise.name, filed.contact_email, filed.papers.first().stored.name]
    assert [name for name in told if name in text] == []


def test_the_link_on_a_slip_fills_in_the_code_only(client, filed):
    response = client.get(ADDRESS, {"code": filed.reference, "lookup": filed.lookup})
    assert (found(response), response.context["form"]["code"].value()) == (None, filed.reference)


def test_an_ended_dossier_is_told_without_a_clock(client, filed, enterprise_user):
    workflow.take(filed, "withdraw", by=enterprise_user, at=factories.at("2026-03-04 09:00"))
    context = look(client, filed.reference, filed.lookup).context
    assert (context["badge"].text, context["stages"], context.get("deadline")) == ("Đã rút hồ sơ", [], None)


def test_it_works_in_english(client, filed):
    with translation.override("vi"):  # an English request leaves its language behind
        assert found(look(client, filed.reference, filed.lookup, "/en/track/")) == filed


@pytest.mark.parametrize(
    ("code", "lookup"), [("", ""), ("x" * 500, "y" * 500), ("a\x00b", "c\x00d"), ("' or 1=1 --", "%")]
)
def test_bad_codes_get_a_page(client, filed, code, lookup):
    response = look(client, code, lookup)
    assert (response.status_code, found(response)) == (200, None)


def test_wrong_tries_are_counted_and_stopped(client, filed):
    Rule.objects.filter(code="lookup_attempts_per_hour").update(value="3")
    answers = [look(client, filed.reference, "22222222").status_code for _try in range(4)]
    stopped = look(client, filed.reference, filed.lookup)
    assert (answers, stopped.status_code, found(stopped)) == ([200, 200, 200, 429], 429, None)
    assert "Bạn đã tra cứu sai quá nhiều lần." in stopped.content.decode()


def test_tries_are_counted_by_the_address_that_the_proxy_saw(client, filed, settings):
    """Whatever the guesser writes before it in the header, and without shutting out everybody else."""
    Rule.objects.filter(code="lookup_attempts_per_hour").update(value="2")
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    seen = [("1.1.1.1, 8.8.8.8", 200), ("2.2.2.2, 8.8.8.8", 200), ("3.3.3.3, 8.8.8.8", 429), ("8.8.8.8, 9.9.9.9", 200)]
    typed = {"code": filed.reference, "lookup": "22222222"}
    answers = [client.post(ADDRESS, typed, headers={"x-forwarded-for": told}).status_code for told, _answer in seen]
    assert answers == [answer for _told, answer in seen]


def test_without_a_proxy_the_header_says_nothing(client, filed):
    Rule.objects.filter(code="lookup_attempts_per_hour").update(value="1")
    typed = {"code": filed.reference, "lookup": "22222222"}
    answers = [client.post(ADDRESS, typed, headers={"x-forwarded-for": f"8.8.8.{n}"}).status_code for n in range(2)]
    assert answers == [200, 429]
