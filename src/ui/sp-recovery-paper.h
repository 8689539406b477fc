/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The recovery sheet on paper: one page with the vault's name, the key, its QR code, how to use it and where to keep it. */

#pragma once

#include <gtk/gtk.h>

#include "base/sp-secret.h"

G_BEGIN_DECLS

typedef struct {
  char *vault; /* its name */
  char *name;  /* of the recovery key; may be empty */
  gint64 created_ms;
  gint64 expires_ms; /* 0: never */
  SpSecret *text;    /* the key, as it is written down */
} SpRecoveryPaper;

SpRecoveryPaper *sp_recovery_paper_copy (const SpRecoveryPaper *self) G_GNUC_WARN_UNUSED_RESULT;
void sp_recovery_paper_free (SpRecoveryPaper *self);

/* A page of PDF, in memory. */
SpSecret *sp_recovery_paper_make_pdf (const SpRecoveryPaper *self,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Asks for a printer, without the preview, which would write a file that everybody may read. `done` gets the error
 * (nullable) of the printing. */
typedef void (*SpRecoveryPaperDone) (const GError *error, gpointer user_data);

void sp_recovery_paper_print (const SpRecoveryPaper *self,
                              GtkWindow *parent,
                              SpRecoveryPaperDone done,
                              gpointer user_data,
                              GDestroyNotify free_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpRecoveryPaper, sp_recovery_paper_free)

G_END_DECLS
