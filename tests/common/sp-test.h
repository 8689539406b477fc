/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What several test programs need: scratch folders, a clock that stands still, vectors in hexadecimal,
 * repeatable random bytes, and the question whether any secret was leaked. */

#pragma once

#include <glib.h>

#include "base/sp-clock.h"
#include "base/sp-secret.h"

G_BEGIN_DECLS

/* A new empty folder, and its removal with all that is in it. */
char *sp_test_scratch_dir_new (void) G_GNUC_WARN_UNUSED_RESULT;
void sp_test_scratch_dir_free (char *path);

/* A clock that says what is in `now_ms`, for the tests to move. */
typedef struct {
  SpClock clock;
  gint64 now_ms;
} SpTestClock;

void sp_test_clock_init (SpTestClock *self, gint64 now_ms);

/* Bytes written in hexadecimal; spaces are allowed. Public vectors only: the result is in the heap. */
guint8 *sp_test_hex (const char *hex, gsize *out_len) G_GNUC_WARN_UNUSED_RESULT;
SpSecret *sp_test_hex_secret (const char *hex) G_GNUC_WARN_UNUSED_RESULT;

/* g_assert_cmpmem() takes its lengths as int. */
#define sp_test_assert_mem(data, len, expected, expected_len) \
  g_assert_cmpmem ((data), (int) (len), (expected), (int) (expected_len))

/* Compares bytes with their expected hexadecimal digits. */
#define sp_test_assert_hex(data, len, hex)                                  \
  G_STMT_START                                                              \
  {                                                                         \
    gsize sp_expected_len;                                                  \
    g_autofree guint8 *sp_expected = sp_test_hex ((hex), &sp_expected_len); \
    sp_test_assert_mem ((data), (len), sp_expected, sp_expected_len);       \
  }                                                                         \
  G_STMT_END

/* Bytes that are the same on each run (xorshift64*, S. Vigna 2014): for property tests. */
guint64 sp_test_random (guint64 *state);
void sp_test_random_fill (guint64 *state, guint8 *data, gsize len);

/* Whether the mapping at `address` has a two-letter flag of /proc/self/smaps' VmFlags, such as "dd". */
gboolean sp_test_mapping_has_flag (gconstpointer address, const char *flag);
/* Asserts that the mapping at `address` is locked in memory, or is not. */
void sp_test_assert_locked (gconstpointer address, gboolean locked);

/* Runs the tests, then fails if a secret is still alive. */
int sp_test_run (void);

typedef char SpTestDir;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpTestDir, sp_test_scratch_dir_free)

G_END_DECLS
