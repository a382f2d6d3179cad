"""The words of letters are edited with placeholders, looked at, tried, and never lost."""

import pytest

from izportal import wordings
from izportal.models import Notice, Wording
from izportal.wordings import KINDS
from tests.factories import at

pytestmark = pytest.mark.django_db
LIST = "/admin/izportal/wording/"
PAGE = f"{LIST}accept-supplement/"
MOMENT = at("2026-03-03 09:15")
OWN = {"subject": "[{ho_so}] Đã đủ", "body": "Hẹn {ngay_hen}\n{lien_ket}"}


@pytest.fixture
def editor(client, staff):
    person = staff("editor")
    client.force_login(person)
    return person


def sent(vi=None, **more):
    """What the page sends: English as it stands, Vietnamese as typed."""
    found = {}
    rows = wordings.stored(KINDS["accept-supplement"])
    for language, typed in (("vi", vi or {}), ("en", {})):
        text, row = wordings.default(KINDS["accept-supplement"], language), rows.get(language)
        whole = {"subject": text.subject, "body": text.body, "seen": wordings.mark(row), **typed}
        found |= {f"{language}-{name}": value for name, value in whole.items()}
    return {**found, **more}


def word(kind="accept-supplement", **text):
    return Wording.objects.create(kind=kind, language="vi", changed_at=MOMENT, **{**OWN, **text})


def test_list_names_every_kind_and_who_worded_it(client, editor):
    word(changed_by=editor)
    page = client.get(LIST).content.decode()
    assert all(f"{LIST}{kind}/" in page for kind in KINDS)
    assert (page.count("tag--ok"), "03/03/2026" in page) == (1, True)


@pytest.mark.parametrize("kinds", [("submit",), ("submit", "enter", "receive")])
def test_list_asks_the_same_however_many_are_worded(client, editor, django_assert_num_queries, kinds):
    for kind in kinds:
        word(kind, changed_by=editor)
    client.get(LIST)
    with django_assert_num_queries(4):
        client.get(LIST)


def test_list_marks_what_has_broken(client, editor):
    word(body="{khong_con_nua}")
    page = client.get(LIST).content.decode()
    assert ("1 lời thư không còn khớp" in page, page.count("Hỏng, đang dùng lời mặc định")) == (True, 1)
    assert "lời mặc định đang được gửi thay" in client.get(PAGE).content.decode()


def test_editor_shows_both_languages_beside_the_placeholders(client, editor):
    page = client.get(PAGE).content.decode()
    assert all(part in page for part in ("{ngay_hen}", 'name="vi-body"', 'name="en-body"', "Công ty TNHH Minh Họa"))


def test_saved_text_is_of_one_language(client, editor):
    assert client.post(PAGE, sent(OWN)).status_code == 302
    row = Wording.objects.get()
    assert (row.language, row.subject, row.body, row.changed_by) == ("vi", OWN["subject"], OWN["body"], editor)


def test_preview_saves_nothing_and_shows_the_portals_beside_it(client, editor):
    page = client.post(PAGE, sent(OWN, preview="1")).content.decode()
    assert (Wording.objects.count(), "Hẹn 17:00 24/03/2026" in page) == (0, True)
    assert "Lời mặc định, với dữ kiện minh họa" in page


def test_refused_text_stays_on_the_page(client, editor):
    page = client.post(PAGE, sent({"body": "Câu tôi gõ {ngay_hem} {lien_ket}"})).content.decode()
    assert (Wording.objects.count(), "Câu tôi gõ" in page, "Có phải {ngay_hen}?" in page) == (0, True, True)


def test_text_of_a_colleague_is_shown_to_be_in_the_way(client, editor):
    before = sent(OWN)
    word(subject="[{ho_so}] Của người kia")
    page = client.post(PAGE, before).content.decode()
    assert ("Chưa lưu" in page, OWN["subject"] in page) == (True, True)
    assert Wording.objects.get().subject == "[{ho_so}] Của người kia"


def test_trial_goes_to_whoever_asks_with_what_was_typed(client, editor):
    client.post(PAGE, sent(OWN, **{"try": "vi"}))
    letter = Notice.objects.get()
    assert (letter.email, letter.subject, Wording.objects.count()) == (
        editor.email,
        "[Thử] [H55-260303-0001] Đã đủ",
        0,
    )


def test_revert_goes_back_to_the_portal_and_leaves_the_past(client, editor):
    word()
    client.post(PAGE, sent(OWN, revert="vi"))
    past = client.get(f"{PAGE}past/").content.decode()
    assert (Wording.objects.count(), OWN["subject"] in past, "Đưa về lời mặc định" in past) == (0, True, True)


@pytest.mark.parametrize("typed", [{"subject": "x" * 400}, {"body": "y" * 9000}, {"body": ""}, {"body": "\0"}])
def test_strange_text_is_refused_with_a_sentence(client, editor, typed):
    answer = client.post(PAGE, sent({**OWN, **typed}))
    assert (answer.status_code, Wording.objects.count()) == (200, 0)


def test_row_leads_to_its_editor_and_a_strange_kind_nowhere(client, editor):
    row = word()
    assert client.get(f"{LIST}{row.pk}/change/").url == PAGE
    assert client.get(f"{LIST}khong-co/").status_code == 404
    assert client.post(PAGE, {"revert": "fr"}).status_code == 302


@pytest.mark.parametrize(("role", "kind"), [("auditor", "submit"), ("editor", "confirm-signup")])
def test_reader_without_the_right_reads_and_does_not_write(client, staff, role, kind):
    client.force_login(staff(role))
    page = client.get(f"{LIST}{kind}/")
    assert (page.status_code, b"<textarea" in page.content) == (200, False)
    assert client.post(f"{LIST}{kind}/", {}).status_code == 403
