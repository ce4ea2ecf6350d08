"""The demo counties, made once."""

import pytest

from service.demo import counties


@pytest.fixture(scope="session")
def demo():
    return counties()


@pytest.fixture(scope="session")
def district(demo):
    return demo[0]


@pytest.fixture(scope="session")
def pasture(demo):
    return demo[1]


@pytest.fixture(scope="session")
def tenants(demo):
    return [tenant for county in demo for tenant in county.tenants]
