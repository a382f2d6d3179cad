"""An officer asks for one paper and one answer; the applicant gives both on a phone; the officer sees what
changed."""

import pytest
from django.utils import timezone

from onestop.models import Dossier
from tests import factories, uploads
from tests.journeys.test_pages import check_here

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MAIN = ".wl__btn.is-main"
PDF = uploads.pdf_of("mới")


def test_paper_and_answer_are_asked_for_given_and_compared(visit, people, applicant):
    dossier = factories.make_dossier(by=applicant)
    dossier = factories.advance(dossier, "in_review", people=people, start=timezone.now())
    part, steps = dossier.version.components.first(), f"/admin/onestop/dossier/{dossier.pk}/step"
    with visit(1440) as officer:
        officer.admit(people["specialist"]).open(f"{steps}/ask_supplement/")
        check_here(officer)
        officer.page.fill("#ask-search", "muc tieu")
        assert officer.page.locator("[data-ask]:visible").count() == 1
        officer.page.locator("[data-ask]:visible summary").click()
        officer.page.locator("[data-ask]:visible textarea").fill("Ghi rõ sản phẩm")
        officer.page.fill("#ask-search", "")
        officer.page.locator("[data-ask] summary").first.click()
        officer.fill(**{f"component-{part.pk}": "Thiếu chữ ký", "reason": "Chưa rõ"})
        officer.press(MAIN, inside="form[method=post]")
        with visit(390) as visitor:
            visitor.admit(applicant).open(f"/ho-so/{dossier.pk}/bo-sung/")
            check_here(visitor)
            visitor.page.set_input_files("#item-1", {"name": "moi.pdf", "mimeType": "application/pdf", "buffer": PDF})
            visitor.page.get_by_text("Sẵn sàng gửi").wait_for()
            visitor.fill(**{"answer-2": "Sản xuất khuôn chính xác"}).press("button[value=send]")
            assert "Đã gửi bổ sung" in visitor.text
            check_here(visitor)
        officer.open(f"{steps}/accept_supplement/")
        check_here(officer)
        assert "moi.pdf" in officer.text and "Sản xuất khuôn chính xác" in officer.text
        officer.press(MAIN, inside="form[method=post]")
    assert Dossier.objects.get(pk=dossier.pk).answers["objective"] == "Sản xuất khuôn chính xác"
