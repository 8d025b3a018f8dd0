"""What make lambda makes: static, small, and started and answering under Amazon's emulator, arm64's too."""

import os
import pathlib
import shutil
import struct
import zipfile

import pytest
from conftest import ROOT, missing_part
from lambda_parts import Emulator

ZIP_BYTES_MAX = 4 * 1024 * 1024
# e_machine of the ELF header, and what runs such a program here.
MACHINES = {"x86_64": (62, "qemu-x86_64-static"), "arm64": (183, "qemu-aarch64-static")}
OURS = {"aarch64": "arm64"}.get(os.uname().machine, os.uname().machine)
PT_INTERP = 3

pytestmark = pytest.mark.bootstraps


@pytest.fixture(params=sorted(MACHINES))
def arch(request):
    if not (ROOT / "build" / "lambda" / f"spaces-{request.param}.zip").exists():
        missing_part(f"the bootstrap for {request.param}", "make lambda")
    return request.param


def unpacked(arch, folder):
    """As Lambda unpacks it."""
    archive = zipfile.ZipFile(ROOT / "build" / "lambda" / f"spaces-{arch}.zip")
    (entry,) = archive.infolist()
    assert entry.filename == "bootstrap" and entry.external_attr >> 16 == 0o100755
    program = pathlib.Path(archive.extract(entry, folder))
    program.chmod(entry.external_attr >> 16)
    return program


def test_is_one_small_static_program(arch, tmp_path):
    assert (ROOT / "build" / "lambda" / f"spaces-{arch}.zip").stat().st_size <= ZIP_BYTES_MAX
    program = unpacked(arch, tmp_path).read_bytes()
    assert program[:6] == b"\x7fELF\x02\x01"
    (machine,) = struct.unpack_from("<H", program, 18)
    assert machine == MACHINES[arch][0]
    (at,), (size, count) = struct.unpack_from("<Q", program, 32), struct.unpack_from("<HH", program, 54)
    kinds = [struct.unpack_from("<I", program, at + size * i)[0] for i in range(count)]
    assert PT_INTERP not in kinds, "libc is not loaded: Lambda's is older than ours"
    assert b".symtab" not in program, "stripped"


def test_starts_and_answers(arch, tmp_path):
    program = unpacked(arch, tmp_path)
    command = ["./bootstrap"]
    if arch != OURS:
        runner = shutil.which(MACHINES[arch][1])
        if not runner:
            missing_part(MACHINES[arch][1], "scripts/install-packages lambda")
        command = [runner, str(program)]
    settings = {"SPACES_DATA": str(tmp_path / "store"), "SPACES_PUBLIC_LISTINGS": "true"}
    with Emulator(command, tmp_path, settings, seconds=60) as emulator:
        health = emulator.send("GET", "/health")
        assert health.status == 200 and health.json()["status"] == "ok"
        page = emulator.send("GET", "/api/v1/properties?city=Z%C3%BCrich")
        assert page.status == 200 and page.json() == {"items": [], "nextCursor": None}
        assert emulator.send("GET", "/openapi.json", headers={"Accept-Encoding": "gzip"}).body[:2] == b"\x1f\x8b"
