"""One server for each module, with the scenarios that the tests of all SDKs share."""

import importlib.util
import os
import uuid
from pathlib import Path

import pytest

HERE = Path(__file__).parent
# Heartbeats as dense as they can be: whatever a test of an SDK waits for, it sees them.
CONFIGURATION = "limits:\n  heartbeat_seconds: 0.05\n"

# The SDKs would ask a proxy of this machine for 127.0.0.1.
for name in [each for each in os.environ if "proxy" in each.lower()]:
    del os.environ[name]


def parent_conftest():
    """`import conftest` would be this file."""
    spec = importlib.util.spec_from_file_location("interop_conftest", HERE.parent / "conftest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


Gateway = parent_conftest().Gateway


@pytest.fixture(scope="module")
def shared_gateway(tmp_path_factory):
    config = tmp_path_factory.mktemp("server") / "typebar.yaml"
    config.write_text(CONFIGURATION)
    gateway = Gateway(config=config, scenarios=HERE / "scenarios")
    yield gateway
    code = gateway.end()
    assert code is None, f"the server ended by itself with {code}:\n{gateway.said()[-4000:]}"


@pytest.fixture
def server(shared_gateway, request):
    """The module's own; what it says during a test stands beside the test's failure."""
    request.node.gateways = [(shared_gateway, shared_gateway.logged())]
    assert shared_gateway.process.poll() is None, "an earlier test has crashed the server"
    return shared_gateway


@pytest.fixture
def session():
    """A session of the test's own: `times` of a scenario counts from 0 in it."""
    return uuid.uuid4().hex
