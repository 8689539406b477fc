/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Makes passwords, passphrases and PINs by the recipe that is set in it. */

#pragma once

#include <adwaita.h>

#include "base/sp-secret.h"

G_BEGIN_DECLS

#define SP_TYPE_GENERATOR_VIEW (sp_generator_view_get_type ())
G_DECLARE_FINAL_TYPE (SpGeneratorView, sp_generator_view, SP, GENERATOR_VIEW, AdwBin)

/* Signals: ::use, when the user takes what is shown; ::another, when it gives way to another one, while it is still
 * shown. */

/* What is shown; NULL when it is not on screen, or the recipe allows nothing. */
SpSecret *sp_generator_view_dup_secret (SpGeneratorView *self) G_GNUC_WARN_UNUSED_RESULT;
/* With a mnemonic; else "_Use". */
void sp_generator_view_set_use_label (SpGeneratorView *self, const char *label);

G_END_DECLS
