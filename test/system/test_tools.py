"""What tools made and was checked in is what they would make now; and what the scripts around a build say."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import pytest
from conftest import ROOT, shared_file

pytestmark = pytest.mark.embedded


def test_the_common_passwords_are_those_of_the_list():
    made = subprocess.run([sys.executable, ROOT / "tools" / "common-passwords",
                           shared_file("vectors/common_passwords.txt")], capture_output=True, text=True, check=True)
    assert made.stdout == (ROOT / "src/platform/identity/common_passwords.inc").read_text()


@pytest.fixture
def open_folder():
    """One that others may read, unlike tmp_path."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        yield pathlib.Path(name)


@pytest.mark.parametrize("there", ["", "coreutils\n"])
def test_without_root_and_sudo_missing_packages_are_named_and_nothing_is_done(open_folder, there):
    """Beside a package list of the test's own, as somebody who may install nothing."""
    script = shutil.copy(ROOT / "scripts" / "install-packages", open_folder / "install-packages")
    (open_folder / "packages.txt").write_text(f"[build]\n{there}no-such-package unless a-tool-that-is-nowhere\n"
                                           "neither-this-one unless bash\n[test]\nnor-this-one\n")
    tools = open_folder / "tools"  # all that it needs, and no sudo
    tools.mkdir()
    for name in ("bash", "dirname", "grep", "sed", "id", "dpkg-query", "apt-get"):
        (tools / name).symlink_to(shutil.which(name))
    who = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    done = subprocess.run([tools / "bash", script, "build"], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                          env={"PATH": str(tools)}, timeout=20, **who)
    assert done.returncode == 1
    assert "apt-get install --no-install-recommends no-such-package\n" in done.stderr
    assert "nor-this-one" not in done.stdout + done.stderr and "coreutils" not in done.stderr
