/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files of the window share. */

#pragma once

#include "services/sp-activity-log.h"
#include "ui/sp-browser.h"
#include "ui/sp-recent-vaults.h"
#include "ui/sp-window.h"

G_BEGIN_DECLS

struct _SpWindow {
  AdwApplicationWindow parent_instance;

  SpSession *session;      /* (owned) */
  SpClipboard *clipboard;  /* (owned) */
  SpSettings *settings;    /* (owned) */
  SpRecentVaults *recent;  /* (owned) (nullable) after dispose */
  GPtrArray *generated;    /* (element-type SpSecret) (owned) since the vault was opened */
  SpActivityLog *activity; /* (owned) (nullable) after dispose */
  gboolean alarms_told;    /* since the vault was opened */
  gboolean import_wanted;  /* once the vault that is being made is open */

  SpBrowser *browser; /* (nullable) until ensure_browser() */
  guint prepare_id;   /* idle source */
  guint refocus_id;   /* idle source */
  GtkStack *pages;
  gboolean was_open;    /* so that there is something to tell of a lock */
  gboolean may_lose;    /* edits that could not be written, when it is closed */
  AdwToast *offer;      /* (nullable) weak; the last one with a button */
  AdwToast *lock_toast; /* (nullable) weak */
  GPtrArray *told;      /* (element-type AdwToast) (owned) the toasts that are shown, or wait */
  AdwToastOverlay *toasts;
};

/* sp-window.c */
void sp_window_show_page (SpWindow *self, const char *name); /* "welcome", "create" or "unlock" */

/* sp-window-toasts.c */
void sp_window_drop_toasts (SpWindow *self);
void sp_window_tell_of_lock (SpWindow *self);

/* sp-window-actions.c: what keys and menus do */
void sp_window_install_actions (GtkWidgetClass *widget_class);
void sp_window_update_actions (SpWindow *self); /* which of them there are */

/* sp-window-activity.c */
void sp_window_watch_activity (SpWindow *self);
void sp_window_show_activity (SpWindow *self,
                              gboolean of_item); /* of all, or the one that is shown */

G_END_DECLS
