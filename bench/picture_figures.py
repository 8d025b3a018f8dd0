#!/usr/bin/env python3
"""picture_figures.py PREPARE WORKER SCRATCH ROUNDS: what preparing a photograph costs and what its files are worth, as
JSON. Run by bench/run with an interpreter that has Pillow and ssimulacra2 (scripts/test-parts picture-quality).

The photographs are those of Debian's mate-backgrounds; one of them, cut to 4032 x 3024 and given a sensor's noise, is
what a telephone of 12 megapixels takes.
"""

import json
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys

from PIL import Image, ImageOps
from ssimulacra2 import compute_ssimulacra2

PHOTOGRAPHS = pathlib.Path("/usr/share/backgrounds/mate/nature")
# A garden, a meadow, a sky, and a room's blinds: much and little detail.
NAMES = ("Garden", "GreenMeadow", "Storm", "Blinds")
TWELVE_MEGAPIXELS = (4032, 3024)
# A telephone's sensor by daylight: the standard deviation of its noise, of 255.
GRAIN = 6
WIDTHS = (320, 640, 1280, 2048)
COMPARED_WIDTHS = (640, 1280)
QUALITIES = (50, 60, 70, 75, 80, 85, 90, 94)
TICKS = 100  # a second: clock ticks in /proc/PID/stat


def originals(scratch):
    """Photographs of 12 megapixels as JPEG files; the first is the one whose time is taken."""
    for name in NAMES:
        path = PHOTOGRAPHS / f"{name}.jpg"
        if not path.exists():
            raise SystemExit(f"{path} is not there: Debian's mate-backgrounds")
        with Image.open(path) as one:
            photograph = ImageOps.fit(one.convert("RGB"), TWELVE_MEGAPIXELS, Image.Resampling.LANCZOS)
        noise = Image.effect_noise(TWELVE_MEGAPIXELS, GRAIN)
        photograph = Image.blend(photograph, Image.merge("RGB", (noise,) * 3), .08)
        out = scratch / f"{path.stem}.jpg"
        photograph.save(out, quality=92, subsampling="4:2:0")
        yield out


class Preparer:
    def __init__(self, program, worker, scratch):
        self.out = scratch / "files"
        self.out.mkdir(exist_ok=True)
        self.process = subprocess.Popen([program, worker], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def worker(self):
        return pathlib.Path(
            f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii").split()[0]

    def cpu(self):
        fields = pathlib.Path(f"/proc/{self.worker()}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def peak_mib(self):
        status = pathlib.Path(f"/proc/{self.worker()}/status").read_text(encoding="ascii")
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024

    def ask(self, original, stage):
        self.process.stdin.write(f"{stage}\t{original}\t{self.out}\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise SystemExit(f"{original}: {answer}")
        return answer

    def prepare(self, original, stage):
        """The answer, with the worker's CPU for it; it must have answered before."""
        before = self.cpu()
        return self.ask(original, stage) | {"cpu": self.cpu() - before}

    def close(self):
        self.process.stdin.close()
        self.process.wait(60)


def children_cpu():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def vipsthumbnail_cpu(original, scratch):
    """libvips' own command for the same eight files, one run for each."""
    before = children_cpu()
    for width in WIDTHS:
        for kind, how in (("jpg", "Q=80,optimize_coding,interlace,strip"), ("webp", "Q=80,effort=2,strip")):
            subprocess.run(["vipsthumbnail", original, "--size", f"{width}x", "--vips-concurrency=1",
                            "-o", f"{scratch}/thumbnail-{width}.{kind}[{how}]"], check=True)
    return children_cpu() - before


def reference(original, width, scratch):
    path = scratch / f"reference-{width}.png"
    subprocess.run(["vipsthumbnail", original, "--size", f"{width}x", "-o", f"{path}[strip]"], check=True)
    return path


def as_png(path, scratch):
    out = scratch / "decoded.png"
    with Image.open(path) as one:
        one.convert("RGB").save(out, compress_level=1)
    return str(out)


def jpeg_bytes_at(score, pixels, path, scratch):
    """How many bytes a JPEG of this score has, between those of two qualities, and the qualities' scores."""
    curve = []
    for quality in QUALITIES:
        out = scratch / "curve.jpg"
        pixels.save(out, quality=quality, progressive=True, optimize=True)
        curve.append((compute_ssimulacra2(str(path), as_png(out, scratch)), out.stat().st_size))
    for (low, fewer), (high, more) in zip(curve, curve[1:]):
        if low <= score <= high:
            return fewer + (more - fewer) * (score - low) / (high - low)
    return curve[0][1] if score < curve[0][0] else curve[-1][1]


def quality(prepare, original, scratch):
    """For each width and format but JPEG: its bytes over those of a JPEG that looks as good."""
    files = prepare.prepare(original, "first")["files"] + prepare.prepare(original, "avif")["files"]
    found = []
    for width in COMPARED_WIDTHS:
        path = reference(original, width, scratch)
        with Image.open(path) as one:
            pixels = one.convert("RGB")
        for file in files:
            if file["width"] == width:
                score = compute_ssimulacra2(str(path), as_png(file["path"], scratch))
                equal = jpeg_bytes_at(score, pixels, path, scratch)
                found.append({"photograph": original.stem, "type": file["type"], "width": width, "score": score,
                              "bytes": file["bytes"], "ratio": file["bytes"] / equal})
    return found


def main():
    program, worker, scratch, rounds = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), int(sys.argv[4])
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    photographs = list(originals(scratch))
    prepare = Preparer(program, worker, scratch)
    figures = {"first": [], "avif": [], "vipsthumbnail": [], "seconds": {"first": [], "avif": []}}
    prepare.ask(photographs[0], "first")  # it is warm, and has its memory
    for _ in range(rounds):
        for stage in ("first", "avif"):
            answer = prepare.prepare(photographs[0], stage)
            figures[stage].append(answer["cpu"])
            figures["seconds"][stage].append(answer["seconds"])
        figures["vipsthumbnail"].append(vipsthumbnail_cpu(photographs[0], scratch))
    figures["peak_mib"] = prepare.peak_mib()
    figures["quality"] = [one for original in photographs for one in quality(prepare, original, scratch)]
    prepare.close()
    figures["ratio"] = {
        kind: statistics.median(one["ratio"] for one in figures["quality"] if one["type"] == kind)
        for kind in ("image/jpeg", "image/webp", "image/avif")
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
