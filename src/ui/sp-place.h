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

/* A tag, which `filter` is for. `has_nested`: others are nested in it; they are shown if it is `expanded`. */
SpPlace *sp_place_new_tag (const char *tag,
                           const char *title,
                           guint depth,
                           guint count,
                           gboolean has_nested,
                           gboolean expanded) G_GNUC_WARN_UNUSED_RESULT;

const char *sp_place_get_filter (SpPlace *self);
const char *sp_place_get_tag (SpPlace *self); /* NULL when it is none */
gboolean sp_place_has_nested (SpPlace *self);
gboolean sp_place_is_expanded (SpPlace *self);
const char *sp_place_get_title (SpPlace *self);
const char *sp_place_get_icon_name (SpPlace *self);
guint sp_place_get_depth (SpPlace *self);
guint sp_place_get_count (SpPlace *self);
void sp_place_set_count (SpPlace *self, guint count);
/* In all but the count. */
gboolean sp_place_is_same (SpPlace *self, SpPlace *other);

G_END_DECLS
