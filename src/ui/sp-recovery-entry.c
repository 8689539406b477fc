/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-recovery-entry"

#include "config.h"

#include "ui/sp-recovery-entry.h"

#include <glib/gi18n.h>

#include "password/sp-recovery-key.h"
#include "ui/sp-entry-error.h"
#include "ui/sp-recovery-groups.h"
#include "ui/sp-secret-row.h"
#include "ui/sp-ui.h"

struct _SpRecoveryEntry {
  AdwBin parent_instance;

  gboolean complete;

  SpRecoveryGroups *groups;
  SpSecretRow *key_row;
  GtkLabel *message_label;
  GtkLabel *state_label;
};

G_DEFINE_FINAL_TYPE (SpRecoveryEntry, sp_recovery_entry, ADW_TYPE_BIN)

enum {
  SIGNAL_CHANGED,
  SIGNAL_ACTIVATED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* ---- what is wrong with it -------------------------------------------------------------------------- */

/* The lowest group in the set, from 1, which is taken out of it; 0 when there is none. */
static guint
take_group (guint *inout_groups)
{
  for (guint i = 0; i < SP_RECOVERY_KEY_GROUPS; i++) {
    if ((*inout_groups >> i & 1u) == 0)
      continue;
    *inout_groups &= ~(1u << i);
    return i + 1;
  }
  return 0;
}

static char *
dup_suspects (guint groups)
{
  guint first = take_group (&groups);
  guint second = take_group (&groups);

  if (second == 0)
    /* Translators: %u is the number of a group of five characters. */
    return g_strdup_printf (_("Group %u is probably wrong. Compare it with the paper."), first);
  /* Translators: the numbers of two groups of five characters. */
  return g_strdup_printf (_("Groups %u and %u are probably wrong. Compare them with the paper."),
                             first, second);
}

static char *
dup_problem_of_half (const SpRecoveryCheck *check, guint half)
{
  guint first = half * SP_RECOVERY_KEY_HALF_GROUPS;
  guint mask = ((1u << SP_RECOVERY_KEY_HALF_GROUPS) - 1) << first;
  guint foreign = check->foreign & mask;

  if (foreign != 0)
    /* Translators: %u is the number of a group of five characters. */
    return g_strdup_printf (_("In group %u is a character that no recovery key has."),
                               take_group (&foreign));
  if (check->halves[half] != SP_RECOVERY_HALF_WRONG)
    return NULL;
  if ((check->suspects & mask) != 0)
    return dup_suspects (check->suspects & mask);
  /* Translators: the numbers of the first and the last of four groups of five characters. */
  return g_strdup_printf (_("Something is wrong in groups %u to %u. Compare them with the paper."),
                             first + 1, first + SP_RECOVERY_KEY_HALF_GROUPS);
}

static char *
dup_problem (const SpRecoveryCheck *check)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  if (check->n_symbols > SP_RECOVERY_KEY_SYMBOLS)
    return g_strdup (_("That is more than a recovery key has."));
  first = dup_problem_of_half (check, 0);
  second = dup_problem_of_half (check, 1);
  if (first != NULL && second != NULL)
    return g_strconcat (first, "\n", second, NULL);
  return first != NULL ? g_steal_pointer (&first) : g_steal_pointer (&second);
}

/* All four groups of a half that does not hold, when it is not known which of them it is. */
static guint
get_marked (const SpRecoveryCheck *check)
{
  guint marked = check->foreign | check->suspects;

  for (guint half = 0; half < 2; half++) {
    guint mask = ((1u << SP_RECOVERY_KEY_HALF_GROUPS) - 1) << (half * SP_RECOVERY_KEY_HALF_GROUPS);

    if (check->halves[half] == SP_RECOVERY_HALF_WRONG && (marked & mask) == 0)
      marked |= mask;
  }
  return marked;
}

void
sp_recovery_entry_show_error (SpRecoveryEntry *self, const char *text)
{
  g_return_if_fail (SP_IS_RECOVERY_ENTRY (self));

  gtk_label_set_text (self->message_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message_label), text != NULL);
  sp_entry_set_error (ADW_ENTRY_ROW (self->key_row), text);
}

static void
show_state (SpRecoveryEntry *self, const SpRecoveryCheck *check)
{
  g_autofree char *text = NULL;

  if (self->complete)
    text = g_strdup (_("The recovery key is complete."));
  else
    /* Translators: how many characters were typed, and how many it takes. */
    text = g_strdup_printf (_("%u of %u characters"),
                               MIN (check->n_symbols, (guint) SP_RECOVERY_KEY_SYMBOLS),
                               (guint) SP_RECOVERY_KEY_SYMBOLS);
  gtk_label_set_text (self->state_label, text);
}

static void
update (SpRecoveryEntry *self)
{
  g_autoptr (SpSecret) text = sp_secret_row_dup_secret (self->key_row);
  gboolean revealed = sp_secret_row_get_revealed (self->key_row);
  g_autofree char *problem = NULL;
  SpRecoveryCheck check;

  sp_recovery_key_check (text, &check);
  self->complete = check.n_symbols == SP_RECOVERY_KEY_SYMBOLS &&
                   check.halves[0] == SP_RECOVERY_HALF_RIGHT &&
                   check.halves[1] == SP_RECOVERY_HALF_RIGHT;
  problem = dup_problem (&check);
  sp_recovery_groups_show (self->groups, revealed ? text : NULL, get_marked (&check));
  show_state (self, &check);
  sp_recovery_entry_show_error (self, problem);
}

static void
key_changed_cb (SpRecoveryEntry *self)
{
  update (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
activated_cb (SpRecoveryEntry *self)
{
  g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0);
}

/* ---- the object ------------------------------------------------------------------------------------- */

/* It is read from paper, and compared with it. */
static void
sp_recovery_entry_map (GtkWidget *widget)
{
  SpRecoveryEntry *self = SP_RECOVERY_ENTRY (widget);

  GTK_WIDGET_CLASS (sp_recovery_entry_parent_class)->map (widget);
  sp_secret_row_set_revealed (self->key_row, TRUE);
}

static gboolean
sp_recovery_entry_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (SP_RECOVERY_ENTRY (widget)->key_row));
}

static void
sp_recovery_entry_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SP_TYPE_RECOVERY_ENTRY);
  G_OBJECT_CLASS (sp_recovery_entry_parent_class)->dispose (object);
}

static void
sp_recovery_entry_class_init (SpRecoveryEntryClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sp_recovery_entry_dispose;
  widget_class->grab_focus = sp_recovery_entry_grab_focus;
  widget_class->map = sp_recovery_entry_map;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", SP_TYPE_RECOVERY_ENTRY, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_ACTIVATED] = g_signal_new ("activated", SP_TYPE_RECOVERY_ENTRY, G_SIGNAL_RUN_LAST,
                                            0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               SP_UI_RESOURCE "/sp-recovery-entry.ui");
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_child (widget_class, SpRecoveryEntry, groups);
  gtk_widget_class_bind_template_child (widget_class, SpRecoveryEntry, key_row);
  gtk_widget_class_bind_template_child (widget_class, SpRecoveryEntry, message_label);
  gtk_widget_class_bind_template_child (widget_class, SpRecoveryEntry, state_label);
}

static void
sp_recovery_entry_init (SpRecoveryEntry *self)
{
  g_type_ensure (SP_TYPE_RECOVERY_GROUPS);
  g_type_ensure (SP_TYPE_SECRET_ROW);
  gtk_widget_init_template (GTK_WIDGET (self));
  update (self);
}

gboolean
sp_recovery_entry_is_complete (SpRecoveryEntry *self)
{
  g_return_val_if_fail (SP_IS_RECOVERY_ENTRY (self), FALSE);
  return self->complete;
}

SpSecret *
sp_recovery_entry_dup_key (SpRecoveryEntry *self)
{
  g_autoptr (SpSecret) text = NULL;
  g_autoptr (GError) error = NULL;
  SpSecret *key;

  g_return_val_if_fail (SP_IS_RECOVERY_ENTRY (self), NULL);

  text = sp_secret_row_dup_secret (self->key_row);
  key = sp_recovery_key_parse (text, &error);
  if (key == NULL)
    g_debug ("Not a recovery key yet: %s", error->message);
  return key;
}

void
sp_recovery_entry_set_text (SpRecoveryEntry *self, const SpSecret *text)
{
  g_return_if_fail (SP_IS_RECOVERY_ENTRY (self) && text != NULL);
  sp_secret_row_set_secret (self->key_row, text);
}
