/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A place of the vault, or the heading of some: what a row of the sidebar shows. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SP_TYPE_PLACE (sp_place_get_type ())
G_DECLARE_FINAL_TYPE (SpPlace, sp_place, SP, PLACE, GObject)

/* Properties: "count" (uint). */

/* `filter` is NULL for a heading. */
SpPlace *sp_place_new (const char *filter,
                       const char *title,
                       const char *icon_name,
                       guint depth,
                       guint count) G_GNUC_WARN_UNUSED_RESULT;

const char *sp_place_get_filter (SpPlace *self);
const char *sp_place_get_title (SpPlace *self);
const char *sp_place_get_icon_name (SpPlace *self);
guint sp_place_get_depth (SpPlace *self);
guint sp_place_get_count (SpPlace *self);
void sp_place_set_count (SpPlace *self, guint count);
/* In all but the count. */
gboolean sp_place_is_same (SpPlace *self, SpPlace *other);

G_END_DECLS
