"""The legs of a project from their data file: the order in which procedures of the catalogue follow one another."""

from typing import Any

from izportal.management.settle import Tally, settle
from izportal.models import Confidence
from onestop.models import Leg, Procedure

BASIS = (
    "Thứ tự do cổng sắp xếp theo nội dung thủ tục; chờ Ban xác nhận.",
    "Order arranged by the portal from what the procedures are about; to be confirmed by the Board.",
)


def load(data: dict[str, Any], tally: Tally) -> None:
    """After the catalogue; a leg whose procedure the board has taken away is left out."""
    procedures = dict(Procedure.objects.values_list("code", "pk"))
    rows = [row for row in data["legs"] if row.get("procedure") is None or row["procedure"] in procedures]
    settle(Leg, (_leg(row, procedures) for row in rows), key=("key",), tally=tally)


def _leg(row: dict[str, Any], procedures: dict[str, int]) -> dict[str, Any]:
    words = {
        f"{name}_{code}": row.get(f"{name}_{code}", "")
        for name in ("name", "authority", "condition")
        for code in ("vi", "en")
    }
    return {
        "key": row["key"], "position": row["position"], "procedure_id": procedures.get(row.get("procedure") or ""),
        "case_key": row.get("case_key", ""), "origin": row.get("origin", ""), "kinds": row.get("kinds", []),
        "sectors": row.get("sectors", []), "only_with": row.get("only_with", ""), "unless": row.get("unless", []),
        "is_own_work": row.get("is_own_work", False), "confidence": Confidence.ASSUMPTION,
        "basis_vi": BASIS[0], "basis_en": BASIS[1], **words,
    }  # fmt: skip
