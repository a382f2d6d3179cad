"""The record in public, from a procedure to its figures, the dossiers behind one, and the file; and four answers
without an account or JavaScript, on a phone."""

from datetime import timedelta

import openpyxl
import pytest
from django.utils import timezone

from onestop.models import Survey
from tests import factories
from tests.journeys.test_pages import addresses, check, check_here

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def handled(people, applicant):
    """Three dossiers delivered and one at work, this month."""
    start = timezone.now() - timedelta(minutes=5)
    made = [factories.make_dossier(by=applicant) for _n in range(4)]
    done = [factories.advance(dossier, "delivered", people=people, start=start) for dossier in made[:3]]
    factories.advance(made[3], "in_review", people=people, start=start)
    return done


def test_from_a_procedure_to_the_dossiers_behind_a_figure_and_to_the_file(visit, handled, tmp_path):
    with visit() as reader:
        reader.open("/thu-tuc/1.009664/")
        reader.press("#thuc-te a[href*='thu-tuc/?procedure']")
        check_here(reader)
        reader.fill(period=f"{timezone.localdate():%Y-%m}").press("form.asof button")
        reader.press(".figs a[href*='what=settled']")
        assert reader.page.locator("#results tbody tr").count() == 3
        assert all(dossier.code not in reader.text for dossier in handled)
        reader.open("/thong-ke/thu-tuc/").press("#chi-tiet .section__head a")
        check_here(reader)
        with reader.page.expect_download() as download:
            reader.page.click("main a.btn")
        download.value.save_as(tmp_path / "tien-do.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "tien-do.xlsx").active.values)
    assert next(row[2:9] for row in rows if row[1] == "Tổng cộng") == (4, 0, 4, 4, 0, 0, 3)
    pages = [(f"onestop:{name}",) for name in ("counter_record", "counter_record_list", "progress_table", "survey")]
    with visit(width=390) as reader:
        for address in [*addresses("vi", pages), *addresses("en", pages)]:
            check(reader, address)


def test_four_answers_without_an_account_and_without_javascript(visit, handled):
    dossier = handled[0]
    with visit(width=390, java_script_enabled=False) as applicant:
        applicant.open("/tra-cuu/").fill(code=dossier.reference, lookup=dossier.lookup).press("form.trackform button")
        applicant.press("form[action*='danh-gia'] button")
        applicant.fill(total_time=2, contacts=1, bodies=2).press_button(name="send")
        assert "Chọn một câu trả lời." in applicant.text
        applicant.fill(attitude=2, comment="Hướng dẫn rõ ràng").press_button(name="send")
        assert "Đã ghi nhận đánh giá" in applicant.text
    row = Survey.objects.get()
    assert (row.dossier, row.total_time, row.contacts, row.attitude, row.comment) == (
        dossier, 2, 1, 2, "Hướng dẫn rõ ràng",
    )  # fmt: skip
