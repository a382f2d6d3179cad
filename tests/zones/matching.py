"""The table of thirty plots, and builders of needs, for the tests of the match."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

from zones.match import CODES, Demand, Need, Offer

DAY = date(2027, 1, 1)
STATES = {"m": "met", "n": "near", "u": "unknown", "x": "not_met"}
# Left in each zone on the day: water, discharge.
LEFT = {"A": (12000, 9000), "B": (9500, 7500), "C": (None, None), "D": (10000, 7000)}


def table():
    lines = (Path(__file__).parents[1] / "data/match_30_plots.csv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def number(text):
    return Decimal(text) if text else None


def need(by=DAY, price_in=("USD", "m2_term"), **demands):
    """`need(area=(5, None, "must"), kind="land")`: bounds and a weight, or options."""
    made = {code: _demand(code, said) for code, said in demands.items()}
    return Need(by, tuple(made[code] for code in CODES if code in made), price_in)


def _demand(code, said):
    low, high, weight = said if isinstance(said, tuple) and len(said) == 3 else (said, None, "normal")
    if isinstance(low, str):
        return Demand(code, weight, options=frozenset({low}))
    return Demand(code, weight, *(None if bound is None else Decimal(bound) for bound in (low, high)))


def of_the_table():
    return need(
        kind=("land", None, "must"), area=(5, None, "important"), water=(10000, None, "must"), wastewater=8000,
        height=20,
    )  # fmt: skip


def offer(row):
    water, discharge = LEFT[row["zone"]]
    values = {
        "kind": row["kind"], "area": number(row["area_ha"]), "height": number(row["height_m"]), "water": water,
        "wastewater": discharge,
    }  # fmt: skip
    return Offer(row["zone"], row["code"], row["usable"] == "yes", values)
