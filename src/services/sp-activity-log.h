/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpActivityLog: the activity log of the vault that a session has open, read and verified while there is nothing else to
 * do. After an unlock its newest entries are read, then it is verified; all of it is read when somebody looks at it. */

#pragma once

#include "services/sp-session.h"
#include "vault/sp-log-check.h"
#include "vault/sp-log.h"

G_BEGIN_DECLS

#define SP_TYPE_ACTIVITY_LOG (sp_activity_log_get_type ())
G_DECLARE_FINAL_TYPE (SpActivityLog, sp_activity_log, SP, ACTIVITY_LOG, GObject)

/* Signal: ::changed, when more was read or verified, or the vault was locked. */
SpActivityLog *sp_activity_log_new (SpSession *session) G_GNUC_WARN_UNUSED_RESULT;

SpSession *sp_activity_log_get_session (SpActivityLog *self);
/* Reads all of it, and goes on doing so until the vault is locked. */
void sp_activity_log_load_all (SpActivityLog *self);
SpLog *sp_activity_log_get_log (SpActivityLog *self);     /* (transfer none) (nullable) */
gboolean sp_activity_log_is_loaded (SpActivityLog *self); /* all of it */

/* The last time that all was verified; 0: not yet. What is wrong is in the faults, which may be more by now. */
gint64 sp_activity_log_get_verified_ms (SpActivityLog *self);
guint64 sp_activity_log_get_verified (SpActivityLog *self); /* number of the last entry */
const GArray *
sp_activity_log_peek_faults (SpActivityLog *self); /* (nullable) (element-type SpLogFault) */

/* What deserves a look, of the last 30 days. */
typedef enum {
  SP_ALARM_FAULTS = 1 << 0,        /* the log does not hold */
  SP_ALARM_FAILURES = 1 << 1,      /* many failed unlocks within an hour */
  SP_ALARM_UNUSUAL_HOUR = 1 << 2,  /* an unlock at an hour at which there was none before */
  SP_ALARM_MANY_REVEALED = 1 << 3, /* many items were looked at or copied within minutes */
  SP_ALARM_EXPORTED = 1 << 4,      /* items were exported */
} SpAlarms;

/* Those that entries after the number `after` are a reason for; but for failed unlocks, not those of this session, whose user
 * knows. Hours are those of this machine's time zone. */
SpAlarms sp_activity_log_find_alarms (SpActivityLog *self, guint64 after);

/* Hands kind and time of what happens from now on to the system journal, and nothing else of it. */
void sp_activity_log_set_forward (SpActivityLog *self, gboolean forward);

/* Asks for the password, writes the entries of these numbers into a file of mode 0600, and logs that. */
void sp_activity_log_export_async (SpActivityLog *self,
                                   const SpSecret *password,
                                   GFile *file,
                                   gboolean json,
                                   const GArray *numbers,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean sp_activity_log_export_finish (SpActivityLog *self, GAsyncResult *result, GError **error);

G_END_DECLS
