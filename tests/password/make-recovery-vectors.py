#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/password/vectors/recovery-keys.txt: recovery keys made from docs/VAULT-FORMAT.md §4.4 alone.

It shares nothing with the program, which divides polynomials with bit-wise products: here the field is a table
of powers, and the check symbols are the solution of the four linear equations that the roots give. Run it as:
tests/password/make-recovery-vectors.py > tests/password/vectors/recovery-keys.txt
"""

import hashlib

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

POWERS = [1]
while len(POWERS) < 31:
    value = POWERS[-1] << 1
    POWERS.append(value ^ 0x25 if value & 32 else value)
LOGS = {value: exponent for exponent, value in enumerate(POWERS)}
assert len(LOGS) == 31


def times(a, b):
    return POWERS[(LOGS[a] + LOGS[b]) % 31] if a and b else 0


def divide(a, b):
    return POWERS[(LOGS[a] - LOGS[b]) % 31] if a else 0


def power_of_root(root, exponent):
    return POWERS[root * exponent % 31]


def checks(data):
    """The four symbols at the degrees 3 to 0 that make the polynomial vanish at a^1 .. a^4."""
    rows = []
    for root in range(1, 5):
        constant = 0
        for index, symbol in enumerate(data):
            constant ^= times(symbol, power_of_root(root, 19 - index))
        rows.append([power_of_root(root, 3 - column) for column in range(4)] + [constant])
    for column in range(4):
        pivot = next(row for row in range(column, 4) if rows[row][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [divide(value, rows[column][column]) for value in rows[column]]
        for row in range(4):
            if row != column and rows[row][column]:
                factor = rows[row][column]
                rows[row] = [a ^ times(factor, b) for a, b in zip(rows[row], rows[column])]
    return [rows[row][4] for row in range(4)]


def write(key):
    bits = "".join(f"{byte:08b}" for byte in key)
    data = [int(bits[i : i + 5], 2) for i in range(0, 160, 5)]
    symbols = data[:16] + checks(data[:16]) + data[16:] + checks(data[16:])
    text = "".join(ALPHABET[symbol] for symbol in symbols)
    return "-".join(text[i : i + 5] for i in range(0, 40, 5))


def main():
    keys = [bytes(20), b"\xff" * 20, bytes(range(20)), bytes([1]) + bytes(19), bytes(19) + bytes([1])]
    keys += [hashlib.sha256(f"recovery key {i}".encode()).digest()[:20] for i in range(20)]
    print("# Made by tests/password/make-recovery-vectors.py: 20 bytes, and the key as it is written down.")
    for key in keys:
        print(key.hex(), write(key))


if __name__ == "__main__":
    main()
