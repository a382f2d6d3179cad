"""Fills in any form that a definition describes, section by section through the form itself, as an applicant would."""

from datetime import date, timedelta

from onestop import questions

# A day from which every date of a filled form is told; later questions get later days.
TODAY = date(2026, 3, 3)


class Filler:
    """`special` are answers by key that the matter demands; everything else is made up from its type."""

    def __init__(self, dossier, *, user, special=None, on=TODAY):
        self.dossier, self.user, self.special, self.on = dossier, user, special or {}, on
        self.dates = 0

    def fill(self):
        """Every section, in order; the dossier with its answers, or an AssertionError naming what was refused."""
        shape = questions.definition(self.dossier.procedure.code)
        for section in shape.sections:
            form, data = self._form(section), {}
            for question in form.questions:
                if questions.meets(question.when, {**questions.facts_of(self.dossier), **data}):
                    data[question.key] = self._typed(question, form)
            filled = self._form(section, {key: value for key, value in data.items() if value is not None})
            assert filled.is_valid(), (shape.code, section.key, filled.errors.get_json_data(), data)
            self.dossier = filled.apply()
        return self.dossier

    def _form(self, section, data=None):
        return questions.SectionForm(data, dossier=self.dossier, section=section, user=self.user, on=self.on)

    def _typed(self, question, form):
        if question.key in self.special:
            return self.special[question.key]
        if question.key in questions.COLUMNS:
            value = getattr(self.dossier, question.key, None)
            return getattr(value, "pk", value) or form.initial.get(question.key)
        return self._made(question, form.fields[question.key])

    def _made(self, question, entry):
        maker = getattr(self, f"_make_{question.type}", None)
        return maker(question, entry) if maker else "Nội dung thử"

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
        return "no"

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
