"""The API against its own description: requests of every form, and never an error or an answer of another shape."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import schemathesis
from browser import served
from desk_in_town import Town
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.schemas import APIOperation

from monitor.faces.web.app import create_app
from monitor.settings.objects import Web


class NoSettings:
    """What an application asks for while it is only described."""

    web = Web()


APP = create_app(lambda: None, NoSettings, lambda: datetime.now(UTC))  # type: ignore[arg-type, return-value]
OPERATIONS = [found.ok() for found in schemathesis.openapi.from_dict(APP.openapi()).get_all_operations()]
FEW = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
MANY = settings(FEW, max_examples=300, derandomize=False)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve an installation with something held and something that failed."""
    town = Town.build(tmp_path_factory.mktemp("described")).play()
    town.lose_a_row()
    town.fail_a_delivery()
    with served(town.app) as there:
        yield there
    town.office.storage.close()


def try_out(operation: APIOperation, address: str, how: settings) -> None:
    """Ask in every way that the description allows, and in some that it does not; validate each answer."""

    @how
    @given(case=operation.as_strategy())
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(base_url=address)

    ask()


def test_the_description_names_everything_that_programs_may_ask() -> None:
    assert {operation.path for operation in OPERATIONS} >= {
        *("/api/v1/status", "/api/v1/changes", "/api/v1/upcoming", "/api/v1/claims", "/api/v1/sources"),
        *("/api/v1/held", "/api/v1/held/{held}/accept", "/api/v1/deliveries", "/api/v1/deliveries/{delivery}/retry"),
        *(
            "/api/v1/treaties",
            "/api/v1/countries",
            "/api/v1/subscriptions",
            "/api/v1/channels",
            "/feeds/upcoming.ics",
            "/healthz",
            "/readyz",
            "/metrics",
        ),
    }


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: o.label)
def test_every_answer_has_the_shape_that_is_described(operation: APIOperation, address: str) -> None:
    try_out(operation, address, FEW)


@pytest.mark.soak
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: o.label)
def test_every_answer_has_the_shape_that_is_described_for_long(operation: APIOperation, address: str) -> None:
    try_out(operation, address, MANY)
