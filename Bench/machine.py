"""The machine under the bench, and what its kernel tells of a process."""

import datetime
import os
import pathlib
import platform
import re
import resource
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def described():
    """Everything that a figure is worth nothing without."""
    cpu = pathlib.Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*:\s*(.+)", cpu)
    return {
        "cpu": model[1] if model else platform.machine(), "cores": os.cpu_count(), "kernel": platform.release(),
        "memory_megabytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20,
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"), "commit": commit(),
        "load_at_start": round(os.getloadavg()[0], 2), "open_files": resource.getrlimit(resource.RLIMIT_NOFILE)[0]}


def sentence(machine):
    commit = machine["commit"] or "unknown commit"
    return (f"{machine['cpu']}, {machine['cores']} cores, Linux {machine['kernel']}, {machine['date']}, {commit}, "
            f"load {machine['load_at_start']}, {machine['open_files']} open files")


def commit():
    try:
        run = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True)
    except FileNotFoundError:
        return None
    return run.stdout.strip() or None


def raise_file_limit(wanted):
    """Each leg needs sockets. Returns a sentence when there are too few, else nothing; programs started later inherit the limit."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    return f"Only {limit} files may be open (ulimit -n), {wanted} are wanted: large cases may fail." if limit < wanted else None


def cpu_seconds(pid):
    """CPU time of a process with all its threads, kernel included, to the nanosecond (as clock_getcpuclockid makes its clock)."""
    return time.clock_gettime(~pid << 3 | 2)


def memory_kilobytes(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())[1])
