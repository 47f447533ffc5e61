"""Adds up the reports of `swift test --xunit-output`: prints two numbers, passed and failed.

usage: xunit_totals.py STATUS REPORT…    STATUS is the exit status of `swift test`. A run that failed without a failed
test in a report (it crashed, it left no report) counts as one failure. Skipped tests count as neither. The reports are
read as text: names of tests may hold characters that XML does not allow.
"""

import pathlib
import sys

status, reports = int(sys.argv[1]), [pathlib.Path(name) for name in sys.argv[2:]]
passed = failed = 0
for report in reports:
    if not report.exists():
        continue
    for case in report.read_text(encoding="utf-8", errors="replace").split("<testcase ")[1:]:
        if "<failure" in case or "<error" in case:
            failed += 1
        elif "<skipped" not in case:
            passed += 1
if failed == 0 and (status != 0 or passed == 0):
    failed = 1
print(passed, failed)
