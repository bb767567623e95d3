import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

import inventory_site.core.triggers

ROLES = ("operations manager", "picker", "receiver", "read-only")


def add_roles(apps, schema_editor):
    group = apps.get_model("auth", "Group")
    for name in ROLES:
        group.objects.get_or_create(name=name)


# `was` and `became` are what is kept of the row before and after. An empty value of a new row says nothing.
KEEP = """
CREATE FUNCTION core_keep_change(
    topic text, subject_id text, subject text, warehouse text, was jsonb, became jsonb, hidden text[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE told jsonb;
BEGIN
    SELECT jsonb_object_agg(key, CASE
               WHEN key = ANY(hidden) THEN jsonb_build_array(
                   CASE WHEN old IS NOT NULL THEN 'hidden' END, CASE WHEN new IS NOT NULL THEN 'hidden' END)
               ELSE jsonb_build_array(old, new) END)
      INTO told
      FROM (SELECT key, nullif(was -> key, 'null') AS old, nullif(became -> key, 'null') AS new
              FROM jsonb_object_keys(coalesce(was, '{}') || coalesce(became, '{}')) AS key) field
     WHERE old IS DISTINCT FROM new
       AND NOT (was IS NULL AND new IN ('""', '[]')) AND NOT (became IS NULL AND old IN ('""', '[]'));
    IF told IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO core_settingchange
           (at, actor, user_id, topic, subject_id, subject, warehouse, action, changes)
    VALUES (clock_timestamp(),
            coalesce(nullif(current_setting('holdfast.actor', true), ''),
                     'database user ' || session_user),
            nullif(current_setting('holdfast.user_id', true), '')::bigint,
            topic, subject_id, left(coalesce(subject, subject_id), 200), coalesce(warehouse, ''),
            CASE WHEN was IS NULL THEN 'added' WHEN became IS NULL THEN 'removed' ELSE 'changed' END,
            told);
END $$;
"""

# The triggers of people are not models' of ours: they too look tables up in the house's schema alone.
PEOPLE = """
CREATE FUNCTION core_keep_person() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    it record := coalesce(NEW, OLD);
    said CONSTANT text[] := '{id,last_login,date_joined}';
BEGIN
    PERFORM core_keep_change('auth.user', it.id::text, it.username, '',
                             to_jsonb(OLD) - said, to_jsonb(NEW) - said, '{password}');
    RETURN NULL;
END $$;

CREATE TRIGGER change_is_kept AFTER INSERT OR DELETE OR
    UPDATE OF username, password, first_name, last_name, email, is_active, is_staff, is_superuser
    ON auth_user FOR EACH ROW EXECUTE FUNCTION core_keep_person();

CREATE FUNCTION core_keep_role() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE it record := coalesce(NEW, OLD);
BEGIN
    PERFORM core_keep_change('auth.user', it.user_id::text,
        (SELECT username FROM auth_user WHERE id = it.user_id), '',
        jsonb_build_object('role', (SELECT name FROM auth_group WHERE id = OLD.group_id)),
        jsonb_build_object('role', (SELECT name FROM auth_group WHERE id = NEW.group_id)), '{}');
    RETURN NULL;
END $$;

CREATE TRIGGER change_is_kept AFTER INSERT OR DELETE ON auth_user_groups
    FOR EACH ROW EXECUTE FUNCTION core_keep_role();
"""

FORGET = """
DROP TRIGGER change_is_kept ON auth_user_groups;
DROP TRIGGER change_is_kept ON auth_user;
DROP FUNCTION core_keep_role();
DROP FUNCTION core_keep_person();
DROP FUNCTION core_keep_change(text, text, text, text, jsonb, jsonb, text[]);
"""


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("core", "0001_initial"),
        ("core", "0002_staff_access"),
        ("core", "0003_report_schedules"),
        ("core", "0004_history"),
        ("core", "0005_schedule_history"),
        ("core", "0006_firm_triggers"),
        ("core", "0007_known_words"),
    ]

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(add_roles, migrations.RunPython.noop),
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                (
                    "id",
                    models.CharField(
                        editable=False,
                        max_length=150,
                        primary_key=True,
                        serialize=False,
                        unique=True,
                        verbose_name="id",
                    ),
                ),
                (
                    "prefix",
                    models.CharField(editable=False, max_length=8, unique=True, verbose_name="prefix"),
                ),
                ("hashed_key", models.CharField(editable=False, max_length=150, verbose_name="hashed key")),
                ("created", models.DateTimeField(auto_now_add=True, db_index=True, verbose_name="created")),
                (
                    "name",
                    models.CharField(
                        default=None,
                        help_text="Whose key it is, such as shop. The ledger carries it.",
                        max_length=50,
                        verbose_name="name",
                    ),
                ),
                (
                    "revoked",
                    models.BooleanField(
                        blank=True, default=False, help_text="It ended, for good.", verbose_name="revoked"
                    ),
                ),
                (
                    "expiry_date",
                    models.DateTimeField(
                        blank=True,
                        help_text="Once API key expires, clients cannot use it anymore.",
                        null=True,
                        verbose_name="Expires",
                    ),
                ),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        help_text="What the key may do, e.g. stock:read.",
                        size=None,
                        verbose_name="scopes",
                    ),
                ),
                (
                    "warehouses",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        help_text="Codes of the warehouses it may see and change; empty means all.",
                        size=None,
                        verbose_name="warehouses",
                    ),
                ),
                (
                    "last_used_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="last used at"),
                ),
            ],
            options={
                "verbose_name": "API key",
                "verbose_name_plural": "API keys",
                "ordering": ("-created",),
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="change_is_kept",
                        sql=inventory_site.core.triggers.FirmSql(
                            condition="WHEN (to_jsonb(OLD) - '{id,hashed_key,last_used_at,created}'::text[] IS DISTINCT FROM to_jsonb(NEW) - '{id,hashed_key,last_used_at,created}'::text[])",
                            declare="DECLARE it record;",
                            func="""
        it := coalesce(NEW, OLD);
        PERFORM core_keep_change('core.apikey', (it.id)::text, (it.name)::text, '',
                                 to_jsonb(OLD) - '{id,hashed_key,last_used_at,created}'::text[], to_jsonb(NEW) - '{id,hashed_key,last_used_at,created}'::text[], '{}'::text[]);
        RETURN NULL;
    """,
                            hash="c7e68282b13d019786d3274c5535b71b8ab946b2",
                            operation="UPDATE",
                            pgid="pgtrigger_change_is_kept_f9cd5",
                            table="core_apikey",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="coming_and_going_is_kept",
                        sql=inventory_site.core.triggers.FirmSql(
                            declare="DECLARE it record;",
                            func="""
        it := coalesce(NEW, OLD);
        PERFORM core_keep_change('core.apikey', (it.id)::text, (it.name)::text, '',
                                 to_jsonb(OLD) - '{id,hashed_key,last_used_at,created}'::text[], to_jsonb(NEW) - '{id,hashed_key,last_used_at,created}'::text[], '{}'::text[]);
        RETURN NULL;
    """,
                            hash="5dda834769da4ed104c7847075d3a0aed9af7655",
                            operation="INSERT OR DELETE",
                            pgid="pgtrigger_coming_and_going_is_kept_a8253",
                            table="core_apikey",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=255, verbose_name="key")),
                (
                    "fingerprint",
                    models.CharField(
                        help_text="SHA-256 of method, path and body.",
                        max_length=64,
                        verbose_name="fingerprint",
                    ),
                ),
                ("status", models.PositiveSmallIntegerField(null=True, verbose_name="status")),
                (
                    "body",
                    models.TextField(help_text="The answer, as it was sent.", null=True, verbose_name="body"),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        db_index=True,
                        verbose_name="created at",
                    ),
                ),
                (
                    "api_key",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="core.apikey",
                        verbose_name="api key",
                    ),
                ),
            ],
            options={
                "verbose_name": "idempotency key",
                "verbose_name_plural": "idempotency keys",
                "constraints": [
                    models.UniqueConstraint(fields=("api_key", "key"), name="idempotency_key_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="StaffAccess",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "warehouses",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        help_text="Codes of the warehouses that the person sees and works in; empty means all.",
                        size=None,
                        verbose_name="warehouses",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="access",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "access to warehouses",
                "verbose_name_plural": "access to warehouses",
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="change_is_kept",
                        sql=inventory_site.core.triggers.FirmSql(
                            condition="WHEN (to_jsonb(OLD) - '{id,user_id}'::text[] IS DISTINCT FROM to_jsonb(NEW) - '{id,user_id}'::text[])",
                            declare="DECLARE it record;",
                            func="""
        it := coalesce(NEW, OLD);
        PERFORM core_keep_change('auth.user', (it.user_id)::text, (SELECT username FROM auth_user WHERE id = it.user_id)::text, '',
                                 to_jsonb(OLD) - '{id,user_id}'::text[], to_jsonb(NEW) - '{id,user_id}'::text[], '{}'::text[]);
        RETURN NULL;
    """,
                            hash="c8ece6d952ecec83a42425ceb8c7b0ee9d320ee6",
                            operation="UPDATE",
                            pgid="pgtrigger_change_is_kept_6ec54",
                            table="core_staffaccess",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="coming_and_going_is_kept",
                        sql=inventory_site.core.triggers.FirmSql(
                            declare="DECLARE it record;",
                            func="""
        it := coalesce(NEW, OLD);
        PERFORM core_keep_change('auth.user', (it.user_id)::text, (SELECT username FROM auth_user WHERE id = it.user_id)::text, '',
                                 to_jsonb(OLD) - '{id,user_id}'::text[], to_jsonb(NEW) - '{id,user_id}'::text[], '{}'::text[]);
        RETURN NULL;
    """,
                            hash="f14ce07c7e63f0ea8ac54dcd9bbcedc60208dff1",
                            operation="INSERT OR DELETE",
                            pgid="pgtrigger_coming_and_going_is_kept_969a8",
                            table="core_staffaccess",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportSchedule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("report", models.CharField(max_length=40, verbose_name="report")),
                ("parameters", models.JSONField(blank=True, default=dict, verbose_name="parameters")),
                (
                    "form",
                    models.CharField(
                        choices=[("xlsx", "XLSX"), ("csv", "CSV")], max_length=4, verbose_name="format"
                    ),
                ),
                (
                    "recipients",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.EmailField(max_length=254),
                        help_text="Addresses of e-mail.",
                        size=None,
                        verbose_name="recipients",
                    ),
                ),
                (
                    "rhythm",
                    models.CharField(
                        choices=[
                            ("daily", "every day"),
                            ("weekdays", "Monday to Friday"),
                            ("weekly", "once a week"),
                            ("monthly", "once a month"),
                        ],
                        default="weekly",
                        max_length=8,
                        verbose_name="rhythm",
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="0: Monday.", verbose_name="weekday"
                    ),
                ),
                (
                    "month_day",
                    models.PositiveSmallIntegerField(
                        default=1, help_text="1 to 28.", verbose_name="month day"
                    ),
                ),
                ("hour", models.PositiveSmallIntegerField(default=7, verbose_name="hour")),
                ("time_zone", models.CharField(default="UTC", max_length=64, verbose_name="time zone")),
                ("enabled", models.BooleanField(default=True, verbose_name="enabled")),
                ("due_at", models.DateTimeField(editable=False, verbose_name="due at")),
                (
                    "leased_until",
                    models.DateTimeField(editable=False, null=True, verbose_name="leased until"),
                ),
                ("rests_until", models.DateTimeField(editable=False, null=True, verbose_name="rests until")),
                (
                    "failures",
                    models.PositiveIntegerField(
                        default=0, editable=False, help_text="In a row.", verbose_name="failures"
                    ),
                ),
                ("sent_at", models.DateTimeField(editable=False, null=True, verbose_name="sent at")),
                (
                    "last_error",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="last error"),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="report_schedules",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "ordering": ["report", "id"],
                "verbose_name": "report schedule",
                "verbose_name_plural": "report schedules",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("hour__lte", 23),
                            ("month_day__gte", 1),
                            ("month_day__lte", 28),
                            ("weekday__lte", 6),
                        ),
                        name="report_schedule_has_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rhythm__in", ["daily", "weekdays", "weekly", "monthly"])),
                        name="schedule_rhythm_known",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="change_is_kept",
                        sql=inventory_site.core.triggers.FirmSql(
                            condition="WHEN (to_jsonb(OLD) - '{id,due_at,leased_until,rests_until,failures,sent_at,last_error}'::text[] IS DISTINCT FROM to_jsonb(NEW) - '{id,due_at,leased_until,rests_until,failures,sent_at,last_error}'::text[])",
                            declare="DECLARE it record;",
                            func="""
        it := coalesce(NEW, OLD);
        PERFORM core_keep_change('core.reportschedule', (it.id)::text, (it.report)::text, '',
                                 to_jsonb(OLD) - '{id,due_at,leased_until,rests_until,failures,sent_at,last_error}'::text[], to_jsonb(NEW) - '{id,due_at,leased_until,rests_until,failures,sent_at,last_error}'::text[], '{}'::text[]);
        RETURN NULL;
    """,
                            hash="7ca9d02bee8d7d32809a7467264b2e1912989701",
                            operation="UPDATE",
                            pgid="pgtrigger_change_is_kept_89102",
                            table="core_reportschedule",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="coming_and_going_is_kept",
                        sql=inventory_site.core.triggers.FirmSql(
                            declare="DECLARE it record;",
                            func="""
        it := coalesce(NEW, OLD);
        PERFORM core_keep_change('core.reportschedule', (it.id)::text, (it.report)::text, '',
                                 to_jsonb(OLD) - '{id,due_at,leased_until,rests_until,failures,sent_at,last_error}'::text[], to_jsonb(NEW) - '{id,due_at,leased_until,rests_until,failures,sent_at,last_error}'::text[], '{}'::text[]);
        RETURN NULL;
    """,
                            hash="d8d410f815e6c8a00a60fafd5afa9c358c87a224",
                            operation="INSERT OR DELETE",
                            pgid="pgtrigger_coming_and_going_is_kept_fdadd",
                            table="core_reportschedule",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SettingChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="when"
                    ),
                ),
                ("actor", models.CharField(max_length=160, verbose_name="who")),
                (
                    "user_id",
                    models.BigIntegerField(
                        help_text="Where a person acted.", null=True, verbose_name="user id"
                    ),
                ),
                (
                    "topic",
                    models.CharField(
                        help_text="The model, such as warehouse.product.", max_length=60, verbose_name="kind"
                    ),
                ),
                ("subject_id", models.CharField(max_length=60, verbose_name="subject id")),
                ("subject", models.CharField(max_length=200, verbose_name="of what")),
                (
                    "warehouse",
                    models.CharField(
                        blank=True, help_text="Where it lies in one.", max_length=20, verbose_name="warehouse"
                    ),
                ),
                ("action", models.CharField(max_length=10, verbose_name="what")),
                (
                    "changes",
                    models.JSONField(help_text="Old and new value by field.", verbose_name="changes"),
                ),
            ],
            options={
                "verbose_name": "change of a setting",
                "verbose_name_plural": "changes of settings",
                "ordering": ["-id"],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["topic", "subject_id", "-id"], name="setting_change_of"),
                    models.Index(fields=["actor", "-id"], name="setting_change_by"),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="history_is_append_only",
                        sql=inventory_site.core.triggers.FirmSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="d13551bfb250b8be7df870f9bfda78a2f2a78740",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_history_is_append_only_bf55b",
                            table="core_settingchange",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="history_is_never_emptied",
                        sql=inventory_site.core.triggers.FirmSql(
                            func="RAISE EXCEPTION 'the history is append-only: it cannot be truncated';",
                            hash="695f57414e3eb38893a8c1a1247dddfac5d898e4",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_history_is_never_emptied_2c705",
                            table="core_settingchange",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
        migrations.RunSQL(KEEP + PEOPLE, FORGET),
    ]
