/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpSecret: immutable, reference-counted bytes in guarded memory.
 *
 * The bytes live in slabs of libsodium's guarded memory: not dumped, locked as far as
 * RLIMIT_MEMLOCK allows, wiped when the last reference goes. The count is atomic, so a secret may be
 * handed to another thread. A NUL always follows the last byte, so text can be peeked at as a C string.
 *
 * SpSecretBuffer is the growing kind, for reading from a terminal or a file and for composing. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _SpSecret SpSecret;
typedef struct _SpSecretBuffer SpSecretBuffer;

SpSecret *sp_secret_new (const guint8 *data, gsize len) G_GNUC_WARN_UNUSED_RESULT;
SpSecret *sp_secret_new_text (const char *text) G_GNUC_WARN_UNUSED_RESULT;
SpSecret *sp_secret_new_uninitialized (gsize len, guint8 **out_data) G_GNUC_WARN_UNUSED_RESULT;
SpSecret *sp_secret_ref (const SpSecret *self);
void sp_secret_unref (SpSecret *self);

gsize sp_secret_get_length (const SpSecret *self);
const guint8 *sp_secret_peek (const SpSecret *self, gsize *out_len);
const char *sp_secret_peek_text (const SpSecret *self);
gboolean sp_secret_is_empty (const SpSecret *self);
gboolean sp_secret_equal (const SpSecret *a, const SpSecret *b);

SpSecretBuffer *sp_secret_buffer_new (void) G_GNUC_WARN_UNUSED_RESULT;
void sp_secret_buffer_free (SpSecretBuffer *self);
void sp_secret_buffer_append (SpSecretBuffer *self, const guint8 *data, gsize len);
void sp_secret_buffer_append_text (SpSecretBuffer *self, const char *text);
void sp_secret_buffer_append_unichar (SpSecretBuffer *self, gunichar c);
void sp_secret_buffer_truncate (SpSecretBuffer *self, gsize len);
gsize sp_secret_buffer_get_length (const SpSecretBuffer *self);
const guint8 *sp_secret_buffer_peek (const SpSecretBuffer *self);
SpSecret *sp_secret_buffer_finish (SpSecretBuffer *self) G_GNUC_WARN_UNUSED_RESULT;

/* Live secrets, for tests that look for leaks. */
gsize sp_secret_count_live (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpSecret, sp_secret_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpSecretBuffer, sp_secret_buffer_free)

G_END_DECLS
