/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Walking through a table, past damage.
 *
 * A damaged page of a B-tree hides the rows below it, but not those beside it. sp_records_visit() walks
 * upward until SQLite reports damage, then downward from the top until it does again, and has then a gap
 * that it cannot walk into from either side:
 *
 *   1 2 3 ... a | ? ? ? ? ? ? ? | b ... 98 99
 *
 * The gap is cut into pieces that are small near its ends; each is walked from both its ends, what is left of
 * it is halved, and so on; the ranges wait in a queue, so that a budget of walks is spent evenly over the
 * pieces. Ranges never overlap and a walk takes only numbers that ascend (or descend) within its range,
 * whatever a damaged page says: no row is seen twice. */

#define G_LOG_DOMAIN "sp-records"

#include "config.h"

#include "store/sp-records.h"

#include "store/sp-db-private.h"

#define MAX_WALKS   100000
#define FIRST_PIECE 1024
#define WIDE        65536

typedef struct {
  gint64 first;
  gint64 last;
} Range;

typedef enum {
  WALK_ENDED,   /* saw all that there is */
  WALK_STOPPED, /* because the visitor said so */
  WALK_DAMAGED, /* could not go on */
  WALK_FAILED,  /* could not go on, and not for damage: the error is set */
} Walk;

typedef struct {
  SpDb *db;
  SpRecords table;
  SpRecordsVisit visit;
  gpointer user_data;
  SpStatement *up;   /* (owned) */
  SpStatement *down; /* (owned) */
  GQueue *ranges;    /* (element-type Range) (owned) */
  gboolean complete;
  gboolean in_pieces; /* the gap was cut */
  guint n_walks;
} Visitor;

static SpStatement *
prepare_walk (SpDb *db, SpRecords table, gboolean down, GError **error)
{
  char sql[120];
  SpStatement *statement = NULL;

  sqlite3_snprintf (sizeof sql, sql,
                    "SELECT id, revision, data FROM %s WHERE id BETWEEN ?1 AND ?2 ORDER BY id %s",
                    sp_records_get_name (table), down ? "DESC" : "ASC");
  if (!sp_db_prepare (db, &statement, sql, SP_DB_WHILE_READING, error))
    return NULL;
  return statement;
}

static void
queue_range (Visitor *self, gint64 first, gint64 last)
{
  Range *range;

  if (first > last)
    return;
  range = g_new (Range, 1);
  range->first = first;
  range->last = last;
  g_queue_push_tail (self->ranges, range);
}

/* A walk over `whole` came to `odd` after numbers beyond it: those do not belong there, and what lies between
 * them and the ones before was passed over. */
static void
queue_passed_over (Visitor *self, gboolean down, const Range *whole, gint64 odd)
{
  SpStatement *statement = down ? self->down : self->up;
  gint64 edge = down ? whole->last : whole->first; /* of what was not passed over yet */

  if (self->ranges == NULL || odd < whole->first || odd > whole->last)
    return;
  self->n_walks++;
  sqlite3_bind_int64 (statement, 1, whole->first);
  sqlite3_bind_int64 (statement, 2, whole->last);
  while (sqlite3_step (statement) == SQLITE_ROW) {
    gint64 id = sqlite3_column_int64 (statement, 0);

    if (down ? id < odd : id > odd) {
      queue_range (self, down ? id + 1 : edge, down ? edge : id - 1);
      break;
    }
    if (id == G_MAXINT64)
      break;
    edge = down ? id - 1 : id + 1;
  }
  sqlite3_reset (statement);
}

/* Narrows `range` to what was not walked over; empty, it has first > last. */
static Walk
walk (Visitor *self, gboolean down, Range *range, GError **error)
{
  SpStatement *statement = down ? self->down : self->up;
  const Range whole = *range;
  Walk result = WALK_ENDED;
  gint64 odd = -1;
  int code;

  self->n_walks++;
  sqlite3_bind_int64 (statement, 1, range->first);
  sqlite3_bind_int64 (statement, 2, range->last);
  while ((code = sqlite3_step (statement)) == SQLITE_ROW) {
    gint64 id = sqlite3_column_int64 (statement, 0);
    guint64 number;
    guint64 revision;
    const guint8 *data;
    gsize len;

    /* A page that points back at itself or at another's children gives numbers out of order. */
    if (id < range->first || id > range->last) {
      odd = id;
      code = SQLITE_CORRUPT;
      break;
    }
    if (!sp_records_read_row (statement, &number, &revision, &data, &len))
      self->complete = FALSE;
    else if (!self->visit (number, revision, data, len, self->user_data)) {
      result = WALK_STOPPED;
      break;
    }
    if (id == (down ? range->first : range->last)) {
      range->first = 1;
      range->last = 0;
      break;
    }
    if (down)
      range->last = id - 1;
    else
      range->first = id + 1;
  }
  if (code != SQLITE_ROW && code != SQLITE_DONE) {
    result = sp_db_code_is_damage (code) ? WALK_DAMAGED : WALK_FAILED;
    if (result == WALK_FAILED)
      (void) sp_db_fail (self->db->handle, code, SP_DB_WHILE_READING, error);
  }
  sqlite3_reset (statement);
  if (odd >= 0)
    queue_passed_over (self, down, &whole, odd);
  return result;
}

static void
queue_halves (Visitor *self, const Range *range)
{
  gint64 middle = range->first + (range->last - range->first) / 2;

  queue_range (self, range->first, middle);
  queue_range (self, middle + 1, range->last);
}

/* Numbers were given away one after the other, so what is hidden lies near the ends of the gap, or near its
 * beginning if there was no walking down from the top: pieces that grow with their distance. */
static void
queue_pieces (Visitor *self, const Range *range)
{
  gint64 first = range->first;
  gint64 last = range->last;

  for (gint64 len = FIRST_PIECE; (last - first) / 4 > len; len *= 2) {
    queue_range (self, first, first + len - 1);
    first += len;
    if (range->last != G_MAXINT64) {
      queue_range (self, last - len + 1, last);
      last -= len;
    }
  }
  queue_range (self, first, last);
}

/* Walks a range from both ends, and queues the halves of what is left. Once there is damage, an end is not believed,
 * since a page may show numbers that are not its own; but in a wide range it is, when nothing is seen from the
 * other side either. */
static Walk
walk_both_ways (Visitor *self, Range range, GError **error)
{
  gboolean is_single = range.first == range.last;
  Walk up = walk (self, FALSE, &range, error);
  gint64 last = range.last;
  Walk down;

  if (up == WALK_STOPPED || up == WALK_FAILED || (up == WALK_ENDED && self->complete))
    return up;
  self->complete = FALSE;
  if (is_single || range.first > range.last)
    return WALK_ENDED;
  down = walk (self, TRUE, &range, error);
  if (down == WALK_STOPPED || down == WALK_FAILED)
    return down;
  if (up == WALK_ENDED && down == WALK_ENDED && range.last == last &&
      range.last - range.first >= WIDE)
    return WALK_ENDED;
  if (range.first > range.last)
    return WALK_ENDED;
  if (self->in_pieces)
    queue_halves (self, &range);
  else
    queue_pieces (self, &range);
  self->in_pieces = TRUE;
  return WALK_ENDED;
}

/* The format has no negative numbers, and no walk goes there. */
static gboolean
has_negative (Visitor *self)
{
  g_autofree char *sql = g_strdup_printf ("SELECT EXISTS (SELECT 1 FROM %s WHERE id < 0)",
                                          sp_records_get_name (self->table));
  gint64 found = 0;

  return sp_db_query_int (self->db->handle, sql, &found, NULL) && found != 0;
}

static gboolean
run (Visitor *self, const Range *range, GError **error)
{
  Walk result = WALK_ENDED;

  queue_range (self, range->first, range->last);
  while (result == WALK_ENDED && self->n_walks < MAX_WALKS && !g_queue_is_empty (self->ranges)) {
    g_autofree Range *next = g_queue_pop_head (self->ranges);

    result = walk_both_ways (self, *next, error);
  }
  if (result == WALK_ENDED && range->first == 0 && has_negative (self))
    self->complete = FALSE;
  return result != WALK_FAILED;
}

static gboolean
visit_within (SpDb *db,
              SpRecords table,
              const Range *range,
              SpRecordsVisit visit,
              gpointer user_data,
              gboolean *out_complete,
              GError **error)
{
  Visitor self = { .db = db,
                   .table = table,
                   .visit = visit,
                   .user_data = user_data,
                   .complete = TRUE };
  g_autoptr (GError) local = NULL;
  gboolean done = TRUE;

  g_return_val_if_fail (db != NULL && (guint) table < SP_N_RECORDS, FALSE);
  g_return_val_if_fail (visit != NULL && out_complete != NULL, FALSE);

  self.up = prepare_walk (db, table, FALSE, &local);
  self.down = self.up != NULL ? prepare_walk (db, table, TRUE, &local) : NULL;
  if (self.down == NULL) {
    /* The table is not there, or the schema cannot be read: damage that leaves no row to be seen. */
    self.complete = FALSE;
    done = g_error_matches (local, SP_STORE_ERROR, SP_STORE_ERROR_SCHEMA) ||
           g_error_matches (local, SP_STORE_ERROR, SP_STORE_ERROR_CORRUPT);
    if (!done)
      g_propagate_error (error, g_steal_pointer (&local));
  } else {
    self.ranges = g_queue_new ();
    done = run (&self, range, error);
    g_queue_free_full (self.ranges, g_free);
  }
  sqlite3_finalize (self.up);
  sqlite3_finalize (self.down);
  if (done)
    *out_complete = self.complete;
  return done;
}

/**
 * sp_records_visit:
 * @db: a database
 * @table: a table
 * @visit: (scope call): called for each row
 * @user_data: for @visit
 * @out_complete: (out): %FALSE when there was damage
 * @error: return location for the error
 *
 * Visits every row that can be reached, each once: ascending, as long as nothing is damaged.
 *
 * Returns: %FALSE if the table could not be read for another reason than damage
 */
gboolean
sp_records_visit (SpDb *db,
                  SpRecords table,
                  SpRecordsVisit visit,
                  gpointer user_data,
                  gboolean *out_complete,
                  GError **error)
{
  const Range all = { 0, G_MAXINT64 };

  return visit_within (db, table, &all, visit, user_data, out_complete, error);
}

static gboolean
collect_id (guint64 id, guint64 revision, const guint8 *data, gsize len, gpointer user_data)
{
  g_array_append_val ((GArray *) user_data, id);
  return TRUE;
}

static gint
compare_ids (gconstpointer a, gconstpointer b)
{
  guint64 first = *(const guint64 *) a;
  guint64 second = *(const guint64 *) b;

  return (first > second) - (first < second);
}

/**
 * sp_records_collect:
 * @db: a database
 * @table: a table
 * @first: the lowest number asked for
 * @last: the highest
 * @out_complete: (out): %FALSE when there was damage
 * @error: return location for the error
 *
 * Returns: (transfer full) (element-type guint64): the numbers of the rows that can be reached, ascending; %NULL
 *   if the table could not be read for another reason than damage
 */
GArray *
sp_records_collect (SpDb *db,
                    SpRecords table,
                    guint64 first,
                    guint64 last,
                    gboolean *out_complete,
                    GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (guint64));
  Range range = { .first = (gint64) MIN (first, (guint64) G_MAXINT64),
                  .last = (gint64) MIN (last, (guint64) G_MAXINT64) };

  if (!visit_within (db, table, &range, collect_id, ids, out_complete, error))
    return NULL;
  g_array_sort (ids, compare_ids);
  return g_steal_pointer (&ids);
}

/**
 * sp_records_visit_range:
 * @db: a database
 * @table: a table
 * @first: the number to begin with
 * @last: the number to end with; if lower than @first, the rows come in descending order
 * @visit: (scope call): called for each row
 * @user_data: for @visit
 * @error: return location for the error
 *
 * Returns: %FALSE at the first damage
 */
gboolean
sp_records_visit_range (SpDb *db,
                        SpRecords table,
                        guint64 first,
                        guint64 last,
                        SpRecordsVisit visit,
                        gpointer user_data,
                        GError **error)
{
  gboolean down = first > last;
  Visitor self = { .db = db,
                   .table = table,
                   .visit = visit,
                   .user_data = user_data,
                   .complete = TRUE };
  Range range = { .first = (gint64) MIN (MIN (first, last), (guint64) G_MAXINT64),
                  .last = (gint64) MIN (MAX (first, last), (guint64) G_MAXINT64) };
  Walk result;
  int code;

  g_return_val_if_fail (db != NULL && (guint) table < SP_N_RECORDS && visit != NULL, FALSE);

  if (MIN (first, last) > G_MAXINT64)
    return TRUE;
  self.up = down ? NULL : prepare_walk (db, table, FALSE, error);
  self.down = down ? prepare_walk (db, table, TRUE, error) : NULL;
  if (self.up == NULL && self.down == NULL)
    return FALSE;
  result = walk (&self, down, &range, error);
  code = sqlite3_extended_errcode (db->handle);
  sqlite3_finalize (self.up);
  sqlite3_finalize (self.down);
  if (result == WALK_FAILED)
    return FALSE;
  if (result == WALK_DAMAGED)
    return sp_db_fail (db->handle, sp_db_code_is_damage (code) ? code : SQLITE_CORRUPT,
                       SP_DB_WHILE_READING, error);
  return self.complete || sp_db_fail_row (sp_records_get_name (table), error);
}
