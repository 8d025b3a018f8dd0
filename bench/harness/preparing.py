"""What spaces-media takes for a photograph of 12 megapixels, beside libvips' own command, and what its files are
worth."""

import json
import subprocess

from harness import machine
from harness.report import Row, median
from harness.stores import ROOT

FIRST_SECONDS_MAX = 0.9
AVIF_SECONDS_MAX = 1.0
PEAK_MIB_MAX = 200.0
AVIF_RATIO_MAX = 0.6


def figures(bench):
    python = subprocess.run(
        [ROOT / "scripts" / "test-parts", "picture-quality"], stdout=subprocess.PIPE, text=True, check=True
    ).stdout.strip()
    bench.say("pictures: preparing, and comparing the files")
    words = [python, ROOT / "bench" / "picture_figures.py", bench.spaces.parent / "prepare_picture"]
    words += [bench.spaces.parent / "spaces-media", bench.scratch / "pictures", bench.rounds]
    return json.loads(machine.run(words))


def rows(bench):
    found = figures(bench)
    first, avif, command = (median(found[name]) for name in ("first", "avif", "vipsthumbnail"))
    ratio = found["ratio"]
    scores = {
        kind: median([one["score"] for one in found["quality"] if one["type"] == kind]) for kind in ratio
    }
    worst = max(one["ratio"] for one in found["quality"] if one["type"] == "image/avif")
    return [
        Row(
            "picture-first",
            "12 megapixels: 4 JPEG, 4 WebP",
            first,
            "s of CPU",
            f"≤ {FIRST_SECONDS_MAX} s",
            first <= FIRST_SECONDS_MAX,
            command,
            "vipsthumbnail, 8 runs",
            first / command,
            [f"{median(found['seconds']['first']):.2f} s from asking to the answer"],
            {"rounds": found["first"], "vipsthumbnail": found["vipsthumbnail"]},
        ),
        Row(
            "picture-avif",
            "the same: 3 AVIF",
            avif,
            "s of CPU",
            f"≤ {AVIF_SECONDS_MAX} s",
            avif <= AVIF_SECONDS_MAX,
            notes=[f"{median(found['seconds']['avif']):.2f} s from asking to the answer"],
            detail={"rounds": found["avif"]},
        ),
        Row(
            "picture-memory",
            "a worker's peak",
            found["peak_mib"],
            "MiB",
            f"≤ {PEAK_MIB_MAX:.0f} MiB",
            found["peak_mib"] <= PEAK_MIB_MAX,
        ),
        Row(
            "picture-bytes",
            "AVIF beside JPEG of equal SSIMULACRA2",
            ratio["image/avif"],
            "",
            f"≤ {AVIF_RATIO_MAX}",
            ratio["image/avif"] <= AVIF_RATIO_MAX,
            notes=[
                f"WebP {ratio['image/webp']:.2f}; the worst AVIF {worst:.2f}; scores: JPEG {scores['image/jpeg']:.0f}, "
                f"WebP {scores['image/webp']:.0f}, AVIF {scores['image/avif']:.0f}"
            ],
            detail={"files": found["quality"]},
        ),
    ]
