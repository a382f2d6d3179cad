"""What letters say: the portal's own text, the staff's, and what neither may leave out."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import translation

from izportal import languages, outbox, wordings
from izportal.models import Notice, Wording
from izportal.wordings import KINDS, Text
from onestop import letters, notices, workflow
from tests import factories
from tests.factories import advance, at

pytestmark = pytest.mark.django_db
MOMENT = at("2026-03-03 09:15")
LETTER = KINDS["accept-supplement"]
OWN = Text("[{ho_so}] Đã đủ", "Hẹn {ngay_hen}.\nMã: {ma_ho_so}\n\n{lien_ket}")


def word(letter=LETTER, *, text=OWN, language="vi"):
    row = Wording(kind=letter.kind, language=language, subject=text.subject, body=text.body, changed_at=MOMENT)
    row._history_date = MOMENT
    row.save()
    return row


def said(facts, letter=LETTER, **told):
    return wordings.worded(letter, facts, **{"language": "vi", **told})


def save(text, *, seen="", language="vi", by=None, letter=LETTER):
    by = by or factories.make_staff("editor")
    return wordings.save(letter, {language: text}, seen={language: seen}, by=by, at=MOMENT + timedelta(hours=1))


# The kinds ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", languages.codes())
def test_text_of_the_portal_fits_its_placeholders(language):
    """And in each language the example leaves no brace behind."""
    wrong = {}
    for kind, letter in KINDS.items():
        text = wordings.default(letter, language)
        shown = wordings.preview(letter, text, language=language)
        if found := wordings.faults(letter, text.subject, text.body) or [c for c in "{}" if c in shown.body]:
            wrong[kind] = found
    assert wrong == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("worded_in", "subject", "language"),
    [(["ko", "en"], "ko Mau", "ko"), (["en"], "en Mau", "en"), ([], "[Mau]", "en")],
)
def test_a_reader_of_a_third_language_gets_it_else_english(settings, worded_in, subject, language):
    settings.LANGUAGES = [*settings.LANGUAGES, ("ko", "한국어")]
    for code in worded_in:
        word(text=Text(f"{code} {{ho_so}}", OWN.body), language=code)
    told = said({"ho_so": "Mau"}, language="ko")
    assert (told["subject"], told["language"]) == (subject, language)


@pytest.mark.django_db
def test_where_english_is_off_a_reader_of_a_third_language_gets_vietnamese(settings):
    settings.LANGUAGES = [("vi", "Tiếng Việt"), ("ko", "한국어")]
    word()
    told = said({"ho_so": "Mau"}, language="ko")
    assert (told["subject"], told["language"]) == ("[Mau] Đã đủ", "vi")


def test_letters_bear_the_names_of_their_steps():
    assert {step: str(workflow.STEPS[step].label) for step in letters.NAMES} == {
        step: str(name) for step, name in letters.NAMES.items()
    }


def test_urgent_steps_are_steps():
    assert set(notices.SENTENCES) >= letters.URGENT | letters.ASKING


def test_every_letter_of_a_whole_life_is_of_a_known_kind(catalogue):
    advance(factories.make_dossier(), "in_review")
    assert set(Notice.objects.values_list("kind", flat=True)) <= set(KINDS)


# Filling ------------------------------------------------------------------------------------------
def test_line_without_anything_to_say_is_left_out():
    word()
    body = said({"ngay_hen": "17:00", "lien_ket": "https://x"})["body"]
    assert body == "Hẹn 17:00.\n\nhttps://x\n\nBan Quản lý các khu công nghiệp tỉnh Thái Nguyên\n"


def test_fact_with_braces_is_no_placeholder():
    word()
    assert "Hẹn {ho_so} %s." in said({"ngay_hen": "{ho_so} %s", "ho_so": "H1"})["body"]


def test_sample_and_safety_stand_under_every_text():
    letter = KINDS["confirm-signup"]
    word(letter, text=Text("Mã", "{ma}"))
    body = said({"ma": "4F7K"}, letter, is_sample=True)["body"]
    assert ("Ban không bao giờ hỏi mật khẩu" in body, "dữ liệu mẫu" in body, body[:4]) == (True, True, "4F7K")


def test_long_subject_is_cut_to_what_is_kept():
    word(text=Text("{ho_so}", OWN.body))
    assert len(said({"ho_so": "H" * 900})["subject"]) == 300


def test_words_cost_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        said({})


# Broken texts -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("{ngay_hem} {lien_ket} {ngay_hen}", "Không có chỗ điền {ngay_hem} trong loại thư này. Có phải {ngay_hen}?"),
        ("{Ngày hẹn} {lien_ket} {ngay_hen}", "Không có chỗ điền {Ngày hẹn} trong loại thư này. Có phải {ngay_hen}?"),
        ("{xyzqw} {lien_ket} {ngay_hen}", "Không có chỗ điền {xyzqw} trong loại thư này."),
        ("{} {lien_ket} {ngay_hen}", "Không có chỗ điền {} trong loại thư này."),
        ("{lien_ket} {ngay_hen", "Thiếu chỗ điền bắt buộc: {ngay_hen}."),
        ("{lien_ket} {ngay_hen} }", "Có dấu ngoặc nhọn đứng lẻ; mỗi chỗ điền viết liền trong một cặp { }."),
    ],
)
def test_fault_is_told_in_a_sentence(body, sentence):
    assert sentence in wordings.faults(LETTER, "[{ho_so}]", body)


def test_broken_text_gives_way_to_the_portals_and_blocks_no_step(catalogue, caplog):
    row = word(KINDS["submit"], text=Text("Hỏng", "{khong_con_nua}"))
    advance(factories.make_dossier(), "submitted")
    assert ("Kính gửi" in Notice.objects.get(kind="submit").body, "broken" in caplog.text) == (True, True)
    assert wordings.broken(Wording.objects.all()) == [row]


def test_step_sends_the_text_of_the_staff_in_the_language_of_the_dossier(catalogue):
    for language, text in (("vi", "Chào, {ho_so}: {lien_ket}"), ("en", "Hello, {ho_so}: {lien_ket}")):
        word(KINDS["submit"], text=Text("{ho_so}", text), language=language)
    dossier = advance(factories.make_dossier(language="en"), "submitted")
    outbox.drain()
    assert mail.outbox[0].body.startswith(f"Hello, {dossier.reference}: http")


# Editing ------------------------------------------------------------------------------------------
def test_text_is_kept_with_its_past_and_who_kept_it():
    editor = factories.make_staff("editor")
    assert save(OWN, by=editor) == ["vi"]
    row = Wording.objects.get()
    assert save(Text("[{ho_so}] Mới", OWN.body), seen=wordings.mark(row), by=editor) == ["vi"]
    past = [(entry.subject, entry.history_user) for entry in wordings.past(LETTER)]
    assert past == [("[{ho_so}] Mới", editor), ("[{ho_so}] Đã đủ", editor)]


def test_text_of_the_portal_is_not_kept():
    row = word()
    assert save(wordings.default(LETTER, "vi"), seen=wordings.mark(row)) == ["vi"]
    assert (Wording.objects.count(), wordings.past(LETTER)[0].history_type) == (0, "-")


@pytest.mark.parametrize("is_first", [True, False])
def test_text_of_a_colleague_is_not_overwritten(is_first):
    seen = "" if is_first else wordings.mark(word())
    save(Text("[{ho_so}] Của người kia", OWN.body), seen=seen)
    with pytest.raises(ValidationError, match="Chưa lưu"):
        save(Text("[{ho_so}] Của tôi", OWN.body), seen=seen)
    assert Wording.objects.get().subject == "[{ho_so}] Của người kia"


def test_second_press_of_the_same_button_is_no_conflict():
    assert (save(OWN), save(OWN)) == (["vi"], [])


@pytest.mark.parametrize(
    ("role", "kind", "may"),
    [
        ("editor", "submit", True), ("editor", "confirm-signup", False), ("administrator", "confirm-signup", True),
        ("auditor", "submit", False),
    ],
)  # fmt: skip
def test_letters_that_open_accounts_are_worded_by_those_who_keep_them(role, kind, may):
    assert wordings.may_edit(factories.make_staff(role), KINDS[kind]) is may


def test_portals_own_text_is_in_the_language_asked_for():
    with translation.override("en"):
        assert wordings.default(LETTER, "vi").body.startswith("Kính gửi {to_chuc},")
