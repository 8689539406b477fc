/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-vault-error"

#include "config.h"

#include "vault/sp-vault-error.h"

G_DEFINE_QUARK (sp_vault_error, sp_vault_error)
