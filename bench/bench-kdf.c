/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Argon2id as the vault runs it, beside others' ways of running it, in turn. One JSON object on standard
 * output: the median, best and worst wall time of each, and its median processor time, in milliseconds.
 *
 *   bench-kdf [MEMORY-MIB [PASSES [REPEATS [LANES]]]]
 *
 * With LANES only the vault's way is run, on so many. */

#define G_LOG_DOMAIN "bench-kdf"

#include "config.h"

#include <argon2.h>
#include <gio/gunixoutputstream.h>
#include <sodium.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/sp-json-writer.h"
#include "crypto/sp-crypto.h"
#include "crypto/sp-kdf.h"

#define OUT_LEN   32
#define HUGE_PAGE ((gsize) 2 * 1024 * 1024)

static const char password_text[] = "what eleven herons carry home";
static const guint8 salt[crypto_pwhash_SALTBYTES] = { 1, 2, 3 };

typedef gboolean (*Derive) (const SpKdfCost *cost, guint8 *out);

typedef struct {
  const char *name;
  Derive derive;
  guint32 lanes;
} Way;

static gsize
round_up (gsize size)
{
  return (size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
}

static int
allocate_huge_cb (uint8_t **memory, size_t size)
{
  void *pages = mmap (NULL, round_up (size), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                      -1, 0);

  if (pages == MAP_FAILED)
    return ARGON2_MEMORY_ALLOCATION_ERROR;
  madvise (pages, round_up (size), MADV_HUGEPAGE);
  *memory = pages;
  return ARGON2_OK;
}

static void
free_huge_cb (uint8_t *memory, size_t size)
{
  munmap (memory, round_up (size));
}

static gboolean
derive_libargon2 (const SpKdfCost *cost, guint8 *out)
{
  return argon2id_hash_raw (cost->passes, cost->memory_kib, cost->lanes, password_text,
                            sizeof password_text - 1, salt, sizeof salt, out, OUT_LEN) == ARGON2_OK;
}

static gboolean
derive_huge (const SpKdfCost *cost, guint8 *out)
{
  g_autofree guint8 *password = (guint8 *) g_strdup (password_text);
  g_autofree guint8 *own_salt = g_memdup2 (salt, sizeof salt);
  argon2_context context = {
    .out = out,
    .outlen = OUT_LEN,
    .pwd = password,
    .pwdlen = sizeof password_text - 1,
    .salt = own_salt,
    .saltlen = sizeof salt,
    .t_cost = cost->passes,
    .m_cost = cost->memory_kib,
    .lanes = cost->lanes,
    .threads = cost->lanes,
    .version = ARGON2_VERSION_13,
    .allocate_cbk = allocate_huge_cb,
    .free_cbk = free_huge_cb,
    .flags = ARGON2_DEFAULT_FLAGS,
  };

  return argon2_ctx (&context, Argon2_id) == ARGON2_OK;
}

static gboolean
derive_libsodium (const SpKdfCost *cost, guint8 *out)
{
  return crypto_pwhash (out, OUT_LEN, password_text, sizeof password_text - 1, salt, cost->passes,
                        (gsize) cost->memory_kib * 1024, crypto_pwhash_ALG_ARGON2ID13) == 0;
}

static gboolean
derive_ours (const SpKdfCost *cost, guint8 *out)
{
  g_autoptr (SpSecret) password = sp_secret_new_text (password_text);
  g_autoptr (SpSecret) key = sp_kdf_argon2 (SP_KDF_ARGON2ID, cost, password, salt, sizeof salt,
                                            OUT_LEN, NULL);

  if (key == NULL)
    return FALSE;
  memcpy (out, sp_secret_peek (key, NULL), OUT_LEN);
  return TRUE;
}

/* Ours comes first: what the others with as many lanes derive is held against it. */
static const Way ways[] = {
  { "securepass, 4 lanes", derive_ours, 4 },
  { "libargon2 as shipped, 4 lanes", derive_libargon2, 4 },
  { "libargon2 as shipped, 2 lanes", derive_libargon2, 2 },
  { "libargon2 as shipped, 1 lane", derive_libargon2, 1 },
  { "libargon2 in huge pages, 4 lanes", derive_huge, 4 },
  { "libargon2 in huge pages, 2 lanes", derive_huge, 2 },
  { "libsodium, 1 lane", derive_libsodium, 1 },
};

typedef struct {
  GArray *wall; /* (element-type double) (owned) milliseconds */
  GArray *cpu;  /* (element-type double) (owned) of all threads */
} Times;

static double
get_now_ms (clockid_t clock)
{
  struct timespec now;

  clock_gettime (clock, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

static void
measure (const Way *way, const SpKdfCost *cost, Times *times, guint8 *out)
{
  double wall = get_now_ms (CLOCK_MONOTONIC), cpu = get_now_ms (CLOCK_PROCESS_CPUTIME_ID);

  if (!way->derive (cost, out))
    g_error ("%s did not succeed", way->name);
  wall = get_now_ms (CLOCK_MONOTONIC) - wall;
  cpu = get_now_ms (CLOCK_PROCESS_CPUTIME_ID) - cpu;
  g_array_append_val (times->wall, wall);
  g_array_append_val (times->cpu, cpu);
}

static void
measure_ways (SpKdfCost *cost, Times *times)
{
  guint8 expected[OUT_LEN] = { 0 };
  guint8 out[OUT_LEN];

  for (guint i = 0; i < G_N_ELEMENTS (ways); i++) {
    cost->lanes = ways[i].lanes;
    measure (&ways[i], cost, &times[i], out);
    if (i == 0)
      memcpy (expected, out, OUT_LEN);
    else if (ways[i].lanes == ways[0].lanes && memcmp (expected, out, OUT_LEN) != 0)
      g_error ("%s derives another key", ways[i].name);
  }
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  double time_a = *(const double *) a;
  double time_b = *(const double *) b;

  return (time_a > time_b) - (time_a < time_b);
}

static void
write_way (SpJsonWriter *writer, const char *name, Times *times)
{
  g_array_sort (times->wall, compare_times);
  g_array_sort (times->cpu, compare_times);
  sp_json_key (writer, name);
  sp_json_begin_object (writer);
  sp_json_key (writer, "median_ms");
  sp_json_double (writer, g_array_index (times->wall, double, times->wall->len / 2), 1);
  sp_json_key (writer, "best_ms");
  sp_json_double (writer, g_array_index (times->wall, double, 0), 1);
  sp_json_key (writer, "worst_ms");
  sp_json_double (writer, g_array_index (times->wall, double, times->wall->len - 1), 1);
  sp_json_key (writer, "cpu_ms");
  sp_json_double (writer, g_array_index (times->cpu, double, times->cpu->len / 2), 1);
  sp_json_end_object (writer);
}

static guint
get_argument (int argc, char **argv, int index, guint otherwise)
{
  guint64 value;

  if (index >= argc)
    return otherwise;
  if (!g_ascii_string_to_unsigned (argv[index], 10, 1, 65536, &value, NULL))
    g_error ("usage: bench-kdf [MEMORY-MIB [PASSES [REPEATS [LANES]]]]");
  return (guint) value;
}

int
main (int argc, char **argv)
{
  g_autoptr (GOutputStream) stream = g_unix_output_stream_new (STDOUT_FILENO, FALSE);
  g_autoptr (SpJsonWriter) writer = sp_json_writer_new (stream, TRUE);
  SpKdfCost cost = { get_argument (argc, argv, 1, 256) * 1024, get_argument (argc, argv, 2, 3),
                     get_argument (argc, argv, 4, 4) };
  guint n_repeats = get_argument (argc, argv, 3, 5);
  guint n_ways = argc > 4 ? 1 : G_N_ELEMENTS (ways);
  Times times[G_N_ELEMENTS (ways)];
  g_autoptr (GError) error = NULL;
  guint8 out[OUT_LEN];

  if (!sp_crypto_init (&error)) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  for (guint i = 0; i < n_ways; i++) {
    times[i].wall = g_array_new (FALSE, FALSE, sizeof (double));
    times[i].cpu = g_array_new (FALSE, FALSE, sizeof (double));
  }
  for (guint i = 0; i < n_repeats; i++) {
    if (n_ways == 1)
      measure (&ways[0], &cost, &times[0], out);
    else
      measure_ways (&cost, times);
  }
  sp_json_begin_object (writer);
  for (guint i = 0; i < n_ways; i++) {
    write_way (writer, n_ways == 1 ? "securepass" : ways[i].name, &times[i]);
    g_array_unref (times[i].wall);
    g_array_unref (times[i].cpu);
  }
  sp_json_end_object (writer);
  if (!sp_json_writer_flush (writer, &error)) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  return 0;
}
