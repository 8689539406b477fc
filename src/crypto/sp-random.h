/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Random bytes from OpenSSL's private DRBG. A failure is an error, never a weaker number. */

#pragma once

#include <glib.h>

#include "base/sp-id.h"
#include "base/sp-secret.h"

G_BEGIN_DECLS

gboolean sp_random_bytes (guint8 *out_data, gsize len, GError **error) G_GNUC_WARN_UNUSED_RESULT;
SpSecret *sp_random_secret (gsize len, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_random_id (SpId *out_id, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* UUID version 4 */

/* Uniform in [0, bound), by rejection; bound > 0. */
gboolean
sp_random_uniform (guint32 bound, guint32 *out_value, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Small random values (nonces) drawn in batches: a call of its own for each costs over a microsecond.
 * Not for keys. Not thread-safe: one per owner. */
typedef struct _SpRandomPool SpRandomPool;

SpRandomPool *sp_random_pool_new (void) G_GNUC_WARN_UNUSED_RESULT;
void sp_random_pool_free (SpRandomPool *self);
gboolean sp_random_pool_take (SpRandomPool *self, guint8 *out_data, gsize len, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Tests replace the source to inject a failure; NULL restores the real one. */
typedef gboolean (*SpRandomSource) (guint8 *out_data, gsize len);
void sp_random_set_source_for_tests (SpRandomSource source);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpRandomPool, sp_random_pool_free)

G_END_DECLS
