/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-new-password"

#include "config.h"

#include "ui/sp-new-password.h"

#include <glib/gi18n.h>

#include "password/sp-password-policy.h"
#include "ui/sp-secret-row.h"
#include "ui/sp-strength-meter.h"
#include "ui/sp-ui.h"

/* After those of the policy. */
#define RULE_SAME SP_POLICY_N_RULES
#define N_RULES   (SP_POLICY_N_RULES + 1)

typedef struct {
  GtkImage *icon;
  GtkLabel *label;
} Rule;

struct _SpNewPassword {
  AdwPreferencesGroup parent_instance;

  char *name;        /* (nullable) of the vault */
  gboolean accepted; /* by the policy */
  gboolean same;     /* it was typed twice */
  Rule shown_rules[N_RULES];

  SpSecretRow *again_row;
  SpStrengthMeter *meter;
  SpSecretRow *password_row;
  GtkBox *rules;
};

G_DEFINE_FINAL_TYPE (SpNewPassword, sp_new_password, ADW_TYPE_PREFERENCES_GROUP)

enum {
  SIGNAL_CHANGED,
  SIGNAL_ACTIVATED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* ---- the rules -------------------------------------------------------------------------------------- */

static char *
dup_rule_text (guint rule)
{
  const SpPasswordPolicy *policy = sp_password_policy_get_default ();

  switch (rule) {
  case SP_POLICY_RULE_LENGTH:
    return g_strdup_printf (
        ngettext ("At least %u character", "At least %u characters", policy->min_length),
        policy->min_length);
  case SP_POLICY_RULE_CLASSES:
    if (policy->min_classes >= SP_CHARACTER_N_CLASSES)
      return g_strdup (_("Small letters, capitals, digits and others"));
    /* Translators: %u is how many of the four kinds must occur. */
    return g_strdup_printf (ngettext ("%u of: small letters, capitals, digits, others",
                                      "%u of: small letters, capitals, digits, others",
                                      policy->min_classes),
                            policy->min_classes);
  case SP_POLICY_RULE_PASSPHRASE:
    return g_strdup_printf (ngettext ("Or a passphrase of at least %u character",
                                      "Or a passphrase of at least %u characters",
                                      policy->passphrase_min_length),
                            policy->passphrase_min_length);
  case SP_POLICY_RULE_STRENGTH:
    return g_strdup (_("Hard to guess"));
  case SP_POLICY_RULE_NOT_COMMON:
    return g_strdup (_("Not a word or a password that many people use"));
  case RULE_SAME:
  default:
    return g_strdup (_("Typed the same way twice"));
  }
}

static void
show_rule (SpNewPassword *self, guint rule, SpPolicyState state)
{
  Rule *shown = &self->shown_rules[rule];
  gboolean passed = state == SP_POLICY_STATE_PASSED;
  g_autofree char *text = dup_rule_text (rule);
  /* Translators: %s is one of the rules for a password, such as “At least 12 characters”. */
  g_autofree char *spoken = g_strdup_printf (passed ? _("%s: met") : _("%s: not met"), text);

  gtk_label_set_text (shown->label, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (shown->label), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  state == SP_POLICY_STATE_NOT_NEEDED ? text : spoken, -1);
  gtk_image_set_from_icon_name (shown->icon, passed ? "object-select-symbolic" : "radio-symbolic");
  if (passed) {
    gtk_widget_add_css_class (GTK_WIDGET (shown->icon), "success");
    gtk_widget_remove_css_class (GTK_WIDGET (shown->label), "dim-label");
  } else {
    gtk_widget_remove_css_class (GTK_WIDGET (shown->icon), "success");
    gtk_widget_add_css_class (GTK_WIDGET (shown->label), "dim-label");
  }
  gtk_widget_set_opacity (GTK_WIDGET (shown->icon),
                          state == SP_POLICY_STATE_NOT_NEEDED ? 0.0 : 1.0);
}

static void
add_rule (SpNewPassword *self, guint rule)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *icon = gtk_image_new ();
  GtkWidget *label = gtk_label_new (NULL);

  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (self->rules, box);
  self->shown_rules[rule].icon = GTK_IMAGE (icon);
  self->shown_rules[rule].label = GTK_LABEL (label);
  show_rule (self, rule, SP_POLICY_STATE_FAILED);
}

/* ---- checking --------------------------------------------------------------------------------------- */

static void
check_same (SpNewPassword *self)
{
  g_autoptr (SpSecret) password = sp_secret_row_dup_secret (self->password_row);
  g_autoptr (SpSecret) again = sp_secret_row_dup_secret (self->again_row);

  self->same = !sp_secret_is_empty (password) && sp_secret_equal (password, again);
  show_rule (self, RULE_SAME, self->same ? SP_POLICY_STATE_PASSED : SP_POLICY_STATE_FAILED);
}

static void
check_password (SpNewPassword *self)
{
  g_autoptr (SpSecret) password = sp_secret_row_dup_secret (self->password_row);
  const char *const user_words[] = { g_get_user_name (), g_get_real_name (), self->name, NULL };
  gboolean empty = sp_secret_is_empty (password);
  SpPolicyReport report;

  self->accepted = sp_password_policy_check (sp_password_policy_get_default (), password,
                                             user_words, &report);
  sp_strength_meter_show (self->meter, empty ? NULL : &report.strength);
  for (guint rule = 0; rule < SP_POLICY_N_RULES; rule++)
    show_rule (self, rule, empty ? SP_POLICY_STATE_FAILED : report.rules[rule]);
  check_same (self);
}

static void
password_changed_cb (SpNewPassword *self)
{
  check_password (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
again_changed_cb (SpNewPassword *self)
{
  check_same (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
password_activated_cb (SpNewPassword *self)
{
  (void) gtk_widget_grab_focus (GTK_WIDGET (self->again_row));
}

static void
again_activated_cb (SpNewPassword *self)
{
  g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0);
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
sp_new_password_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SP_TYPE_NEW_PASSWORD);
  G_OBJECT_CLASS (sp_new_password_parent_class)->dispose (object);
}

static void
sp_new_password_finalize (GObject *object)
{
  g_free (SP_NEW_PASSWORD (object)->name);
  G_OBJECT_CLASS (sp_new_password_parent_class)->finalize (object);
}

static void
sp_new_password_class_init (SpNewPasswordClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sp_new_password_dispose;
  object_class->finalize = sp_new_password_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", SP_TYPE_NEW_PASSWORD, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_ACTIVATED] = g_signal_new ("activated", SP_TYPE_NEW_PASSWORD, G_SIGNAL_RUN_LAST, 0,
                                            NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, SP_UI_RESOURCE "/sp-new-password.ui");
  gtk_widget_class_bind_template_callback (widget_class, again_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, again_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, password_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, password_changed_cb);
  gtk_widget_class_bind_template_child (widget_class, SpNewPassword, again_row);
  gtk_widget_class_bind_template_child (widget_class, SpNewPassword, meter);
  gtk_widget_class_bind_template_child (widget_class, SpNewPassword, password_row);
  gtk_widget_class_bind_template_child (widget_class, SpNewPassword, rules);
}

static void
sp_new_password_init (SpNewPassword *self)
{
  g_type_ensure (SP_TYPE_SECRET_ROW);
  g_type_ensure (SP_TYPE_STRENGTH_METER);
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint rule = 0; rule < N_RULES; rule++)
    add_rule (self, rule);
}

void
sp_new_password_set_name (SpNewPassword *self, const char *name)
{
  g_return_if_fail (SP_IS_NEW_PASSWORD (self));

  g_free (self->name);
  self->name = g_strdup (name);
  check_password (self);
}

gboolean
sp_new_password_is_acceptable (SpNewPassword *self)
{
  g_return_val_if_fail (SP_IS_NEW_PASSWORD (self), FALSE);
  return self->accepted && self->same;
}

SpSecret *
sp_new_password_dup_secret (SpNewPassword *self)
{
  g_return_val_if_fail (SP_IS_NEW_PASSWORD (self), NULL);
  return sp_secret_row_dup_secret (self->password_row);
}

void
sp_new_password_conceal (SpNewPassword *self)
{
  g_return_if_fail (SP_IS_NEW_PASSWORD (self));
  sp_secret_row_set_revealed (self->password_row, FALSE);
  sp_secret_row_set_revealed (self->again_row, FALSE);
}

void
sp_new_password_clear (SpNewPassword *self)
{
  g_return_if_fail (SP_IS_NEW_PASSWORD (self));
  sp_secret_row_clear (self->password_row);
  sp_secret_row_clear (self->again_row);
}

void
sp_new_password_focus (SpNewPassword *self)
{
  g_return_if_fail (SP_IS_NEW_PASSWORD (self));
  (void) gtk_widget_grab_focus (GTK_WIDGET (self->password_row));
}
