/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-test"

#include "config.h"

#include "common/sp-test-mutate.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Pages of room, and one behind them that nobody may touch. */
typedef struct {
  guint8 *start;
  guint8 *end;
  gsize size;
} Fence;

static void
fence_init (Fence *self, gsize len)
{
  gsize page = (gsize) sysconf (_SC_PAGESIZE);
  gsize room = (len + page) / page * page;

  self->size = room + page;
  self->start = mmap (NULL, self->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  g_assert_true (self->start != MAP_FAILED);
  self->end = self->start + room;
  g_assert_cmpint (mprotect (self->end, page, PROT_NONE), ==, 0);
}

static void
fence_clear (Fence *self)
{
  munmap (self->start, self->size);
}

static guint8 *
fence_put (Fence *self, const guint8 *data, gsize len)
{
  guint8 *copy = self->end - len;

  if (len > 0)
    memcpy (copy, data, len);
  return copy;
}

/**
 * sp_test_with_fence:
 * @data: (array length=len): bytes
 * @len: how many
 * @func: (scope call): what to call with a copy of them
 * @user_data: for @func
 */
void
sp_test_with_fence (const guint8 *data, gsize len, SpTestBytesFunc func, gpointer user_data)
{
  Fence fence;

  fence_init (&fence, len);
  func (fence_put (&fence, data, len), len, user_data);
  fence_clear (&fence);
}

static guint8
mutated (guint8 byte, guint i)
{
  static const guint8 values[] = { 0x00, 0x01, 0x02, 0x0a, 0x20, 0x40, 0x7f,
                                   0x80, 0x81, 0xbf, 0xc0, 0xc3, 0xf4, 0xff };

  if (i < 8)
    return byte ^ (guint8) (1 << i);
  if (i < 8 + G_N_ELEMENTS (values))
    return values[i - 8];
  return i == 8 + G_N_ELEMENTS (values) ? byte + 1 : byte - 1;
}

#define N_MUTATIONS (8 + 14 + 2)

/**
 * sp_test_each_mutation:
 * @data: (array length=len): bytes
 * @len: how many
 * @func: (scope call): what to call with each changed copy of them
 * @user_data: for @func
 */
void
sp_test_each_mutation (const guint8 *data, gsize len, SpTestBytesFunc func, gpointer user_data)
{
  Fence fence;
  guint8 *copy;

  fence_init (&fence, len + 1);
  for (gsize i = 0; i <= len; i++)
    func (fence_put (&fence, data, i), i, user_data);

  copy = fence_put (&fence, data, len);
  for (gsize i = 0; i < len; i++) {
    for (guint j = 0; j < N_MUTATIONS; j++) {
      copy[i] = mutated (data[i], j);
      func (copy, len, user_data);
    }
    copy[i] = data[i];
  }

  fence_put (&fence, (const guint8 *) "", 1);
  copy = fence.end - len - 1;
  memcpy (copy, data, len);
  func (copy, len + 1, user_data);
  fence_clear (&fence);
}
