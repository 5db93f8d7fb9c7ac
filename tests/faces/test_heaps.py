import platform
import subprocess
import sys
from pathlib import Path

import pytest

PLAY = """
import ctypes, sys, threading
from monitor.faces.heaps import share_heaps
if sys.argv[2] == "shared":
    share_heaps()
together = threading.Barrier(8)
def work():
    together.wait()
    for _ in range(2_000):
        bytearray(50_000)
    together.wait()
threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
c = ctypes.CDLL(None)
c.fopen.restype = ctypes.c_void_p
out = c.fopen(sys.argv[1].encode(), b"w")
c.malloc_info(0, ctypes.c_void_p(out))
c.fclose(ctypes.c_void_p(out))
"""


def heaps_of_eight_threads(where: Path, how: str) -> int:
    subprocess.run([sys.executable, "-c", PLAY, str(where), how], check=True, timeout=60)  # noqa: S603 our own text
    return where.read_text().count("<heap nr=")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc gives threads heaps of their own")
def test_the_threads_of_a_daemon_share_two_heaps(tmp_path: Path) -> None:
    assert heaps_of_eight_threads(tmp_path / "own.xml", "own") > 2
    assert heaps_of_eight_threads(tmp_path / "shared.xml", "shared") == 2
