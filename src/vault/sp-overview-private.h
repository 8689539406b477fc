/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Steps over bytes that sp_overview_check() accepted. They check nothing. */

#pragma once

#include "vault/sp-overview.h"

G_BEGIN_DECLS

static inline guint64
sp_overview_next_varint (const guint8 **at)
{
  guint64 value = 0;
  guint shift = 0;
  guint8 byte;

  do {
    byte = *(*at)++;
    value |= (guint64) (byte & 0x7f) << shift;
    shift += 7;
  } while ((byte & 0x80) != 0);
  return value;
}

static inline const char *
sp_overview_next_string (const guint8 **at, gsize *out_len)
{
  const char *text;

  *out_len = (gsize) sp_overview_next_varint (at);
  text = (const char *) *at;
  *at += *out_len + 1;
  return text;
}

G_END_DECLS
