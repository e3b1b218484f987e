"""What the program asks of the C library's memory."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
THREADS = """
import sys, threading
sys.path.insert(0, sys.argv[1])
from model_builder.memory import use_one_heap
use_one_heap()
threads = [threading.Thread(target=lambda: bytearray(4 << 20)) for _ in range(8)]
for each in threads:
    each.start()
for each in threads:
    each.join()
import ctypes
if sys.platform == "linux":
    ctypes.CDLL(None).malloc_stats()
"""


def test_all_threads_take_memory_from_one_heap() -> None:
    command = [sys.executable, "-c", THREADS, str(ROOT / "codebuild")]

    result = subprocess.run(command, check=True, capture_output=True, text=True)

    assert result.stderr.count("Arena ") == (1 if sys.platform == "linux" else 0)
