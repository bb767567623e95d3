"""What beat sends, and when. Due times themselves live in PostgreSQL: a sweep that is missed is made up."""

from typing import Any

from celery.schedules import crontab

# `expires`: a sweep that waited for longer than its interval is not worth running twice.
TIMETABLE: dict[str, dict[str, Any]] = {
    "expire-reservations": {
        "task": "warehouse.tasks.expire_reservations",
        "schedule": 10.0,
        "options": {"expires": 10.0},
    },
    "dispatch-events": {
        "task": "notifications.tasks.dispatch",
        "schedule": 2.0,
        "options": {"expires": 2.0},
    },
    "look-everywhere": {
        "task": "notifications.tasks.look_everywhere",
        "schedule": 300.0,
        "options": {"expires": 300.0},
    },
    "refresh-level-cache": {
        "task": "warehouse.tasks.refresh_level_cache",
        "schedule": 2.0,
        "options": {"expires": 2.0},
    },
    "check-reorder-points": {
        "task": "warehouse.tasks.check_reorder_points",
        "schedule": 300.0,
        "options": {"expires": 300.0},
    },
    # Weeks are looked at whole, so what is found changes on Mondays; a night that was missed is made up.
    "classify-items": {
        "task": "warehouse.tasks.classify_items_nightly",
        "schedule": crontab(hour=1, minute=30),
        "options": {"expires": 3600.0},
    },
    "advise-reorder": {
        "task": "warehouse.tasks.advise_reorder_nightly",
        "schedule": crontab(hour=1, minute=45),
        "options": {"expires": 3600.0},
    },
    "verify-ledger": {
        "task": "warehouse.tasks.verify_ledger_nightly",
        # By the clock, not by when beat last started. Less than the hour after which an
        # unacknowledged task is sent again.
        "schedule": crontab(hour=3, minute=0),
        "options": {"expires": 3600.0, "time_limit": 3000},
    },
    "tell-of-dead-stock": {
        "task": "warehouse.tasks.tell_of_dead_stock_nightly",
        "schedule": crontab(hour=2, minute=15),
        "options": {"expires": 3600.0},
    },
    "forget-what-was-told": {
        "task": "notifications.tasks.forget_what_was_told",
        "schedule": crontab(hour=2, minute=45),
        "options": {"expires": 3600.0},
    },
    "sweep-imports": {
        "task": "warehouse.tasks.sweep_imports",
        "schedule": 20.0,
        "options": {"expires": 20.0},
    },
    "forget-import-files": {
        "task": "warehouse.tasks.forget_import_files",
        "schedule": 3600.0,
        "options": {"expires": 3600.0},
    },
    "open-due-counts": {
        "task": "orders.tasks.open_due_counts",
        "schedule": crontab(hour=4, minute=0),
        "options": {"expires": 3600.0},
    },
    "forget-floor-actions": {
        "task": "orders.tasks.forget_floor_actions",
        "schedule": 3600.0,
        "options": {"expires": 3600.0},
    },
    "send-reports": {
        "task": "inventory_site.core.tasks.send_reports",
        "schedule": 300.0,
        "options": {"expires": 300.0},
    },
    "forget-idempotency-keys": {
        "task": "inventory_site.core.tasks.forget_idempotency_keys",
        "schedule": 3600.0,
        "options": {"expires": 3600.0},
    },
}
