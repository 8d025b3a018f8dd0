"""Pictures as cameras and strangers make them, and the program that gives them to spaces-media (prepare_picture)."""

import io
import json
import os
import pathlib
import random
import struct
import subprocess
import zlib

from PIL import Image, ImageDraw, ImageFilter

BUILD = pathlib.Path(os.environ.get("SPACES_BUILD", pathlib.Path(__file__).resolve().parents[2] / "build" / "dev"))
WORKER = BUILD / "spaces-media"
# Of one picture, with the worker's start, beside other tests and under a sanitizer.
ANSWER_SECONDS_MAX = 120


class Preparer:
    """A pool of one worker. `around` is a command in front, such as strace's."""

    def __init__(self, folder, around=(), words=()):
        self.folder = folder
        self.count = 0
        self.process = subprocess.Popen([*around, str(BUILD / "prepare_picture"), str(WORKER), *words],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True)

    def send(self, original, stage="first"):
        """Gives it a picture, bytes or a file's path, and does not wait."""
        self.count += 1
        out = self.folder / f"out{self.count}"
        out.mkdir()
        if isinstance(original, bytes):
            path = self.folder / f"in{self.count}"
            path.write_bytes(original)
            original = path
        self.process.stdin.write(f"{stage}\t{original}\t{out}\n")
        self.process.stdin.flush()

    def receive(self):
        line = self.process.stdout.readline()
        assert line, f"prepare_picture ended: {self.process.stderr.read()}"
        return json.loads(line)

    def __call__(self, original, stage="first"):
        self.send(original, stage)
        return self.receive()

    def worker(self):
        """The process id of its worker."""
        tasks = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return int(tasks.read_text().split()[0])

    def close(self):
        self.process.stdin.close()
        self.process.wait(ANSWER_SECONDS_MAX)
        self.process.stdout.close()
        self.process.stderr.close()


def opened(file):
    """A file of an answer, as a picture."""
    with Image.open(file["path"]) as one:
        one.load()
        return one


def of(answer, kind, width):
    return next(one for one in answer["files"] if one["type"] == kind and one["width"] == width)


def house(width, height, grain=0):
    """A drawn house, unlike itself turned or mirrored; with grain it is as hard to encode as a photograph."""
    sky = Image.linear_gradient("L").resize((width, height))
    picture = Image.merge("RGB", (sky.point(lambda v: 90 + v // 3), sky.point(lambda v: 140 + v // 4),
                                  sky.point(lambda v: 235 - v // 6)))
    draw = ImageDraw.Draw(picture)

    def box(left, top, right, bottom, colour):
        draw.rectangle([left * width, top * height, right * width, bottom * height], fill=colour)

    box(0, .7, 1, 1, (86, 130, 60))
    box(.15, .35, .6, .8, (196, 84, 60))
    draw.polygon([(.1 * width, .35 * height), (.375 * width, .12 * height), (.65 * width, .35 * height)],
                 fill=(90, 60, 50))
    box(.22, .45, .32, .57, (240, 235, 190))
    box(.4, .55, .5, .8, (60, 70, 120))
    box(.8, .2, .9, .3, (250, 220, 70))
    if grain:
        noise = Image.effect_noise((width // 2, height // 2), grain).resize((width, height), Image.Resampling.BICUBIC)
        leaves = Image.effect_noise((width // 16, height // 16), 90).resize((width, height), Image.Resampling.BICUBIC)
        noise = Image.blend(noise, leaves, .35)
        picture = Image.blend(picture, Image.merge("RGB", (noise, noise, noise)), .3)
    return picture


def encoded(picture, kind, **more):
    out = io.BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def png(width, height, depth, colour, rows):
    """A PNG of any kind: `rows` is the bytes of all lines, each behind its filter's number."""

    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


def profile(red, green, blue, gamma):
    """An ICC profile (version 2) of a display: its primaries as XYZ adapted to D50, and one gamma."""

    def s15(value):
        return struct.pack(">i", round(value * 65536))

    def xyz(values):
        return b"XYZ \0\0\0\0" + b"".join(map(s15, values))

    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    words = b"wide\0"
    text = b"desc\0\0\0\0" + struct.pack(">I", len(words)) + words + bytes(78) + b"\0\0"
    tags = [(b"desc", text + bytes(-len(text) % 4)), (b"cprt", b"text\0\0\0\0none"), (b"wtpt", xyz((.9642, 1, .8249))),
            (b"rXYZ", xyz(red)), (b"gXYZ", xyz(green)), (b"bXYZ", xyz(blue)),
            (b"rTRC", curve), (b"gTRC", curve), (b"bTRC", curve)]
    table, data, at = b"", b"", 128 + 4 + 12 * len(tags)
    for name, content in tags:
        table += name + struct.pack(">II", at + len(data), len(content))
        data += content
    head = struct.pack(">I4sI4s4s4s", at + len(data), b"none", 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28) + s15(.9642) + s15(1) + s15(.8249)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + data


# Display P3, as telephones take pictures.
WIDE = profile((.5151, .2412, -.0011), (.2920, .6922, .0419), (.1571, .0666, .7841), 2.2)

XMP = (b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
       b'<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator><rdf:Seq><rdf:li>'
       b'Secret Person</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>')


def exif(orientation=1):
    """What a telephone writes: maker, place, how it was held."""
    tags = Image.Exif()
    tags[0x010F], tags[0x0110], tags[0x0112] = "Secret Maker", "Secret Telephone", orientation
    tags.get_ifd(0x8825).update({1: "N", 2: (47.0, 36.0, 22.5), 3: "W", 4: (122.0, 19.0, 55.5)})
    tags.get_ifd(0x8769).update({0xA430: "Secret Person", 0x9003: "2026:01:02 03:04:05"})
    return tags.tobytes()


def with_segments(jpeg):
    """The JPEG with IPTC (Photoshop's segment), a comment, and a second EXIF behind the first."""

    def segment(marker, content):
        return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content

    iptc = b"\x1c\x02\x50" + struct.pack(">H", 13) + b"Secret Person"
    photoshop = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(iptc)) + iptc + b"\0" * (len(iptc) % 2)
    return jpeg[:2] + segment(0xED, photoshop) + segment(0xFE, b"Secret comment") + jpeg[2:]


def flipped(original, seed, within=700, most=6):
    """The bytes with a few of the first ones changed."""
    chance = random.Random(seed)
    changed = bytearray(original)
    for _ in range(chance.randint(1, most)):
        changed[chance.randrange(min(within, len(changed)))] = chance.randrange(256)
    return bytes(changed)


def softened(picture):
    """For comparing pictures by their forms, not by what an encoder does to their edges."""
    return picture.convert("RGB").filter(ImageFilter.BoxBlur(2))
