import platform
import re
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
bytearray(1_000_000)
page = bytearray(400_000)
c = ctypes.CDLL(None)
c.fopen.restype = ctypes.c_void_p
out = c.fopen(sys.argv[1].encode(), b"w")
c.malloc_info(0, ctypes.c_void_p(out))
c.fclose(ctypes.c_void_p(out))
"""


def told(where: Path, how: str) -> str:
    subprocess.run([sys.executable, "-c", PLAY, str(where), how], check=True, timeout=60)  # noqa: S603 our own text
    return where.read_text()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc gives threads heaps of their own")
def test_the_threads_of_a_daemon_share_two_heaps_in_which_no_page_lies(tmp_path: Path) -> None:
    own, shared = told(tmp_path / "own.xml", "own"), told(tmp_path / "shared.xml", "shared")
    assert own.count("<heap nr=") > 2
    assert shared.count("<heap nr=") == 2
    assert outside(shared) - outside(own) >= 400_000


def outside(told: str) -> int:
    """Return how many bytes lie outside the heaps."""
    found = re.search(r'<total type="mmap" count="\d+" size="(\d+)"', told)
    assert found
    return int(found[1])
