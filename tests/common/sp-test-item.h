/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Items for tests: random ones that are the same on each run. */

#pragma once

#include <glib.h>

#include "vault/sp-item.h"

G_BEGIN_DECLS

/* Any item that a vault accepts, with everything in it that an item may have. */
SpItem *sp_test_item_random (guint64 *state) G_GNUC_WARN_UNUSED_RESULT;
/* Text of up to `max_characters` in several scripts, valid UTF-8 without NUL. */
char *sp_test_text_random (guint64 *state, guint max_characters) G_GNUC_WARN_UNUSED_RESULT;
SpSecret *sp_test_secret (const char *text) G_GNUC_WARN_UNUSED_RESULT;
/* Sets a template field to a text. */
void sp_test_item_set (SpItem *item, const char *name, const char *text);

G_END_DECLS
