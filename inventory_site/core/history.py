"""The history of settings: written by the database itself, whoever changes them and by whatever way.

Triggers put each change beside the old value; `tell_who` says in the same transaction, right before a
statement that changes settings, on whose behalf it is. Nothing else pays for it. docs/adr/0018.
"""

import re
from collections.abc import Sequence
from contextlib import nullcontext
from functools import lru_cache
from typing import Any

import pgtrigger
from django.db import transaction

from inventory_site.core.actors import NAME_LENGTH, acting_now
from inventory_site.core.triggers import Trigger

WRITE = re.compile(
    r'\b(INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+(?:ONLY\s+)?"?([a-z_]+)"?', re.IGNORECASE
)
SAY = "SELECT set_config('holdfast.actor', %s, true), set_config('holdfast.user_id', %s, true)"

# Tables of which changes are kept, and of which columns alone (none: of all). Those of people are not
# models of ours: their triggers are in the migration.
_kept: dict[str, tuple[str, ...]] = {
    "auth_user": (),
    "auth_user_groups": (),
}


def kept(
    *,
    table: str,
    topic: str = "",
    subject_id: str = "it.id",
    subject: str = "it.name",
    warehouse: str = "''",
    only: Sequence[str] = (),
    left_out: Sequence[str] = (),
    hidden: Sequence[str] = (),
) -> list[Trigger]:
    """Triggers for a model's Meta that keep each change of its rows in `SettingChange`.

    `subject_id`, `subject` (what people call it) and `warehouse` (its code, where it lies in one) are SQL
    of the row `it`. Every column is kept, unless `only` names some; those `left_out` say nothing about a
    setting; of those `hidden` is kept only that they changed. `topic`: of which model the subject is.
    """
    _kept[table] = tuple(only)
    topic = topic or table.replace("_", ".", 1)
    was, became = (_picked(row, only, left_out) for row in ("OLD", "NEW"))
    func = f"""
        it := coalesce(NEW, OLD);
        PERFORM core_keep_change('{topic}', ({subject_id})::text, ({subject})::text, {warehouse},
                                 {was}, {became}, {_array(hidden)});
        RETURN NULL;
    """
    given = " OR ".join(f"NEW.{column} <> 0" for column in only)
    changed = (
        pgtrigger.AnyChange(*only)
        if only
        else pgtrigger.Condition(f"{was} IS DISTINCT FROM {became}")
    )
    coming: Any = pgtrigger.Insert if only else pgtrigger.Insert | pgtrigger.Delete
    going_on: Any = pgtrigger.UpdateOf(*only) if only else pgtrigger.Update  # type: ignore[no-untyped-call]
    return [
        Trigger(
            name="change_is_kept",
            when=pgtrigger.After,
            operation=going_on,
            condition=changed,
            declare=[("it", "record")],
            func=func,
        ),
        Trigger(
            name="coming_and_going_is_kept",
            when=pgtrigger.After,
            operation=coming,
            condition=pgtrigger.Condition(given) if given else None,
            declare=[("it", "record")],
            func=func,
        ),
    ]


def replaced(*, table: str, column: str, subject: str, warehouse: str = "''") -> Trigger:
    """A trigger that keeps what takes the place of a value in one column; not that the first one came."""
    _kept[table] = (*_kept[table], column)
    was, became = (f"jsonb_build_object('{column}', {row}.{column})" for row in ("OLD", "NEW"))
    return Trigger(
        name=f"{column}_is_kept",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf(column),  # type: ignore[no-untyped-call]
        condition=pgtrigger.Condition(f"OLD.{column} <> NEW.{column}"),
        declare=[("it", "record")],
        func=f"""
            it := NEW;
            PERFORM core_keep_change('{table.replace("_", ".", 1)}', it.id::text, ({subject})::text,
                                     {warehouse}, {was}, {became}, {_array(())});
            RETURN NULL;
        """,
    )


def _picked(row: str, only: Sequence[str], left_out: Sequence[str]) -> str:
    """SQL of the row's columns that are kept, as JSON."""
    if only:
        pairs = ", ".join(f"'{column}', {row}.{column}" for column in only)
        return f"jsonb_build_object({pairs})"
    return f"to_jsonb({row}) - {_array(('id', *left_out))}"


def _array(names: Sequence[str]) -> str:
    return "'{" + ",".join(names) + "}'::text[]"


def tell_who(execute: Any, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Around every statement (Django's execute wrapper): before one that changes settings, say who acts.

    It is said for the transaction alone, so that a pooled connection carries nothing over; a statement
    outside of a transaction gets one.
    """
    who = acting_now()
    if who is None or not isinstance(sql, str) or not changes_settings(sql):
        return execute(sql, params, many, context)
    connection, actor = context["connection"], who()
    around = nullcontext() if connection.in_atomic_block else transaction.atomic(connection.alias)
    with around:
        with connection.cursor() as cursor:
            cursor.execute(SAY, [actor.name[:NAME_LENGTH], str(actor.user_id or "")])
        return execute(sql, params, many, context)


@lru_cache(maxsize=2000)
def changes_settings(sql: str) -> bool:
    """Whether a statement writes a table, or columns of one, of which changes are kept."""
    for found in WRITE.finditer(sql):
        only = _kept.get(found[2].lower())
        if only is None:
            continue
        if not only or any(_sets(column, found[1], sql[found.end() :]) for column in only):
            return True
    return False


def _sets(column: str, verb: str, rest: str) -> bool:
    written = rf'\b{column}"?\s*=' if verb.upper() == "UPDATE" else rf"\b{column}\b"
    return re.search(written, rest) is not None
