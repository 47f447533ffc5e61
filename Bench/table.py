"""Results as text: one table for each kind of case, only with columns in which something stands."""

LOADS = [
    ("case", "case"), ("calls", "calls"), ("mc/call", "mc_per_call"), ("min", "mc_min"), ("max", "mc_max"), ("cores", "cores"),
    ("floor", "floor_mc"), ("min", "floor_min"), ("max", "floor_max"), ("ratio", "ratio"), ("min", "ratio_min"), ("max", "ratio_max"),
    ("packets/s", "packets_per_second"), ("spacing ms", "deviation_ms"), ("worst", "worst_deviation_ms"), ("gap ms", "longest_gap_ms"),
    ("floor", "floor_longest_gap_ms"), ("late", "late"),
    ("lost", "lost"), ("KB/call", "kilobytes_per_call"), ("held", "held")]
MIXES = [("case", "case"), ("parties", "parties"), ("µs/tick", "microseconds_per_tick")]
DELAYS = [
    ("case", "case"), ("calls", "calls"), ("measured", "measured"), ("p50 ms", "delay_p50_ms"), ("p99 ms", "delay_p99_ms"),
    ("longest", "delay_max_ms")]
RATES = [
    ("case", "case"), ("rate", "rate"), ("achieved", "achieved"), ("failed", "failed"), ("CPU-ms/call", "cpu_ms_per_call"),
    ("held", "held")]
GROWTHS = [("case", "case"), ("calls", "calls"), ("bytes/call", "bytes_per_call"), ("held", "held")]
# A result belongs to the first kind whose figure it has.
KINDS = [("mc_per_call", LOADS), ("microseconds_per_tick", MIXES), ("delay_p50_ms", DELAYS), ("rate", RATES), ("samples", GROWTHS)]


def tables(results):
    kinds = {figure: [row for row in results if figure in row] for figure, _ in KINDS}
    return "\n\n".join(table(kinds[figure], columns) for figure, columns in KINDS if kinds[figure])


def table(results, columns):
    columns = [column for column in columns if any(column[1] in row for row in results)]
    rows = [[title for title, _ in columns]] + [[shown(row.get(key, "")) for _, key in columns] for row in results]
    widths = [max(len(row[i]) for row in rows) for i in range(len(columns))]
    return "\n".join("  ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                               for i, (cell, width) in enumerate(zip(row, widths))) for row in rows)


def shown(value):
    return {True: "yes", False: "NO"}[value] if isinstance(value, bool) else str(value)
