/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Welcome: make a vault, or open one. */

#pragma once

#include <adwaita.h>

#include "services/sp-session.h"
#include "ui/sp-recent-vaults.h"

G_BEGIN_DECLS

#define SP_TYPE_WELCOME_PAGE (sp_welcome_page_get_type ())
G_DECLARE_FINAL_TYPE (SpWelcomePage, sp_welcome_page, SP, WELCOME_PAGE, AdwBin)

/* Offers them, to be opened by win.open-recent or forgotten by win.forget-recent. */
void sp_welcome_page_set_recent (SpWelcomePage *self, SpRecentVaults *recent);

G_END_DECLS
