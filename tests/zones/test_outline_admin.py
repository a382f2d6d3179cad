"""The page where the land keeper enters outlines: a look first, nothing lost, own zones only, undone by a press."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests import factories
from tests.zones.surveys import feature, geojson, lines, square
from zones.models import OutlineEntry, Plot

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground(zone):
    factories.make_plot("CN-01", zone=zone, area_m2=10000, outline=square())
    factories.make_plot("CN-02", zone=zone, area_m2=10000)
    return zone


@pytest.fixture
def keeper(client, staff):
    person = staff("land")
    client.force_login(person)
    return person


def page_of(zone):
    return reverse("admin:zones_zone_outlines", args=[zone.pk])


def said(text="", **more):
    return {"what": "plots", "text": text, "basis": "Bản vẽ 12/2026", "measured_on": "01/10/2026", **more}


def look(client, zone, text="", **more):
    return client.post(page_of(zone), said(text, look="1", **more)).context["form"]


def test_look_keeps_nothing_and_the_second_press_does(client, keeper, ground):
    text = lines("CN-02", square(east=104))
    seen = look(client, ground, text)
    assert (seen.is_sound, OutlineEntry.objects.count()) == (True, 0)
    answer = client.post(page_of(ground), said(text, keep="1", seen=seen.data["seen"]))
    assert (answer.status_code, Plot.objects.get(number="CN-02").outline) == (302, square(east=104))


def test_what_was_not_looked_at_is_not_kept(client, keeper, ground):
    seen = look(client, ground, lines("CN-02", square(east=104))).data["seen"]
    other = lines("CN-02", square(east=300))
    page = client.post(page_of(ground), said(other, keep="1", seen=seen))
    assert (page.status_code, OutlineEntry.objects.count()) == (200, 0)
    assert page.context["form"].data["text"] == other


def test_look_shows_both_areas_and_draws_the_plan(client, keeper, ground):
    page = client.post(page_of(ground), said(lines("CN-02", square(110, east=200)), look="1")).content.decode()
    assert "Diện tích vẽ 12.100\xa0m², diện tích ghi của lô 10.000\xa0m²" in page
    assert '<svg class="plan"' in page
    assert 'name="keep"' not in page


def test_file_becomes_text_on_the_page(client, keeper, ground):
    content = geojson(feature("CN-02", square(east=104)))
    form = look(client, ground, upload=SimpleUploadedFile("lo.geojson", content.encode()))
    assert (form.is_sound, form.data["text"]) == (True, content)


@pytest.mark.parametrize(
    ("typed", "upload", "field", "sentence"),
    [
        ("", None, "text", "Hãy chọn tệp hoặc dán dữ liệu ranh giới."),
        ("Lô CN-02\n1 2", None, "text", "Dòng 2: không có cặp X, Y đúng: “1 2”."),
        ("Lô CN-02", b"{}", "upload", "Chỉ một trong hai: để trống ô dán, hoặc không chọn tệp."),
        ("", b"PK\x03\x04\xff\xfe", "upload", "Tệp không phải văn bản UTF-8. Với Excel, hãy chép các cột rồi dán"),
        ("", b"x" * 1_000_001, "upload", "Tệp lớn hơn 1 MB; hãy chia thành nhiều lần nhập."),
    ],
)
def test_bad_input_gets_a_sentence_and_stays(client, keeper, ground, typed, upload, field, sentence):
    more = {"upload": SimpleUploadedFile("lo.txt", upload)} if upload else {}
    form = look(client, ground, typed, **more)
    assert form.errors[field][0].startswith(sentence)
    assert (form.data["text"], form.data["basis"]) == (typed, "Bản vẽ 12/2026")


def test_entry_is_undone_by_a_press_and_stays_to_read(client, keeper, ground):
    text = lines("CN-01", square(east=30))
    client.post(page_of(ground), said(text, keep="1", seen=look(client, ground, text).data["seen"]))
    entry = OutlineEntry.objects.get()
    client.get(reverse("admin:zones_zone_outlines_undo", args=[ground.pk, entry.pk]))
    assert Plot.objects.get(number="CN-01").outline == square(east=30)
    client.post(reverse("admin:zones_zone_outlines_undo", args=[ground.pk, entry.pk]))
    entry.refresh_from_db()
    assert (Plot.objects.get(number="CN-01").outline, entry.undone_by) == (square(), keeper)


@pytest.mark.parametrize("role", ["operator", "editor", "reception", "auditor"])
def test_only_the_land_keeper_enters_outlines(client, staff, ground, role):
    client.force_login(staff(role))
    assert client.get(page_of(ground)).status_code == 403
    assert client.post(page_of(ground), said(lines("CN-02", square(east=104)))).status_code == 403


def test_keeper_of_another_zone_is_refused(client, staff, ground):
    client.force_login(staff("land", zones=["YB"]))
    assert client.get(page_of(ground)).status_code in (403, 404)


def test_strange_zone_and_entry_are_not_found(client, keeper, ground):
    assert client.get(reverse("admin:zones_zone_outlines", args=[999])).status_code == 404
    assert client.post(reverse("admin:zones_zone_outlines_undo", args=[ground.pk, 999])).status_code == 404


def test_zone_and_plot_lead_to_the_page(client, keeper, ground):
    plot = Plot.objects.get(number="CN-01")
    for address in (
        reverse("admin:zones_zone_change", args=[ground.pk]),
        reverse("admin:zones_plot_change", args=[plot.pk]),
    ):
        assert page_of(ground) in client.get(address).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_entries_cost_the_same_however_many(client, keeper, ground, django_assert_num_queries, rows):
    for n in range(rows):
        OutlineEntry.objects.create(
            zone=ground,
            basis=f"Bản vẽ {n}",
            entered_by=keeper,
            entered_at=factories.at("2026-11-02 09:00"),
            changes=[],
        )
    with django_assert_num_queries(5):
        client.get(page_of(ground))
    with django_assert_num_queries(8):
        client.get(reverse("admin:zones_outlineentry_changelist"))
