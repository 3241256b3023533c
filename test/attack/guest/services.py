"""TCP and UDP services that answer what they are sent, on both families."""
import socket
import threading


def sink(port):
    """Takes all that comes, and answers when it has ended."""
    server = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    server.bind(("::", port))
    server.listen(16)

    def take(connection):
        room = bytearray(1 << 20)
        with connection:
            while connection.recv_into(room):
                pass
            connection.sendall(b"all")

    def accept():
        while True:
            connection, _ = server.accept()
            threading.Thread(target=take, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()


def serve(ports):
    for port in ports:
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            sock = socket.socket(socket.AF_INET6, kind)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            sock.bind(("::", port))
            answer = streams if kind == socket.SOCK_STREAM else datagrams
            threading.Thread(target=answer, args=(sock,), daemon=True).start()


def streams(sock):
    sock.listen(64)
    while True:
        connection, _ = sock.accept()
        threading.Thread(target=echo, args=(connection,), daemon=True).start()


def echo(connection):
    with connection:
        try:
            while data := connection.recv(65536):
                connection.sendall(data)
        except OSError:
            pass


def datagrams(sock):
    while True:
        data, peer = sock.recvfrom(65536)
        try:
            sock.sendto(data, peer)
        except OSError:
            pass
