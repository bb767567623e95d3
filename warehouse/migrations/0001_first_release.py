import uuid

import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import django.db.models.functions.text
import pgtrigger.compiler
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import DatabaseError, migrations, models, transaction

import inventory_site.core.triggers


def count_statements(apps, schema_editor):
    """Where this role may: the health page does without it as well."""
    try:
        with transaction.atomic():
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
    except DatabaseError:
        pass


# How the tables that change most lie on disk. Room on a page helps an update that leaves every index as it is
# (HOT): that of items and bins. Of reservations and their lines, the status and the counters, which change with
# every order, decide what stands in the partial indexes of what is due, open and waiting. Those indexes are
# worth more.
ROOM = {"warehouse_inventoryitem": 70, "warehouse_binstock": 80}
BUSY = [*ROOM, "warehouse_reservation", "warehouse_reservationline"]


def room(table):
    return migrations.RunSQL(
        f"ALTER TABLE {table} SET (fillfactor = {ROOM[table]})",
        f"ALTER TABLE {table} RESET (fillfactor)",
    )


def cleaned_often(table):
    return migrations.RunSQL(
        f"ALTER TABLE {table} SET (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 1)",
        f"ALTER TABLE {table} RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_cost_delay)",
    )


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("warehouse", "0001_initial"),
        ("warehouse", "0002_storage"),
        ("warehouse", "0003_packing_and_owners"),
        ("warehouse", "0004_quota"),
        ("warehouse", "0005_lookup"),
        ("warehouse", "0006_reordering"),
        ("warehouse", "0007_proof_runs"),
        ("warehouse", "0008_reports"),
        ("warehouse", "0009_history"),
        ("warehouse", "0010_imports"),
        ("warehouse", "0012_stock_by_bin"),
        ("warehouse", "0013_firm_triggers"),
        ("warehouse", "0014_ledger_digest"),
        ("warehouse", "0015_known_words"),
        ("warehouse", "0016_known_words_proven"),
        ("warehouse", "0017_long_names"),
        ("warehouse", "0018_room_where_it_helps"),
        ("warehouse", "0019_primary_bin_is_kept"),
    ]

    dependencies = [
        ("core", "0001_first_release"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        TrigramExtension(),
        migrations.RunPython(count_statements, migrations.RunPython.noop),
        migrations.CreateModel(
            name="Warehouse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        help_text="Short, such as MAIN. On labels and in the ledger; never changes.",
                        max_length=20,
                        unique=True,
                        verbose_name="code",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="What people call the building.", max_length=120, verbose_name="name"
                    ),
                ),
                (
                    "address",
                    models.TextField(blank=True, help_text="Where deliveries go to.", verbose_name="address"),
                ),
                (
                    "time_zone",
                    models.CharField(
                        default="UTC",
                        help_text="Of its days in reports and of its working hours, such as Europe/Berlin.",
                        max_length=64,
                        verbose_name="time zone",
                    ),
                ),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        default=100,
                        help_text="The lowest number is used first by the strategy `priority`.",
                        verbose_name="priority",
                    ),
                ),
            ],
            options={
                "ordering": ["priority", "code"],
                "verbose_name": "warehouse",
                "verbose_name_plural": "warehouses",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "code",
                                django.db.models.functions.text.Upper(
                                    django.db.models.functions.text.Trim(models.F("code"))
                                ),
                            ),
                            models.Q(("code", ""), _negated=True),
                        ),
                        name="warehouse_code_normal",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="change_is_kept",
                        sql=inventory_site.core.triggers.FirmSql(
                            condition="WHEN (to_jsonb(OLD) - '{id}'::text[] IS DISTINCT FROM to_jsonb(NEW) - '{id}'::text[])",
                            declare="DECLARE it record;",
                            func="""
        it := coalesce(NEW, OLD);
        PERFORM core_keep_change('warehouse.warehouse', (it.id)::text, (it.code)::text, it.code,
                                 to_jsonb(OLD) - '{id}'::text[], to_jsonb(NEW) - '{id}'::text[], '{}'::text[]);
        RETURN NULL;
    """,
                            hash="fa280dbc1d4ee8c9ac9acb08f31307a708e5d7ae",
                            operation="UPDATE",
                            pgid="pgtrigger_change_is_kept_9c066",
                            table="warehouse_warehouse",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="coming_and_going_is_kept",
                        sql=inventory_site.core.triggers.FirmSql(
                            declare="DECLARE it record;",
                            func="""
        it := coalesce(NEW, OLD);
        PERFORM core_keep_change('warehouse.warehouse', (it.id)::text, (it.code)::text, it.code,
                                 to_jsonb(OLD) - '{id}'::text[], to_jsonb(NEW) - '{id}'::text[], '{}'::text[]);
        RETURN NULL;
    """,
                            hash="28cc5798c69e65e73fdde7ffbf27cceb10e828a0",
                            operation="INSERT OR DELETE",
                            pgid="pgtrigger_coming_and_going_is_kept_92fe7",
                            table="warehouse_warehouse",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Bin",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        help_text="Aisle, rack and shelf, such as A-03-12.",
                        max_length=20,
                        verbose_name="code",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pick", "Pick"),
                            ("bulk", "Bulk"),
                            ("receiving", "Receiving"),
                            ("returns", "Returns"),
                            ("packing", "Packing"),
                            ("quarantine", "Quarantine"),
                        ],
                        default="pick",
                        help_text="What lies in quarantine is not for sale. Never changes.",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "pick_sequence",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="Place in the walk; the lowest first.",
                        verbose_name="pick sequence",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bins",
                        to="warehouse.warehouse",
                        verbose_name="warehouse",
                    ),
                ),
            ],
            options={
                "ordering": ["warehouse", "pick_sequence", "code"],
                "verbose_name": "bin",
                "verbose_name_plural": "bins",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["code"], name="bin_code_alike", opclasses=["gin_trgm_ops"]
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("warehouse", "code"), name="bin_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "code",
                                django.db.models.functions.text.Upper(
                                    django.db.models.functions.text.Trim(models.F("code"))
                                ),
                            ),
                            models.Q(("code", ""), _negated=True),
                        ),
                        name="bin_code_normal",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["pick", "bulk", "receiving", "returns", "packing", "quarantine"])
                        ),
                        name="bin_kind_known",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="bin_stays_what_it_is",
                        sql=inventory_site.core.triggers.FirmSql(
                            condition='WHEN (OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."warehouse_id" IS DISTINCT FROM (NEW."warehouse_id"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="5cd7b3596d69be71fbd360a541bdee8e5066e87d",
                            operation="UPDATE",
                            pgid="pgtrigger_bin_stays_what_it_is_1ad92",
                            table="warehouse_bin",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="change_is_kept",
                        sql=inventory_site.core.triggers.FirmSql(
                            condition="WHEN (to_jsonb(OLD) - '{id}'::text[] IS DISTINCT FROM to_jsonb(NEW) - '{id}'::text[])",
                            declare="DECLARE it record;",
                            func="""
        it := coalesce(NEW, OLD);
        PERFORM core_keep_change('warehouse.bin', (it.id)::text, (it.code)::text, (SELECT code FROM warehouse_warehouse WHERE id = it.warehouse_id),
                                 to_jsonb(OLD) - '{id}'::text[], to_jsonb(NEW) - '{id}'::text[], '{}'::text[]);
        RETURN NULL;
    """,
                            hash="b7fc408e1f24de70e2dda597017f7d7fe39c4008",
                            operation="UPDATE",
                            pgid="pgtrigger_change_is_kept_c289e",
                            table="warehouse_bin",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="coming_and_going_is_kept",
                        sql=inventory_site.core.triggers.FirmSql(
                            declare="DECLARE it record;",
                            func="""
        it := coalesce(NEW, OLD);
        PERFORM core_keep_change('warehouse.bin', (it.id)::text, (it.code)::text, (SELECT code FROM warehouse_warehouse WHERE id = it.warehouse_id),
                                 to_jsonb(OLD) - '{id}'::text[], to_jsonb(NEW) - '{id}'::text[], '{}'::text[]);
        RETURN NULL;
    """,
                            hash="3fb0032f7aba4185003f043c9c9ce00f42ea94e3",
                            operation="INSERT OR DELETE",
                            pgid="pgtrigger_coming_and_going_is_kept_77f66",
                            table="warehouse_bin",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CacheGeneration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("generation", models.BigIntegerField(verbose_name="generation")),
            ],
            options={
                "verbose_name": "cache generation",
                "verbose_name_plural": "cache generations",
            },
        ),
        migrations.CreateModel(
            name="Supplier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        help_text="Short; sheets name the supplier by it.",
                        max_length=40,
                        unique=True,
                        verbose_name="code",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        blank=True,
                        help_text="What people call it, and search for.",
                        max_length=200,
                        verbose_name="name",
                    ),
                ),
                (
                    "lead_time_days",
                    models.PositiveSmallIntegerField(
                        default=14, help_text="Days from order to arrival.", verbose_name="lead time days"
                    ),
                ),
            ],
            options={
                "ordering": ["code"],
                "verbose_name": "supplier",
                "verbose_name_plural": "suppliers",
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="change_is_kept",
                        sql=inventory_site.core.triggers.FirmSql(
                            condition="WHEN (to_jsonb(OLD) - '{id}'::text[] IS DISTINCT FROM to_jsonb(NEW) - '{id}'::text[])",
                            declare="DECLARE it record;",
                            func="""
        it := coalesce(NEW, OLD);
        PERFORM core_keep_change('warehouse.supplier', (it.id)::text, (it.code)::text, '',
                                 to_jsonb(OLD) - '{id}'::text[], to_jsonb(NEW) - '{id}'::text[], '{}'::text[]);
        RETURN NULL;
    """,
                            hash="a1bcc369b42a8d77f2e2a715fb1c258af72a2e9a",
                            operation="UPDATE",
                            pgid="pgtrigger_change_is_kept_10b9a",
                            table="warehouse_supplier",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="coming_and_going_is_kept",
                        sql=inventory_site.core.triggers.FirmSql(
                            declare="DECLARE it record;",
                            func="""
        it := coalesce(NEW, OLD);
        PERFORM core_keep_change('warehouse.supplier', (it.id)::text, (it.code)::text, '',
                                 to_jsonb(OLD) - '{id}'::text[], to_jsonb(NEW) - '{id}'::text[], '{}'::text[]);
        RETURN NULL;
    """,
                            hash="9143eed9ce8194b2201653f946093322998a6f98",
                            operation="INSERT OR DELETE",
                            pgid="pgtrigger_coming_and_going_is_kept_42be8",
                            table="warehouse_supplier",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "sku",
                    models.CharField(
                        help_text="What shop and ledger know it by. Kept in upper case; never changes.",
                        max_length=64,
                        unique=True,
                        verbose_name="SKU",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="What people call it, and search for.", max_length=255, verbose_name="name"
                    ),
                ),
                (
                    "unit_cost",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        help_text="Of one unit. Without it, what lies there has no value in reports.",
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="unit cost",
                    ),
                ),
                (
                    "lead_time_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Where it differs from the supplier's.",
                        null=True,
                        verbose_name="lead time days",
                    ),
                ),
                (
                    "active",
                    models.BooleanField(
                        default=True,
                        help_text="Off: it cannot be reserved, and is neither watched nor suggested to order.",
                        verbose_name="active",
                    ),
                ),
                (
                    "version",
                    models.BigIntegerField(
                        default=1,
                        editable=False,
                        help_text="Raised by each change that readers may cache.",
                        verbose_name="version",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="created at",
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="updated at",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="warehouse.supplier",
                        verbose_name="supplier",
                    ),
                ),
                (
                    "pack_size",
                    models.PositiveIntegerField(
                        db_default=1,
                        default=1,
                        help_text="Units in which it is bought: what is suggested to order is whole packs.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100000),
                        ],
                        verbose_name="pack size",
                    ),
                ),
            ],
            options={
                "ordering": ["sku"],
                "verbose_name": "product",
                "verbose_name_plural": "products",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["name"], name="product_name_alike", opclasses=["gin_trgm_ops"]
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["sku"], name="product_sku_alike", opclasses=["gin_trgm_ops"]
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "sku",
                                django.db.models.functions.text.Upper(
                                    django.db.models.functions.text.Trim(models.F("sku"))
                                ),
                            ),
                            models.Q(("sku", ""), _negated=True),
                        ),
                        name="product_sku_normal",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("unit_cost__isnull", True), ("unit_cost__gte", 0), _connector="OR"
                        ),
                        name="product_cost_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pack_size__gte", 1), ("pack_size__lte", 100000)),
                        name="product_pack_size",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="product_version_rises",
                        sql=inventory_site.core.triggers.FirmSql(
                            func="NEW.version = OLD.version + 1; NEW.updated_at = now(); RETURN NEW;",
                            hash="741492312ad98b0126180edb836d7e8fd7971ec6",
                            operation='UPDATE OF "name", "active"',
                            pgid="pgtrigger_product_version_rises_06453",
                            table="warehouse_product",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="change_is_kept",
                        sql=inventory_site.core.triggers.FirmSql(
                            condition="WHEN (to_jsonb(OLD) - '{id,version,created_at,updated_at}'::text[] IS DISTINCT FROM to_jsonb(NEW) - '{id,version,created_at,updated_at}'::text[])",
                            declare="DECLARE it record;",
                            func="""
        it := coalesce(NEW, OLD);
        PERFORM core_keep_change('warehouse.product', (it.id)::text, (it.sku)::text, '',
                                 to_jsonb(OLD) - '{id,version,created_at,updated_at}'::text[], to_jsonb(NEW) - '{id,version,created_at,updated_at}'::text[], '{}'::text[]);
        RETURN NULL;
    """,
                            hash="22c0f19e7e74c158b7d45a107112e2a22f3301bd",
                            operation="UPDATE",
                            pgid="pgtrigger_change_is_kept_2f730",
                            table="warehouse_product",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="coming_and_going_is_kept",
                        sql=inventory_site.core.triggers.FirmSql(
                            declare="DECLARE it record;",
                            func="""
        it := coalesce(NEW, OLD);
        PERFORM core_keep_change('warehouse.product', (it.id)::text, (it.sku)::text, '',
                                 to_jsonb(OLD) - '{id,version,created_at,updated_at}'::text[], to_jsonb(NEW) - '{id,version,created_at,updated_at}'::text[], '{}'::text[]);
        RETURN NULL;
    """,
                            hash="e8650bb08ddf5cabba5d6e69329959d379c3fd08",
                            operation="INSERT OR DELETE",
                            pgid="pgtrigger_coming_and_going_is_kept_73208",
                            table="warehouse_product",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InventoryItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on_hand", models.IntegerField(default=0, verbose_name="on hand")),
                ("reserved", models.IntegerField(default=0, verbose_name="reserved")),
                ("unsellable", models.IntegerField(default=0, verbose_name="unsellable")),
                ("inbound", models.IntegerField(default=0, verbose_name="inbound")),
                (
                    "safety_stock",
                    models.IntegerField(
                        default=0,
                        help_text="Units that are kept back from sale.",
                        verbose_name="safety stock",
                    ),
                ),
                (
                    "reorder_point",
                    models.IntegerField(default=0, help_text="0: not watched.", verbose_name="reorder point"),
                ),
                (
                    "reorder_quantity",
                    models.IntegerField(
                        default=0,
                        help_text="Units to order at least, in whole packs.",
                        verbose_name="reorder quantity",
                    ),
                ),
                (
                    "last_counted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="last counted at"),
                ),
                (
                    "version",
                    models.BigIntegerField(
                        default=1, help_text="Raised by each change; orders values.", verbose_name="version"
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="updated at"
                    ),
                ),
                (
                    "primary_bin",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.bin",
                        verbose_name="primary bin",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="warehouse.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="warehouse.warehouse",
                        verbose_name="warehouse",
                    ),
                ),
            ],
            options={
                "verbose_name": "inventory item",
                "verbose_name_plural": "inventory items",
                "constraints": [
                    models.UniqueConstraint(fields=("product", "warehouse"), name="item_once"),
                    models.CheckConstraint(
                        condition=models.Q(("reserved__gte", 0)), name="item_reserved_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unsellable__gte", 0)), name="item_unsellable_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "on_hand__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("reserved"), "+", models.F("unsellable")
                                ),
                            )
                        ),
                        name="item_promised_is_there",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("inbound__gte", 0)), name="item_inbound_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reorder_point__gte", 0), ("reorder_quantity__gte", 0), ("safety_stock__gte", 0)
                        ),
                        name="item_settings_not_negative",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="item_starts_right",
                        sql=inventory_site.core.triggers.FirmSql(
                            condition="WHEN (NEW.on_hand <> 0 OR NEW.unsellable <> 0)",
                            constraint="CONSTRAINT",
                            declare="DECLARE found record;",
                            func="""
            SELECT i.id, i.on_hand, i.unsellable, b.held, b.quarantined, b.foreign_bins,
                   coalesce((SELECT m.on_hand_after FROM warehouse_stockmovement m
                              WHERE m.item_id = i.id ORDER BY m.id DESC LIMIT 1), 0) AS told
              INTO found
              FROM warehouse_inventoryitem i
              CROSS JOIN LATERAL (
                   SELECT coalesce(sum(s.quantity), 0) AS held,
                          coalesce(sum(s.quantity) FILTER (WHERE s.kind = 'quarantine'), 0)
                              AS quarantined,
                          count(*) FILTER (WHERE s.warehouse_id <> i.warehouse_id) AS foreign_bins
                     FROM (SELECT quantity, bin.kind, bin.warehouse_id
                             FROM warehouse_binstock
                            CROSS JOIN LATERAL (SELECT kind, warehouse_id FROM warehouse_bin
                                                 WHERE id = bin_id OFFSET 0) bin
                            WHERE item_id = i.id) s) b
             WHERE i.id = NEW.id;
            IF found.on_hand <> found.held OR found.on_hand <> found.told
               OR found.unsellable <> found.quarantined OR found.foreign_bins > 0 THEN
                RAISE EXCEPTION
                    'item %: on hand %, bins hold %, the ledger says %; unsellable %, quarantined %',
                    found.id, found.on_hand, found.held, found.told,
                    found.unsellable, found.quarantined
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'item_starts_right';
            END IF;
            RETURN NULL;
        """,
                            hash="3c126b62b95721f9cfff82769d0116549992214a",
                            operation="INSERT",
                            pgid="pgtrigger_item_starts_right_d85e0",
                            table="warehouse_inventoryitem",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="item_adds_up",
                        sql=inventory_site.core.triggers.FirmSql(
                            condition="WHEN (OLD.on_hand <> NEW.on_hand OR OLD.unsellable <> NEW.unsellable)",
                            constraint="CONSTRAINT",
                            declare="DECLARE found record;",
                            func="""
            SELECT i.id, i.on_hand, i.unsellable, b.held, b.quarantined, b.foreign_bins,
                   coalesce((SELECT m.on_hand_after FROM warehouse_stockmovement m
                              WHERE m.item_id = i.id ORDER BY m.id DESC LIMIT 1), 0) AS told
              INTO found
              FROM warehouse_inventoryitem i
              CROSS JOIN LATERAL (
                   SELECT coalesce(sum(s.quantity), 0) AS held,
                          coalesce(sum(s.quantity) FILTER (WHERE s.kind = 'quarantine'), 0)
                              AS quarantined,
                          count(*) FILTER (WHERE s.warehouse_id <> i.warehouse_id) AS foreign_bins
                     FROM (SELECT quantity, bin.kind, bin.warehouse_id
                             FROM warehouse_binstock
                            CROSS JOIN LATERAL (SELECT kind, warehouse_id FROM warehouse_bin
                                                 WHERE id = bin_id OFFSET 0) bin
                            WHERE item_id = i.id) s) b
             WHERE i.id = NEW.id;
            IF found.on_hand <> found.held OR found.on_hand <> found.told
               OR found.unsellable <> found.quarantined OR found.foreign_bins > 0 THEN
                RAISE EXCEPTION
                    'item %: on hand %, bins hold %, the ledger says %; unsellable %, quarantined %',
                    found.id, found.on_hand, found.held, found.told,
                    found.unsellable, found.quarantined
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'item_adds_up';
            END IF;
            RETURN NULL;
        """,
                            hash="d4e5f3e5e07a80a028475c388864da56552343e8",
                            operation="UPDATE",
                            pgid="pgtrigger_item_adds_up_cbe0f",
                            table="warehouse_inventoryitem",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="change_is_kept",
                        sql=inventory_site.core.triggers.FirmSql(
                            condition='WHEN (OLD."reorder_point" IS DISTINCT FROM (NEW."reorder_point") OR OLD."reorder_quantity" IS DISTINCT FROM (NEW."reorder_quantity") OR OLD."safety_stock" IS DISTINCT FROM (NEW."safety_stock"))',
                            declare="DECLARE it record;",
                            func="""
        it := coalesce(NEW, OLD);
        PERFORM core_keep_change('warehouse.inventoryitem', (it.id)::text, (SELECT sku FROM warehouse_product WHERE id = it.product_id)::text, (SELECT code FROM warehouse_warehouse WHERE id = it.warehouse_id),
                                 jsonb_build_object('reorder_point', OLD.reorder_point, 'reorder_quantity', OLD.reorder_quantity, 'safety_stock', OLD.safety_stock), jsonb_build_object('reorder_point', NEW.reorder_point, 'reorder_quantity', NEW.reorder_quantity, 'safety_stock', NEW.safety_stock), '{}'::text[]);
        RETURN NULL;
    """,
                            hash="05cf5028c827af24438cf9662d36ecc8b3f0a749",
                            operation='UPDATE OF "reorder_point", "reorder_quantity", "safety_stock"',
                            pgid="pgtrigger_change_is_kept_9623e",
                            table="warehouse_inventoryitem",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="coming_and_going_is_kept",
                        sql=inventory_site.core.triggers.FirmSql(
                            condition="WHEN (NEW.reorder_point <> 0 OR NEW.reorder_quantity <> 0 OR NEW.safety_stock <> 0)",
                            declare="DECLARE it record;",
                            func="""
        it := coalesce(NEW, OLD);
        PERFORM core_keep_change('warehouse.inventoryitem', (it.id)::text, (SELECT sku FROM warehouse_product WHERE id = it.product_id)::text, (SELECT code FROM warehouse_warehouse WHERE id = it.warehouse_id),
                                 jsonb_build_object('reorder_point', OLD.reorder_point, 'reorder_quantity', OLD.reorder_quantity, 'safety_stock', OLD.safety_stock), jsonb_build_object('reorder_point', NEW.reorder_point, 'reorder_quantity', NEW.reorder_quantity, 'safety_stock', NEW.safety_stock), '{}'::text[]);
        RETURN NULL;
    """,
                            hash="c90ab925559ddd7e288a33accd6b01e68ae6a11c",
                            operation="INSERT",
                            pgid="pgtrigger_coming_and_going_is_kept_b4671",
                            table="warehouse_inventoryitem",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="primary_bin_id_is_kept",
                        sql=inventory_site.core.triggers.FirmSql(
                            condition="WHEN (OLD.primary_bin_id <> NEW.primary_bin_id)",
                            declare="DECLARE it record;",
                            func="""
            it := NEW;
            PERFORM core_keep_change('warehouse.inventoryitem', it.id::text, (SELECT sku FROM warehouse_product WHERE id = it.product_id)::text,
                                     (SELECT code FROM warehouse_warehouse WHERE id = it.warehouse_id), jsonb_build_object('primary_bin_id', OLD.primary_bin_id), jsonb_build_object('primary_bin_id', NEW.primary_bin_id), '{}'::text[]);
            RETURN NULL;
        """,
                            hash="67f2699a033b81bafb303cc8ea2e0bb5b503e4ac",
                            operation='UPDATE OF "primary_bin_id"',
                            pgid="pgtrigger_primary_bin_id_is_kept_161e7",
                            table="warehouse_inventoryitem",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Barcode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        help_text="EAN, UPC or GTIN, as the scanner reads it.",
                        max_length=32,
                        unique=True,
                        verbose_name="code",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="barcodes",
                        to="warehouse.product",
                        verbose_name="product",
                    ),
                ),
            ],
            options={
                "verbose_name": "barcode",
                "verbose_name_plural": "barcodes",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["code"], name="barcode_alike", opclasses=["gin_trgm_ops"]
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="change_is_kept",
                        sql=inventory_site.core.triggers.FirmSql(
                            condition="WHEN (to_jsonb(OLD) - '{id}'::text[] IS DISTINCT FROM to_jsonb(NEW) - '{id}'::text[])",
                            declare="DECLARE it record;",
                            func="""
        it := coalesce(NEW, OLD);
        PERFORM core_keep_change('warehouse.product', (it.product_id)::text, (SELECT sku FROM warehouse_product WHERE id = it.product_id)::text, '',
                                 to_jsonb(OLD) - '{id}'::text[], to_jsonb(NEW) - '{id}'::text[], '{}'::text[]);
        RETURN NULL;
    """,
                            hash="1c52192f3a8c781a62f999a555ad4b67a9fa2858",
                            operation="UPDATE",
                            pgid="pgtrigger_change_is_kept_459e5",
                            table="warehouse_barcode",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="coming_and_going_is_kept",
                        sql=inventory_site.core.triggers.FirmSql(
                            declare="DECLARE it record;",
                            func="""
        it := coalesce(NEW, OLD);
        PERFORM core_keep_change('warehouse.product', (it.product_id)::text, (SELECT sku FROM warehouse_product WHERE id = it.product_id)::text, '',
                                 to_jsonb(OLD) - '{id}'::text[], to_jsonb(NEW) - '{id}'::text[], '{}'::text[]);
        RETURN NULL;
    """,
                            hash="35c0be52e96eb1c5dcb2d0fb496cee5f6f05223b",
                            operation="INSERT OR DELETE",
                            pgid="pgtrigger_coming_and_going_is_kept_47f2e",
                            table="warehouse_barcode",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReorderSuggestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("available", models.IntegerField(help_text="When it opened.", verbose_name="available")),
                ("inbound", models.IntegerField(help_text="When it opened.", verbose_name="inbound")),
                (
                    "quantity",
                    models.IntegerField(help_text="What to order, when it opened.", verbose_name="quantity"),
                ),
                (
                    "opened_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="opened at"
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reorder_suggestions",
                        to="warehouse.inventoryitem",
                        verbose_name="item",
                    ),
                ),
            ],
            options={
                "verbose_name": "reorder suggestion",
                "verbose_name_plural": "reorder suggestions",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("item",),
                        name="one_open_suggestion",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Reservation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=120, verbose_name="reference")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("active", "Active"),
                            ("fulfilled", "Fulfilled"),
                            ("released", "Released"),
                            ("expired", "Expired"),
                        ],
                        default="active",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "fingerprint",
                    models.CharField(
                        help_text="Tells a repeated request from another one.",
                        max_length=64,
                        verbose_name="fingerprint",
                    ),
                ),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="expires at")),
                (
                    "pinned",
                    models.BooleanField(
                        default=False,
                        help_text="The warehouse was named, or the caller limited: never sourced elsewhere.",
                        verbose_name="pinned",
                    ),
                ),
                ("actor", models.CharField(max_length=160, verbose_name="actor")),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="created at"
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="updated at"
                    ),
                ),
                (
                    "owner",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="The part of the house that is told when this promise changes.",
                        max_length=20,
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "verbose_name": "reservation",
                "verbose_name_plural": "reservations",
                "indexes": [
                    django.contrib.postgres.indexes.BTreeIndex(
                        condition=models.Q(("expires_at__isnull", False), ("status", "active")),
                        fields=["expires_at"],
                        name="reservation_due",
                    ),
                    django.contrib.postgres.indexes.BTreeIndex(
                        condition=models.Q(("status", "active")),
                        fields=["actor"],
                        name="reservation_open_by_actor",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("reference",), name="reservation_reference_once"),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["active", "fulfilled", "released", "expired"])),
                        name="reservation_status_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReservationLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quantity", models.IntegerField(verbose_name="quantity")),
                ("shipped", models.IntegerField(default=0, verbose_name="shipped")),
                ("released", models.IntegerField(default=0, verbose_name="released")),
                ("backordered", models.IntegerField(default=0, verbose_name="backordered")),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reservation_lines",
                        to="warehouse.inventoryitem",
                        verbose_name="item",
                    ),
                ),
                (
                    "reservation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="warehouse.reservation",
                        verbose_name="reservation",
                    ),
                ),
            ],
            options={
                "verbose_name": "reservation line",
                "verbose_name_plural": "reservation lines",
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            (
                                "quantity__gt",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("shipped"), "+", models.F("released")
                                    ),
                                    "+",
                                    models.F("backordered"),
                                ),
                            )
                        ),
                        fields=["item", "reservation"],
                        name="reservation_line_open",
                    ),
                    models.Index(
                        condition=models.Q(("backordered__gt", 0)),
                        fields=["item", "reservation"],
                        name="reservation_line_backorder",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("reservation", "item"), name="reservation_line_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("backordered__gte", 0),
                            ("released__gte", 0),
                            ("shipped__gte", 0),
                            (
                                "quantity__gte",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("shipped"), "+", models.F("released")
                                    ),
                                    "+",
                                    models.F("backordered"),
                                ),
                            ),
                        ),
                        name="reservation_line_adds_up",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StockMovement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("receive", "Receive"),
                            ("ship", "Ship"),
                            ("transfer", "Transfer"),
                            ("adjust", "Adjust"),
                            ("return", "Return"),
                            ("damage", "Damage"),
                            ("cycle_count", "Cycle Count"),
                            ("move", "Move"),
                        ],
                        max_length=11,
                        verbose_name="type",
                    ),
                ),
                ("quantity", models.IntegerField(verbose_name="quantity")),
                ("on_hand_after", models.IntegerField(verbose_name="on hand after")),
                ("reference", models.CharField(max_length=120, verbose_name="reference")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("notes", models.TextField(blank=True, verbose_name="notes")),
                ("actor", models.CharField(max_length=160, verbose_name="actor")),
                (
                    "occurred_at",
                    models.DateTimeField(help_text="When it happened.", verbose_name="occurred at"),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        help_text="When it was written down.",
                        verbose_name="recorded at",
                    ),
                ),
                (
                    "bin_from",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.bin",
                        verbose_name="bin from",
                    ),
                ),
                (
                    "bin_to",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.bin",
                        verbose_name="bin to",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="movements",
                        to="warehouse.inventoryitem",
                        verbose_name="item",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
                ("digest", models.BinaryField(null=True, verbose_name="digest")),
            ],
            options={
                "ordering": ["-id"],
                "verbose_name": "stock movement",
                "verbose_name_plural": "stock movements",
                "indexes": [
                    models.Index(fields=["item", "-id"], name="movement_item"),
                    models.Index(fields=["reference"], name="movement_reference"),
                    django.contrib.postgres.indexes.BrinIndex(fields=["occurred_at"], name="movement_time"),
                    models.Index(
                        condition=models.Q(("type", "receive")),
                        fields=["item"],
                        include=("occurred_at", "quantity", "reference"),
                        name="movement_received",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("bin_from__isnull", False), ("quantity__lt", 0)),
                            models.Q(("bin_to__isnull", False), ("quantity__gt", 0)),
                            _connector="OR",
                        ),
                        name="movement_names_its_bin",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("on_hand_after__gte", 0)), name="movement_on_hand"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "type__in",
                                [
                                    "receive",
                                    "ship",
                                    "transfer",
                                    "adjust",
                                    "return",
                                    "damage",
                                    "cycle_count",
                                    "move",
                                ],
                            )
                        ),
                        name="movement_type_known",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="ledger_is_append_only",
                        sql=inventory_site.core.triggers.FirmSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="6dff7bd6368c12577414145d34d2f7f6cdababd8",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_ledger_is_append_only_94372",
                            table="warehouse_stockmovement",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="ledger_is_never_emptied",
                        sql=inventory_site.core.triggers.FirmSql(
                            func="RAISE EXCEPTION 'the ledger is append-only: it cannot be truncated';",
                            hash="3f1da0c7b1a0124f6438b5866eb43b1ff717bfb2",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_ledger_is_never_emptied_ef6aa",
                            table="warehouse_stockmovement",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="ledger_continues",
                        sql=inventory_site.core.triggers.FirmSql(
                            declare="DECLARE last record;",
                            func="""
                    SELECT on_hand_after, digest INTO last FROM warehouse_stockmovement
                     WHERE item_id = NEW.item_id ORDER BY id DESC LIMIT 1;
                    IF NEW.on_hand_after <> coalesce(last.on_hand_after, 0) + NEW.quantity THEN
                        RAISE EXCEPTION 'item %: on hand % after % does not follow on %',
                            NEW.item_id, NEW.on_hand_after, NEW.quantity, last.on_hand_after
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_continues';
                    END IF;
                    NEW.digest = sha256(coalesce(last.digest, ''::bytea) || convert_to(jsonb_build_array(NEW.id, NEW.item_id, NEW.type, NEW.quantity, NEW.bin_from_id, NEW.bin_to_id, NEW.on_hand_after, NEW.reference, NEW.reason, NEW.notes, NEW.actor, NEW.user_id, extract(epoch FROM NEW.occurred_at), extract(epoch FROM NEW.recorded_at))::text, 'UTF8'));
                    RETURN NEW;
                """,
                            hash="c699f0b7895ab614e76f9d33211b4317406a45e8",
                            operation="INSERT",
                            pgid="pgtrigger_ledger_continues_1b831",
                            table="warehouse_stockmovement",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="ledger_is_on_hand",
                        sql=inventory_site.core.triggers.FirmSql(
                            constraint="CONSTRAINT",
                            declare="DECLARE found record;",
                            func="""
                    SELECT on_hand, (SELECT on_hand_after FROM warehouse_stockmovement
                                      WHERE item_id = i.id ORDER BY id DESC LIMIT 1) AS told
                      INTO found FROM warehouse_inventoryitem i WHERE i.id = NEW.item_id;
                    IF found.on_hand <> found.told THEN
                        RAISE EXCEPTION 'item %: on hand %, the ledger says %',
                            NEW.item_id, found.on_hand, found.told
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_is_on_hand';
                    END IF;
                    RETURN NULL;
                """,
                            hash="f13464a95370843a485dc4d56721ce7975af04de",
                            operation="INSERT",
                            pgid="pgtrigger_ledger_is_on_hand_46073",
                            table="warehouse_stockmovement",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LostDemand",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=120, verbose_name="reference")),
                ("requested", models.IntegerField(verbose_name="requested")),
                ("available", models.IntegerField(verbose_name="available")),
                ("actor", models.CharField(max_length=160, verbose_name="actor")),
                (
                    "occurred_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="occurred at"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lost_demand",
                        to="warehouse.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="warehouse.warehouse",
                        verbose_name="warehouse",
                    ),
                ),
            ],
            options={
                "verbose_name": "lost demand",
                "verbose_name_plural": "lost demand",
                "constraints": [
                    models.UniqueConstraint(fields=("reference", "product"), name="lost_demand_once"),
                    models.CheckConstraint(
                        condition=models.Q(("available__gte", 0), ("requested__gt", models.F("available"))),
                        name="lost_demand_is_short",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InboundLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=120, verbose_name="reference")),
                (
                    "kind",
                    models.CharField(
                        choices=[("purchase", "Purchase"), ("transfer", "Transfer")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("quantity", models.IntegerField(verbose_name="quantity")),
                ("received", models.IntegerField(default=0, verbose_name="received")),
                ("cancelled", models.IntegerField(default=0, verbose_name="cancelled")),
                ("expected_at", models.DateTimeField(blank=True, null=True, verbose_name="expected at")),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="created at"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inbound_lines",
                        to="warehouse.inventoryitem",
                        verbose_name="item",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.warehouse",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "inbound line",
                "verbose_name_plural": "inbound lines",
                "constraints": [
                    models.UniqueConstraint(fields=("reference", "item"), name="inbound_line_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cancelled__gte", 0),
                            ("quantity__gt", 0),
                            ("received__gte", 0),
                            (
                                "quantity__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("received"), "+", models.F("cancelled")
                                ),
                            ),
                        ),
                        name="inbound_line_adds_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["purchase", "transfer"])),
                        name="inbound_line_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CycleCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=120, verbose_name="reference")),
                ("expected", models.IntegerField(verbose_name="expected")),
                ("counted", models.IntegerField(verbose_name="counted")),
                ("actor", models.CharField(max_length=160, verbose_name="actor")),
                (
                    "counted_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="counted at"
                    ),
                ),
                (
                    "bin",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.bin",
                        verbose_name="bin",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cycle_counts",
                        to="warehouse.inventoryitem",
                        verbose_name="item",
                    ),
                ),
            ],
            options={
                "verbose_name": "cycle count",
                "verbose_name_plural": "cycle counts",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("counted__gte", 0), ("expected__gte", 0)),
                        name="cycle_count_not_negative",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BinStock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quantity", models.IntegerField(verbose_name="quantity")),
                (
                    "bin",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bin_stocks",
                        to="warehouse.bin",
                        verbose_name="bin",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bin_stocks",
                        to="warehouse.inventoryitem",
                        verbose_name="item",
                    ),
                ),
            ],
            options={
                "verbose_name": "stock in a bin",
                "verbose_name_plural": "stock by bin",
                "constraints": [
                    models.UniqueConstraint(fields=("item", "bin"), name="bin_stock_once"),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gte", 0)), name="bin_stock_not_negative"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="bin_stock_stays",
                        sql=inventory_site.core.triggers.FirmSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="c9e2337629de0c706eb3bda9875a47994e977b10",
                            operation="DELETE",
                            pgid="pgtrigger_bin_stock_stays_8bfda",
                            table="warehouse_binstock",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="bin_stock_adds_up",
                        sql=inventory_site.core.triggers.FirmSql(
                            constraint="CONSTRAINT",
                            declare="DECLARE found record;",
                            func="""
            SELECT i.id, i.on_hand, i.unsellable, b.held, b.quarantined, b.foreign_bins,
                   coalesce((SELECT m.on_hand_after FROM warehouse_stockmovement m
                              WHERE m.item_id = i.id ORDER BY m.id DESC LIMIT 1), 0) AS told
              INTO found
              FROM warehouse_inventoryitem i
              CROSS JOIN LATERAL (
                   SELECT coalesce(sum(s.quantity), 0) AS held,
                          coalesce(sum(s.quantity) FILTER (WHERE s.kind = 'quarantine'), 0)
                              AS quarantined,
                          count(*) FILTER (WHERE s.warehouse_id <> i.warehouse_id) AS foreign_bins
                     FROM (SELECT quantity, bin.kind, bin.warehouse_id
                             FROM warehouse_binstock
                            CROSS JOIN LATERAL (SELECT kind, warehouse_id FROM warehouse_bin
                                                 WHERE id = bin_id OFFSET 0) bin
                            WHERE item_id = i.id) s) b
             WHERE i.id = NEW.item_id;
            IF found.on_hand <> found.held OR found.on_hand <> found.told
               OR found.unsellable <> found.quarantined OR found.foreign_bins > 0 THEN
                RAISE EXCEPTION
                    'item %: on hand %, bins hold %, the ledger says %; unsellable %, quarantined %',
                    found.id, found.on_hand, found.held, found.told,
                    found.unsellable, found.quarantined
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'bin_stock_adds_up';
            END IF;
            RETURN NULL;
        """,
                            hash="434239e6f5fd2d137c5ffcf49425d469ec19b5bd",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_bin_stock_adds_up_51e1e",
                            table="warehouse_binstock",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ItemClass",
            fields=[
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="item_class",
                        serialize=False,
                        to="warehouse.inventoryitem",
                        verbose_name="item",
                    ),
                ),
                (
                    "abc",
                    models.CharField(
                        choices=[("A", "A"), ("B", "B"), ("C", "C")], max_length=1, verbose_name="abc"
                    ),
                ),
                (
                    "xyz",
                    models.CharField(
                        choices=[("X", "X"), ("Y", "Y"), ("Z", "Z")], max_length=1, verbose_name="xyz"
                    ),
                ),
                (
                    "weekly_mean",
                    models.FloatField(help_text="Units asked for in a week.", verbose_name="weekly mean"),
                ),
                (
                    "variation",
                    models.FloatField(
                        help_text="Standard deviation of the weeks to their mean; none without demand.",
                        null=True,
                        verbose_name="variation",
                    ),
                ),
                (
                    "value",
                    models.DecimalField(
                        decimal_places=4,
                        help_text="Shipped, at unit cost.",
                        max_digits=20,
                        verbose_name="value",
                    ),
                ),
                ("at", models.DateTimeField(help_text="Of what was known then.", verbose_name="at")),
            ],
            options={
                "verbose_name": "item class",
                "verbose_name_plural": "item classes",
            },
        ),
        migrations.CreateModel(
            name="ReorderAdvice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("point", models.IntegerField(verbose_name="point")),
                ("quantity", models.IntegerField(verbose_name="quantity")),
                ("old_point", models.IntegerField(verbose_name="old point")),
                ("old_quantity", models.IntegerField(verbose_name="old quantity")),
                (
                    "safety_stock",
                    models.IntegerField(help_text="That the point counts in.", verbose_name="safety stock"),
                ),
                (
                    "abc",
                    models.CharField(
                        choices=[("A", "A"), ("B", "B"), ("C", "C")], max_length=1, verbose_name="class"
                    ),
                ),
                (
                    "pattern",
                    models.CharField(
                        choices=[
                            ("smooth", "smooth"),
                            ("erratic", "erratic"),
                            ("intermittent", "intermittent"),
                            ("lumpy", "lumpy"),
                        ],
                        max_length=12,
                        verbose_name="pattern",
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[("ses", "SES"), ("sba", "SBA"), ("tsb", "TSB")],
                        max_length=3,
                        verbose_name="method",
                    ),
                ),
                (
                    "weekly_mean",
                    models.FloatField(help_text="Units expected in a week.", verbose_name="weekly mean"),
                ),
                (
                    "weekly_deviation",
                    models.FloatField(
                        help_text="Of past forecasts from what came, units a week.",
                        verbose_name="weekly deviation",
                    ),
                ),
                (
                    "lead_days",
                    models.FloatField(help_text="From order to arrival.", verbose_name="lead days"),
                ),
                (
                    "lead_deviation",
                    models.FloatField(help_text="Standard deviation, days.", verbose_name="lead deviation"),
                ),
                (
                    "deliveries",
                    models.IntegerField(
                        help_text="That the lead time is from; 0: it is as stated.", verbose_name="deliveries"
                    ),
                ),
                (
                    "service",
                    models.FloatField(
                        help_text="Wanted chance that a lead time passes without a stock-out.",
                        verbose_name="service",
                    ),
                ),
                ("weeks", models.IntegerField(help_text="Of history.", verbose_name="weeks")),
                (
                    "lost_units",
                    models.IntegerField(help_text="Refused, and counted in.", verbose_name="lost units"),
                ),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="made at"
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided at")),
                (
                    "decided_by",
                    models.CharField(blank=True, db_default="", max_length=160, verbose_name="decided by"),
                ),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("superseded", "Superseded"),
                        ],
                        db_default="",
                        max_length=10,
                        verbose_name="decision",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reorder_advice",
                        to="warehouse.inventoryitem",
                        verbose_name="item",
                    ),
                ),
            ],
            options={
                "verbose_name": "reorder advice",
                "verbose_name_plural": "reorder advice",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at__isnull", True)),
                        fields=("item",),
                        name="one_open_advice",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decision", "")),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decision__in", ["accepted", "declined", "superseded"]),
                            ),
                            _connector="OR",
                        ),
                        name="advice_is_decided_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("point__gte", 0), ("quantity__gte", 1)), name="advice_can_be_set"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decision__in", ["accepted", "declined", "superseded", ""])),
                        name="advice_decision_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProofRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "began_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="began at"
                    ),
                ),
                ("took_ms", models.PositiveIntegerField(verbose_name="took ms")),
                ("drifts", models.PositiveIntegerField(verbose_name="drifts")),
            ],
            options={
                "ordering": ["-id"],
                "verbose_name": "proof run",
                "verbose_name_plural": "proof runs",
            },
        ),
        migrations.CreateModel(
            name="Clearance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("mark_down", "mark down"),
                            ("return", "return to supplier"),
                            ("bundle", "bundle"),
                            ("write_off", "write off"),
                        ],
                        max_length=10,
                        verbose_name="way",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("planned", "Planned"), ("done", "Done")],
                        db_default="open",
                        default="open",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                ("units", models.IntegerField(help_text="On hand when it was queued.", verbose_name="units")),
                (
                    "unit_cost",
                    models.DecimalField(decimal_places=4, max_digits=12, null=True, verbose_name="unit cost"),
                ),
                (
                    "opened_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="opened at"
                    ),
                ),
                ("opened_by", models.CharField(max_length=160, verbose_name="opened by")),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="changed at"
                    ),
                ),
                ("changed_by", models.CharField(max_length=160, verbose_name="changed by")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clearances",
                        to="warehouse.inventoryitem",
                        verbose_name="item",
                    ),
                ),
            ],
            options={
                "verbose_name": "dead stock in the queue",
                "verbose_name_plural": "dead stock in the queue",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "done"), _negated=True),
                        fields=("item",),
                        name="one_open_clearance",
                    ),
                    models.CheckConstraint(condition=models.Q(("units__gt", 0)), name="clearance_has_units"),
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ["mark_down", "return", "bundle", "write_off"])),
                        name="clearance_way_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "planned", "done"])),
                        name="clearance_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "form_id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        help_text="Of the form that sent it: sent twice, it is one.",
                        unique=True,
                        verbose_name="form id",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opening_stock", "Opening stock"),
                            ("products", "Products"),
                            ("reorder_settings", "Reorder settings"),
                            ("bins", "Bins"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("uploaded", "Columns to be named"),
                            ("checked", "To be confirmed"),
                            ("queued", "Waiting"),
                            ("running", "Running"),
                            ("done", "Imported"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="uploaded",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("file_name", models.CharField(max_length=200, verbose_name="file name")),
                ("size", models.IntegerField(help_text="Bytes.", verbose_name="size")),
                ("sha256", models.CharField(db_index=True, max_length=64, verbose_name="sha256")),
                ("actor", models.CharField(max_length=160, verbose_name="actor")),
                (
                    "revision",
                    models.IntegerField(
                        default=0,
                        help_text="Raised by each decision; a form of an earlier one is out of date.",
                        verbose_name="revision",
                    ),
                ),
                (
                    "sheet_key",
                    models.CharField(
                        blank=True,
                        help_text="The sheet of a workbook, or a text's separator.",
                        max_length=200,
                        verbose_name="sheet key",
                    ),
                ),
                ("header_row", models.IntegerField(default=0, verbose_name="header row")),
                (
                    "columns",
                    models.JSONField(
                        default=dict,
                        help_text="Field of each column, by its place from 0.",
                        verbose_name="columns",
                    ),
                ),
                (
                    "leave_bad",
                    models.BooleanField(
                        default=True,
                        help_text="Good rows go in without the bad ones.",
                        verbose_name="leave bad",
                    ),
                ),
                ("rows", models.IntegerField(default=0, verbose_name="rows")),
                ("good", models.IntegerField(default=0, verbose_name="good")),
                ("bad", models.IntegerField(default=0, verbose_name="bad")),
                ("skipped", models.IntegerField(default=0, verbose_name="skipped")),
                ("written", models.IntegerField(default=0, verbose_name="written")),
                ("phase", models.CharField(blank=True, max_length=10, verbose_name="phase")),
                (
                    "done",
                    models.IntegerField(
                        default=0,
                        help_text="Rows of which it is settled what becomes of them.",
                        verbose_name="done",
                    ),
                ),
                ("total", models.IntegerField(default=0, verbose_name="total")),
                ("attempt", models.IntegerField(default=0, verbose_name="attempt")),
                (
                    "report",
                    models.JSONField(
                        default=dict,
                        help_text="Of the last check: problems, plan, notes.",
                        verbose_name="report",
                    ),
                ),
                (
                    "result",
                    models.JSONField(default=dict, help_text="What was written.", verbose_name="result"),
                ),
                (
                    "message",
                    models.TextField(
                        blank=True, help_text="Why it failed, in plain words.", verbose_name="message"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="created at"
                    ),
                ),
                (
                    "touched_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        help_text="Of its last sign of life.",
                        verbose_name="touched at",
                    ),
                ),
                ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="started at")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ["queued", "running"])),
                        fields=["touched_at"],
                        name="import_underway",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["opening_stock", "products", "reorder_settings", "bins"])
                        ),
                        name="import_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ["uploaded", "checked", "queued", "running", "done", "failed", "cancelled"],
                            )
                        ),
                        name="import_status_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportFile",
            fields=[
                (
                    "run",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="file",
                        serialize=False,
                        to="warehouse.importrun",
                        verbose_name="run",
                    ),
                ),
                ("content", models.BinaryField(verbose_name="content")),
                (
                    "wrong",
                    models.JSONField(
                        default=list,
                        help_text="Rows to put right as of the last check: number, and what is wrong.",
                        verbose_name="wrong",
                    ),
                ),
            ],
            options={
                "verbose_name": "import file",
                "verbose_name_plural": "import files",
            },
        ),
        migrations.CreateModel(
            name="ImportMapping",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opening_stock", "Opening stock"),
                            ("products", "Products"),
                            ("reorder_settings", "Reorder settings"),
                            ("bins", "Bins"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "signature",
                    models.CharField(
                        help_text="SHA-256 of the normalised headers.",
                        max_length=64,
                        verbose_name="signature",
                    ),
                ),
                ("columns", models.JSONField(verbose_name="columns")),
                ("actor", models.CharField(max_length=160, verbose_name="actor")),
                (
                    "used_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="used at"
                    ),
                ),
            ],
            options={
                "verbose_name": "import mapping",
                "verbose_name_plural": "import mappings",
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "signature"), name="import_mapping_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["opening_stock", "products", "reorder_settings", "bins"])
                        ),
                        name="import_mapping_kind_known",
                    ),
                ],
            },
        ),
        *(room(table) for table in ROOM),
        *(cleaned_often(table) for table in BUSY),
    ]
