/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-strength-meter"

#include "config.h"

#include "ui/sp-strength-meter.h"

#include <glib/gi18n.h>

#include "ui/sp-ui.h"

struct _SpStrengthMeter {
  AdwBin parent_instance;

  GtkLevelBar *bar;
  GtkLabel *time_label;
  GtkLabel *why_label;
  GtkLabel *word_label;
};

G_DEFINE_FINAL_TYPE (SpStrengthMeter, sp_strength_meter, ADW_TYPE_BIN)

static const char *const words[SP_STRENGTH_MAX_SCORE + 1] = {
  /* Translators: how strong a password is, from here to “Strong”. */
  N_ ("Very weak"), N_ ("Weak"), N_ ("Fair"), N_ ("Good"), N_ ("Strong"),
};

/* The word says of the time, which stands beside it, whether it is enough. What zxcvbn's own score takes for strong is good
 * against guessing over a network, but a few hours' work for who has the file. */
static int
get_level (const SpStrength *strength)
{
  switch (strength->vault_time.unit) {
  case SP_CRACK_TIME_HOURS:
  case SP_CRACK_TIME_DAYS:
    return 1;
  case SP_CRACK_TIME_MONTHS:
    return 2;
  case SP_CRACK_TIME_YEARS:
    return 3;
  case SP_CRACK_TIME_CENTURIES:
    return 4;
  case SP_CRACK_TIME_INSTANT:
  case SP_CRACK_TIME_SECONDS:
  case SP_CRACK_TIME_MINUTES:
  default:
    return 0;
  }
}

static char *
dup_time_text (const SpCrackTime *time)
{
  guint n = time->count;

  switch (time->unit) {
  case SP_CRACK_TIME_SECONDS:
    return g_strdup_printf (ngettext ("%u second to guess", "%u seconds to guess", n), n);
  case SP_CRACK_TIME_MINUTES:
    return g_strdup_printf (ngettext ("%u minute to guess", "%u minutes to guess", n), n);
  case SP_CRACK_TIME_HOURS:
    return g_strdup_printf (ngettext ("%u hour to guess", "%u hours to guess", n), n);
  case SP_CRACK_TIME_DAYS:
    return g_strdup_printf (ngettext ("%u day to guess", "%u days to guess", n), n);
  case SP_CRACK_TIME_MONTHS:
    return g_strdup_printf (ngettext ("%u month to guess", "%u months to guess", n), n);
  case SP_CRACK_TIME_YEARS:
    return g_strdup_printf (ngettext ("%u year to guess", "%u years to guess", n), n);
  case SP_CRACK_TIME_CENTURIES:
    return g_strdup (_("Centuries to guess"));
  case SP_CRACK_TIME_INSTANT:
  default:
    return g_strdup (_("Guessed at once"));
  }
}

static void
sp_strength_meter_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SP_TYPE_STRENGTH_METER);
  G_OBJECT_CLASS (sp_strength_meter_parent_class)->dispose (object);
}

static void
sp_strength_meter_class_init (SpStrengthMeterClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sp_strength_meter_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               SP_UI_RESOURCE "/sp-strength-meter.ui");
  gtk_widget_class_bind_template_child (widget_class, SpStrengthMeter, bar);
  gtk_widget_class_bind_template_child (widget_class, SpStrengthMeter, time_label);
  gtk_widget_class_bind_template_child (widget_class, SpStrengthMeter, why_label);
  gtk_widget_class_bind_template_child (widget_class, SpStrengthMeter, word_label);
}

static void
sp_strength_meter_init (SpStrengthMeter *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  sp_strength_meter_show (self, NULL);
}

/**
 * sp_strength_meter_show:
 * @self: a meter
 * @strength: (nullable): an estimate, or `NULL` when there is nothing to estimate
 *
 * Shows it. The lines keep their place when there is nothing to say, so that nothing jumps while someone types.
 */
void
sp_strength_meter_show (SpStrengthMeter *self, const SpStrength *strength)
{
  g_autofree char *time = strength != NULL ? dup_time_text (&strength->vault_time) : NULL;
  int level = strength != NULL ? get_level (strength) : 0;
  const char *word = strength != NULL ? _(words[level]) : _("Strength");
  const char *why = strength != NULL ? sp_strength_warning_get_text (strength->warning) : NULL;

  g_return_if_fail (SP_IS_STRENGTH_METER (self));

  gtk_level_bar_set_value (self->bar, strength != NULL ? MAX (level, 1) : 0);
  gtk_label_set_text (self->word_label, word);
  gtk_label_set_text (self->time_label, time != NULL ? time : "");
  gtk_label_set_text (self->why_label, why != NULL ? _(why) : "");
}
