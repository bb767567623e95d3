"""A NUL in an address is refused before anything is asked for."""

import pytest
from django.contrib.auth import get_user_model

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path",
    [
        "/admin/warehouse/stockmovement/?by=%00", "/admin/core/settingchange/?who=a%00b",
        "/admin/orders/shipment/?carrier=%00", "/admin/notifications/alert/?rule=%00",
        "/admin/auth/user/?role=%00", "/admin/core/apikey/%00/change/", "/floor/look-up/?q=%00",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["get", "post"])
def test_it_is_no_fault_of_the_server(client, path, method):
    client.force_login(get_user_model().objects.create_superuser("boss"))
    answer = getattr(client, method)(path)
    assert answer.status_code == 400
    assert "(NUL)" in answer.content.decode()
