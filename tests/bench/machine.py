"""What a figure depends on besides the program: the machine, the versions, what else is running."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

_CPU_INFO = Path("/proc/cpuinfo")


def load() -> str:
    """How busy the machine is: processes that want to run, over the last minute."""
    return f"{os.getloadavg()[0]:.1f}"


def facts() -> str:
    """One line about the machine and the versions; nothing that tells whose it is."""
    return (
        f"{os.cpu_count()} cores ({_model()}), {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, Textual {version('textual')}, "
        f"Rich {version('rich')}, httpx {version('httpx')}"
    )


def _model() -> str:
    if _CPU_INFO.exists():
        for line in _CPU_INFO.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"
