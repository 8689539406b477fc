/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A file that only its owner may read, and that has its name only once it is whole: what a vault's content in the
 * clear is written to. It is made beside its place, under a name of its own. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _SpPrivateFile SpPrivateFile;

/* Fails when `path` is there and is no file, as when it is a folder or a pipe. */
SpPrivateFile *sp_private_file_new (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
GOutputStream *sp_private_file_get_stream (const SpPrivateFile *self);
/* Durably puts it into its place, replacing what is there, or, unless `keep`, removes it. Frees it. */
gboolean sp_private_file_finish (SpPrivateFile *self,
                                 gboolean keep,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
