/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A vault in a scratch folder, for tests that need one to import into. */

#pragma once

#include "common/sp-test.h"
#include "formats/sp-import.h"
#include "vault/sp-vault.h"

G_BEGIN_DECLS

typedef struct {
  SpTestDir *dir;
  SpTestClock clock;
  SpVault *vault;
} SpTestVault;

#define SP_TEST_VAULT_NOW G_GINT64_CONSTANT (1790000000000) /* 2026-09-21T14:13:20Z */

void sp_test_vault_init (SpTestVault *self);
void sp_test_vault_clear (SpTestVault *self);

SpImport *sp_test_open_text (const char *text);
/* Imports a text that must come in. */
void sp_test_import (SpVault *vault,
                     const char *text,
                     SpImportDuplicates duplicates,
                     SpImportSummary *out_summary);
guint sp_test_vault_count (const SpTestVault *self);
/* The n-th item, from 0, in order of creation. */
SpItem *sp_test_vault_load (const SpTestVault *self, guint index);

G_END_DECLS
