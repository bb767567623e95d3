"""Count tasks: opened by the platform, counted on the floor."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from inventory_site.core import cursors
from inventory_site.core.api import ApiView, bad_parameter, json_response, limit_of, query
from inventory_site.core.documenting import CURSOR, LIMIT, reads, writes
from orders.api import counts_bodies as bodies
from orders.api import counts_shapes as shapes
from orders.models import CountStatus
from orders.queries.counts import tasks_page
from orders.services.counting import CountPlace, open_tasks
from warehouse.checks import check_within
from warehouse.queries import check_named


class CountTasks(ApiView):
    scopes: ClassVar = {"GET": "stock:read", "POST": "stock:write"}

    @reads(
        shapes.CountTaskPageShape,
        summary="List count tasks",
        parameters=[
            OpenApiParameter("warehouse", OpenApiTypes.STR),
            OpenApiParameter("status", OpenApiTypes.STR, enum=CountStatus.values),
            CURSOR,
            LIMIT,
        ],
        also=(422,),
    )
    def get(self, request: Request) -> HttpResponse:
        """In the order in which they were opened. What was found is told by the movements of a task's
        reference."""
        given = query(request, "warehouse", "status", "cursor", "limit")
        within = self.caller(request).within
        limit = limit_of(given)
        if "warehouse" in given:
            check_within(warehouses=[given["warehouse"]], within=within)
        if given.get("status", CountStatus.OPEN) not in CountStatus.values:
            raise bad_parameter("status", f"one of {', '.join(CountStatus.values)}")
        found = tasks_page(
            warehouse=given.get("warehouse"),
            status=given.get("status"),
            after=cursors.decode(given["cursor"], int)[0] if "cursor" in given else 0,
            limit=limit,
            within=within,
        )
        if not found:
            check_named(warehouse=given.get("warehouse"))
        following = cursors.encode(found[-1][0]) if len(found) == limit else None
        told = [shapes.count_task(row) for row in found]
        return json_response({"count_tasks": told, "next": following})

    @writes(
        bodies.CountTasksBody,
        {201: shapes.OpenedShape},
        summary="Have bins or products counted",
        example={"places": [{"warehouse": "MAIN", "bin": "A-03-12"}]},
    )
    def post(self, request: Request) -> HttpResponse:
        """A bin with all that is in it, a product in a bin, or (without a bin) a product wherever it lies.
        What is being counted already keeps its task. Nothing is blocked meanwhile."""
        caller = self.caller(request)
        given = self.read_body(request, bodies.CountTasksBody)

        def work() -> tuple[int, dict[str, Any]]:
            opened = open_tasks(
                places=[CountPlace(**place) for place in given["places"]],
                due_at=given["due_at"],
                actor=caller.actor,
                within=caller.within,
            )
            return 201, {"references": opened}

        return self.once(request, work)


ADDRESSES = [path("count-tasks", CountTasks.as_view())]
