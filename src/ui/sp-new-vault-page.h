/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Making a vault: its name and its master password. */

#pragma once

#include <adwaita.h>

#include "services/sp-session.h"

G_BEGIN_DECLS

#define SP_TYPE_NEW_VAULT_PAGE (sp_new_vault_page_get_type ())
G_DECLARE_FINAL_TYPE (SpNewVaultPage, sp_new_vault_page, SP, NEW_VAULT_PAGE, AdwBin)

G_END_DECLS
