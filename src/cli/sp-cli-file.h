/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where plaintext leaves the vault for a file: only its owner may read it, and nothing that is there
 * already is overwritten unasked. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* path NULL or "-" is standard output. */
GOutputStream *
sp_cli_file_create (const char *path, gboolean force, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Flushed to the disk; on failure, or with keep FALSE, a file just made is removed. */
gboolean sp_cli_file_finish (GOutputStream *stream, const char *path, gboolean keep, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
