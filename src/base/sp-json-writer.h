/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpJsonWriter: a streaming JSON (RFC 8259) writer whose buffer is wiped, since exports carry secrets.
 * Objects and arrays nest; inside an object each value is preceded by sp_json_key(). Output is
 * indented by two spaces, UTF-8, ends in a newline. sp_json_writer_flush() hands the text written so far
 * to the stream, so that a large export never sits in memory whole. */

#pragma once

#include <gio/gio.h>

#include "base/sp-secret.h"

G_BEGIN_DECLS

typedef struct _SpJsonWriter SpJsonWriter;

SpJsonWriter *sp_json_writer_new (GOutputStream *stream, gboolean pretty) G_GNUC_WARN_UNUSED_RESULT;
void sp_json_writer_free (SpJsonWriter *self);
void sp_json_begin_object (SpJsonWriter *self);
void sp_json_end_object (SpJsonWriter *self);
void sp_json_begin_array (SpJsonWriter *self);
void sp_json_end_array (SpJsonWriter *self);
void sp_json_key (SpJsonWriter *self, const char *name);
void sp_json_string (SpJsonWriter *self, const char *value); /* NULL writes null */
void sp_json_secret (SpJsonWriter *self, const SpSecret *value);
void sp_json_int (SpJsonWriter *self, gint64 value);
void sp_json_double (SpJsonWriter *self, double value, int decimals);
void sp_json_bool (SpJsonWriter *self, gboolean value);
void sp_json_null (SpJsonWriter *self);
gboolean sp_json_writer_flush (SpJsonWriter *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpJsonWriter, sp_json_writer_free)

G_END_DECLS
