"""Runs a program and prints what it took: wall and CPU seconds, peak memory in MiB, exit code. Children that it waited for
count. From a process this small, because Linux counts a parent's memory at the time of the fork as its child's."""

import json
import os
import sys
import time

begin = time.perf_counter()
pid = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ, file_actions=[
    (os.POSIX_SPAWN_OPEN, 1, sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
    (os.POSIX_SPAWN_DUP2, 1, 2),
])
_, status, used = os.wait4(pid, 0)
print(json.dumps({
    "wall": time.perf_counter() - begin,
    "cpu": used.ru_utime + used.ru_stime,
    "peak": used.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10),
    "code": os.waitstatus_to_exitcode(status),
}))
