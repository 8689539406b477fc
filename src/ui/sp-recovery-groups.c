/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-recovery-groups"

#include "config.h"

#include "ui/sp-recovery-groups.h"

#include "password/sp-recovery-key.h"

#define N_COLUMNS   4
#define PLACEHOLDER "·····"

struct _SpRecoveryGroups {
  AdwBin parent_instance;

  GtkWidget *cells[SP_RECOVERY_KEY_GROUPS];
  GtkLabel *labels[SP_RECOVERY_KEY_GROUPS];
};

G_DEFINE_FINAL_TYPE (SpRecoveryGroups, sp_recovery_groups, ADW_TYPE_BIN)

/* As sp_recovery_key_check() reads them: case does not matter, nor o for 0, i or l for 1. */
static guint8
read_symbol (gunichar c)
{
  if (c >= 'a' && c <= 'z')
    c -= 'a' - 'A';
  if (c == 'O')
    return '0';
  if (c == 'I' || c == 'L')
    return '1';
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z' && c != 'U') ? (guint8) c : '?';
}

SpSecret *
sp_recovery_symbols (const SpSecret *text, guint max)
{
  g_autoptr (SpSecretBuffer) buffer = sp_secret_buffer_new ();

  g_return_val_if_fail (text != NULL, NULL);

  for (const char *p = sp_secret_peek_text (text);
       *p != '\0' && sp_secret_buffer_get_length (buffer) < max; p += g_utf8_skip[(guint8) *p]) {
    gunichar c = g_utf8_get_char (p);
    guint8 symbol = read_symbol (c);

    if (c != '-' && !g_unichar_isspace (c) && g_unichar_type (c) != G_UNICODE_DASH_PUNCTUATION)
      sp_secret_buffer_append (buffer, &symbol, 1);
  }
  return sp_secret_buffer_finish (g_steal_pointer (&buffer));
}

static void
show_group (SpRecoveryGroups *self, guint group, const SpSecret *symbols, gboolean wrong)
{
  gsize begin = (gsize) group * SP_RECOVERY_KEY_GROUP_LEN;
  gsize len = symbols != NULL ? sp_secret_get_length (symbols) : 0;
  g_autoptr (SpSecret) text = NULL;

  if (begin < len)
    text = sp_secret_new (sp_secret_peek (symbols, NULL) + begin,
                          MIN (len - begin, SP_RECOVERY_KEY_GROUP_LEN));
  gtk_label_set_text (self->labels[group], text != NULL ? sp_secret_peek_text (text) : PLACEHOLDER);
  if (text != NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (self->labels[group]), "dim-label");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->labels[group]), "dim-label");
  if (wrong)
    gtk_widget_add_css_class (self->cells[group], "error");
  else
    gtk_widget_remove_css_class (self->cells[group], "error");
}

void
sp_recovery_groups_show (SpRecoveryGroups *self, const SpSecret *text, guint wrong)
{
  g_autoptr (SpSecret) symbols = NULL;

  g_return_if_fail (SP_IS_RECOVERY_GROUPS (self));

  if (text != NULL)
    symbols = sp_recovery_symbols (text, SP_RECOVERY_KEY_SYMBOLS);
  for (guint group = 0; group < SP_RECOVERY_KEY_GROUPS; group++)
    show_group (self, group, symbols, (wrong >> group & 1u) != 0);
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
add_cell (SpRecoveryGroups *self, GtkGrid *grid, guint group)
{
  GtkWidget *cell = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *label = gtk_label_new (PLACEHOLDER);
  g_autofree char *number = g_strdup_printf ("%u", group + 1);
  GtkWidget *caption = gtk_label_new (number);

  gtk_widget_add_css_class (cell, "sp-cell");
  gtk_widget_add_css_class (label, "monospace");
  gtk_widget_add_css_class (label, "heading");
  gtk_widget_add_css_class (caption, "caption");
  gtk_widget_add_css_class (caption, "dim-label");
  gtk_box_append (GTK_BOX (cell), label);
  gtk_box_append (GTK_BOX (cell), caption);
  gtk_grid_attach (grid, cell, (int) (group % N_COLUMNS), (int) (group / N_COLUMNS), 1, 1);
  self->cells[group] = cell;
  self->labels[group] = GTK_LABEL (label);
}

static void
sp_recovery_groups_class_init (SpRecoveryGroupsClass *klass)
{
}

static void
sp_recovery_groups_init (SpRecoveryGroups *self)
{
  GtkWidget *grid = gtk_grid_new ();

  /* In any language it is read from left to right. */
  gtk_widget_set_direction (grid, GTK_TEXT_DIR_LTR);
  gtk_grid_set_column_homogeneous (GTK_GRID (grid), TRUE);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 6);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  for (guint group = 0; group < SP_RECOVERY_KEY_GROUPS; group++)
    add_cell (self, GTK_GRID (grid), group);
  adw_bin_set_child (ADW_BIN (self), grid);
}
