"""A process that takes one step of a dossier and stops dead after so many statements, to be killed there:
`python -m tests.braking <dossier> <step> <person> <statements>`."""

import sys
import time

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.db import connection  # noqa: E402

from onestop import workflow  # noqa: E402
from onestop.models import Dossier  # noqa: E402
from tests.factories import at  # noqa: E402

MOMENT = at("2026-03-03 09:15")


class Brake:
    def __init__(self, last):
        self.last, self.count = last, 0

    def __call__(self, execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        self.count += 1
        if self.count == self.last:
            stop("held")
        return result


def stop(word):
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()
    time.sleep(600)


def main(dossier, step, person, statements):
    row, by = Dossier.objects.get(pk=dossier), get_user_model().objects.get(pk=person)
    brake = Brake(int(statements))
    with connection.execute_wrapper(brake):
        workflow.take(row, step, by=by, at=MOMENT)
    stop(f"done {brake.count}")


if __name__ == "__main__":
    main(*sys.argv[1:])
