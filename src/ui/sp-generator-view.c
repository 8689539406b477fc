/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Something is generated whenever it comes on screen or its recipe changes, and forgotten when it leaves. */

#define G_LOG_DOMAIN "sp-generator-view"

#include "config.h"

#include "ui/sp-generator-view.h"

#include <glib/gi18n.h>

#include <math.h>

#include "password/sp-generator.h"
#include "ui/sp-strength-meter.h"
#include "ui/sp-ui.h"

struct _SpGeneratorView {
  AdwBin parent_instance;

  SpSecret *secret; /* (owned) (nullable) what is shown */
  gboolean setting; /* the length follows the kind */

  GtkCheckButton *add_digit;
  GtkCheckButton *capitalise;
  GtkWidget *classes;
  GtkCheckButton *digits;
  GtkLabel *entropy_label;
  GtkDropDown *kind;
  GtkAdjustment *length;
  GtkCheckButton *lower;
  SpStrengthMeter *meter;
  GtkLabel *result_label;
  GtkCheckButton *symbols;
  GtkCheckButton *unambiguous;
  GtkCheckButton *upper;
  GtkButton *use_button;
  GtkWidget *words;
};

G_DEFINE_FINAL_TYPE (SpGeneratorView, sp_generator_view, ADW_TYPE_BIN)

enum {
  SIGNAL_ANOTHER,
  SIGNAL_USE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static SpGeneratorKind
get_kind (SpGeneratorView *self)
{
  return (SpGeneratorKind) gtk_drop_down_get_selected (self->kind);
}

static void
get_recipe (SpGeneratorView *self, SpGeneratorRecipe *recipe)
{
  guint length = (guint) gtk_adjustment_get_value (self->length);

  sp_generator_recipe_init (recipe, get_kind (self));
  recipe->length = length;
  recipe->words = length;
  recipe->pin_length = length;
  recipe->classes[SP_GENERATOR_LOWER].enabled = gtk_check_button_get_active (self->lower);
  recipe->classes[SP_GENERATOR_UPPER].enabled = gtk_check_button_get_active (self->upper);
  recipe->classes[SP_GENERATOR_DIGITS].enabled = gtk_check_button_get_active (self->digits);
  recipe->classes[SP_GENERATOR_SYMBOLS].enabled = gtk_check_button_get_active (self->symbols);
  recipe->exclude_ambiguous = gtk_check_button_get_active (self->unambiguous);
  recipe->capitalise = gtk_check_button_get_active (self->capitalise);
  recipe->add_digit = gtk_check_button_get_active (self->add_digit);
}

/* Of what was made by chance, the time follows from the number of possibilities alone: half of them, on average. */
static void
show_strength (SpGeneratorView *self, double bits)
{
  static const struct {
    SpCrackTimeUnit unit;
    double seconds;
  } units[] = {
    { SP_CRACK_TIME_YEARS, 365.0 * 86400 }, { SP_CRACK_TIME_MONTHS, 30.0 * 86400 },
    { SP_CRACK_TIME_DAYS, 86400 },          { SP_CRACK_TIME_HOURS, 3600 },
    { SP_CRACK_TIME_MINUTES, 60 },          { SP_CRACK_TIME_SECONDS, 1 },
  };
  const double seconds = exp2 (bits - 1) / SP_STRENGTH_VAULT_RATE;
  SpStrength strength = { .bits = bits };

  strength.vault_time.unit = SP_CRACK_TIME_INSTANT;
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (seconds >= units[i].seconds) {
      strength.vault_time.unit = units[i].unit;
      strength.vault_time.count = (guint) MIN (seconds / units[i].seconds, 100);
      break;
    }
  if (strength.vault_time.unit == SP_CRACK_TIME_YEARS && strength.vault_time.count >= 100)
    strength.vault_time.unit = SP_CRACK_TIME_CENTURIES;
  sp_strength_meter_show (self->meter, &strength);
}

static void
generate (SpGeneratorView *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *entropy = NULL;
  SpGeneratorRecipe recipe;
  int bits;

  g_clear_pointer (&self->secret, sp_secret_unref);
  get_recipe (self, &recipe);
  self->secret = sp_generate (&recipe, &error);
  gtk_widget_set_sensitive (GTK_WIDGET (self->use_button), self->secret != NULL);
  if (self->secret == NULL) {
    gtk_label_set_text (self->result_label, "");
    gtk_label_set_text (self->entropy_label, error->message);
    sp_strength_meter_show (self->meter, NULL);
    return;
  }
  bits = (int) sp_generator_entropy_bits (&recipe);
  /* Translators: how hard a password is to guess; %d is a number of bits. */
  entropy = g_strdup_printf (ngettext ("%d bit of entropy", "%d bits of entropy", (gulong) bits),
                             bits);
  gtk_label_set_text (self->result_label, sp_secret_peek_text (self->secret));
  gtk_label_set_text (self->entropy_label, entropy);
  show_strength (self, sp_generator_entropy_bits (&recipe));
}

static void
recipe_changed_cb (SpGeneratorView *self)
{
  if (!self->setting && gtk_widget_get_mapped (GTK_WIDGET (self)))
    generate (self);
}

static void
another_clicked_cb (SpGeneratorView *self)
{
  g_signal_emit (self, signals[SIGNAL_ANOTHER], 0);
  generate (self);
}

static void
kind_changed_cb (SpGeneratorView *self)
{
  SpGeneratorKind kind = get_kind (self);

  self->setting = TRUE;
  if (kind == SP_GENERATOR_PASSPHRASE)
    gtk_adjustment_configure (self->length, SP_GENERATOR_DEFAULT_WORDS, 3, SP_GENERATOR_MAX_WORDS,
                              1, 2, 0);
  else if (kind == SP_GENERATOR_PIN)
    gtk_adjustment_configure (self->length, SP_GENERATOR_DEFAULT_PIN, 4, SP_GENERATOR_MAX_LENGTH, 1,
                              2, 0);
  else
    gtk_adjustment_configure (self->length, SP_GENERATOR_DEFAULT_LENGTH, 4, SP_GENERATOR_MAX_LENGTH,
                              1, 4, 0);
  self->setting = FALSE;
  gtk_widget_set_visible (self->classes, kind == SP_GENERATOR_CHARACTERS);
  gtk_widget_set_visible (self->words, kind == SP_GENERATOR_PASSPHRASE);
  recipe_changed_cb (self);
}

static void
use_clicked_cb (SpGeneratorView *self)
{
  g_signal_emit (self, signals[SIGNAL_USE], 0);
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
sp_generator_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (sp_generator_view_parent_class)->map (widget);
  generate (SP_GENERATOR_VIEW (widget));
}

static void
sp_generator_view_unmap (GtkWidget *widget)
{
  SpGeneratorView *self = SP_GENERATOR_VIEW (widget);

  g_clear_pointer (&self->secret, sp_secret_unref);
  gtk_label_set_text (self->result_label, "");
  GTK_WIDGET_CLASS (sp_generator_view_parent_class)->unmap (widget);
}

static void
sp_generator_view_dispose (GObject *object)
{
  SpGeneratorView *self = SP_GENERATOR_VIEW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_GENERATOR_VIEW);
  g_clear_pointer (&self->secret, sp_secret_unref);
  G_OBJECT_CLASS (sp_generator_view_parent_class)->dispose (object);
}

static void
sp_generator_view_class_init (SpGeneratorViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sp_generator_view_dispose;
  widget_class->map = sp_generator_view_map;
  widget_class->unmap = sp_generator_view_unmap;

  signals[SIGNAL_ANOTHER] = g_signal_new ("another", SP_TYPE_GENERATOR_VIEW, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_USE] = g_signal_new ("use", SP_TYPE_GENERATOR_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                      NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               SP_UI_RESOURCE "/sp-generator-view.ui");
  gtk_widget_class_bind_template_child (widget_class, SpGeneratorView, add_digit);
  gtk_widget_class_bind_template_child (widget_class, SpGeneratorView, capitalise);
  gtk_widget_class_bind_template_child (widget_class, SpGeneratorView, classes);
  gtk_widget_class_bind_template_child (widget_class, SpGeneratorView, digits);
  gtk_widget_class_bind_template_child (widget_class, SpGeneratorView, entropy_label);
  gtk_widget_class_bind_template_child (widget_class, SpGeneratorView, kind);
  gtk_widget_class_bind_template_child (widget_class, SpGeneratorView, length);
  gtk_widget_class_bind_template_child (widget_class, SpGeneratorView, lower);
  gtk_widget_class_bind_template_child (widget_class, SpGeneratorView, meter);
  gtk_widget_class_bind_template_child (widget_class, SpGeneratorView, result_label);
  gtk_widget_class_bind_template_child (widget_class, SpGeneratorView, symbols);
  gtk_widget_class_bind_template_child (widget_class, SpGeneratorView, unambiguous);
  gtk_widget_class_bind_template_child (widget_class, SpGeneratorView, upper);
  gtk_widget_class_bind_template_child (widget_class, SpGeneratorView, use_button);
  gtk_widget_class_bind_template_child (widget_class, SpGeneratorView, words);
  gtk_widget_class_bind_template_callback (widget_class, another_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, kind_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, recipe_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, use_clicked_cb);
}

static void
sp_generator_view_init (SpGeneratorView *self)
{
  g_type_ensure (SP_TYPE_STRENGTH_METER);
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * sp_generator_view_dup_secret:
 * @self: a generator
 *
 * Returns: (transfer full) (nullable): what is shown
 */
SpSecret *
sp_generator_view_dup_secret (SpGeneratorView *self)
{
  g_return_val_if_fail (SP_IS_GENERATOR_VIEW (self), NULL);
  return self->secret != NULL ? sp_secret_ref (self->secret) : NULL;
}

void
sp_generator_view_set_use_label (SpGeneratorView *self, const char *label)
{
  g_return_if_fail (SP_IS_GENERATOR_VIEW (self) && label != NULL);
  gtk_button_set_label (self->use_button, label);
}
