/* SPDX-License-Identifier: GPL-3.0-or-later */

/* It draws in the text's colour, so that it is right in every style; and in the style's colour for an error when
 * there is hardly time left to type the code. Whoever owns it lets it tick. */

#define G_LOG_DOMAIN "sp-otp-ring"

#include "config.h"

#include "ui/sp-otp-ring.h"

#define SIZE            20
#define STROKE          3
#define TRACK_ALPHA     0.2
#define HURRY_SECONDS   5
#define FULL_TURN       (2 * G_PI)
#define TWELVE_O_CLOCK  (-G_PI / 2)
#define HURRY_CSS_CLASS "error"

struct _SpOtpRing {
  GtkWidget parent_instance;

  guint seconds_left;
  guint period;
};

G_DEFINE_FINAL_TYPE (SpOtpRing, sp_otp_ring, GTK_TYPE_WIDGET)

static void
sp_otp_ring_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  SpOtpRing *self = SP_OTP_RING (widget);
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  double radius = MIN (width, height) / 2.0 - STROKE / 2.0;
  double fraction;
  GdkRGBA colour;
  cairo_t *cairo;

  if (self->period == 0 || radius <= 0)
    return;
  fraction = MIN (1.0, (double) self->seconds_left / self->period);
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colour);
  cairo = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  cairo_translate (cairo, width / 2.0, height / 2.0);
  cairo_set_line_width (cairo, STROKE);
  cairo_set_source_rgba (cairo, colour.red, colour.green, colour.blue, colour.alpha * TRACK_ALPHA);
  cairo_arc (cairo, 0, 0, radius, 0, FULL_TURN);
  cairo_stroke (cairo);
  cairo_set_source_rgba (cairo, colour.red, colour.green, colour.blue, colour.alpha);
  cairo_set_line_cap (cairo, CAIRO_LINE_CAP_ROUND);
  cairo_arc (cairo, 0, 0, radius, TWELVE_O_CLOCK, TWELVE_O_CLOCK + fraction * FULL_TURN);
  cairo_stroke (cairo);
  cairo_destroy (cairo);
}

static void
sp_otp_ring_measure (GtkWidget *widget,
                     GtkOrientation orientation,
                     int for_size,
                     int *minimum,
                     int *natural,
                     int *minimum_baseline,
                     int *natural_baseline)
{
  *minimum = *natural = SIZE;
}

static void
sp_otp_ring_class_init (SpOtpRingClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->measure = sp_otp_ring_measure;
  widget_class->snapshot = sp_otp_ring_snapshot;
  gtk_widget_class_set_css_name (widget_class, "otpring");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
sp_otp_ring_init (SpOtpRing *self)
{
}

/**
 * sp_otp_ring_set_left:
 * @self: a ring
 * @seconds_left: until the next code
 * @period: of a code; 0 draws nothing
 */
void
sp_otp_ring_set_left (SpOtpRing *self, guint seconds_left, guint period)
{
  g_return_if_fail (SP_IS_OTP_RING (self));

  if (self->seconds_left == seconds_left && self->period == period)
    return;
  self->seconds_left = seconds_left;
  self->period = period;
  if (seconds_left <= HURRY_SECONDS)
    gtk_widget_add_css_class (GTK_WIDGET (self), HURRY_CSS_CLASS);
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), HURRY_CSS_CLASS);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
