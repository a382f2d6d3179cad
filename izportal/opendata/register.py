"""The public part of the register: projects as their pages show them, and the changes that made them so."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from izportal.opendata import versions
from izportal.opendata.asking import Question
from izportal.opendata.columns import BOOLEAN, DATE, DATETIME, INTEGER, NUMBER, YEAR, Cells, Column
from izportal.opendata.land import IN_ENGLISH, NIGHTLY, ZONE_CODE
from izportal.opendata.resources import ForeignKey, Resource, Rows, read, touched
from projects import figures
from projects.models import Change, Classification, Contribution, Investor, Project

CLASS = "classifications__"
USD, VND, M2 = "USD", "VND", "m²"

PROJECT_COLUMNS = (
    Column("code", "code", _("Mã số dự án"), is_required=True),
    Column("name_vi", "name_vi", _("Tên dự án"), is_required=True),
    Column("name_en", "name_en", _("Tên tiếng Anh"), note=IN_ENGLISH),
    Column(
        "in_force", "in_force", _("Còn hiệu lực"), BOOLEAN, is_required=True,
        note=_("Đã được cấp giấy chứng nhận, chưa chấm dứt, chưa bị thu hồi; tạm ngừng vẫn còn hiệu lực."),
    ),
    Column("status", "status", _("Tình trạng"), choices=Project.Status.choices, is_required=True),
    Column("origin", f"{CLASS}origin", _("Nguồn vốn"), choices=Project.Origin.choices, is_required=True),
    Column("kind", f"{CLASS}kind", _("Loại dự án"), choices=Project.Kind.choices, is_required=True),
    Column("zone", f"{CLASS}zone__code", _("Mã khu"), note=ZONE_CODE, is_required=True),
    Column("sector", f"{CLASS}sector_id", _("Mã ngành (VSIC)"), is_required=True),
    Column("sector_name_vi", f"{CLASS}sector__name_vi", _("Tên ngành")),
    Column("sector_name_en", f"{CLASS}sector__name_en", _("Tên ngành, tiếng Anh"), note=IN_ENGLISH),
    Column(
        "registered_usd", "registered_usd", _("Vốn đăng ký bằng USD"), NUMBER, unit=USD,
        note=_("Dự án FDI được tính bằng USD, dự án DDI bằng đồng; hai loại không cộng với nhau."),
    ),
    Column("registered_vnd", "registered_vnd", _("Vốn đăng ký bằng đồng"), NUMBER, unit=VND),
    Column("land_m2", "land_m2", _("Diện tích đất của dự án"), NUMBER, unit=M2),
    Column("certificate_year", "certificate_on", _("Cấp lần đầu năm"), YEAR, is_required=True),
    Column("term_until_year", f"{CLASS}term_until", _("Thời hạn đến năm"), YEAR),
    Column("objective_vi", "objective_vi", _("Mục tiêu")),
    Column("objective_en", "objective_en", _("Mục tiêu, tiếng Anh"), note=IN_ENGLISH),
    Column("is_sample", "is_sample", _("Dữ liệu minh họa"), BOOLEAN, is_required=True),
    Column(
        "countries", "contributions__investor__country_id", _("Nước, vùng lãnh thổ của nhà đầu tư"),
        note=_("Mã ISO 3166, cách nhau bằng dấu chấm phẩy."),
    ),
    Column(
        "investors", "contributions__investor__name", _("Nhà đầu tư là tổ chức"),
        note=_("Tên cách nhau bằng dấu chấm phẩy; không nêu tên nhà đầu tư cá nhân."),
    ),
    Column(
        "individual_investors", "contributions__investor__kind", _("Số nhà đầu tư cá nhân"), INTEGER, least=0,
        is_required=True,
    ),
)  # fmt: skip
# Those of investors, who stand in lines of their own.
OWN = [column.source for column in PROJECT_COLUMNS[:-3]]
YEARS = [place for place, column in enumerate(PROJECT_COLUMNS) if column.kind == YEAR]


def projects(question: Question) -> Rows:
    """The projects whose certificate had been issued by the day asked, as they were classed on it."""
    when = {"on": question.on, "known": question.known}
    query = _published(question).with_position(**when).annotate(in_force=_in_force(**when))
    if question.code:
        query = query.filter(code=question.code)
    if question.status:
        query = query.filter(status=question.status)
    if question.updated_since:
        query = query.filter(code__in=touched("projects", question))
    if question.after:
        query = query.filter(code__gt=question.after)
    shares = Contribution.objects.standing(**when)
    return Rows(query.order_by("code").values_list("pk", *OWN), lambda query: _told(query, shares))


def _published(question: Question) -> QuerySet[Project]:
    when = {"on": question.on, "known": question.known}
    asked = {"zone__code": question.zone, "origin": question.origin, "kind": question.kind}
    classed = Classification.objects.standing(**when).filter(**{key: said for key, said in asked.items() if said})
    issued = Change.objects.standing(**when).filter(project=OuterRef("pk"), stands_as=Change.Kind.ISSUED)
    rows = Project.objects.filter(Exists(issued), classifications__in=classed)
    return rows.filter(is_sample=question.is_sample(figures.counts_sample()))


def _in_force(**when: Any) -> Any:
    ended = Change.objects.standing(**when).filter(project=OuterRef("pk"), stands_as__in=Change.ENDING)
    return ~Exists(ended)


def _told(query: Any, shares: QuerySet[Contribution]) -> Iterator[Cells]:
    """Projects and the shares in them come in one order, so that neither is held in memory."""
    lines = shares.filter(project__in=query.values("pk")).order_by("project__code", "pk")
    named = lines.values_list("project_id", "investor__country_id", "investor__kind", "investor__name")
    groups = groupby(read(named), itemgetter(0))
    pk, found = next(groups, (None, ()))
    for own, *cells in read(query):
        for place in YEARS:
            cells[place] = cells[place] and cells[place].year
        if own != pk:
            yield (*cells, "", "", 0)
            continue
        yield (*cells, *_of_investors(list(found)))
        pk, found = next(groups, (None, ()))


def _of_investors(found: list[tuple[Any, ...]]) -> Cells:
    countries = dict.fromkeys(country for _pk, country, _kind, _name in found)
    names = [name for _pk, _country, kind, name in found if kind != Investor.Kind.INDIVIDUAL]
    return ";".join(sorted(countries)), "; ".join(names), len(found) - len(names)


# Changes ------------------------------------------------------------------------------------------
CHANGE_COLUMNS = (
    Column("code", "place", _("Mã thay đổi"), is_required=True,
           note=_("Mã dự án, dấu chấm, số thứ tự dòng trong sổ của dự án; không bao giờ dùng lại.")),
    Column("project", "project__code", _("Mã số dự án"), note=_("Mã trong tập projects."), is_required=True),
    Column("kind", "stands_as", _("Loại thay đổi"), choices=Change.Kind.choices, is_required=True),
    Column(
        "is_correction", "kind", _("Là dòng hiệu đính"), BOOLEAN, is_required=True,
        note=_("Dòng này thay một dòng đã ghi trước đó; dòng bị thay không còn trong tập."),
    ),
    Column("effective_on", "effective_on", _("Ngày hiệu lực"), DATE, is_required=True),
    Column("decision_number", "decision_number", _("Số quyết định")),
    Column("decision_on", "decision_on", _("Ngày quyết định"), DATE),
    Column("capital_usd", "capital_usd", _("Thay đổi vốn bằng USD"), NUMBER, unit=USD),
    Column("capital_vnd", "capital_vnd", _("Thay đổi vốn bằng đồng"), NUMBER, unit=VND),
    Column("area_m2", "area_m2", _("Thay đổi diện tích đất"), NUMBER, unit=M2),
    Column("recorded_at", "recorded_at", _("Ghi vào sổ lúc"), DATETIME, is_required=True),
    Column("is_sample", "is_sample", _("Dữ liệu minh họa"), BOOLEAN, is_required=True),
)  # fmt: skip
PLACE, PROJECT, KIND = 0, 1, 3


def changes(question: Question) -> Rows:
    """The changes in force by the day asked. What was entered by mistake and is void tells the public nothing."""
    rows = Change.objects.standing(on=question.on, known=question.known).exclude(stands_as=Change.Kind.CORRECTION)
    rows = rows.filter(project__in=_published(question.of_projects).values("pk"))
    if question.kind:
        rows = rows.filter(stands_as=question.kind)
    if code := question.code.rpartition(".")[0] or question.project:
        rows = rows.filter(project__code=code)
    if question.since:
        rows = rows.filter(effective_on__gte=question.since)
    if question.updated_since:
        rows = rows.filter(recorded_at__date__gte=question.updated_since)
    if question.after:
        rows = rows.filter(_comes_after(question.after))
    earlier = Change.objects.filter(project=OuterRef("project"), pk__lte=OuterRef("pk")).order_by()
    counted = Subquery(earlier.values("project").annotate(rows=Count("pk")).values("rows"))
    query = rows.annotate(place=counted).order_by(F("project__code"), "pk")
    return Rows(query.values_list(*(column.source for column in CHANGE_COLUMNS)), _told_changes)


def _comes_after(code: str) -> Q:
    """Behind a line of a project, by its code: further lines of the same, and all of those that follow."""
    project, _dot, place = code.rpartition(".")
    lines = Change.objects.filter(project__code=project).order_by("pk").values_list("pk", flat=True)
    number = int(place) if place.isdecimal() and len(place) < 6 else 0
    last = lines[number - 1 : number].first() if number else None
    if last is None:
        return Q(project__code__gt=code)
    return Q(project__code__gt=project) | Q(project__code=project, pk__gt=last)


def _told_changes(query: Any) -> Iterator[Cells]:
    for cells in read(query):
        told = list(cells)
        told[PLACE] = f"{cells[PROJECT]}.{cells[PLACE]}"
        told[KIND] = cells[KIND] == Change.Kind.CORRECTION
        yield tuple(told)


RESOURCES = (
    Resource(
        "projects", _("Dự án đầu tư"),
        _("Phần công khai của sổ dự án: tên, ngành, khu, nước của nhà đầu tư, vốn đăng ký, tình trạng."),
        _("Tình trạng, vốn, đất, phân loại, nhà đầu tư đúng đến hết ngày tính, theo sổ đã ghi đến thời điểm hỏi; tên, "
          "mục tiêu như hiện nay."),
        PROJECT_COLUMNS, projects, versions.of_register,
        takes=("as_of", "as_known", "data", "zone", "origin", "kind", "status", "updated_since"),
        links=(ForeignKey("zone", "zones", "code"),), rhythm=NIGHTLY, page="projects:project_list", is_keyed=True,
    ),
    Resource(
        "changes", _("Thay đổi của dự án"),
        _("Mỗi dòng là một lần cấp mới, điều chỉnh, chấm dứt, thu hồi theo quyết định; cộng các dòng của một dự án "
          "được vốn và đất của dự án."),
        _("Các thay đổi có hiệu lực đến hết ngày tính, theo sổ đã ghi đến thời điểm hỏi."),
        CHANGE_COLUMNS, changes, versions.of_register,
        takes=("as_of", "as_known", "data", "zone", "origin", "kind", "project", "since", "updated_since"),
        links=(ForeignKey("project", "projects", "code"),), rhythm=NIGHTLY, page="projects:project_list",
        is_keyed=True,
        others=(("origin", Project.Origin.choices),),
    ),
)  # fmt: skip
