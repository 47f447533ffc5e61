"""Puts the figures of `.build/bench.json` into README.md, between its two marks. usage: readme.py [FILE]"""

import json
import pathlib
import sys

from machine import ROOT

BEGIN, END = "<!-- make bench-readme -->", "<!-- end of the figures -->"
# Case, in words, and what Asterisk and FreeSWITCH take: milli-cores a call.
WORKS = [
    ("prompt", "hears a prompt", "2.4–3.2"),
    ("prompt, recorded", "hears a prompt, recorded", "3.3–4.8"),
    ("relay", "two legs, G.711", "2.2–4.8"),
    ("relay, recorded", "two legs, G.711, recorded", "4.3–6.0"),
    ("transcode", "two legs, G.711 and Opus", ""),
]


def rows(results):
    for case, words, peers in WORKS:
        found = [row for row in results if row["case"] == case]
        for row in found:
            yield (words, f"{row['calls']:,}", f"{row['mc_per_call']:.2f}", f"{row['ratio']:.1f}", peers, f"{row['deviation_ms']:.2f}",
                   f"{row['late'] / row['received'] * 100:.3f} %", f"{row['kilobytes_per_call']:.0f}", "yes" if row["held"] else "no")


def delays(results):
    """In one sentence: the worst of all loads."""
    sentences = []
    for case, words in (("mouth to ear, relay", "relayed"), ("mouth to ear, mixed", "mixed, jitter buffer and codecs included")):
        found = [row for row in results if row["case"] == case]
        if found:
            sentences.append(f"{words}: half within {max(row['delay_p50_ms'] for row in found):.1f} ms, "
                             f"99 of 100 within {max(row['delay_p99_ms'] for row in found):.1f} ms")
    return f"Delay through the server, {'; '.join(sentences)}." if sentences else ""


def section(bench):
    machine = bench["machine"]
    titles = ("a call that", "at once", "milli-cores", "× bare C loop", "Asterisk, FreeSWITCH", "spacing ms", "late", "KB", "held")
    lines = [
        f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_megabytes'] // 1024} GB, Linux {machine['kernel']}, "
        f"{machine['date'][:10]}, commit {machine['commit'] or 'unknown'}, load {machine['load_at_start']} at the start:", "",
        f"| {' | '.join(titles)} |", "| --- |" + " ---: |" * (len(titles) - 1)]
    lines += [f"| {' | '.join(row)} |" for row in rows(bench["results"])]
    return "\n".join(lines + ["", delays(bench["results"])]).strip()


def main():
    source = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / ".build/bench.json"
    readme = ROOT / "README.md"
    text = readme.read_text()
    before, mark, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not mark or not end:
        raise SystemExit(f"README.md has lost its marks: {BEGIN} and {END}")
    readme.write_text(f"{before}{BEGIN}\n{section(json.loads(source.read_text()))}\n{END}{after}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
