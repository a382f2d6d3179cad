"""Fills in any form that a definition describes, section by section through the form itself, as an applicant would."""

from datetime import date, timedelta

from onestop import questions

# What the matter demands of a question wherever it is asked; everything else is made up from its type.
SENSIBLE = {
    "adjustment_cause": "other", "allowance_currency": "USD", "basement_area_m2": "1", "building_coverage": "50",
    "capital_vnd": "1000", "changes_name": "yes", "changes_use": "yes", "contribution_share": "100",
    "cpc_class": "8813",
    "exemption_until": "01/05/2026", "floor_area_m2": "200", "footprint_m2": "50", "land_area_m2": "100",
    "passport_until": "01/01/2040", "planning_area_ha": "75", "trader_capital_currency": "USD", "vsic_class": "2511",
    "work_from": "02/05/2026", "work_permit_until": "01/05/2026", "work_until": "01/05/2028",
    "worker_born_on": "01/01/1990",
}  # fmt: skip
# A day from which every date of a filled form is told; later questions get later days.
TODAY = date(2026, 3, 3)


class Filler:
    """`special` are answers by key that the matter demands; everything else is made up from its type."""

    def __init__(self, dossier, *, user, special=None, on=TODAY):
        self.dossier, self.user, self.special, self.on = dossier, user, special or {}, on
        self.dates = self.texts = 0

    def fill(self):
        """Every section, in order; the dossier with its answers, or an AssertionError naming what was refused."""
        shape = questions.definition(self.dossier)
        for section in shape.sections:
            data = self.typed(section)
            filled = self._form(section, data)
            assert filled.is_valid(), (self.dossier.procedure.code, section.key, filled.errors.get_json_data(), data)
            self.dossier = filled.apply()
        return self.dossier

    def typed(self, section):
        """What is typed in one section: {key: text, or the rows of a repeated group}."""
        form, data = self._form(section), {}
        for question in form.questions:
            if questions.meets(question.when, {**questions.facts_of(self.dossier), **data}):
                data[question.key] = self._typed(question, form)
        return {key: value for key, value in data.items() if value is not None}

    def posted(self, section):
        """The same as a browser sends it, each cell of a row under a name of its own."""
        sent = {}
        for key, value in self.typed(section).items():
            if isinstance(value, list):
                sent |= {f"{key}-{n}-{column}": cell for n, row in enumerate(value) for column, cell in row.items()}
            else:
                sent[key] = value
        return sent

    def _form(self, section, data=None):
        return questions.SectionForm(data, dossier=self.dossier, section=section, user=self.user, on=self.on)

    def _typed(self, question, form):
        if question.key in questions.COLUMNS:
            value = getattr(self.dossier, question.key, None)
            return getattr(value, "pk", value) or form.initial.get(question.key)
        return self._made(question, form.fields[question.key])

    def _made(self, question, entry):
        for known in (self.special, SENSIBLE):
            if question.key in known:
                return known[question.key]
        maker = getattr(self, f"_make_{question.type}", self._make_text)
        return maker(question, entry)

    def _make_text(self, question, entry):
        self.texts += 1
        return f"Thử {self.texts}"[: int(question.most or 99)]

    def _number(self, question, fallback):
        least = question.least if question.least not in (None, "") else fallback
        return str(least).replace(".", ",")

    def _make_integer(self, question, entry):
        return self._number(question, 1)

    _make_decimal = _make_percent = _make_area = _make_money_usd = _make_money_vnd = _make_integer

    def _make_date(self, question, entry):
        self.dates += 1
        days = -400 + self.dates if question.is_past else 30 + 40 * self.dates
        return f"{self.on + timedelta(days=days):%d/%m/%Y}"

    def _make_month(self, question, entry):
        self.dates += 1
        return f"01/{2027 + self.dates}"

    def _make_choice(self, question, entry):
        return question.choices[0]["value"]

    def _make_yes_no(self, question, entry):
        return "yes" if question.key.startswith("undertakes_") else "no"

    def _make_email(self, question, entry):
        return "lien-he@thep.example"

    def _make_phone(self, question, entry):
        return "0208 3 123 456"

    def _make_tax_code(self, question, entry):
        return "4600000001"

    def _make_country(self, question, entry):
        return "KR"

    def _make_vsic(self, question, entry):
        return "25"

    def _make_passport(self, question, entry):
        return "M12345678"

    def _make_personal_id(self, question, entry):
        return "001090000001"

    def _make_table(self, question, entry):
        columns = {column.key: column for column in question.columns}
        row = {key: self._made(column, entry.columns[key]) for key, column in columns.items()}
        return [row] * max(1, question.least or 1)
