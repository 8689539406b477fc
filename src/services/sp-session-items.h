/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Items, by way of the session: what sp-vault-items.h does, without waiting for it. */

#pragma once

#include "services/sp-session.h"
#include "vault/sp-search.h"
#include "vault/sp-vault-items.h"

G_BEGIN_DECLS

void sp_session_load_item_async (SpSession *self,
                                 guint64 number,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
SpItem *sp_session_load_item_finish (SpSession *self,
                                     GAsyncResult *result,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Saves a copy of `item`. Not cancellable: what was asked to be saved is saved, also when the vault is locked
 * in the meantime. The answer is the item as stored: number, revision and times set. */
void sp_session_save_item_async (SpSession *self,
                                 const SpItem *item,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
SpItem *sp_session_save_item_finish (SpSession *self,
                                     GAsyncResult *result,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* sp_vault_change(). Copies `text` and `numbers`. */
void sp_session_change_async (SpSession *self,
                              SpChange change,
                              const char *text,
                              const guint64 *numbers,
                              gsize n_numbers,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean sp_session_change_finish (SpSession *self, GAsyncResult *result, GError **error);

/* The answer is how many were purged; -1 with `error` set. */
void
sp_session_purge_trash_async (SpSession *self, GAsyncReadyCallback callback, gpointer user_data);
gint64 sp_session_purge_trash_finish (SpSession *self, GAsyncResult *result, GError **error);

/* The answer is the copy's number; 0 with `error` set. */
void sp_session_duplicate_async (SpSession *self,
                                 guint64 number,
                                 const char *title,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
guint64 sp_session_duplicate_finish (SpSession *self, GAsyncResult *result, GError **error);

/* Counts a use and logs it, when there is time; a failure is only logged, as nobody waits for it. */
void sp_session_touch (SpSession *self, guint64 number, SpEventKind kind);

/* (element-type SpItem) newest first */
void sp_session_load_history_async (SpSession *self,
                                    guint64 number,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
GPtrArray *sp_session_load_history_finish (SpSession *self,
                                           GAsyncResult *result,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_session_restore_version_async (SpSession *self,
                                       guint64 number,
                                       guint index,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
gboolean sp_session_restore_version_finish (SpSession *self, GAsyncResult *result, GError **error);

/* Reads `file` in the thread, and stores it with its own base name. */
void sp_session_attach_async (SpSession *self,
                              guint64 number,
                              GFile *file,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean sp_session_attach_finish (SpSession *self, GAsyncResult *result, GError **error);
void sp_session_detach_async (SpSession *self,
                              guint64 number,
                              guint64 attachment_number,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean sp_session_detach_finish (SpSession *self, GAsyncResult *result, GError **error);
/* Writes it in the thread, mode 0600, replacing what is there only once it is whole. */
void sp_session_save_attachment_async (SpSession *self,
                                       const SpAttachment *attachment,
                                       GFile *file,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
gboolean sp_session_save_attachment_finish (SpSession *self, GAsyncResult *result, GError **error);
/* Its content, for a preview; INVALID when it is larger than `limit` bytes. */
void sp_session_read_attachment_async (SpSession *self,
                                       const SpAttachment *attachment,
                                       gsize limit,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
SpSecret *sp_session_read_attachment_finish (SpSession *self,
                                             GAsyncResult *result,
                                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* For in:all, which decrypts every detail; everything else is sp_search() on the snapshot. */
void sp_session_search_async (SpSession *self,
                              const char *text,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
SpResults *sp_session_search_finish (SpSession *self,
                                     GAsyncResult *result,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
