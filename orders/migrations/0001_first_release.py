import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("orders", "0001_initial"),
        ("orders", "0002_known_words"),
        ("orders", "0003_known_words_proven"),
        ("orders", "0004_long_names"),
    ]

    dependencies = [
        ("warehouse", "0001_first_release"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE orders_number", "DROP SEQUENCE orders_number"),
        migrations.CreateModel(
            name="CountTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=40, unique=True, verbose_name="reference")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("manual", "Manual"),
                            ("schedule", "Schedule"),
                            ("short_pick", "Short Pick"),
                        ],
                        max_length=10,
                        verbose_name="reason",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("recount", "Recount"),
                            ("approval", "Approval"),
                            ("done", "Done"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "missing",
                    models.IntegerField(
                        db_default=0,
                        default=0,
                        help_text="Units that a picker did not find; they wait in the bin MISSING.",
                        verbose_name="missing",
                    ),
                ),
                (
                    "ledger_mark",
                    models.BigIntegerField(
                        db_default=0,
                        default=0,
                        help_text="The last movement when counting began; what moved since may have been counted or not.",
                        verbose_name="ledger mark",
                    ),
                ),
                (
                    "due_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="due at"
                    ),
                ),
                ("actor", models.CharField(max_length=160, verbose_name="actor")),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="created at"
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
                (
                    "bin",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.bin",
                        verbose_name="bin",
                    ),
                ),
                (
                    "claimed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="claimed by",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.warehouse",
                        verbose_name="warehouse",
                    ),
                ),
            ],
            options={
                "ordering": ["due_at", "id"],
                "verbose_name": "count task",
                "verbose_name_plural": "count tasks",
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ["open", "recount", "approval"])),
                        fields=["warehouse", "status", "due_at"],
                        name="count_to_do",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("missing__gte", 0)), name="count_missing_not_negative"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ["open", "recount", "approval"])),
                        fields=("bin", "product"),
                        name="count_once_at_a_time",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason__in", ["manual", "schedule", "short_pick"])),
                        name="count_task_reason_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["open", "recount", "approval", "done", "cancelled"])
                        ),
                        name="count_task_status_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CountTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("counted", models.IntegerField(verbose_name="counted")),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tallies",
                        to="orders.counttask",
                        verbose_name="task",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "verbose_name": "count tally",
                "verbose_name_plural": "count tallies",
                "constraints": [
                    models.UniqueConstraint(fields=("task", "product"), name="count_tally_once"),
                    models.CheckConstraint(
                        condition=models.Q(("counted__gte", 0)), name="count_tally_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CountEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(verbose_name="round")),
                ("counted", models.IntegerField(verbose_name="counted")),
                ("expected", models.IntegerField(verbose_name="expected")),
                ("booked", models.BooleanField(db_default=False, default=False, verbose_name="booked")),
                ("ledger_mark", models.BigIntegerField(db_default=0, default=0, verbose_name="ledger mark")),
                ("actor", models.CharField(max_length=160, verbose_name="actor")),
                (
                    "counted_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="counted at"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="orders.counttask",
                        verbose_name="task",
                    ),
                ),
            ],
            options={
                "ordering": ["round", "id"],
                "verbose_name": "count entry",
                "verbose_name_plural": "count entries",
                "constraints": [
                    models.UniqueConstraint(fields=("task", "round", "product"), name="count_entry_once"),
                    models.CheckConstraint(
                        condition=models.Q(("counted__gte", 0), ("expected__gte", 0), ("round__gte", 1)),
                        name="count_entry_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FloorAction",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40, verbose_name="kind")),
                (
                    "fingerprint",
                    models.CharField(
                        help_text="SHA-256 of address and what was sent.",
                        max_length=64,
                        verbose_name="fingerprint",
                    ),
                ),
                ("outcome", models.JSONField(default=dict, verbose_name="outcome")),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="created at"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "floor action",
                "verbose_name_plural": "floor actions",
                "indexes": [models.Index(fields=["created_at"], name="floor_action_time")],
            },
        ),
        migrations.CreateModel(
            name="SalesOrder",
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
                            ("draft", "Draft"),
                            ("allocated", "Allocated"),
                            ("backordered", "Backordered"),
                            ("picking", "Picking"),
                            ("packed", "Packed"),
                            ("partly_shipped", "Partly Shipped"),
                            ("shipped", "Shipped"),
                            ("closed", "Closed"),
                            ("cancelled", "Cancelled"),
                        ],
                        db_default="draft",
                        default="draft",
                        max_length=14,
                        verbose_name="status",
                    ),
                ),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        default=5, help_text="1 is picked first, 9 last.", verbose_name="priority"
                    ),
                ),
                (
                    "ship_by",
                    models.DateTimeField(
                        blank=True,
                        help_text="To leave the house until then.",
                        null=True,
                        verbose_name="ship by",
                    ),
                ),
                ("carrier", models.CharField(blank=True, max_length=40, verbose_name="carrier")),
                ("ship_to_name", models.CharField(blank=True, max_length=120, verbose_name="ship to name")),
                (
                    "ship_to_address",
                    models.TextField(blank=True, max_length=500, verbose_name="ship to address"),
                ),
                (
                    "notes",
                    models.CharField(
                        blank=True,
                        help_text="Printed on the packing slip.",
                        max_length=500,
                        verbose_name="notes",
                    ),
                ),
                (
                    "strategy",
                    models.CharField(
                        db_default="most_available",
                        default="most_available",
                        help_text="How warehouses are chosen when a draft is confirmed.",
                        max_length=30,
                        verbose_name="strategy",
                    ),
                ),
                (
                    "fingerprint",
                    models.CharField(
                        editable=False, help_text="Of the request.", max_length=64, verbose_name="fingerprint"
                    ),
                ),
                ("actor", models.CharField(editable=False, max_length=160, verbose_name="actor")),
                (
                    "placed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="placed at",
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
                    "reservation",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.reservation",
                        verbose_name="reservation",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="Only from here; empty: from wherever there is stock.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.warehouse",
                        verbose_name="warehouse",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "verbose_name": "sales order",
                "verbose_name_plural": "sales orders",
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ["shipped", "closed", "cancelled"]), _negated=True),
                        fields=["status", "priority", "ship_by", "id"],
                        name="order_to_do",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("reference",), name="order_reference_once"),
                    models.CheckConstraint(
                        condition=models.Q(("priority__gte", 1), ("priority__lte", 9)),
                        name="order_priority_1_to_9",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "draft",
                                    "allocated",
                                    "backordered",
                                    "picking",
                                    "packed",
                                    "partly_shipped",
                                    "shipped",
                                    "closed",
                                    "cancelled",
                                ],
                            )
                        ),
                        name="order_status_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quantity", models.IntegerField(verbose_name="quantity")),
                ("cancelled", models.IntegerField(db_default=0, default=0, verbose_name="cancelled")),
                ("shipped", models.IntegerField(db_default=0, default=0, verbose_name="shipped")),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="orders.salesorder",
                        verbose_name="order",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "verbose_name": "order line",
                "verbose_name_plural": "order lines",
                "constraints": [
                    models.UniqueConstraint(fields=("order", "product"), name="order_line_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cancelled__gte", 0),
                            ("quantity__gt", 0),
                            ("shipped__gte", 0),
                            (
                                "quantity__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("cancelled"), "+", models.F("shipped")
                                ),
                            ),
                        ),
                        name="order_line_adds_up",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PickList",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=40, unique=True, verbose_name="reference")),
                (
                    "kind",
                    models.CharField(
                        choices=[("single", "Single"), ("batch", "Batch"), ("wave", "Wave")],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("claimed", "Claimed"),
                            ("picked", "Picked"),
                            ("done", "Done"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "label",
                    models.CharField(
                        blank=True,
                        help_text="What a wave has in common: cut-off, carrier, zone.",
                        max_length=80,
                        verbose_name="label",
                    ),
                ),
                ("claimed_at", models.DateTimeField(blank=True, null=True, verbose_name="claimed at")),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="created at"
                    ),
                ),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished at")),
                (
                    "claimed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="claimed by",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.warehouse",
                        verbose_name="warehouse",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "verbose_name": "pick list",
                "verbose_name_plural": "pick lists",
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ["done", "cancelled"]), _negated=True),
                        fields=["warehouse", "status"],
                        name="pick_list_to_do",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "claimed"), _negated=True),
                            ("claimed_by__isnull", False),
                            _connector="OR",
                        ),
                        name="claimed_list_has_its_picker",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["single", "batch", "wave"])),
                        name="pick_list_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["open", "claimed", "picked", "done", "cancelled"])
                        ),
                        name="pick_list_status_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PickLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "sequence",
                    models.PositiveIntegerField(help_text="Place in the walk.", verbose_name="sequence"),
                ),
                ("quantity", models.IntegerField(verbose_name="quantity")),
                ("picked", models.IntegerField(db_default=0, default=0, verbose_name="picked")),
                ("short", models.IntegerField(db_default=0, default=0, verbose_name="short")),
                ("shipped", models.IntegerField(db_default=0, default=0, verbose_name="shipped")),
                (
                    "problem",
                    models.CharField(blank=True, db_default="", max_length=40, verbose_name="problem"),
                ),
                ("picked_at", models.DateTimeField(blank=True, null=True, verbose_name="picked at")),
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.inventoryitem",
                        verbose_name="item",
                    ),
                ),
                (
                    "order_line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pick_lines",
                        to="orders.orderline",
                        verbose_name="order line",
                    ),
                ),
                (
                    "pick_list",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="orders.picklist",
                        verbose_name="pick list",
                    ),
                ),
            ],
            options={
                "ordering": ["sequence", "id"],
                "verbose_name": "pick line",
                "verbose_name_plural": "pick lines",
                "indexes": [
                    models.Index(fields=["pick_list", "sequence", "id"], name="pick_line_walk"),
                    models.Index(
                        condition=models.Q(
                            (
                                "quantity__gt",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("picked"), "+", models.F("short")
                                ),
                            )
                        ),
                        fields=["item", "bin"],
                        name="pick_line_open",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("picked__gte", 0),
                            ("quantity__gt", 0),
                            ("shipped__gte", 0),
                            ("short__gte", 0),
                            (
                                "quantity__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("picked"), "+", models.F("short")
                                ),
                            ),
                            ("picked__gte", models.F("shipped")),
                        ),
                        name="pick_line_adds_up",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PickScan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quantity", models.IntegerField(verbose_name="quantity")),
                (
                    "picked_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="picked at"
                    ),
                ),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="undone at")),
                (
                    "pick_line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scans",
                        to="orders.pickline",
                        verbose_name="pick line",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "verbose_name": "pick scan",
                "verbose_name_plural": "pick scans",
                "indexes": [models.Index(fields=["picked_at", "user"], name="pick_scan_time")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="pick_scan_quantity")
                ],
            },
        ),
        migrations.CreateModel(
            name="PurchaseOrder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=40, unique=True, verbose_name="reference")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("sent", "Sent"),
                            ("partly_received", "Partly Received"),
                            ("received", "Received"),
                            ("closed_short", "Closed Short"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="draft",
                        max_length=16,
                        verbose_name="status",
                    ),
                ),
                ("expected_at", models.DateTimeField(blank=True, null=True, verbose_name="expected at")),
                ("notes", models.CharField(blank=True, max_length=500, verbose_name="notes")),
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
                    "sent_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="sent at"),
                ),
                (
                    "closed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="closed at"),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.supplier",
                        verbose_name="supplier",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.warehouse",
                        verbose_name="warehouse",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "verbose_name": "purchase order",
                "verbose_name_plural": "purchase orders",
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ["draft", "sent", "partly_received"])),
                        fields=["status", "expected_at"],
                        name="purchase_order_to_do",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ["draft", "sent", "partly_received", "received", "closed_short", "cancelled"],
                            )
                        ),
                        name="purchase_status_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PurchaseLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quantity", models.IntegerField(verbose_name="quantity")),
                ("received", models.IntegerField(db_default=0, default=0, verbose_name="received")),
                ("damaged", models.IntegerField(db_default=0, default=0, verbose_name="damaged")),
                (
                    "unit_cost",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=12, null=True, verbose_name="unit cost"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="orders.purchaseorder",
                        verbose_name="order",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "verbose_name": "purchase line",
                "verbose_name_plural": "purchase lines",
                "constraints": [
                    models.UniqueConstraint(fields=("order", "product"), name="purchase_line_once"),
                    models.CheckConstraint(
                        condition=models.Q(("damaged__gte", 0), ("quantity__gt", 0), ("received__gte", 0)),
                        name="purchase_line_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnOrder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=120, unique=True, verbose_name="reference")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("expected", "Expected"),
                            ("received", "Received"),
                            ("graded", "Graded"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="expected",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("actor", models.CharField(max_length=160, verbose_name="actor")),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="created at"
                    ),
                ),
                ("received_at", models.DateTimeField(blank=True, null=True, verbose_name="received at")),
                ("graded_at", models.DateTimeField(blank=True, null=True, verbose_name="graded at")),
                (
                    "warehouse",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.warehouse",
                        verbose_name="warehouse",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returns",
                        to="orders.salesorder",
                        verbose_name="order",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "verbose_name": "return order",
                "verbose_name_plural": "return orders",
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ["expected", "received"])),
                        fields=["status", "received_at"],
                        name="return_waiting",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["expected", "received", "graded", "cancelled"])),
                        name="return_status_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("expected", models.IntegerField(db_default=0, default=0, verbose_name="expected")),
                ("received", models.IntegerField(db_default=0, default=0, verbose_name="received")),
                ("restocked", models.IntegerField(db_default=0, default=0, verbose_name="restocked")),
                ("quarantined", models.IntegerField(db_default=0, default=0, verbose_name="quarantined")),
                ("scrapped", models.IntegerField(db_default=0, default=0, verbose_name="scrapped")),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "return_order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="orders.returnorder",
                        verbose_name="return order",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "verbose_name": "return line",
                "verbose_name_plural": "return lines",
                "constraints": [
                    models.UniqueConstraint(fields=("return_order", "product"), name="return_line_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expected__gte", 0),
                            ("quarantined__gte", 0),
                            ("restocked__gte", 0),
                            ("scrapped__gte", 0),
                            (
                                "received__gte",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("restocked"), "+", models.F("quarantined")
                                    ),
                                    "+",
                                    models.F("scrapped"),
                                ),
                            ),
                        ),
                        name="return_line_adds_up",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PickListOrder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "tote",
                    models.PositiveSmallIntegerField(
                        help_text="1 for the first tote of the walk.", verbose_name="tote"
                    ),
                ),
                ("packed_at", models.DateTimeField(blank=True, null=True, verbose_name="packed at")),
                (
                    "pick_list",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="orders.picklist",
                        verbose_name="pick list",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pick_lists",
                        to="orders.salesorder",
                        verbose_name="order",
                    ),
                ),
            ],
            options={
                "ordering": ["tote"],
                "verbose_name": "pick list order",
                "verbose_name_plural": "pick list orders",
                "constraints": [
                    models.UniqueConstraint(fields=("pick_list", "order"), name="order_once_on_a_list"),
                    models.UniqueConstraint(fields=("pick_list", "tote"), name="tote_once_on_a_list"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Shipment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=40, unique=True, verbose_name="reference")),
                ("carrier", models.CharField(blank=True, max_length=40, verbose_name="carrier")),
                (
                    "tracking_number",
                    models.CharField(blank=True, max_length=80, verbose_name="tracking number"),
                ),
                ("actor", models.CharField(max_length=160, verbose_name="actor")),
                (
                    "shipped_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="shipped at"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shipments",
                        to="orders.salesorder",
                        verbose_name="order",
                    ),
                ),
                (
                    "pick_list",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shipments",
                        to="orders.picklist",
                        verbose_name="pick list",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.warehouse",
                        verbose_name="warehouse",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "verbose_name": "shipment",
                "verbose_name_plural": "shipments",
            },
        ),
        migrations.CreateModel(
            name="ShipmentLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quantity", models.IntegerField(verbose_name="quantity")),
                (
                    "order_line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shipment_lines",
                        to="orders.orderline",
                        verbose_name="order line",
                    ),
                ),
                (
                    "shipment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="orders.shipment",
                        verbose_name="shipment",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "verbose_name": "shipment line",
                "verbose_name_plural": "shipment lines",
                "constraints": [
                    models.UniqueConstraint(fields=("shipment", "order_line"), name="shipment_line_once"),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="shipment_line_quantity"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TransferOrder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=40, unique=True, verbose_name="reference")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("in_transit", "In Transit"),
                            ("partly_received", "Partly Received"),
                            ("received", "Received"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="requested",
                        max_length=16,
                        verbose_name="status",
                    ),
                ),
                ("notes", models.CharField(blank=True, max_length=500, verbose_name="notes")),
                ("actor", models.CharField(max_length=160, verbose_name="actor")),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="created at"
                    ),
                ),
                ("dispatched_at", models.DateTimeField(blank=True, null=True, verbose_name="dispatched at")),
                ("expected_at", models.DateTimeField(blank=True, null=True, verbose_name="expected at")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
                (
                    "destination",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.warehouse",
                        verbose_name="destination",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.warehouse",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "verbose_name": "transfer order",
                "verbose_name_plural": "transfer orders",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("source", models.F("destination")), _negated=True),
                        name="transfer_goes_elsewhere",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ["requested", "in_transit", "partly_received", "received", "cancelled"],
                            )
                        ),
                        name="transfer_status_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TransferLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quantity", models.IntegerField(verbose_name="quantity")),
                ("dispatched", models.IntegerField(db_default=0, default=0, verbose_name="dispatched")),
                ("received", models.IntegerField(db_default=0, default=0, verbose_name="received")),
                ("damaged", models.IntegerField(db_default=0, default=0, verbose_name="damaged")),
                ("lost", models.IntegerField(db_default=0, default=0, verbose_name="lost")),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "transfer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="orders.transferorder",
                        verbose_name="transfer",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "verbose_name": "transfer line",
                "verbose_name_plural": "transfer lines",
                "constraints": [
                    models.UniqueConstraint(fields=("transfer", "product"), name="transfer_line_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("damaged__gte", 0),
                            ("lost__gte", 0),
                            ("quantity__gt", 0),
                            ("received__gte", 0),
                            ("quantity__gte", models.F("dispatched")),
                            (
                                "dispatched__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("received"), "+", models.F("lost")
                                ),
                            ),
                            ("received__gte", models.F("damaged")),
                        ),
                        name="transfer_line_adds_up",
                    ),
                ],
            },
        ),
    ]
