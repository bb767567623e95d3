"""Triggers that ask nobody: what the database refuses or keeps, no setting of a session switches off.

Every trigger of pgtrigger first asks `pgtrigger.ignore`, a setting that any role may set, and leaves
its work undone for whoever named it there. Ours leave that question out. They also look tables and
functions up in the schema of the house alone: a temporary table of the same name would else be read
in place of the real one. What is left is a superuser; `manage.py verify_ledger` finds what one did.
"""

from typing import Any

import pgtrigger
from pgtrigger import compiler


class FirmSql(compiler.UpsertTriggerSql):
    """How such a trigger is installed. Migrations name this class: its text never changes."""

    def get_template(self) -> str:
        return """
            CREATE OR REPLACE FUNCTION {pgid}()
            RETURNS TRIGGER AS $$
                {declare}
                BEGIN
                    {func}
                END;
            $$ LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp;

            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE {constraint} TRIGGER {pgid}
                {when} {operation} ON {table}
                {timing}
                {referencing}
                FOR EACH {level} {condition}
                EXECUTE PROCEDURE {execute};

            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class Trigger(pgtrigger.Trigger):
    """A trigger that no setting switches off; otherwise as pgtrigger has it."""

    def compile(self, model: Any) -> compiler.Trigger:
        """The trigger as migrations keep it."""
        asking = super().compile(model)
        kwargs = {k: v for k, v in asking.sql.kwargs.items() if k != "ignore_func_name"}
        return compiler.Trigger(name=asking.name, sql=FirmSql(**kwargs))


class Protect(Trigger, pgtrigger.Protect):
    """Refuses an operation."""
