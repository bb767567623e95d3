import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.db import migrations, models

import inventory_site.core.triggers

READERS = """
    INSERT INTO notifications_feedreader (name, position, event) VALUES ('alerts', 0, 0), ('webhooks', 0, 0)
"""


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("notifications", "0001_initial"),
        ("notifications", "0002_delivery_and_alerts"),
        ("notifications", "0003_history"),
        ("notifications", "0004_delivery_done"),
        ("notifications", "0005_told_and_searched"),
        ("notifications", "0006_rest_begins"),
        ("notifications", "0008_judged_by_what_was_sent"),
        ("notifications", "0009_firm_triggers"),
        ("notifications", "0010_known_words"),
        ("notifications", "0011_known_words_proven"),
        ("notifications", "0012_long_names"),
        ("notifications", "0013_stock_opened_once"),
    ]

    dependencies = [
        ("core", "0001_first_release"),
    ]

    operations = [
        migrations.CreateModel(
            name="OutboxEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.BigIntegerField(editable=False, verbose_name="position")),
                ("type", models.CharField(max_length=60, verbose_name="type")),
                ("reference", models.CharField(max_length=120, verbose_name="reference")),
                ("actor", models.CharField(max_length=160, verbose_name="actor")),
                (
                    "levels",
                    models.JSONField(
                        help_text="Resulting levels of every item that was touched.", verbose_name="levels"
                    ),
                ),
                ("details", models.JSONField(default=dict, verbose_name="details")),
                (
                    "warehouses",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        default=list,
                        size=None,
                        verbose_name="warehouses",
                    ),
                ),
                (
                    "occurred_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="occurred at"
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
                "verbose_name": "outbox event",
                "verbose_name_plural": "outbox events",
                "indexes": [
                    models.Index(fields=["position", "id"], name="outbox_position"),
                    models.Index(
                        condition=models.Q(("type", "stock.opened")),
                        fields=["reference"],
                        name="outbox_opened",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Channel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="What people call the place, such as Ops room.",
                        max_length=80,
                        unique=True,
                        verbose_name="name",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("email", "e-mail"), ("service", "chat or SMS")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("sealed_address", models.TextField(editable=False, verbose_name="sealed address")),
                (
                    "enabled",
                    models.BooleanField(
                        default=True,
                        help_text="Off: nothing is told there; what comes up waits.",
                        verbose_name="enabled",
                    ),
                ),
                (
                    "leased_until",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="leased until"),
                ),
                (
                    "failures",
                    models.PositiveIntegerField(
                        default=0, editable=False, help_text="In a row.", verbose_name="failures"
                    ),
                ),
                (
                    "rests_until",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="rests until"),
                ),
                (
                    "last_error",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="last error"),
                ),
                (
                    "failing_since",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="failing since"),
                ),
                (
                    "failed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="failed at"),
                ),
                (
                    "sent_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="sent at"),
                ),
            ],
            options={
                "ordering": ["name"],
                "verbose_name": "channel",
                "verbose_name_plural": "channels",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["email", "service"])), name="channel_kind_known"
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="change_is_kept",
                        sql=inventory_site.core.triggers.FirmSql(
                            condition="WHEN (to_jsonb(OLD) - '{id,leased_until,failures,rests_until,last_error,failing_since,failed_at,sent_at}'::text[] IS DISTINCT FROM to_jsonb(NEW) - '{id,leased_until,failures,rests_until,last_error,failing_since,failed_at,sent_at}'::text[])",
                            declare="DECLARE it record;",
                            func="""
        it := coalesce(NEW, OLD);
        PERFORM core_keep_change('notifications.channel', (it.id)::text, (it.name)::text, '',
                                 to_jsonb(OLD) - '{id,leased_until,failures,rests_until,last_error,failing_since,failed_at,sent_at}'::text[], to_jsonb(NEW) - '{id,leased_until,failures,rests_until,last_error,failing_since,failed_at,sent_at}'::text[], '{sealed_address}'::text[]);
        RETURN NULL;
    """,
                            hash="0c5990942be1a571ef95150e1891782a8f1b3ffb",
                            operation="UPDATE",
                            pgid="pgtrigger_change_is_kept_19b19",
                            table="notifications_channel",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="coming_and_going_is_kept",
                        sql=inventory_site.core.triggers.FirmSql(
                            declare="DECLARE it record;",
                            func="""
        it := coalesce(NEW, OLD);
        PERFORM core_keep_change('notifications.channel', (it.id)::text, (it.name)::text, '',
                                 to_jsonb(OLD) - '{id,leased_until,failures,rests_until,last_error,failing_since,failed_at,sent_at}'::text[], to_jsonb(NEW) - '{id,leased_until,failures,rests_until,last_error,failing_since,failed_at,sent_at}'::text[], '{sealed_address}'::text[]);
        RETURN NULL;
    """,
                            hash="69fd35a8f68bf78d016c4098e53d5e55b1afa263",
                            operation="INSERT OR DELETE",
                            pgid="pgtrigger_coming_and_going_is_kept_9aa18",
                            table="notifications_channel",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Endpoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="name")),
                (
                    "url",
                    models.CharField(
                        help_text="Where messages are sent. It is kept as it is: put no secret into it. The signature proves who sends.",
                        max_length=500,
                        verbose_name="url",
                    ),
                ),
                (
                    "types",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        default=list,
                        help_text="Types of events, e.g. stock.received or stock.*; empty: all.",
                        size=None,
                        verbose_name="types",
                    ),
                ),
                (
                    "warehouses",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        help_text="Only levels of these warehouses; empty: of all.",
                        size=None,
                        verbose_name="warehouses",
                    ),
                ),
                ("sealed_secret", models.TextField(editable=False, verbose_name="sealed secret")),
                (
                    "sealed_old_secret",
                    models.TextField(
                        blank=True, default="", editable=False, verbose_name="sealed old secret"
                    ),
                ),
                (
                    "old_secret_until",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="old secret until"
                    ),
                ),
                ("enabled", models.BooleanField(default=True, verbose_name="enabled")),
                (
                    "disabled_why",
                    models.CharField(
                        blank=True, db_default="", editable=False, max_length=300, verbose_name="disabled why"
                    ),
                ),
                (
                    "collects_to",
                    models.BigIntegerField(
                        blank=True,
                        editable=False,
                        help_text="Disabled by its failures, it still collects messages, up to this sequence.",
                        null=True,
                        verbose_name="collects to",
                    ),
                ),
                (
                    "since",
                    models.BigIntegerField(
                        default=0,
                        editable=False,
                        help_text="It is told of events beyond this position.",
                        verbose_name="since",
                    ),
                ),
                (
                    "last_sequence",
                    models.BigIntegerField(default=0, editable=False, verbose_name="last sequence"),
                ),
                (
                    "looked_to",
                    models.BigIntegerField(
                        default=0,
                        editable=False,
                        help_text="Up to this sequence nothing can be sent but what is tried again.",
                        verbose_name="looked to",
                    ),
                ),
                (
                    "called_until",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="called until"),
                ),
                (
                    "leased_until",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="leased until"),
                ),
                (
                    "failures",
                    models.PositiveIntegerField(
                        default=0,
                        editable=False,
                        help_text="How many messages failed at their first attempt since the last success.",
                        verbose_name="failures",
                    ),
                ),
                (
                    "rests_until",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="rests until"),
                ),
                (
                    "delivered_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="delivered at"),
                ),
                (
                    "failed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="failed at"),
                ),
                (
                    "last_error",
                    models.CharField(
                        blank=True, db_default="", editable=False, max_length=300, verbose_name="last error"
                    ),
                ),
                ("actor", models.CharField(editable=False, max_length=160, verbose_name="actor")),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="created at",
                    ),
                ),
                (
                    "rests_from",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="rests from"),
                ),
            ],
            options={
                "ordering": ["name"],
                "verbose_name": "webhook",
                "verbose_name_plural": "webhooks",
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="change_is_kept",
                        sql=inventory_site.core.triggers.FirmSql(
                            condition="WHEN (to_jsonb(OLD) - '{id,last_sequence,collects_to,since,looked_to,called_until,leased_until,failures,rests_from,rests_until,delivered_at,failed_at,last_error,actor,created_at}'::text[] IS DISTINCT FROM to_jsonb(NEW) - '{id,last_sequence,collects_to,since,looked_to,called_until,leased_until,failures,rests_from,rests_until,delivered_at,failed_at,last_error,actor,created_at}'::text[])",
                            declare="DECLARE it record;",
                            func="""
        it := coalesce(NEW, OLD);
        PERFORM core_keep_change('notifications.endpoint', (it.id)::text, (it.name)::text, '',
                                 to_jsonb(OLD) - '{id,last_sequence,collects_to,since,looked_to,called_until,leased_until,failures,rests_from,rests_until,delivered_at,failed_at,last_error,actor,created_at}'::text[], to_jsonb(NEW) - '{id,last_sequence,collects_to,since,looked_to,called_until,leased_until,failures,rests_from,rests_until,delivered_at,failed_at,last_error,actor,created_at}'::text[], '{url,sealed_secret,sealed_old_secret}'::text[]);
        RETURN NULL;
    """,
                            hash="df0a2d8d49980262f73da2077f5a73dbcc68d2bd",
                            operation="UPDATE",
                            pgid="pgtrigger_change_is_kept_ccaa6",
                            table="notifications_endpoint",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="coming_and_going_is_kept",
                        sql=inventory_site.core.triggers.FirmSql(
                            declare="DECLARE it record;",
                            func="""
        it := coalesce(NEW, OLD);
        PERFORM core_keep_change('notifications.endpoint', (it.id)::text, (it.name)::text, '',
                                 to_jsonb(OLD) - '{id,last_sequence,collects_to,since,looked_to,called_until,leased_until,failures,rests_from,rests_until,delivered_at,failed_at,last_error,actor,created_at}'::text[], to_jsonb(NEW) - '{id,last_sequence,collects_to,since,looked_to,called_until,leased_until,failures,rests_from,rests_until,delivered_at,failed_at,last_error,actor,created_at}'::text[], '{url,sealed_secret,sealed_old_secret}'::text[]);
        RETURN NULL;
    """,
                            hash="8e50268211cbc39ec29f31ac224bc986ff15974b",
                            operation="INSERT OR DELETE",
                            pgid="pgtrigger_coming_and_going_is_kept_12f81",
                            table="notifications_endpoint",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FeedReader",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, unique=True, verbose_name="name")),
                ("position", models.BigIntegerField(default=0, verbose_name="position")),
                (
                    "event",
                    models.BigIntegerField(
                        default=0, help_text="The id of the last event read.", verbose_name="event"
                    ),
                ),
                (
                    "moved_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="moved at"
                    ),
                ),
            ],
            options={
                "verbose_name": "delivery",
                "verbose_name_plural": "delivery",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule", models.CharField(max_length=40, verbose_name="rule")),
                (
                    "subject",
                    models.CharField(
                        help_text="What it is about: one alert per subject.",
                        max_length=160,
                        verbose_name="subject",
                    ),
                ),
                (
                    "warehouse",
                    models.CharField(
                        blank=True,
                        help_text="Empty: about no certain one.",
                        max_length=20,
                        verbose_name="warehouse",
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[("info", "Info"), ("warning", "Warning"), ("urgent", "Urgent")],
                        max_length=10,
                        verbose_name="severity",
                    ),
                ),
                ("title", models.CharField(max_length=300, verbose_name="title")),
                ("details", models.JSONField(default=dict, verbose_name="details")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("acknowledged", "Acknowledged"),
                            ("snoozed", "Snoozed"),
                            ("resolved", "Resolved"),
                        ],
                        default="open",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                (
                    "opened_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="opened at"
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided at")),
                (
                    "decided_by",
                    models.CharField(blank=True, db_default="", max_length=160, verbose_name="decided by"),
                ),
                ("snoozed_until", models.DateTimeField(blank=True, null=True, verbose_name="snoozed until")),
                ("resolved_at", models.DateTimeField(blank=True, null=True, verbose_name="resolved at")),
                (
                    "rings_at",
                    models.DateTimeField(
                        help_text="When it is told of next, if it stands open then.", verbose_name="rings at"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "verbose_name": "alert",
                "verbose_name_plural": "alerts",
                "indexes": [
                    models.Index(fields=["rule", "subject", "-id"], name="alert_history"),
                    models.Index(
                        condition=models.Q(("status", "open")), fields=["warehouse"], name="alert_open"
                    ),
                    models.Index(
                        condition=models.Q(("status__in", ["open", "snoozed"])),
                        fields=["rings_at"],
                        name="alert_to_ring",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("resolved_at__isnull", True)),
                        fields=("rule", "subject"),
                        name="one_alert_stands",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("resolved_at__isnull", False), ("status", "resolved")),
                            models.Q(
                                models.Q(("status", "resolved"), _negated=True), ("resolved_at__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="alert_resolved_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("severity__in", ["info", "warning", "urgent"])),
                        name="alert_severity_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["open", "acknowledged", "snoozed", "resolved"])),
                        name="alert_status_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "message",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        editable=False,
                        verbose_name="message",
                    ),
                ),
                (
                    "sequence",
                    models.BigIntegerField(
                        help_text="Counts the endpoint's messages, without a gap.", verbose_name="sequence"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("pending", "Pending"), ("delivered", "Delivered"), ("failed", "Failed")],
                        default="pending",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="attempts")),
                (
                    "due_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="due at"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="created at"
                    ),
                ),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done at")),
                (
                    "event",
                    models.ForeignKey(
                        blank=True,
                        help_text="None: a test message.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="notifications.outboxevent",
                        verbose_name="event",
                    ),
                ),
                (
                    "endpoint",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="notifications.endpoint",
                        verbose_name="endpoint",
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True, db_default="", editable=False, max_length=120, verbose_name="reference"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "verbose_name": "delivery",
                "verbose_name_plural": "deliveries",
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "pending")),
                        fields=["endpoint", "sequence"],
                        name="delivery_pending",
                    ),
                    models.Index(
                        condition=models.Q(("attempts__gt", 0), ("status", "pending")),
                        fields=["endpoint", "due_at"],
                        name="delivery_retry",
                    ),
                    models.Index(
                        condition=models.Q(("status", "pending"), _negated=True),
                        fields=["done_at"],
                        name="delivery_done",
                    ),
                    models.Index(
                        condition=models.Q(("reference", ""), _negated=True),
                        fields=["reference", "-id"],
                        name="delivery_reference",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("endpoint", "sequence"), name="delivery_sequence_once"),
                    models.UniqueConstraint(fields=("event", "endpoint"), name="delivery_once"),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["pending", "delivered", "failed"])),
                        name="delivery_status_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
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
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="at"
                    ),
                ),
                ("duration_ms", models.PositiveIntegerField(verbose_name="duration ms")),
                (
                    "status_code",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="status code"),
                ),
                ("error", models.CharField(blank=True, max_length=300, verbose_name="error")),
                (
                    "answer",
                    models.CharField(
                        blank=True, help_text="The beginning of it.", max_length=1000, verbose_name="answer"
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tries",
                        to="notifications.delivery",
                        verbose_name="delivery",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "verbose_name": "attempt",
                "verbose_name_plural": "attempts",
            },
        ),
        migrations.CreateModel(
            name="Ring",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("due_at", models.DateTimeField(verbose_name="due at")),
                (
                    "message",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="The message that tells of it: settled before it is sent, so that one that is sent twice is known by its name.",
                        max_length=40,
                        verbose_name="message",
                    ),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent at")),
                (
                    "dropped_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Its cause was gone, or somebody had taken it on, before it was told; or it was refused.",
                        null=True,
                        verbose_name="dropped at",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="created at"
                    ),
                ),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rings",
                        to="notifications.alert",
                        verbose_name="alert",
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rings",
                        to="notifications.channel",
                        verbose_name="channel",
                    ),
                ),
                (
                    "refused",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="Why the service will not take the message, however often it is sent.",
                        max_length=300,
                        verbose_name="refused",
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        blank=True,
                        choices=[("info", "Info"), ("warning", "Warning"), ("urgent", "Urgent")],
                        db_default="",
                        help_text="Of the alert when it was to be told, and from then on as the message tells it.",
                        max_length=10,
                        verbose_name="severity",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "verbose_name": "ring",
                "verbose_name_plural": "rings",
                "indexes": [
                    models.Index(
                        condition=models.Q(("dropped_at__isnull", True), ("sent_at__isnull", True)),
                        fields=["channel", "due_at"],
                        name="ring_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("dropped_at__isnull", True), ("sent_at__isnull", True)),
                        fields=("channel", "alert"),
                        name="one_ring_waits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("severity__in", ["info", "warning", "urgent", ""])),
                        name="ring_severity_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Route",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "severities",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("info", "Info"), ("warning", "Warning"), ("urgent", "Urgent")],
                            max_length=10,
                        ),
                        help_text="Alerts of these severities.",
                        size=None,
                        verbose_name="severities",
                    ),
                ),
                (
                    "rules",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        help_text="Empty: all.",
                        size=None,
                        verbose_name="rules",
                    ),
                ),
                (
                    "warehouses",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        help_text="Empty: all.",
                        size=None,
                        verbose_name="warehouses",
                    ),
                ),
                (
                    "every_minutes",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="Gather alerts for so long and tell of them together; 0: at once. What is urgent never waits.",
                        validators=[django.core.validators.MaxValueValidator(1440)],
                        verbose_name="every minutes",
                    ),
                ),
                ("quiet_from", models.TimeField(blank=True, null=True, verbose_name="quiet from")),
                ("quiet_until", models.TimeField(blank=True, null=True, verbose_name="quiet until")),
                (
                    "time_zone",
                    models.CharField(
                        default="UTC",
                        help_text="Of the quiet hours.",
                        max_length=60,
                        verbose_name="time zone",
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="routes",
                        to="notifications.channel",
                        verbose_name="channel",
                    ),
                ),
            ],
            options={
                "verbose_name": "route",
                "verbose_name_plural": "routes",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("quiet_from__isnull", True), ("quiet_until__isnull", True)),
                            models.Q(("quiet_from__isnull", False), ("quiet_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="quiet_hours_have_two_ends",
                        violation_error_message="Quiet hours have a beginning and an end.",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="change_is_kept",
                        sql=inventory_site.core.triggers.FirmSql(
                            condition="WHEN (to_jsonb(OLD) - '{id,channel_id}'::text[] IS DISTINCT FROM to_jsonb(NEW) - '{id,channel_id}'::text[])",
                            declare="DECLARE it record;",
                            func="""
        it := coalesce(NEW, OLD);
        PERFORM core_keep_change('notifications.channel', (it.channel_id)::text, (SELECT name FROM notifications_channel WHERE id = it.channel_id)::text, '',
                                 to_jsonb(OLD) - '{id,channel_id}'::text[], to_jsonb(NEW) - '{id,channel_id}'::text[], '{}'::text[]);
        RETURN NULL;
    """,
                            hash="c0defc5c22a119279a11efd1edfef24a973a9a76",
                            operation="UPDATE",
                            pgid="pgtrigger_change_is_kept_502d5",
                            table="notifications_route",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="coming_and_going_is_kept",
                        sql=inventory_site.core.triggers.FirmSql(
                            declare="DECLARE it record;",
                            func="""
        it := coalesce(NEW, OLD);
        PERFORM core_keep_change('notifications.channel', (it.channel_id)::text, (SELECT name FROM notifications_channel WHERE id = it.channel_id)::text, '',
                                 to_jsonb(OLD) - '{id,channel_id}'::text[], to_jsonb(NEW) - '{id,channel_id}'::text[], '{}'::text[]);
        RETURN NULL;
    """,
                            hash="29240c413b1b2e5213bdc34216ada43701ecc36f",
                            operation="INSERT OR DELETE",
                            pgid="pgtrigger_coming_and_going_is_kept_da88b",
                            table="notifications_route",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SetAside",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reader", models.CharField(max_length=40, verbose_name="reader")),
                ("error", models.TextField(verbose_name="error")),
                (
                    "happened_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="happened at"
                    ),
                ),
                ("retried_at", models.DateTimeField(blank=True, null=True, verbose_name="retried at")),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="notifications.outboxevent",
                        verbose_name="event",
                    ),
                ),
            ],
            options={
                "verbose_name": "event set aside",
                "verbose_name_plural": "events set aside",
                "ordering": ["-id"],
                "constraints": [models.UniqueConstraint(fields=("event", "reader"), name="set_aside_once")],
            },
        ),
        migrations.RunSQL(READERS, migrations.RunSQL.noop),
    ]
