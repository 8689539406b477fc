#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/vault/vectors/slots.txt: key slots made from docs/VAULT-FORMAT.md §4 alone.

It shares no code with the program, and uses other libraries' bindings where there are any: argon2-cffi and
cryptography. Everything that is random in a real slot comes from SHA-256 of the vector's name here, so that
a second run writes the same file. Run it as: tests/vault/make-slot-vectors.py > tests/vault/vectors/slots.txt
"""

import hashlib
import hmac
import struct
import unicodedata

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PASSWORD, RECOVERY, QUICK = 1, 2, 3
ARGON2ID, HKDF_SHA256 = 1, 2
KEY_FILE, DEVICE_KEY = 1, 2


def hkdf(ikm, salt, info):
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(ikm)


def normalized(password):
    try:
        return unicodedata.normalize("NFC", password.decode("utf-8")).encode("utf-8")
    except UnicodeDecodeError:
        return password


def make_slot(name, kind, secret, cost=(0, 0, 0), key_file=None, device_key=None, epoch=1):
    def fixed(what, length):
        return hashlib.sha256(f"{name}/{what}".encode()).digest()[:length]

    kdf = ARGON2ID if kind == PASSWORD else HKDF_SHA256
    factors = (KEY_FILE if key_file is not None else 0) | (DEVICE_KEY if device_key is not None else 0)
    salt = fixed("salt", 16)
    vault_key = fixed("vault key", 32)
    nonce = fixed("nonce", 12)

    head = b"SPK1" + bytes([1, kind, kdf, factors])
    head += fixed("vault id", 16) + fixed("slot id", 16) + struct.pack("<4I", epoch, *cost)
    head += salt

    def factor_id(factor, label):
        if factor is None:
            return bytes(16)
        return hmac.new(factor, label + fixed("vault id", 16) + salt, hashlib.sha256).digest()[:16]

    head += factor_id(key_file, b"securepass/1/key-file-id")
    head += factor_id(device_key, b"securepass/1/device-key-id")
    assert len(head) == 104

    if kdf == ARGON2ID:
        memory, passes, lanes = cost
        k = hash_secret_raw(normalized(secret), salt, time_cost=passes, memory_cost=memory, parallelism=lanes,
                            hash_len=32, type=Type.ID, version=0x13)
    else:
        k = hkdf(secret, salt, b"securepass/1/slot-secret")
    if factors:
        joined = b""
        for bit, factor in ((KEY_FILE, key_file), (DEVICE_KEY, device_key)):
            if factor is not None:
                joined += bytes([bit]) + struct.pack("<I", len(factor)) + factor
        k = hmac.new(k, joined, hashlib.sha256).digest()

    wrap_key = hkdf(k, None, b"securepass/1/slot-wrap")
    commit_key = hkdf(k, None, b"securepass/1/slot-commit")
    slot = head + nonce + AESGCM(wrap_key).encrypt(nonce, vault_key, head)
    slot += hmac.new(commit_key, slot, hashlib.sha256).digest()
    slot += hashlib.sha256(slot).digest()
    assert len(slot) == 228

    def text(value):
        return "-" if value is None else value.hex() or "empty"

    print("name", name.replace(" ", "-"))
    print("secret", text(secret))
    print("key-file", text(key_file))
    print("device-key", text(device_key))
    print("vault-key", vault_key.hex())
    print("slot", slot.hex())
    print()


def main():
    print("# Made by tests/vault/make-slot-vectors.py from docs/VAULT-FORMAT.md; see README.md.")
    print()
    small = (64, 1, 1)
    make_slot("ascii", PASSWORD, b"correct horse battery staple", small)
    make_slot("one letter", PASSWORD, b"a", small)
    make_slot("empty password", PASSWORD, b"", small)
    make_slot("untrimmed", PASSWORD, b"  spaces at both ends \t", small)
    make_slot("every class", PASSWORD, b"aB3$ ~!@#%^&*()_+`-={}|[]\\:\";'<>?,./", small)
    make_slot("control characters", PASSWORD, b"a\x01b\x7f", small)
    make_slot("long", PASSWORD, b"0123456789abcdef" * 64, small)
    make_slot("composed", PASSWORD, "Pässwörd-é".encode(), small)
    make_slot("decomposed", PASSWORD, unicodedata.normalize("NFD", "Pässwörd-é").encode(), small)
    make_slot("hangul jamo", PASSWORD, unicodedata.normalize("NFD", "비밀번호").encode(), small)
    make_slot("marks out of order", PASSWORD, "q\u0307\u0323 d\u0307\u0323 \u1e0b\u0323".encode(), small)
    make_slot("singletons", PASSWORD, "\u212b \u2126 \ufb01 \uff21".encode(), small)
    make_slot("composition exclusions", PASSWORD, "\u0958 \u0344 \u2adc".encode(), small)
    make_slot("emoji", PASSWORD, "🔒🗝️👩‍💻".encode(), small)
    make_slot("latin 1", PASSWORD, "Pässwörd".encode("latin-1"), small)
    make_slot("cut utf 8", PASSWORD, "é".encode()[:1] + b"abc", small)
    make_slot("more memory", PASSWORD, b"more memory", (1024, 1, 1))
    make_slot("more passes", PASSWORD, b"more passes", (32, 5, 1))
    make_slot("four lanes", PASSWORD, b"four lanes", (256, 2, 4))
    make_slot("odd memory", PASSWORD, b"odd memory", (131, 3, 3))
    make_slot("epoch", PASSWORD, b"epoch", small, epoch=0x01020304)
    make_slot("key file", PASSWORD, b"with a key file", small, key_file=bytes(range(32)))
    make_slot("device key", PASSWORD, b"with a device key", small, device_key=bytes(range(64, 96)))
    make_slot("both factors", PASSWORD, b"both", small, key_file=b"x" * 100, device_key=b"y" * 32)
    make_slot("empty key file", PASSWORD, b"empty", small, key_file=b"")
    make_slot("recovery", RECOVERY, bytes(range(20)))
    make_slot("recovery with key file", RECOVERY, bytes(range(20, 40)), key_file=b"\x00" * 32)
    make_slot("quick", QUICK, bytes(range(100, 132)))
    make_slot("quick with device key", QUICK, b"\xff" * 32, device_key=b"\x80" * 32)


if __name__ == "__main__":
    main()
