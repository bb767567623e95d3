"""The stock engine's addresses under /api/v1/."""

from django.urls import path

from warehouse.api import catalog, movements, reservations, stock

urlpatterns = [
    path("stock", stock.StockList.as_view()),
    path("stock/<path:sku>", stock.Stock.as_view()),
    path("reservations", reservations.Reservations.as_view()),
    path("reservations/batch", reservations.ReservationBatch.as_view()),
    path("reservations/<path:reference>/extend", reservations.ReservationExtend.as_view()),
    path("reservations/<path:reference>/release", reservations.ReservationRelease.as_view()),
    path("reservations/<path:reference>/ship", reservations.ReservationShip.as_view()),
    path("reservations/<path:reference>", reservations.Reservation.as_view()),  # takes any other
    path("receipts", movements.Receipts.as_view()),
    path("returns", movements.Returns.as_view()),
    path("transfers", movements.Transfers.as_view()),
    path("transfers/<path:reference>/cancel", movements.TransferCancel.as_view()),
    path("adjustments", movements.Adjustments.as_view()),
    path("damages", movements.Damages.as_view()),
    path("counts", movements.Counts.as_view()),
    path("movements", catalog.Movements.as_view()),
    path("products", catalog.Products.as_view()),
    path("warehouses", catalog.Warehouses.as_view()),
    path("bins", catalog.Bins.as_view()),
]
