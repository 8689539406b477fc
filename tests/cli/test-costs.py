# SPDX-License-Identifier: GPL-3.0-or-later
"""What a guess at a master password has to cost: the floor of the product itself, never of a program with the limits of tests."""

import os

from harness import OTHER_PASSWORD, PASSWORD, USAGE, Vault, equal, main, test


@test
def the_kdf_has_a_floor():
    for words in (["--kdf-memory", "63"], ["--kdf-memory", "64", "--kdf-passes", "2"], ["--kdf-passes", "1"],
                  ["--kdf-memory", "-1"], ["--kdf-memory", "999999"]):
        vault = Vault(create=False)
        vault.run("create", *words, code=USAGE)
        equal(os.path.exists(vault.path), False)


@test
def a_change_of_the_password_does_not_go_below_it():
    vault = Vault()
    vault.run("passwd", "--kdf-memory", "32", password_file=vault.write("two", f"{PASSWORD}\n{OTHER_PASSWORD}\n"),
              code=USAGE)
    vault.run("list")
    slot, = vault.json("slot", "list")
    equal((slot["kdf_memory_mib"], slot["kdf_passes"]), (64, 3))


main()
