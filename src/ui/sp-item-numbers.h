/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpItemNumbers: the numbers of some items, as what is dragged: it means something only in this process. */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SP_TYPE_ITEM_NUMBERS (sp_item_numbers_get_type ())

typedef GArray SpItemNumbers; /* (element-type guint64) */

GType sp_item_numbers_get_type (void);

G_END_DECLS
