import socket

import pytest


@pytest.mark.parametrize("method", ["connect", "connect_ex"])
def test_a_test_that_reaches_for_the_network_is_told_so(method: str) -> None:
    with socket.socket() as client, pytest.raises(RuntimeError, match=r"192\.0\.2\.1"):
        getattr(client, method)(("192.0.2.1", 80))


def test_this_machine_itself_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()
