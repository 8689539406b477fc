/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-activity-chart"

#include "config.h"

#include "ui/sp-activity-chart.h"

#include <glib/gi18n.h>

#define HEIGHT_PX    64
#define MIN_WIDTH_PX 240
#define GAP_PX       2.0f
#define LEAST_PX     3.0f /* what one is, however many others are */
#define MAX_BAR_PX   14.0f

struct _SpActivityChart {
  GtkWidget parent_instance;

  guint unlocks[SP_ACTIVITY_CHART_DAYS];
  guint failures[SP_ACTIVITY_CHART_DAYS];
};

G_DEFINE_FINAL_TYPE (SpActivityChart, sp_activity_chart, GTK_TYPE_WIDGET)

static guint
sum (const guint *counts)
{
  guint n = 0;

  for (guint i = 0; i < SP_ACTIVITY_CHART_DAYS; i++)
    n += counts[i];
  return n;
}

static guint
get_highest (SpActivityChart *self)
{
  guint highest = 1;

  for (guint i = 0; i < SP_ACTIVITY_CHART_DAYS; i++)
    highest = MAX (highest, MAX (self->unlocks[i], self->failures[i]));
  return highest;
}

static void
get_colour (GtkWidget *widget, const char *name, GdkRGBA *out)
{
  GtkStyleContext *style = gtk_widget_get_style_context (widget);

  if (!gtk_style_context_lookup_color (style, name, out))
    gtk_style_context_get_color (style, out);
}

static void
draw_bar (GtkSnapshot *snapshot, const GdkRGBA *colour, float x, float width, float height)
{
  GskRoundedRect outline;
  graphene_rect_t bar = GRAPHENE_RECT_INIT (x, HEIGHT_PX - height, width, height);
  float radius = MIN (width / 2, 2);

  gsk_rounded_rect_init_from_rect (&outline, &bar, 0);
  outline.corner[0] = outline.corner[1] = GRAPHENE_SIZE_INIT (radius, radius);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, colour, &bar);
  gtk_snapshot_pop (snapshot);
}

static float
get_bar_height (guint n, guint highest)
{
  return n == 0 ? 0 : MAX (LEAST_PX, (float) HEIGHT_PX * (float) n / (float) highest);
}

static void
draw_day (SpActivityChart *self, GtkSnapshot *snapshot, guint day, float x, float width)
{
  guint highest = get_highest (self);
  float half = (width - GAP_PX) / 2;
  float unlocks = get_bar_height (self->unlocks[day], highest);
  float failures = get_bar_height (self->failures[day], highest);
  GdkRGBA unlock_colour, failure_colour;

  get_colour (GTK_WIDGET (self), "accent_bg_color", &unlock_colour);
  get_colour (GTK_WIDGET (self), "error_bg_color", &failure_colour);
  if (failures <= 0) {
    draw_bar (snapshot, &unlock_colour, x, width, unlocks);
    return;
  }
  draw_bar (snapshot, &unlock_colour, x, half, unlocks);
  draw_bar (snapshot, &failure_colour, x + half + GAP_PX, half, failures);
}

static void
sp_activity_chart_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  SpActivityChart *self = SP_ACTIVITY_CHART (widget);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  float step = (float) gtk_widget_get_width (widget) / SP_ACTIVITY_CHART_DAYS;
  float width = MIN (step - GAP_PX, MAX_BAR_PX);
  GdkRGBA line;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &line);
  line.alpha = 0.15f;
  gtk_snapshot_append_color (
      snapshot, &line,
      &GRAPHENE_RECT_INIT (0, HEIGHT_PX, (float) gtk_widget_get_width (widget), 1));
  for (guint i = 0; i < SP_ACTIVITY_CHART_DAYS; i++) {
    guint place = rtl ? SP_ACTIVITY_CHART_DAYS - 1 - i : i;

    draw_day (self, snapshot, i, (float) place * step + (step - width) / 2, width);
  }
}

static void
sp_activity_chart_measure (GtkWidget *widget,
                           GtkOrientation orientation,
                           int for_size,
                           int *minimum,
                           int *natural,
                           int *minimum_baseline,
                           int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? MIN_WIDTH_PX : HEIGHT_PX + 1;
}

static void
sp_activity_chart_class_init (SpActivityChartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->measure = sp_activity_chart_measure;
  widget_class->snapshot = sp_activity_chart_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
sp_activity_chart_init (SpActivityChart *self)
{
}

/* The midnights of this time zone: a day may have 23 or 25 hours. */
static void
get_edges (gint64 now_ms, gint64 edges[static SP_ACTIVITY_CHART_DAYS + 1])
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_local (now_ms / 1000);
  g_autoptr (GDateTime) today = g_date_time_new_local (g_date_time_get_year (now),
                                                       g_date_time_get_month (now),
                                                       g_date_time_get_day_of_month (now), 0, 0, 0);

  for (int i = 0; i <= SP_ACTIVITY_CHART_DAYS; i++) {
    g_autoptr (GDateTime) edge = g_date_time_add_days (today, i + 1 - SP_ACTIVITY_CHART_DAYS);

    edges[i] = g_date_time_to_unix (edge) * 1000;
  }
}

void
sp_activity_chart_set (SpActivityChart *self, const SpLog *log, gint64 now_ms)
{
  gint64 edges[SP_ACTIVITY_CHART_DAYS + 1];

  g_return_if_fail (SP_IS_ACTIVITY_CHART (self));

  for (guint i = 0; i < SP_ACTIVITY_CHART_DAYS; i++)
    self->unlocks[i] = self->failures[i] = 0;
  if (log != NULL) {
    get_edges (now_ms, edges);
    sp_log_count (log, SP_EVENT_OPENED, edges, G_N_ELEMENTS (edges), self->unlocks);
    sp_log_count (log, SP_EVENT_UNLOCK_FAILED, edges, G_N_ELEMENTS (edges), self->failures);
  }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

guint
sp_activity_chart_get_n_unlocks (SpActivityChart *self)
{
  return sum (self->unlocks);
}

guint
sp_activity_chart_get_n_failures (SpActivityChart *self)
{
  return sum (self->failures);
}
