"""Shared fixtures and settings of the tests."""

import gc
import os

import desks
import pytest
from hypothesis import HealthCheck, Phase, settings

settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile("proof", settings.get_profile("default"), max_examples=2000)
settings.register_profile(
    "repeatable",  # of `make test`: the same examples until a test is changed, so that red is what the change did
    settings.get_profile("default"),
    derandomize=True,
    database=None,
)
settings.register_profile(
    "mutants",  # of the package proof: a failure is enough
    settings.get_profile("repeatable"),
    phases=[Phase.explicit, Phase.generate],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_collection_finish():
    """The tests themselves are there until the end: no collection of garbage need look at them."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="module", params=desks.DRIVERS)
def every_driver(request):
    """Runs a module of tests over each way to drive a desk."""
    desks.driver[0] = request.param
    yield
    desks.driver[0] = "Desk"
