/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpCliOutput: text on its way to a terminal or a pipe, gathered in guarded memory since it may hold
 * secrets. What comes from a vault goes through sp_cli_output_text(), which makes terminal control
 * sequences visible instead of obeyed. */

#pragma once

#include <glib.h>

#include "base/sp-secret.h"

G_BEGIN_DECLS

typedef struct _SpCliOutput SpCliOutput;

SpCliOutput *sp_cli_output_new (int fd) G_GNUC_WARN_UNUSED_RESULT;
void sp_cli_output_free (SpCliOutput *self);
void sp_cli_output_raw (SpCliOutput *self, const char *data, gsize len);
void sp_cli_output_text (SpCliOutput *self, const char *text);
void sp_cli_output_lines (SpCliOutput *self, const char *text, const char *indent);
void sp_cli_output_format (SpCliOutput *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
void sp_cli_output_pad (SpCliOutput *self, guint n);
void sp_cli_output_send (SpCliOutput *self);
gboolean sp_cli_output_flush (SpCliOutput *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean sp_cli_write_all (int fd, const char *data, gsize len);
char *sp_cli_escape (const char *text) G_GNUC_WARN_UNUSED_RESULT; /* one line; not for secrets */
guint sp_cli_text_get_width (const char *text);                   /* columns, once escaped */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpCliOutput, sp_cli_output_free)

G_END_DECLS
