"""Two managers at once: what each could do alone, both may not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

from django.contrib.auth import get_user_model
from django.db import connection

from inventory_site.core.db import in_unit_of_work
from inventory_site.core.errors import DomainError
from inventory_site.core.keys import make_key, rotate_key
from inventory_site.core.models import ApiKey
from inventory_site.core.roles import MANAGER
from inventory_site.core.staffing import Person, save_person
from tests.factories import do
from tests.site.staff import person, who


def at_once(works):
    """What came of each: done, or the code of the refusal."""
    together = Barrier(len(works))

    def run(work):
        try:
            together.wait()
            in_unit_of_work(work)
        except DomainError as error:
            return error.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(works)) as pool:
        return sorted(pool.map(run, works))


def test_two_managers_do_not_put_each_other_out(committed_db):
    gone = Person(frozenset({MANAGER}), frozenset(), active=False)
    for round_ in range(5):
        ada, bob = (person(f"{name}{round_}", MANAGER) for name in ("ada", "bob"))
        outcomes = at_once(
            [
                partial(save_person, user=bob, person=gone, who=who(ada)),
                partial(save_person, user=ada, person=gone, who=who(bob)),
            ]
        )
        assert outcomes == ["done", "last_manager"]
        get_user_model().objects.update(is_active=False)


def test_a_key_is_replaced_once(committed_db):
    ada = who(person("ada", MANAGER))
    key = do(make_key, name="shop", scopes=["stock:read"], warehouses=[], who=ada)
    day = timedelta(days=1)
    outcomes = at_once([partial(rotate_key, prefix=key.prefix, overlap=day, who=ada)] * 4)
    assert outcomes == ["done", "key_ended", "key_ended", "key_ended"]
    assert ApiKey.objects.count() == 2
