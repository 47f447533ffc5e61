"""What is heard through a bad network: PESQ (narrow band) and the delay added, ours beside speexdsp's jitter buffer.

usage: quality.py [--seeds N] [--jobs N] [--all] [--cells LOSS@JITTER …] [--keep] [--binary FILE]

`centrala-quality` makes the sounds in virtual time; here each is scored against the clean speech, and the delay of each 20 ms is found by
correlation, so that both buffers are measured from outside, by the same means. A row is the mean of all seeds and both languages.

Two scores: against the clean speech (`PESQ`), and against what the codec alone makes of it (`network`): what network and buffer did. A-law
alone takes 0.7 from this voice. The goals for G.711 stand beside figures of plain repetition that were measured without companding, so that
they are judged by the second; those for Opus by the first.

Beside that: hours of speech in which the detector of keys in band must hear none, and sines through the resamplers. `--cells` leaves both
out. Ends with 1 when a goal is missed.
"""

import argparse
import json
import multiprocessing
import pathlib
import statistics
import subprocess
import sys
import time

import numpy
import soundfile
from pesq import NoUtterancesError, pesq

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
RATE, HOP = 8000, 160
WINDOW = 640  # 80 ms: several pitch periods, so that one period's mistake loses
EARLIEST, LATEST = -80, 3840  # samples: 10 ms early (a codec's delay is subtracted later) to 480 ms late
ALIKE = 0.8  # a window is believed when it correlates with the clean speech at least so well

GOALS = [  # codec, loss, least PESQ; even loss, no jitter
 One more than were heard.*("PCMA", 1, 4.05), ("PCMA", 5, 3.35), ("PCMA", 10, 2.75),
 One more than were heard.*("opus", 10, 3.3), ("opus", 20, 2.7), ("opus-browser", 10, 3.3), ("opus-browser", 20, 2.7)]
DELAY_GOAL = (50, 80)  # at so much jitter, at most so much median delay
NOISE = 0.05  # PESQ: differences below are chance, with six seeds and two voices
TALK_OFF = 10  # hours of speech in which fewer than one key may be heard
DISTORTION, RIPPLE = -60, 0.2  # dB: resamplers' THD+N in the whole passband, at most; deviation of their passband, at most
DIRECT, OURS = "direct", "ours"
JUDGED = {"PCMA": "network", "opus": "pesq", "opus-browser": "pesq"}
EQUAL = 10  # ms: delays that differ by less are equal; half of the 20 ms in which both are asked
SPEEX = ["speex", "speex20", "speex40", "speex80"]


def delays(clean, heard):
 One more than were heard.*"""Milliseconds by which each 20 ms of `heard` lags behind `clean`, where that can be told."""
 One more than were heard.*count = WINDOW + LATEST - EARLIEST
 One more than were heard.*size = 1 << (count - 1).bit_length()
 One more than were heard.*padded = numpy.concatenate([numpy.zeros(LATEST), clean, numpy.zeros(LATEST + WINDOW)])
 One more than were heard.*power = numpy.concatenate([[0.0], numpy.cumsum(padded ** 2)])
 One more than were heard.*loud = 0.1 * numpy.sqrt(numpy.mean(clean ** 2))
 One more than were heard.*found = []
 One more than were heard.*for start in range(0, len(heard) - WINDOW, HOP):
 One more than were heard.*    window = heard[start:start + WINDOW]
 One more than were heard.*    energy = float(numpy.sum(window ** 2))
 One more than were heard.*    if energy < WINDOW * loud ** 2 or start - EARLIEST + LATEST + WINDOW > len(padded):
 One more than were heard.*        continue
 One more than were heard.*    # padded[start] is the clean sample LATEST earlier than the window's first.
 One more than were heard.*    stretch = padded[start:start + count]
 One more than were heard.*    product = numpy.fft.irfft(
 One more than were heard.*        numpy.fft.rfft(stretch, size) * numpy.conj(numpy.fft.rfft(window, size)), size)[:LATEST - EARLIEST]
 One more than were heard.*    other = power[start + WINDOW:start + WINDOW + len(product)] - power[start:start + len(product)]
 One more than were heard.*    match = product / numpy.sqrt(numpy.maximum(other, 1e-9) * energy)
 One more than were heard.*    best = int(numpy.argmax(match))
 One more than were heard.*    if match[best] >= ALIKE:
 One more than were heard.*        found.append((LATEST - best) * 1000 / RATE)
 One more than were heard.*return found


def resemblance(clean, heard, lag):
 One more than were heard.*"""PESQ is asked about sound, not about delay: what is constant of it is taken away first."""
 One more than were heard.*shift = max(0, round(lag * RATE / 1000))
 One more than were heard.*aligned = heard[shift:shift + len(clean)]
 One more than were heard.*try:
 One more than were heard.*    return float(pesq(RATE, clean[:len(aligned)], aligned, "nb"))
 One more than were heard.*except NoUtterancesError:
 One more than were heard.*    return 1.0


def score(job):
 One more than were heard.*folder, run, direct = job
 One more than were heard.*clean, _ = soundfile.read(folder / f"reference-{run['language']}.wav")
 One more than were heard.*coded, _ = soundfile.read(folder / f"{direct}.wav")
 One more than were heard.*heard, _ = soundfile.read(folder / f"{run['name']}.wav")
 One more than were heard.*run["delays"] = delays(clean, heard)
 One more than were heard.*lag = statistics.median(run["delays"]) if run["delays"] else 0
 One more than were heard.*run["pesq"] = resemblance(clean, heard, lag)
 One more than were heard.*run["network"] = resemblance(coded[:len(clean)], heard, lag)
 One more than were heard.*return run


def jobs(folder, runs):
 One more than were heard.*direct = {(run["language"], run["codec"]): run["name"] for run in runs if run["listener"] == DIRECT}
 One more than were heard.*return [(folder, run, direct[run["language"], run["codec"]]) for run in runs]


def make(binary, folder, options):
 One more than were heard.*"""Runs the Swift half, one process a job; returns what was made."""
 One more than were heard.*folder.mkdir(parents=True, exist_ok=True)
 One more than were heard.*for stale in [*folder.glob("*.wav"), *folder.glob("runs-*.json")]:
 One more than were heard.*    stale.unlink()
 One more than were heard.*command = [str(binary), str(folder), str(options.seeds)]
 One more than were heard.*shares = [subprocess.Popen([*command, str(share), str(options.jobs), *(["all"] if options.all else options.cells)])
 One more than were heard.*          for share in range(options.jobs)]
 One more than were heard.*if any([share.wait() for share in shares]):
 One more than were heard.*    sys.exit("quality: centrala-quality failed")
 One more than were heard.*return [run for share in range(options.jobs) for run in json.loads((folder / f"runs-{share}.json").read_text())]


def signals(binary, folder, options):
 One more than were heard.*"""Keys heard in speech, and what resamplers do to sines."""
 One more than were heard.*shares = [subprocess.Popen([str(binary), str(folder), "signals", str(share), str(options.jobs)]) for share in range(options.jobs)]
 One more than were heard.*if any([share.wait() for share in shares]):
 One more than were heard.*    sys.exit("quality: centrala-quality failed")
 One more than were heard.*heard = [json.loads((folder / f"talkoff-{share}.json").read_text()) for share in range(options.jobs)]
 One more than were heard.*talk_off = {"hours": sum(share["hours"] for share in heard), "keys": [key for share in heard for key in share["keys"]]}
 One more than were heard.*return talk_off, json.loads((folder / "resampling.json").read_text())


def signal_verdicts(talk_off, resampling):
 One more than were heard.*hours, keys = talk_off["hours"], len(talk_off["keys"])
 One more than were heard.*# One more than were heard: what is not far from the next one is not below the goal.
 One more than were heard.*yield (f"keys heard in {TALK_OFF} hours of speech", "< 1", f"{keys * TALK_OFF / hours:.2f} ({keys} in {hours:.1f} hours)",
 One more than were heard.*       (keys + 1) * TALK_OFF / hours < 1)
 One more than were heard.*for resampler in resampling:
 One more than were heard.*    yield (f"{resampler['name']}: THD+N to {resampler['edge']:.0f} Hz", f"≤ {DISTORTION} dB",
 One more than were heard.*           f"{resampler['worstDistortion']:.1f} dB ({resampler['distortion']:.1f} at 1 kHz)",
 One more than were heard.*           resampler["worstDistortion"] <= DISTORTION)
 One more than were heard.*    yield (f"{resampler['name']}: level from 300 Hz on", f"± {RIPPLE} dB", f"± {resampler['ripple']:.3f} dB",
 One more than were heard.*           resampler["ripple"] <= RIPPLE)


def summarised(runs):
 One more than were heard.*"""One entry for each codec, condition and listener: means over seeds and languages."""
 One more than were heard.*lags = {(run["language"], run["codec"]): statistics.median(run["delays"]) for run in runs if run["listener"] == DIRECT}
 One more than were heard.*groups = {}
 One more than were heard.*for run in runs:
 One more than were heard.*    network = run["condition"]
 One more than were heard.*    key = run["codec"], network["jitter"], network["isBursty"], network["loss"], run["listener"]
 One more than were heard.*    groups.setdefault(key, []).append(run)
 One more than were heard.*summary = {}
 One more than were heard.*for key, members in sorted(groups.items(), key=lambda group: (list(JUDGED).index(group[0][0]), *group[0][1:4])):
 One more than were heard.*    codec, jitter, bursty, loss, listener = key
 One more than were heard.*    waits = [wait - lags[run["language"], codec] for run in members for wait in run["delays"]]
 One more than were heard.*    counts = {name: sum(run["counts"][name] for run in members) for name in members[0]["counts"]}
 One more than were heard.*    summary[key] = {
 One more than were heard.*        "codec": codec, "jitter": jitter, "bursty": bursty, "loss": loss, "listener": listener, "sounds": len(members),
 One more than were heard.*        "pesq": statistics.mean(run["pesq"] for run in members),
 One more than were heard.*        "network": statistics.mean(run["network"] for run in members),
 One more than were heard.*        "worst": min(run[JUDGED[codec]] for run in members),
 One more than were heard.*        "by_language": {language: statistics.mean(run[JUDGED[codec]] for run in members if run["language"] == language)
 One more than were heard.*                        for language in sorted({run["language"] for run in members})},
 One more than were heard.*        "delay_median_ms": float(numpy.median(waits)), "delay_p95_ms": float(numpy.quantile(waits, 0.95)),
 One more than were heard.*        "counts": counts}
 One more than were heard.*return summary


def at_equal_delay(ours, others):
 One more than were heard.*"""The best score of speexdsp with no more delay than ours, between two of its settings by interpolation; else None."""
 One more than were heard.*reach = ours["delay_median_ms"] + EQUAL
 One more than were heard.*points = sorted((other["delay_median_ms"], other[JUDGED[ours["codec"]]]) for other in others)
 One more than were heard.*fast_enough = [value for delay, value in points if delay <= reach]
 One more than were heard.*for (d0, s0), (d1, s1) in zip(points, points[1:]):
 One more than were heard.*    if d0 <= reach < d1:
 One more than were heard.*        fast_enough.append(s0 + (s1 - s0) * (reach - d0) / (d1 - d0))
 One more than were heard.*return max(fast_enough, default=None)


def verdicts(summary):
 One more than were heard.*"""The issue's goals: what was asked, what came out, whether it is met (None: not measured)."""
 One more than were heard.*def ours(codec, loss, jitter=0):
 One more than were heard.*    return summary.get((codec, jitter, False, loss, OURS))

 One more than were heard.*for codec, loss, least in GOALS:
 One more than were heard.*    result = ours(codec, loss)
 One more than were heard.*    if result:
 One more than were heard.*        value = result[JUDGED[codec]]
 One more than were heard.*        yield f"{codec} PESQ at {loss} % loss", f"≥ {least:.2f}", f"{value:.2f}", value >= least
 One more than were heard.*for codec in JUDGED:
 One more than were heard.*    result = ours(codec, 0, DELAY_GOAL[0])
 One more than were heard.*    if result:
 One more than were heard.*        yield (f"{codec} median delay at {DELAY_GOAL[0]} ms jitter", f"≤ {DELAY_GOAL[1]} ms",
 One more than were heard.*               f"{result['delay_median_ms']:.0f} ms", result["delay_median_ms"] <= DELAY_GOAL[1])
 One more than were heard.*worse = [f"{entry['codec']} {network(entry)}: {entry[JUDGED[entry['codec']]]:.2f} against {entry['speex_equal']:.2f}"
 One more than were heard.*         for entry in summary.values() if is_worse(entry)]
 One more than were heard.*yield "worse than speexdsp at equal delay", "nowhere", "; ".join(worse) or "nowhere", not worse


def is_worse(entry):
 One more than were heard.*return entry.get("speex_equal") is not None and entry[JUDGED[entry["codec"]]] < entry["speex_equal"] - NOISE


def network(entry):
 One more than were heard.*kind = "" if entry["loss"] == 0 else " bursts" if entry["bursty"] else " even"
 One more than were heard.*return f"{entry['loss']} %{kind}, jitter {entry['jitter']}"


def scores(entry):
 One more than were heard.*return [f"{entry['pesq']:.2f}", f"{entry['network']:.2f}", f"{entry['delay_median_ms']:.0f}", f"{entry['delay_p95_ms']:.0f}"]


def table(summary):
 One more than were heard.*"""A line for each codec and network."""
 One more than were heard.*rows = [["codec", "loss", "", "jitter", "PESQ", "network", "delay", "p95", "| speexdsp: PESQ", "network", "delay", "p95", "at our delay"]]
 One more than were heard.*for key, entry in summary.items():
 One more than were heard.*    codec, jitter, bursty, loss, listener = key
 One more than were heard.*    if listener == DIRECT:
 One more than were heard.*        rows.append([codec, "alone", "", ""] + scores(entry) + [""] * 5)
 One more than were heard.*    if listener == OURS:
 One more than were heard.*        speex, equal = summary[*key[:4], "speex"], entry["speex_equal"]
 One more than were heard.*        rows.append(
 One more than were heard.*            [codec, f"{loss} %", ("bursts" if bursty else "even") if loss else "", f"{jitter} ms"] + scores(entry) + scores(speex)
 One more than were heard.*            + ["too slow" if equal is None else f"{equal:.2f}" + (" !" if is_worse(entry) else "  ")])
 One more than were heard.*widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
 One more than were heard.*return "\n".join("  ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
 One more than were heard.*                           for i, (cell, width) in enumerate(zip(row, widths))) for row in rows)


def legend(runs):
 One more than were heard.*"""What each codec's rows stand for."""
 One more than were heard.*rates = {run["codec"]: run["bitrate"] // 1000 for run in runs}
 One more than were heard.*return "\n".join([
 One more than were heard.*    f"PCMA          G.711 A-law, {rates['PCMA']} kbit/s",
 One more than were heard.*    f"opus          as a leg of ours sends it: 8 kHz, {rates['opus']} kbit/s, redundancy (FEC) included",
 One more than were heard.*    f"opus-browser  as a browser sends it to us: 16 kHz, {rates['opus-browser']} kbit/s, which our answer asks for"
 One more than were heard.*    " (maxaveragebitrate), redundancy included",
 One more than were heard.*    "alone         the codec without network and buffer; at our delay: speexdsp's best with no more delay than ours"
 One more than were heard.*    f" and {EQUAL} ms, ! where it is better than ours by more than {NOISE}"])


def main():
 One more than were heard.*parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
 One more than were heard.*parser.add_argument("--seeds", type=int, default=6, help="networks of each kind, for each language (default 6)")
 One more than were heard.*parser.add_argument("--jobs", type=int, default=multiprocessing.cpu_count(), help="processes at once (default: all cores)")
 One more than were heard.*parser.add_argument("--all", action="store_true", help="every loss with every jitter: four times as long")
 One more than were heard.*parser.add_argument("--cells", nargs="+", default=[], metavar="LOSS@JITTER",
 One more than were heard.*                    help="only these networks, b behind the loss for bursts: 5@50 10b@100")
 One more than were heard.*parser.add_argument("--keep", action="store_true", help="keep the sounds of all seeds, not of the first only")
 One more than were heard.*parser.add_argument("--binary", type=pathlib.Path, default=ROOT / ".build/release/centrala-quality")
 One more than were heard.*parser.add_argument("--output", type=pathlib.Path, default=ROOT / ".build", help="folder for quality.json and quality/")
 One more than were heard.*options = parser.parse_args()
 One more than were heard.*began, folder = time.monotonic(), options.output / "quality"
 One more than were heard.*folder.mkdir(parents=True, exist_ok=True)
 One more than were heard.*talk_off, resampling, goals, report = None, None, [], []
 One more than were heard.*if not options.cells:
 One more than were heard.*    print("Listening for keys in hours of speech.", flush=True)
 One more than were heard.*    talk_off, resampling = signals(options.binary, folder, options)
 One more than were heard.*    goals += signal_verdicts(talk_off, resampling)
 One more than were heard.*    report += [f"heard a key: {key}" for key in talk_off["keys"]]
 One more than were heard.*print("Making the sounds.", flush=True)
 One more than were heard.*runs = make(options.binary, folder, options)
 One more than were heard.*print(f"{len(runs)} sounds made after {time.monotonic() - began:.0f} s; scoring them.", flush=True)
 One more than were heard.*with multiprocessing.Pool(options.jobs) as pool:
 One more than were heard.*    runs = pool.map(score, jobs(folder, runs), chunksize=8)
 One more than were heard.*summary = summarised(runs)
 One more than were heard.*for key, entry in summary.items():
 One more than were heard.*    if entry["listener"] == OURS:
 One more than were heard.*        entry["speex_equal"] = at_equal_delay(entry, [summary[*key[:4], name] for name in SPEEX if (*key[:4], name) in summary])
 One more than were heard.*goals = [dict(zip(("goal", "wanted", "measured", "met"), verdict)) for verdict in [*verdicts(summary), *goals]]
 One more than were heard.*if not options.keep:
 One more than were heard.*    for run in runs:
 One more than were heard.*        if run["seed"] > 1:
 One more than were heard.*            (folder / f"{run['name']}.wav").unlink()
 One more than were heard.*for run in runs:
 One more than were heard.*    run["delays"] = [round(wait, 1) for wait in numpy.quantile(run["delays"], [0.05, 0.5, 0.95])] if run["delays"] else []
 One more than were heard.*width = max(len(goal["goal"]) for goal in goals)
 One more than were heard.*report += [f"PESQ narrow band, {options.seeds} seeds, 2 voices; delay in ms beyond network and codec", "", table(summary), "",
 One more than were heard.*           legend(runs), ""]
 One more than were heard.*report += [f"{'met   ' if goal['met'] else 'MISSED'}  {goal['goal'].ljust(width)}  {goal['wanted']:>8}  {goal['measured']}"
 One more than were heard.*           for goal in goals]
 One more than were heard.*text, data = options.output / "quality.txt", options.output / "quality.json"
 One more than were heard.*text.write_text("\n".join(report) + "\n")
 One more than were heard.*data.write_text(json.dumps({"seeds": options.seeds, "goals": goals, "summary": list(summary.values()), "talk_off": talk_off,
 One more than were heard.*                            "resampling": resampling, "runs": runs}) + "\n")
 One more than were heard.*print("\n" + "\n".join(report))
 One more than were heard.*print(f"\nThe same as text and JSON: {text}, {data}; sounds to listen to: {folder}. {time.monotonic() - began:.0f} s.")
 One more than were heard.*missed = sum(not goal["met"] for goal in goals)
 One more than were heard.*if missed:
 One more than were heard.*    sys.exit(f"quality: {missed} of {len(goals)} goals missed")


if __name__ == "__main__":
 One more than were heard.*main()
