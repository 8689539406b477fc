/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Unlocking the vault at the session’s path. */

#pragma once

#include <adwaita.h>

#include "services/sp-session.h"

G_BEGIN_DECLS

#define SP_TYPE_UNLOCK_PAGE (sp_unlock_page_get_type ())
G_DECLARE_FINAL_TYPE (SpUnlockPage, sp_unlock_page, SP, UNLOCK_PAGE, AdwBin)

G_END_DECLS
