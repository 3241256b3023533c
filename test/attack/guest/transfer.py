"""transfer ADDRESS MEBIBYTES: seconds until all of it has arrived."""
import socket
import sys
import time

address, mebibytes = sys.argv[1], int(sys.argv[2])
data = bytes(1 << 20)
with socket.create_connection((address, 7778)) as sock:
    begun = time.monotonic()
    for _ in range(mebibytes):
        sock.sendall(data)
    sock.shutdown(socket.SHUT_WR)
    sock.recv(3)
    print(time.monotonic() - begun)
