/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpRowLook: what the rows of one list share, so that a row is cheap: what they write and draw with, how high their
 * lines are, and which words are marked. A list view has some two hundred rows, of which a dozen are seen. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct _SpRowLook SpRowLook;

typedef enum {
  SP_ROW_TITLE,
  SP_ROW_SUBTITLE,
  SP_ROW_INITIALS,
  SP_ROW_N_LINES,
} SpRowLine;

/* `view` is the list view, whose fonts, direction and scale are those of its rows. */
SpRowLook *sp_row_look_new (GtkWidget *view) G_GNUC_WARN_UNUSED_RESULT;
SpRowLook *sp_row_look_ref (SpRowLook *self);
void sp_row_look_unref (SpRowLook *self);

/* Folded words, to be marked; NULL for none. */
void sp_row_look_set_words (SpRowLook *self, char **words);
const char *const *sp_row_look_get_words (SpRowLook *self);

/* One layout for all rows: each writes its own text into it, and is done with it at once. */
PangoLayout *sp_row_look_get_layout (SpRowLook *self, SpRowLine line); /* (transfer none) */
/* Another one when fonts or sizes are others. */
guint sp_row_look_get_serial (SpRowLook *self);
int sp_row_look_get_height (SpRowLook *self, SpRowLine line);
int sp_row_look_get_baseline (SpRowLook *self, SpRowLine line);
GtkSymbolicPaintable *sp_row_look_get_icon (SpRowLook *self,
                                            const char *name); /* (transfer none), of 16 px */
double sp_row_look_get_dim_opacity (SpRowLook *self); /* of what stands in the second place */

/* Whether something of the row is in the visible part of the view. */
gboolean sp_row_look_is_seen (SpRowLook *self, GtkWidget *row);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpRowLook, sp_row_look_unref)

G_END_DECLS
