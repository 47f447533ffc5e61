"""House rules that the formatter does not know. Prints FILE:LINE: what is wrong; exit status 1 when there is something."""

import pathlib
import re
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parent.parent
LONGEST = 500  # lines; at 300 look for the second noun, CONTRIBUTING.md says why
SUFFIXES = {".swift", ".c", ".h", ".js", ".css", ".py", ".mustache"}
FOLDERS = ["Sources", "Tests", "Bench", "scripts"]
SKIPPED = {"out", "__pycache__", "build", "Fixtures"}

# A C library is spoken to in one place per kind of thing it makes: the folders in which its module may be imported.
C_MODULES = {
    "CLinux": ["Sources/Media/Engine", "Sources/Media/Transport", "Sources/Recorder"],
    "CSRTP": ["Sources/Media/Transport"],
    "COpenSSL": ["Sources/Media/Transport", "Sources/Media/Wire", "Sources/Recorder", "Sources/Store"],
    "COpus": ["Sources/Media/Audio"],
    "CBcg729": ["Sources/Media/Audio"],
    "CSpeexDSP": ["Sources/Media/Audio"],
    "CSndfile": ["Sources/Media/Audio"],
    "CSpanDSP": ["Sources/Media/Audio"],
    "CESpeak": ["Sources/Speech"],
    "CYAML": ["Sources/YAML"],
    "CCurl": ["Sources/Outside"],
    "CSofia": ["Sources/SIP"],
    "CSofiaSIP": [],
}
# How many files of those folders may import it: one Swift type owns one kind of C object.
MOST_IMPORTS = {"COpus": 2, "CBcg729": 1, "CSpanDSP": 2, "CSpeexDSP": 2, "CSndfile": 2, "CLinux": 6, "COpenSSL": 6, "CSofia": 10}


def text_files():
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *FOLDERS],
        cwd=root, check=True, capture_output=True, text=True)
    for name in listed.stdout.splitlines():
        path = root / name
        if path.suffix in SUFFIXES and path.is_file() and not SKIPPED & set(path.parts):
            yield name, path.read_text(encoding="utf-8").splitlines()


def complaints():
    importers = {}
    for name, lines in text_files():
        if len(lines) > LONGEST:
            yield f"{name}:{LONGEST + 1}: {len(lines)} lines; no file may have more than {LONGEST}"
        for number, line in enumerate(lines, 1):
            if re.search(r"\b(TO" r"DO|FIX" r"ME)\b", line):
                yield f"{name}:{number}: unfinished business belongs into an issue, not into the source"
            match = re.match(r"\s*(?:@\w+\s+)*(?:public |internal |package |private )?import (C[A-Z]\w*)\s*$", line)
            if match and match[1] in C_MODULES and name.startswith("Sources/"):
                importers.setdefault(match[1], []).append(name)
                if not any(name.startswith(folder + "/") for folder in C_MODULES[match[1]]):
                    yield f"{name}:{number}: {match[1]} may not be imported here"
    for module, names in sorted(importers.items()):
        most = MOST_IMPORTS.get(module, 1)
        if len(names) > most:
            yield f"{names[-1]}:1: {module} is imported by {len(names)} files, {most} allowed: {', '.join(names)}"


found = list(complaints())
print("\n".join(found) if found else "House rules: all kept.")
sys.exit(1 if found else 0)
