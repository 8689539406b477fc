/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A strip that says what is unusual about the open vault: why it is read-only, or that its place is not a safe one. */

#pragma once

#include <adwaita.h>

#include "services/sp-session.h"

G_BEGIN_DECLS

#define SP_TYPE_NOTICE_BAR (sp_notice_bar_get_type ())
G_DECLARE_FINAL_TYPE (SpNoticeBar, sp_notice_bar, SP, NOTICE_BAR, AdwBin)

/* Properties: "session". */

G_END_DECLS
