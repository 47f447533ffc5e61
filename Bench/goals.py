"""What issue 3 asks for, and whether it is so."""

# The shortest delay of the jitter buffer (JitterBuffer, `DelayEstimate.shortestTarget`): on a clean network what it holds back.
BUFFER_MS = 10

# Case, calls (None: any), figure, at most, in words.
GOALS = [
    ("prompt", None, "mc_per_call", 0.45, "mc a call"),
    ("prompt", None, "ratio", 1.6, "times the floor"),
    ("prompt", None, "kilobytes_per_call", 40, "KB a call"),
    ("prompt", 1000, "deviation_ms", 0.5, "ms standard deviation of the spacing"),
    ("prompt, recorded", None, "mc_per_call", 0.55, "mc a call"),
    ("prompt, recorded", None, "kilobytes_per_call", 40, "KB a call"),
    ("prompt, recorded", 1000, "deviation_ms", 0.5, "ms standard deviation of the spacing"),
    ("relay", None, "mc_per_call", 0.75, "mc a call"),
    ("relay", 1000, "deviation_ms", 0.5, "ms standard deviation of the spacing"),
    ("relay, recorded", None, "mc_per_call", 0.90, "mc a call"),
    ("transcode", None, "mc_per_call", 10, "mc a call"),
    ("mix, 8 kHz", 64, "microseconds_per_tick", 10, "µs a tick"),
    ("mix, 16 kHz", 64, "microseconds_per_tick", 10, "µs a tick"),
    ("mouth to ear, relay", None, "delay_p50_ms", 1, "ms, half of the packets"),
    ("mouth to ear, relay", None, "delay_p99_ms", 5, "ms, 99 of 100 packets"),
    ("mouth to ear, mixed", None, "delay_p50_ms", 30 + BUFFER_MS, f"ms, half of the sounds, {BUFFER_MS} of them in the jitter buffer"),
    ("memory over SIP calls", None, "bytes_per_call", 10, "bytes a call"),
    ("memory over legs", None, "bytes_per_call", 10, "bytes a call"),
]


def judged(results):
    """A line for each goal that was measured, and as values for the JSON."""
    judgements = []
    for case, calls, key, most, words in GOALS:
        for row in results:
            if row["case"] == case and calls in (None, row["calls"]) and key in row:
                judgements.append({
                    "case": case, "calls": row["calls"], "figure": key, "value": row[key], "at_most": most,
                    "met": row[key] <= most, "words": words})
    for row in results:
        if row["case"] == "prompt" and row["calls"] == 2000:
            judgements.append({
                "case": "prompt", "calls": 2000, "figure": "held", "value": row["cores"], "at_most": 1,
                "met": row["held"] and row["cores"] <= 1, "words": "cores, held clean"})
    return judgements


def lines(judgements):
    return [f"  {'met   ' if j['met'] else 'MISSED'}  {j['case']} × {j['calls']}: {j['value']} {j['words']}; at most {j['at_most']}"
            for j in judgements]
