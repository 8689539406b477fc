# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures as files."""

import struct
import zlib

CORNER = 12  # the radius of a window's corners, which are seen through


def _chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _seen_through(x, y, width, height):
    """Whether a pixel is outside the round corners."""
    across = max(CORNER - 0.5 - x, x - (width - CORNER - 0.5), 0)
    down = max(CORNER - 0.5 - y, y - (height - CORNER - 0.5), 0)
    return across * across + down * down > CORNER * CORNER


def write_png(path, width, height, pixels):
    """`pixels` are rows of red, green and blue. The corners of the window, behind which is the screen, are cut off."""
    rows = []
    for y in range(height):
        row = bytearray(b"\xff" * (width * 4))
        line = pixels[y * width * 3:(y + 1) * width * 3]
        for channel in range(3):
            row[channel::4] = line[channel::3]
        if y < CORNER or y >= height - CORNER:
            for x in (*range(CORNER), *range(width - CORNER, width)):
                if _seen_through(x, y, width, height):
                    row[x * 4:x * 4 + 4] = b"\0\0\0\0"
        rows.append(b"\0" + row)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)) +
                   _chunk(b"IDAT", zlib.compress(b"".join(rows), 6)) + _chunk(b"IEND", b""))
