"""What is heard through a bad network: PESQ (narrow band) and the delay added, ours beside speexdsp's jitter buffer.

usage: quality.py [--seeds N] [--jobs N] [--all] [--cells LOSS@JITTER …] [--keep] [--binary FILE]

`centrala-quality` makes the sounds in virtual time; here each is scored against the clean speech, and the delay of each 20 ms is found by
correlation, so that both buffers are measured from outside, by the same means. A row is the mean of all seeds and both languages.

Two scores: against the clean speech (`PESQ`), and against what the codec alone makes of it (`network`): what network and buffer did. A-law
alone takes 0.7 from this voice. The goals for G.711 stand beside figures of plain repetition that were measured without companding, so that
they are judged by the second; those for Opus by the first.
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
    ("PCMA", 1, 4.05), ("PCMA", 5, 3.35), ("PCMA", 10, 2.75),
    ("opus", 10, 3.3), ("opus", 20, 2.7), ("opus-browser", 10, 3.3), ("opus-browser", 20, 2.7)]
DELAY_GOAL = (50, 80)  # at so much jitter, at most so much median delay
NOISE = 0.05  # PESQ: differences below are chance, with six seeds and two voices
DIRECT, OURS = "direct", "ours"
JUDGED = {"PCMA": "network", "opus": "pesq", "opus-browser": "pesq"}
EQUAL = 10  # ms: delays that differ by less are equal; half of the 20 ms in which both are asked
SPEEX = ["speex", "speex20", "speex40", "speex80"]


def delays(clean, heard):
    """Milliseconds by which each 20 ms of `heard` lags behind `clean`, where that can be told."""
    count = WINDOW + LATEST - EARLIEST
    size = 1 << (count - 1).bit_length()
    padded = numpy.concatenate([numpy.zeros(LATEST), clean, numpy.zeros(LATEST + WINDOW)])
    power = numpy.concatenate([[0.0], numpy.cumsum(padded ** 2)])
    loud = 0.1 * numpy.sqrt(numpy.mean(clean ** 2))
    found = []
    for start in range(0, len(heard) - WINDOW, HOP):
        window = heard[start:start + WINDOW]
        energy = float(numpy.sum(window ** 2))
        if energy < WINDOW * loud ** 2 or start - EARLIEST + LATEST + WINDOW > len(padded):
            continue
        # padded[start] is the clean sample LATEST earlier than the window's first.
        stretch = padded[start:start + count]
        product = numpy.fft.irfft(
            numpy.fft.rfft(stretch, size) * numpy.conj(numpy.fft.rfft(window, size)), size)[:LATEST - EARLIEST]
        other = power[start + WINDOW:start + WINDOW + len(product)] - power[start:start + len(product)]
        match = product / numpy.sqrt(numpy.maximum(other, 1e-9) * energy)
        best = int(numpy.argmax(match))
        if match[best] >= ALIKE:
            found.append((LATEST - best) * 1000 / RATE)
    return found


def resemblance(clean, heard, lag):
    """PESQ is asked about sound, not about delay: what is constant of it is taken away first."""
    shift = max(0, round(lag * RATE / 1000))
    aligned = heard[shift:shift + len(clean)]
    try:
        return float(pesq(RATE, clean[:len(aligned)], aligned, "nb"))
    except NoUtterancesError:
        return 1.0


def score(job):
    folder, run, direct = job
    clean, _ = soundfile.read(folder / f"reference-{run['language']}.wav")
    coded, _ = soundfile.read(folder / f"{direct}.wav")
    heard, _ = soundfile.read(folder / f"{run['name']}.wav")
    run["delays"] = delays(clean, heard)
    lag = statistics.median(run["delays"]) if run["delays"] else 0
    run["pesq"] = resemblance(clean, heard, lag)
    run["network"] = resemblance(coded[:len(clean)], heard, lag)
    return run


def jobs(folder, runs):
    direct = {(run["language"], run["codec"]): run["name"] for run in runs if run["listener"] == DIRECT}
    return [(folder, run, direct[run["language"], run["codec"]]) for run in runs]


def make(binary, folder, options):
    """Runs the Swift half, one process a job; returns what was made."""
    folder.mkdir(parents=True, exist_ok=True)
    for stale in [*folder.glob("*.wav"), *folder.glob("runs-*.json")]:
        stale.unlink()
    command = [str(binary), str(folder), str(options.seeds)]
    shares = [subprocess.Popen([*command, str(share), str(options.jobs), *(["all"] if options.all else options.cells)])
              for share in range(options.jobs)]
    if any([share.wait() for share in shares]):
        sys.exit("quality: centrala-quality failed")
    return [run for share in range(options.jobs) for run in json.loads((folder / f"runs-{share}.json").read_text())]


def summarised(runs):
    """One entry for each codec, condition and listener: means over seeds and languages."""
    lags = {(run["language"], run["codec"]): statistics.median(run["delays"]) for run in runs if run["listener"] == DIRECT}
    groups = {}
    for run in runs:
        network = run["condition"]
        key = run["codec"], network["jitter"], network["isBursty"], network["loss"], run["listener"]
        groups.setdefault(key, []).append(run)
    summary = {}
    for key, members in sorted(groups.items(), key=lambda group: (list(JUDGED).index(group[0][0]), *group[0][1:4])):
        codec, jitter, bursty, loss, listener = key
        waits = [wait - lags[run["language"], codec] for run in members for wait in run["delays"]]
        counts = {name: sum(run["counts"][name] for run in members) for name in members[0]["counts"]}
        summary[key] = {
            "codec": codec, "jitter": jitter, "bursty": bursty, "loss": loss, "listener": listener, "sounds": len(members),
            "pesq": statistics.mean(run["pesq"] for run in members),
            "network": statistics.mean(run["network"] for run in members),
            "worst": min(run[JUDGED[codec]] for run in members),
            "by_language": {language: statistics.mean(run[JUDGED[codec]] for run in members if run["language"] == language)
                            for language in sorted({run["language"] for run in members})},
            "delay_median_ms": float(numpy.median(waits)), "delay_p95_ms": float(numpy.quantile(waits, 0.95)),
            "counts": counts}
    return summary


def at_equal_delay(ours, others):
    """The best score of speexdsp with no more delay than ours, between two of its settings by interpolation; else None."""
    reach = ours["delay_median_ms"] + EQUAL
    points = sorted((other["delay_median_ms"], other[JUDGED[ours["codec"]]]) for other in others)
    fast_enough = [value for delay, value in points if delay <= reach]
    for (d0, s0), (d1, s1) in zip(points, points[1:]):
        if d0 <= reach < d1:
            fast_enough.append(s0 + (s1 - s0) * (reach - d0) / (d1 - d0))
    return max(fast_enough, default=None)


def verdicts(summary):
    """The issue's goals: what was asked, what came out, whether it is met (None: not measured)."""
    def ours(codec, loss, jitter=0):
        return summary.get((codec, jitter, False, loss, OURS))

    for codec, loss, least in GOALS:
        result = ours(codec, loss)
        if result:
            value = result[JUDGED[codec]]
            yield f"{codec} PESQ at {loss} % loss", f"≥ {least:.2f}", f"{value:.2f}", value >= least
    for codec in JUDGED:
        result = ours(codec, 0, DELAY_GOAL[0])
        if result:
            yield (f"{codec} median delay at {DELAY_GOAL[0]} ms jitter", f"≤ {DELAY_GOAL[1]} ms",
                   f"{result['delay_median_ms']:.0f} ms", result["delay_median_ms"] <= DELAY_GOAL[1])
    worse = [f"{entry['codec']} {network(entry)}: {entry[JUDGED[entry['codec']]]:.2f} against {entry['speex_equal']:.2f}"
             for entry in summary.values() if is_worse(entry)]
    yield "worse than speexdsp at equal delay", "nowhere", "; ".join(worse) or "nowhere", not worse


def is_worse(entry):
    return entry.get("speex_equal") is not None and entry[JUDGED[entry["codec"]]] < entry["speex_equal"] - NOISE


def network(entry):
    kind = "" if entry["loss"] == 0 else " bursts" if entry["bursty"] else " even"
    return f"{entry['loss']} %{kind}, jitter {entry['jitter']}"


def scores(entry):
    return [f"{entry['pesq']:.2f}", f"{entry['network']:.2f}", f"{entry['delay_median_ms']:.0f}", f"{entry['delay_p95_ms']:.0f}"]


def table(summary):
    """A line for each codec and network."""
    rows = [["codec", "loss", "", "jitter", "PESQ", "network", "delay", "p95", "| speexdsp: PESQ", "network", "delay", "p95", "at our delay"]]
    for key, entry in summary.items():
        codec, jitter, bursty, loss, listener = key
        if listener == DIRECT:
            rows.append([codec, "alone", "", ""] + scores(entry) + [""] * 5)
        if listener == OURS:
            speex, equal = summary[*key[:4], "speex"], entry["speex_equal"]
            rows.append(
                [codec, f"{loss} %", ("bursts" if bursty else "even") if loss else "", f"{jitter} ms"] + scores(entry) + scores(speex)
                + ["too slow" if equal is None else f"{equal:.2f}" + (" !" if is_worse(entry) else "  ")])
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                               for i, (cell, width) in enumerate(zip(row, widths))) for row in rows)


def legend(runs):
    """What each codec's rows stand for."""
    rates = {run["codec"]: run["bitrate"] // 1000 for run in runs}
    return "\n".join([
        f"PCMA          G.711 A-law, {rates['PCMA']} kbit/s",
        f"opus          as a leg of ours sends it: 8 kHz, {rates['opus']} kbit/s, redundancy (FEC) included",
        f"opus-browser  as a browser sends it to us: 16 kHz, {rates['opus-browser']} kbit/s, which our answer asks for"
        " (maxaveragebitrate), redundancy included",
        "alone         the codec without network and buffer; at our delay: speexdsp's best with no more delay than ours"
        f" and {EQUAL} ms, ! where it is better than ours by more than {NOISE}"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=6, help="networks of each kind, for each language (default 6)")
    parser.add_argument("--jobs", type=int, default=multiprocessing.cpu_count(), help="processes at once (default: all cores)")
    parser.add_argument("--all", action="store_true", help="every loss with every jitter: four times as long")
    parser.add_argument("--cells", nargs="+", default=[], metavar="LOSS@JITTER",
                        help="only these networks, b behind the loss for bursts: 5@50 10b@100")
    parser.add_argument("--keep", action="store_true", help="keep the sounds of all seeds, not of the first only")
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / ".build/release/centrala-quality")
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / ".build", help="folder for quality.json and quality/")
    options = parser.parse_args()
    began, folder = time.monotonic(), options.output / "quality"
    print("Making the sounds.", flush=True)
    runs = make(options.binary, folder, options)
    print(f"{len(runs)} sounds made in {time.monotonic() - began:.0f} s; scoring them.", flush=True)
    with multiprocessing.Pool(options.jobs) as pool:
        runs = pool.map(score, jobs(folder, runs), chunksize=8)
    summary = summarised(runs)
    for key, entry in summary.items():
        if entry["listener"] == OURS:
            entry["speex_equal"] = at_equal_delay(entry, [summary[*key[:4], name] for name in SPEEX if (*key[:4], name) in summary])
    goals = [dict(zip(("goal", "wanted", "measured", "met"), verdict)) for verdict in verdicts(summary)]
    if not options.keep:
        for run in runs:
            if run["seed"] > 1:
                (folder / f"{run['name']}.wav").unlink()
    for run in runs:
        run["delays"] = [round(wait, 1) for wait in numpy.quantile(run["delays"], [0.05, 0.5, 0.95])] if run["delays"] else []
    print(f"\nPESQ narrow band, {options.seeds} seeds, 2 voices; delay in ms beyond network and codec\n\n{table(summary)}\n\n{legend(runs)}\n")
    width = max(len(goal["goal"]) for goal in goals)
    for goal in goals:
        print(f"{'met   ' if goal['met'] else 'MISSED'}  {goal['goal'].ljust(width)}  {goal['wanted']:>8}  {goal['measured']}")
    output = options.output / "quality.json"
    output.write_text(json.dumps({"seeds": options.seeds, "goals": goals, "summary": list(summary.values()), "runs": runs}) + "\n")
    print(f"\nThe same as JSON: {output}; sounds to listen to: {folder}. {time.monotonic() - began:.0f} s.")


if __name__ == "__main__":
    main()
