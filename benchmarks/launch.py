"""Runs one command for the suite and prints wall seconds, CPU seconds, peak kilobytes and exit code.

A process of its own, and a small one: Linux counts towards a command's peak the memory of whoever started it.
"""

import os
import sys
import time

if __name__ == "__main__":
    output, errors, *command = sys.argv[1:]
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        *(
            (os.POSIX_SPAWN_OPEN, i, file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
            for i, file in ((1, output), (2, errors))
        ),
    ]
    start = time.perf_counter()
    pid = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    _, status, used = os.wait4(pid, 0)
    wall = time.perf_counter() - start
    print(wall, used.ru_utime + used.ru_stime, used.ru_maxrss, os.waitstatus_to_exitcode(status))
