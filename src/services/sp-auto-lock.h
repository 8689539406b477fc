/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpAutoLock: locks the session when nobody is there: after a time without input, with the screen, and before the
 * computer goes to sleep, as the settings say.
 *
 * Whoever sees input tells it by sp_auto_lock_touch(), which costs a look at the clock. While the vault is locked, or
 * nothing is to be waited for, there is no timer. What a bus cannot tell (there is none, or nobody on it who
 * knows) is not told, and nothing is said about it: the idle time still holds. */

#pragma once

#include "services/sp-session.h"
#include "services/sp-settings.h"

G_BEGIN_DECLS

#define SP_TYPE_AUTO_LOCK (sp_auto_lock_get_type ())
G_DECLARE_FINAL_TYPE (SpAutoLock, sp_auto_lock, SP, AUTO_LOCK, GObject)

/* `clock`: any that does not go back and does not stand still while the computer sleeps; NULL is the system's. */
SpAutoLock *sp_auto_lock_new (SpSession *session,
                              SpSettings *settings,
                              const SpClock *clock) G_GNUC_WARN_UNUSED_RESULT;

/* Where a screen saver, and where logind, is listened to. */
void sp_auto_lock_set_session_bus (SpAutoLock *self, GDBusConnection *bus);
void sp_auto_lock_set_system_bus (SpAutoLock *self, GDBusConnection *bus);

/* There was input. */
void sp_auto_lock_touch (SpAutoLock *self);
/* Locks if it is time, as the timer does. */
void sp_auto_lock_check (SpAutoLock *self);

G_END_DECLS
