"""What came of a run: a table for people, JSON for the next run."""

import dataclasses
import json
import statistics


@dataclasses.dataclass
class Row:
    """One figure, the limit that it stands beside, and what is asked of it."""

    name: str
    what: str
    value: float
    unit: str
    target: str
    met: bool | None  # None: nothing is asked
    limit: float | None = None
    limit_name: str = ""
    ratio: float | None = None
    notes: list = dataclasses.field(default_factory=list)
    detail: dict = dataclasses.field(default_factory=dict)

    @property
    def verdict(self):
        return {True: "met", False: "MISSED", None: ""}[self.met]


def median(values):
    return statistics.median(values)


def number(value):
    if value is None:
        return ""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value == int(value) else f"{value:.2f}"


def table(rows, older=None):
    """The rows as text; with an older run's, by name, its figure stands beside."""
    heads = ["", "measured", "unit", "limit", "", "ratio", "target", ""]
    if older is not None:
        heads[2:2] = ["before"]
    lines = [heads]
    for row in rows:
        cells = [
            row.what,
            number(row.value),
            row.unit,
            number(row.limit),
            row.limit_name,
            f"{row.ratio:.2f}" if row.ratio is not None else "",
            row.target,
            row.verdict,
        ]
        if older is not None:
            before = older.get(row.name)
            cells[2:2] = [number(before["value"]) if before else "-"]
        lines.append(cells)
    widths = [max(len(line[i]) for line in lines) for i in range(len(heads))]
    left = {0, len(heads) - 6, len(heads) - 4, len(heads) - 2, len(heads) - 1}
    out = []
    for line in lines:
        cells = [
            cell.ljust(width) if i in left else cell.rjust(width) for i, (cell, width) in enumerate(zip(line, widths))
        ]
        out.append("  ".join(cells).rstrip())
    out.insert(1, "-" * max(len(line) for line in out))
    for row in rows:
        out += [f"  {row.name}: {note}" for note in row.notes]
    return "\n".join(out)


def to_json(rows, facts):
    return json.dumps({"format": 1, "machine": facts, "rows": [dataclasses.asdict(row) for row in rows]}, indent=1)


def older_rows(path):
    with open(path, encoding="utf-8") as file:
        return {row["name"]: row for row in json.load(file)["rows"]}
