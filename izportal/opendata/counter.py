"""The catalogue of procedures in the version that applies on a day."""

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from izportal.models import Confidence
from izportal.opendata import versions
from izportal.opendata.asking import Question
from izportal.opendata.columns import BOOLEAN, DATE, INTEGER, NUMBER, Column
from izportal.opendata.land import IN_ENGLISH, NIGHTLY
from izportal.opendata.resources import Resource, Rows, by_paths, touched
from onestop.models import Procedure, ProcedureCase, ProcedureVersion
from onestop.views.catalogue import valid_on

LIMIT = _("Thời hạn giải quyết của trường hợp thông thường.")
COLUMNS = (
    Column("code", "procedure.code", _("Mã thủ tục quốc gia"), is_required=True),
    Column("number", "procedure.number", _("Số thứ tự trong danh mục"), INTEGER, least=0, is_required=True),
    Column("name_vi", "procedure.name_vi", _("Tên thủ tục"), is_required=True),
    Column("name_en", "procedure.name_en", _("Tên tiếng Anh"), note=IN_ENGLISH),
    Column("field", "procedure.field.code", _("Mã lĩnh vực"), is_required=True),
    Column("field_name_vi", "procedure.field.name_vi", _("Lĩnh vực")),
    Column("field_name_en", "procedure.field.name_en", _("Lĩnh vực, tiếng Anh"), note=IN_ENGLISH),
    Column("is_filed_here", "procedure.is_filed_here", _("Nhận hồ sơ tại cổng"), BOOLEAN, is_required=True),
    Column(
        "in_force", "in_force", _("Đang áp dụng"), BOOLEAN, is_required=True,
        note=_("Có phiên bản áp dụng vào ngày tính; các cột sau lấy từ phiên bản đó."),
    ),
    Column("valid_from", "version.valid_from", _("Áp dụng từ"), DATE),
    Column("valid_to", "version.valid_to", _("Áp dụng đến"), DATE),
    Column("limit", "case.value", _("Thời hạn giải quyết"), NUMBER, least=0, note=LIMIT),
    Column("limit_unit", "case.unit", _("Đơn vị của thời hạn"), choices=ProcedureCase.Unit.choices),
    Column("counted_from", "case.counted_from", _("Thời hạn tính từ"), choices=ProcedureCase.CountedFrom.choices),
    Column("cases", "cases", _("Số trường hợp có thời hạn riêng"), INTEGER, least=0),
    Column(
        "fee_vnd", "version.fee_vnd", _("Phí, lệ phí"), NUMBER, unit="VND", least=0, note=_("Trống là chưa rõ.")
    ),
    Column("is_fee_verified", "version.is_fee_verified", _("Phí đã đối chiếu"), BOOLEAN),
    Column(
        "online_level", "version.online_level", _("Mức độ trực tuyến"),
        choices=[choice for choice in ProcedureVersion.OnlineLevel.choices if choice[0]],
        note=_("Trống là chờ Ban xác nhận."),
    ),
    Column("result_vi", "version.result_vi", _("Kết quả")),
    Column("result_en", "version.result_en", _("Kết quả, tiếng Anh"), note=IN_ENGLISH),
    Column("announcing_decision", "version.announcing_decision", _("Quyết định công bố")),
    Column("confidence", "version.confidence", _("Độ tin cậy"), choices=Confidence.choices),
)  # fmt: skip


class Line:
    """A procedure with the version of a day, if there is one, and its ordinary case."""

    def __init__(self, procedure: Procedure):
        self.procedure = procedure
        self.version = procedure.valid[0] if procedure.valid else None
        self.in_force = self.version is not None
        self.case = self.version.default_case() if self.version else None
        self.cases = len(self.version.cases.all()) if self.version else None


def procedures(question: Question) -> Rows:
    """All of today's catalogue; of a day gone by those that had a version then."""
    valid = ProcedureVersion.objects.filter(valid_on(question.on)).order_by("-valid_from").prefetch_related("cases")
    rows = Procedure.objects.select_related("field").order_by("number")
    if question.code:
        rows = rows.filter(code=question.code)
    if question.updated_since:
        rows = rows.filter(code__in=touched("procedures", question))
    found = [Line(row) for row in rows.prefetch_related(Prefetch("versions", valid, to_attr="valid"))]
    return Rows([line for line in found if line.in_force or question.is_of_today], by_paths(COLUMNS))


RESOURCES = (
    Resource(
        "procedures", _("Thủ tục hành chính"),
        _("Các thủ tục Ban giải quyết, theo phiên bản áp dụng: thời hạn, phí, kết quả, mức độ trực tuyến."),
        _("Phiên bản áp dụng vào ngày tính; tên thủ tục và lĩnh vực như hiện nay."),
        COLUMNS, procedures, versions.of_counter, takes=("as_of", "updated_since"), rhythm=NIGHTLY,
        page="onestop:procedure_list",
    ),
)  # fmt: skip
