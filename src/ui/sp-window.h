/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpWindow: the application's window; one page per state: welcome, create, unlock, browser.
 *
 * Actions for everything inside it (their keys are in app/sp-application.c):
 *   win.page (s)       "welcome", "create" or "unlock"; only while locked
 *   win.open-vault     asks for a vault file
 *   win.lock, win.search, win.new-item (s: a type's name), win.edit-item
 *   win.trash-item     what is selected; from the trash, for good, after a question
 *   win.empty-trash, win.undo, win.undo-change (u: which change)
 *   win.copy (s)       "password", "username", "otp" of the item that is shown
 *   win.activity, win.item-activity   the activity log, of all or of the item that is shown
 *   win.generator      the generator on its own
 *   win.history        the earlier versions of the item that is shown
 *   win.large-type     the password of the item that is shown, in large type
 *   win.undo-version (tt)  takes back the last change of the item of that number, if it has that revision still
 *   win.copy-selected  the text that is marked, else the password of the item that is shown
 *   win.tag-items      asks for the tags of what is selected
 *   win.main-menu      opens it, whichever pane is shown
 *   win.next-pane, win.previous-pane
 *   win.back           one pane to the left
 *   win.import         opens the assistant; while locked, a vault is made first
 *   win.export         all of the vault
 *   win.undo-import    takes the last import back
 *   win.quick-unlock, win.change-password, win.rename-vault, win.check-vault, win.delete-vault   a dialog for each
 *   win.show-problems  what opening found wrong with the vault
 *   win.preferences    opens them
 *   win.recover        for a forgotten password; only while locked
 *   win.key-slots      what opens the vault
 *   win.recovery-key   makes one; win.first-recovery-key is for a vault that was just made
 *   win.open-recent (ay: a path), win.forget-recent (ay), win.other-vault (locks, and shows which there are) */

#pragma once

#include <adwaita.h>

#include "services/sp-session.h"
#include "services/sp-settings.h"
#include "ui/sp-clipboard.h"

G_BEGIN_DECLS

#define SP_TYPE_WINDOW (sp_window_get_type ())
G_DECLARE_FINAL_TYPE (SpWindow, sp_window, SP, WINDOW, AdwApplicationWindow)

SpWindow *sp_window_new (GtkApplication *application,
                         SpSession *session,
                         SpClipboard *clipboard,
                         SpSettings *settings) G_GNUC_WARN_UNUSED_RESULT;

/* Whether nothing would be left undone; if not, asks, and closes the window again after the answer. */
gboolean sp_window_may_close (SpWindow *self);

/* Tells something in passing, in the window that `widget` is in. */
void sp_window_toast (GtkWidget *widget, const char *text);
void sp_window_toast_error (GtkWidget *widget, const GError *error); /* silent for CANCELLED */
/* The same of what happened unseen: it stays until it is dismissed. */
void sp_window_toast_until_seen (GtkWidget *widget, const char *text);
/* The same with a button; `action` is one of the window's or the widget's, `target` (nullable) is taken if floating. */
void sp_window_toast_action (GtkWidget *widget,
                             const char *text,
                             const char *button,
                             const char *action,
                             GVariant *target);
/* While there is a bar at the lower end of the window, toasts are above it. */
void sp_window_lift_toasts (GtkWidget *widget, gboolean lifted);
/* Tells of a change that made a new version of an item, with a button that takes it back. */
void sp_window_toast_undo_version (GtkWidget *widget,
                                   SpSession *session,
                                   guint64 number,
                                   const char *text);

G_END_DECLS
