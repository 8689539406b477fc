#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which limits of the key derivation a program was linked with: test-kdf-limits.py product|cheap PROGRAM

Reads the bytes of `sp_kdf_limits` from the program's file. The product must have those of VAULT-FORMAT.md §4.2; test
programs that ask for cheap_kdf_dep must have theirs, though the product's stand in an archive beside it.
"""

import re
import struct
import subprocess
import sys

# minimum and maximum of memory in KiB, passes, lanes
LIMITS = {
    "product": (64 * 1024, 4 * 1024 * 1024, 3, 64, 1, 16),
    "cheap": (8, 4 * 1024 * 1024, 1, 64, 1, 16),
}


def readelf(*arguments):
    return subprocess.run(["readelf", *arguments], check=True, capture_output=True, text=True).stdout


def main():
    wanted, program = sys.argv[1:]
    symbols = re.findall(r"^ *\d+: ([0-9a-f]+) +\d+ OBJECT .* (\d+) sp_kdf_limits$", readelf("-sW", program), re.M)
    found = {(int(address, 16), int(section)) for address, section in symbols}
    if len(found) != 1:
        sys.exit(f"{program}: {len(found)} definitions of sp_kdf_limits")
    address, section = found.pop()

    for number, start, offset in re.findall(
        r"^ *\[ *(\d+)\] \S+ +\S+ +([0-9a-f]+) ([0-9a-f]+) ", readelf("-SW", program), re.M
    ):
        if int(number) == section:
            position = address - int(start, 16) + int(offset, 16)
            break
    else:
        sys.exit(f"{program}: no section {section}")

    with open(program, "rb") as file:
        file.seek(position)
        limits = struct.unpack("<6I", file.read(24))
    print(f"{program}: {limits}")
    if limits != LIMITS[wanted]:
        sys.exit(f"expected {LIMITS[wanted]}")


if __name__ == "__main__":
    main()
