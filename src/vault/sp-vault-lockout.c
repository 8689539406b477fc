/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Counting failures while locked (VAULT-FORMAT.md §10). Whoever can write the file can undo all of this; it
 * is for the person who has only the keyboard. */

#define G_LOG_DOMAIN "sp-vault-lockout"

#include "config.h"

#include <string.h>

#include "crypto/sp-random.h"
#include "crypto/sp-sealed-box.h"
#include "vault/sp-vault-private.h"

#define FREE_FAILURES   4
#define EVENT_LEN       128
#define MAX_EVENTS      256
#define MAX_DEVICE_LEN  64
#define FAILURE_BUSY_MS 1000
#define NORMAL_BUSY_MS  10000

static gint64
get_wait_ms (guint64 failures)
{
  static const gint64 seconds[] = { 30, 60, 5 * 60, 15 * 60, 60 * 60 };

  if (failures <= FREE_FAILURES)
    return 0;
  return seconds[MIN (failures - FREE_FAILURES, G_N_ELEMENTS (seconds)) - 1] * 1000;
}

/* Counts a failure in the future as one that is made now, and stores that: otherwise a clock that was once
 * wrong, or a forged row, would begin the wait anew at each try until that time comes. */
static gboolean
restart_wait (SpDb *db, gint64 now_ms)
{
  guint8 event_key[32];
  guint64 failures;
  gint64 last_ms;
  gboolean done;

  sp_db_set_busy_timeout (db, FAILURE_BUSY_MS);
  done = sp_db_begin_write (db, NULL);
  if (done) {
    done = sp_lockout_read (db, &failures, &last_ms, event_key, NULL) &&
           sp_lockout_write (db, failures, now_ms, event_key, NULL) && sp_db_commit (db, NULL);
    if (!done)
      sp_db_rollback (db);
  }
  sp_db_set_busy_timeout (db, NORMAL_BUSY_MS);
  return done;
}

/**
 * sp_lockout_check: (skip)
 * @db: the vault's database, without a transaction
 * @now_ms: the time
 * @error: return location for a [error@VaultError]
 *
 * A row that is missing or damaged is no reason to wait; nor is a time in the future that cannot be put
 * right, for that wait might never end.
 *
 * Returns: %FALSE with LOCKED_OUT when it is too early for another try
 */
gboolean
sp_lockout_check (SpDb *db, gint64 now_ms, GError **error)
{
  guint8 event_key[32];
  guint64 failures;
  gint64 last_ms, remaining;

  if (!sp_lockout_read (db, &failures, &last_ms, event_key, NULL))
    return TRUE;
  remaining = get_wait_ms (failures);
  if (remaining == 0 || last_ms < 0)
    return TRUE;
  if (last_ms <= now_ms)
    remaining -= now_ms - last_ms;
  else if (!restart_wait (db, now_ms))
    return TRUE;
  if (remaining <= 0)
    return TRUE;
  g_set_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_LOCKED_OUT,
               "There were %" G_GUINT64_FORMAT
               " failed attempts. The next one is possible in %" G_GINT64_FORMAT " seconds.",
               failures, (remaining + 999) / 1000);
  return FALSE;
}

static GBytes *
seal_event (const guint8 event_key[static 32], gint64 now_ms, const char *device)
{
  g_autoptr (SpWriter) writer = sp_writer_new ();
  const guint8 *data;
  gsize len;
  SpId id;
  const char *end;

  if (!sp_random_id (&id, NULL))
    return NULL;
  len = MIN (strlen (device), MAX_DEVICE_LEN);
  (void) g_utf8_validate_len (device, len, &end);
  sp_writer_u8 (writer, 1);
  sp_writer_varint (writer, SP_EVENT_UNLOCK_FAILED);
  sp_writer_varint (writer, (guint64) MAX (now_ms, 0));
  sp_writer_fixed (writer, id.bytes, SP_ID_LEN);
  sp_writer_string_len (writer, device, (gsize) (end - device));
  sp_writer_pad (writer, EVENT_LEN);
  data = sp_writer_peek (writer, &len);
  return sp_sealed_box_seal (event_key, data, len, NULL);
}

static gboolean
record (SpDb *db, gint64 now_ms, const char *device, gboolean counts)
{
  g_autoptr (GBytes) event = NULL;
  guint8 event_key[32];
  guint64 failures;
  gint64 last_ms;

  if (!sp_lockout_read (db, &failures, &last_ms, event_key, NULL) ||
      (counts && !sp_lockout_write (db, MIN (failures, G_MAXINT32) + 1, now_ms, event_key, NULL)))
    return FALSE;
  event = seal_event (event_key, now_ms, device);
  return event == NULL || sp_locked_event_add (db, event, MAX_EVENTS, NULL);
}

static void
record_now (SpDb *db, gint64 now_ms, const char *device, gboolean counts)
{
  sp_db_set_busy_timeout (db, FAILURE_BUSY_MS);
  if (sp_db_begin_write (db, NULL)) {
    if (!record (db, now_ms, device, counts) || !sp_db_commit (db, NULL))
      sp_db_rollback (db);
  }
  sp_db_set_busy_timeout (db, NORMAL_BUSY_MS);
}

/**
 * sp_lockout_record_failure: (skip)
 * @db: the vault's database
 * @now_ms: the time
 * @device: the name of this machine
 *
 * Counts a failed unlock, and leaves an event for the log. That it could not be written is no news to
 * somebody who does not know the password.
 */
void
sp_lockout_record_failure (SpDb *db, gint64 now_ms, const char *device)
{
  record_now (db, now_ms, device, TRUE);
}

/**
 * sp_lockout_record_event: (skip)
 * @db: the vault's database
 * @now_ms: the time
 * @device: the name of this machine
 *
 * Leaves the event for the log, and counts nothing: nobody guesses 160 bits, and who has a recovery key shall
 * never wait.
 */
void
sp_lockout_record_event (SpDb *db, gint64 now_ms, const char *device)
{
  record_now (db, now_ms, device, FALSE);
}
