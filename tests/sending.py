"""A system that sends dossiers in, as it looks from outside: a token, and calls over HTTP."""

import itertools
import json

from django.test import Client

from onestop import intake
from onestop.models import IntakeSystem
from tests import factories, uploads
from tests.factories import at

MOMENT = at("2026-03-03 09:15")
ROOT = "/api/v1/intake"
_numbers = itertools.count(1)


class Sender:
    def __init__(self, name="Cổng Dịch vụ công quốc gia", **fields):
        self.system = IntakeSystem.objects.create(name=name, **fields)
        self.token = intake.renew_token(self.system, at=MOMENT)
        self.system.refresh_from_db()

    def _head(self, key=None, language="", token=None):
        head = {"Authorization": f"Bearer {self.token if token is None else token}"}
        return {**head, "Accept-Language": language, **({"Idempotency-Key": key} if key else {})}

    def get(self, path, query=None, **head):
        return Client().get(f"{ROOT}/{path}", query or {}, headers=self._head(**head))

    def post(self, path, body, *, key=None, **head):
        """`body` is bytes as they are, or what becomes JSON; without a key one is made up."""
        content = body if isinstance(body, bytes) else json.dumps(body)
        kind = "application/octet-stream" if path.startswith("files") else "application/json"
        key = key or f"khoa-{next(_numbers)}"
        return Client().post(f"{ROOT}/{path}", content, content_type=kind, headers=self._head(key=key, **head))

    def file(self, content=None, name="giay-to.pdf"):
        """Send a file; its id."""
        answer = self.post(f"files?name={name}", uploads.pdf() if content is None else content)
        assert answer.status_code == 201, answer.content.decode()
        return answer.json()["id"]

    def dossier(self, body=None, **head):
        return self.post("dossiers", self.whole() if body is None else body, **head)

    def whole(self, **changed):
        """A complete dossier of a new project, its two papers sent before."""
        number = next(_numbers)
        return {
            "procedure": "1.009664", "case": "th1", "foreign_code": f"QG-{number:06d}",
            "enterprise": {"tax_code": "4600000001", "name": "Công ty TNHH Gửi Từ Xa", "address": "Thái Nguyên"},
            "contact": {"name": "Trần Thị Gửi", "email": "gui@xa.example", "phone": "0208 3 123 456"},
            "answers": {
                **factories.answers_for("1.009664"), "plot": factories.make_plot(f"GX-{number}").code,
            },
            "papers": [{"component": key, "file": self.file()} for key in ("de-nghi", "tai-chinh")],
            "papers_not_due": ["cong-nghe"],
            **changed,
        }  # fmt: skip
