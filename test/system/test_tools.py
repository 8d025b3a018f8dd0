"""What tools made and was checked in is what they would make now."""

import subprocess
import sys

import pytest
from conftest import ROOT, shared_file

pytestmark = pytest.mark.embedded


def test_the_common_passwords_are_those_of_the_list():
    made = subprocess.run([sys.executable, ROOT / "tools" / "common-passwords",
                           shared_file("vectors/common_passwords.txt")], capture_output=True, text=True, check=True)
    assert made.stdout == (ROOT / "src/identity/common_passwords.inc").read_text()
