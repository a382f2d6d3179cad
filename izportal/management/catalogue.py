"""The catalogue of procedures as rows: fields, procedures, and the version that the file describes with its cases,
papers and acts. A version under which a dossier has been filed is never changed: the file gives it a new first day."""

from collections.abc import Iterator
from typing import Any

from izportal.management import form_files
from izportal.management.settle import Tally, settle
from izportal.management.wording import Pair, labelled, noted, pair
from izportal.models import Act, Division
from onestop.models import Component, Field, Procedure, ProcedureCase, ProcedureVersion

UNITS = {"working_day": ("ngày làm việc", "working days"), "day": ("ngày", "days")}
CLOSED = "{version}: đã có hồ sơ nộp theo phiên bản này nên không sửa; hãy đặt ngày áp dụng mới trong tệp dữ liệu"


def load(data: dict[str, Any], divisions: dict[str, Any], tally: Tally) -> None:
    rows = data["procedures"]
    of_field = {name: row["code"] for row in divisions["divisions"] for name in row["fields"]}
    fields = settle(Field, _fields(data["fields"], of_field), key=("code",), tally=tally)
    procedures = settle(Procedure, (procedure(row, fields) for row in rows), key=("code",), tally=tally)
    by_code = {row["code"]: row for row in rows if (row["code"],) in procedures}
    closed = _Closed(tally)
    start = data["meta"]["applied_from"]
    wanted = (
        version(row) | {"procedure_id": procedures[code,].pk, "valid_from": start} for code, row in by_code.items()
    )
    versions = settle(
        ProcedureVersion, wanted, key=("procedure_id", "valid_from"), tally=tally, is_closed=closed.version
    )
    of_code = {stored.procedure_id: stored for stored in versions.values() if str(stored.valid_from) == start}
    pairs = [(of_code[procedures[code,].pk], row) for code, row in by_code.items() if procedures[code,].pk in of_code]
    parts = {"key": ("version_id", "key"), "tally": tally, "is_closed": closed.part}
    settle(ProcedureCase, (line for stored, row in pairs for line in _cases(stored, row)), **parts)
    settle(Component, (line for stored, row in pairs for line in _papers(stored, row)), **parts)
    _link_acts(pairs, closed)


class _Closed:
    """Versions under which a dossier has been filed. Asked only about rows that differ from the file, to report."""

    def __init__(self, tally: Tally):
        filed = ProcedureVersion.objects.filter(dossiers__submitted_at__isnull=False)
        self.ids, self.tally = set(filed.values_list("pk", flat=True)), tally

    def version(self, row: ProcedureVersion) -> bool:
        if row.pk not in self.ids:
            return False
        sentence = CLOSED.format(version=row)
        if sentence not in self.tally.refused:
            self.tally.refused.append(sentence)
        return True

    def part(self, row: ProcedureCase | Component) -> bool:
        return row.version_id in self.ids and self.version(row.version)


def _fields(rows: list[dict], of_field: dict[str, str]) -> Iterator[dict]:
    divisions = dict(Division.objects.values_list("code", "pk"))
    for place, row in enumerate(rows):
        yield {**row, "position": place, "division_id": divisions.get(of_field.get(row["code"]))}


def procedure(row: dict, fields: dict) -> dict[str, Any]:
    same = ("code", "local_suffix", "name_vi", "name_en", "number")
    return {
        **{name: row[name] for name in same}, "field_id": fields[row["field"],].pk, "effect": row["effect"],
        "is_filed_here": row["code"] in form_files.codes(),
    }  # fmt: skip


def version(row: dict) -> dict[str, Any]:
    clock, fee = row["clock"], row["fee"]
    return {
        "clock_mode": clock["mode"], "clock_note_vi": clock["note_vi"], "clock_note_en": clock["note_en"],
        "clock_confidence": clock["confidence"], "max_supplements": clock["max_supplements"],
        "fee_vnd": fee["amount_vnd"], "fee_note_vi": fee["note_vi"], "fee_note_en": fee["note_en"],
        "is_fee_verified": fee["verified"],
        **{name: row[name] for name in ("result_vi", "result_en", "result_form", "authority_vi", "authority_en")},
        **{name: row[name] for name in ("announcing_decision", "channels", "sets", "confidence", "sources")},
        **{name: row[name] for name in ("online_level", "online_level_source_vi", "online_level_source_en")},
        "papers_status": row["paper_status"], "filing_window": row["filing_window"] or {},
        "applicants_vi": row["applicants_vi"], "applicants_en": row["applicants_en"],
        # Where the file does not say, the rule stays as it is in the table.
        **{name: clock[name] for name in ("no_answer", "no_answer_ground") if name in clock},
        **noted("notes", *notes(row)),
    }  # fmt: skip


def notes(row: dict) -> Iterator[Pair | None]:
    told = row["notes_vi"] or ""
    yield pair(row, "notes")
    for said in row["inner_deadlines"]:
        if f"{said['value']:02d} ngày" not in told:
            unit = UNITS[said["unit"]]
            yield labelled(pair(said, "label"), tuple(f"{said['value']:02d} {word}" for word in unit))
    for case in row["cases"]:
        if (case["note_vi"] or "") not in told:
            yield labelled(pair(case, "label"), pair(case, "note"))
    for paper in row["papers"]:
        yield labelled(pair(paper, "name"), pair(paper, "form_note"))
    yield labelled(("Kết quả", "Result"), pair(row, "result_form_note"))
    for basis in row["legal_basis"]:
        yield labelled(pair(basis, "name"), _of_basis(basis))


def _of_basis(basis: dict) -> Pair:
    amended = ", ".join(basis["amended_by"])
    told = {"vi": f"sửa đổi tại {amended}", "en": f"amended by {amended}"} if amended else {}
    return tuple(
        "; ".join(part for part in (basis[f"article_{code}"], told.get(code), basis[f"note_{code}"]) if part)
        for code in ("vi", "en")
    )


def _cases(stored: ProcedureVersion, row: dict) -> Iterator[dict]:
    same = (
        *("key", "label_vi", "label_en", "value", "unit", "second_value", "cap", "counted_from", "is_default"),
        "chosen_by",
    )
    for place, case in enumerate(row["cases"]):
        yield {**{name: case[name] for name in same}, "version_id": stored.pk, "position": place}


def _papers(stored: ProcedureVersion, row: dict) -> Iterator[dict]:
    same = ("key", "name_vi", "name_en", "originals", "copies", "required", "condition_vi", "condition_en", "cases")
    for place, paper in enumerate(row["papers"]):
        values = {name: paper[name] for name in same}
        yield {
            **values,
            "version_id": stored.pk,
            "form_code": paper["form"],
            "is_verified": paper["verified"],
            "position": place,
        }


def _link_acts(pairs: list[tuple[ProcedureVersion, dict]], closed: _Closed) -> None:
    """Acts of the file that a version lacks; one that somebody has added stays."""
    numbers = dict(Act.objects.values_list("number", "pk"))
    links = ProcedureVersion.acts.through.objects.values_list("procedureversion_id", "act_id")
    linked = set(links)
    for stored, row in pairs:
        wanted = {numbers[basis["number"]] for basis in row["legal_basis"] if basis["number"] in numbers}
        missing = [pk for pk in wanted if (stored.pk, pk) not in linked]
        if missing and not closed.version(stored):
            stored.acts.add(*missing)
