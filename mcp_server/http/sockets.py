"""Sockets that listen on loopback, for both of its addresses where the machine has both."""

from __future__ import annotations

import errno
import socket
import sys

_NO_IPV6 = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT)


def listen(port: int) -> list[socket.socket]:
    """Listen on 127.0.0.1 and, where there is IPv6, on ::1, which is what some clients take `localhost` for.

    With port 0 both listen on a free one. Raises OSError or OverflowError when the port can't be used.
    """
    listeners = [_listener(socket.AF_INET, "127.0.0.1", port)]
    try:
        listeners.append(_listener(socket.AF_INET6, "::1", listeners[0].getsockname()[1]))
    except OSError as error:
        if error.errno not in _NO_IPV6:
            listeners[0].close()
            raise
    return listeners


def _listener(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    # Without the number of the protocol asyncio takes the socket for none of TCP and leaves Nagle's algorithm on, which
    # holds back each answer by 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform == "win32":
            # There the usual option would let another program take the port over.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        # From here on clients wait in the queue, so the address can be told before the server is up.
        listener.listen()
    except BaseException:
        listener.close()
        raise
    return listener
