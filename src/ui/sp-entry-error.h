/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Marks a row whose content was refused, and has screen readers tell why while it has the focus; NULL: it was not. */
void sp_entry_set_error (AdwEntryRow *row, const char *text);

G_END_DECLS
