/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpClipboard: what was copied, for as long as it may stay there.
 *
 * The value is offered straight from guarded memory. It is taken back after the time set, when the vault is locked and
 * when the application ends; but only as long as it is still ours: what the user copied elsewhere in the
 * meantime stays. */

#pragma once

#include <gdk/gdk.h>

#include "base/sp-secret.h"
#include "services/sp-session.h"

G_BEGIN_DECLS

#define SP_TYPE_CLIPBOARD (sp_clipboard_get_type ())
G_DECLARE_FINAL_TYPE (SpClipboard, sp_clipboard, SP, CLIPBOARD, GObject)

/* Properties: "label" (what was copied, for people; NULL when nothing of ours is there), "seconds-left"
 * (int; 0 when there is no end, or nothing). */

/* Empties itself when `session` is locked. `seconds` until it clears; 0 is never. */
SpClipboard *sp_clipboard_new (GdkDisplay *display, SpSession *session) G_GNUC_WARN_UNUSED_RESULT;

void sp_clipboard_set_seconds (SpClipboard *self, guint seconds);
/* `label`: "Password", "One-time code", ... */
void sp_clipboard_copy (SpClipboard *self, const SpSecret *value, const char *label);
void sp_clipboard_clear (SpClipboard *self);
const char *sp_clipboard_get_label (SpClipboard *self);
int sp_clipboard_get_seconds_left (SpClipboard *self);

G_END_DECLS
