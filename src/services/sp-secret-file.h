/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Files with a secret in them, without waiting for the disk: key files (sp-key-file.h), and what is to be kept on paper. */

#pragma once

#include <gio/gio.h>

#include "base/sp-secret.h"

G_BEGIN_DECLS

/* A file of mode 0600, which takes its name, and the place of what has it, only once it is whole. */
void sp_secret_file_save_async (GFile *file,
                                const SpSecret *content,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean sp_secret_file_save_finish (GFile *file, GAsyncResult *result, GError **error);

/* The key in it, 32 bytes. */
void sp_key_file_load_async (GFile *file,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
SpSecret *sp_key_file_load_finish (GFile *file,
                                   GAsyncResult *result,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A new key, in a new file of mode 0600. EXISTS: a file that is there is never replaced, as a vault may need it. */
void sp_key_file_make_async (GFile *file,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
SpSecret *sp_key_file_make_finish (GFile *file,
                                   GAsyncResult *result,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
