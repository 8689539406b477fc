/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where plaintext leaves the vault for a file: only its owner may read it, and nothing that is there
 * already is overwritten unasked. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _SpCliFile SpCliFile;

/* path NULL or "-" is standard output. */
SpCliFile *
sp_cli_file_create (const char *path, gboolean force, GError **error) G_GNUC_WARN_UNUSED_RESULT;
GOutputStream *sp_cli_file_get_stream (const SpCliFile *self);
/* Frees it. Flushed to the disk; on failure, or with keep FALSE, what was made is removed, and a file that
 * was to be replaced is as before. */
gboolean
sp_cli_file_finish (SpCliFile *self, gboolean keep, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
