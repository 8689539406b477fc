/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-recovery-code"

#include "config.h"

#include "ui/sp-recovery-code.h"

#include <qrencode.h>

#include "base/sp-wipe.h"

#define BORDER 4 /* modules, as the standard asks for */

struct _SpRecoveryCode {
  guint width; /* modules */
  SpSecret *modules;
};

SpRecoveryCode *
sp_recovery_code_new (const SpSecret *text)
{
  QRcode *code;
  SpRecoveryCode *self;
  gsize n;

  g_return_val_if_fail (text != NULL, NULL);

  code = QRcode_encodeString (sp_secret_peek_text (text), 0, QR_ECLEVEL_Q, QR_MODE_8, 1);
  if (code == NULL)
    return NULL;
  self = g_new0 (SpRecoveryCode, 1);
  self->width = (guint) code->width;
  n = (gsize) self->width * self->width;
  self->modules = sp_secret_new (code->data, n);
  sp_wipe (code->data, n);
  QRcode_free (code);
  return self;
}

void
sp_recovery_code_free (SpRecoveryCode *self)
{
  sp_secret_unref (self->modules);
  g_free (self);
}

void
sp_recovery_code_draw (const SpRecoveryCode *self, cairo_t *cr, double x, double y, double size)
{
  double step = size / (self->width + 2 * BORDER);
  const guint8 *module = sp_secret_peek (self->modules, NULL);

  cairo_save (cr);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_rectangle (cr, x, y, size, size);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, 0, 0, 0);
  /* Neighbours that are drawn apart would have lines between them. */
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_NONE);
  for (guint row = 0; row < self->width; row++)
    for (guint column = 0; column < self->width; column++, module++)
      if ((*module & 1) != 0)
        cairo_rectangle (cr, x + (column + BORDER) * step, y + (row + BORDER) * step, step, step);
  cairo_fill (cr);
  cairo_restore (cr);
}
