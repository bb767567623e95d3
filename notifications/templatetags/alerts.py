"""The bell in the back office's head: how many alerts wait for somebody."""

from typing import Any

from django import template

from inventory_site.core.roles import staff
from notifications.services.alerts import count_open

register = template.Library()

MOST_SHOWN = 99


@register.inclusion_tag("admin/bell.html", takes_context=True)
def alert_bell(context: dict[str, Any]) -> dict[str, Any]:
    """Nothing for somebody who may not look at alerts."""
    user = context["request"].user
    if not user.has_perm("notifications.view_alert"):
        return {"shown": False}
    count = count_open(within=staff(user).within)
    return {
        "shown": True,
        "count": count,
        "words": f"{MOST_SHOWN}+" if count > MOST_SHOWN else str(count),
    }
