/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A button that opens a calendar, and writes the day chosen into a text as year-month-day. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *sp_date_picker_new (GtkEditable *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
