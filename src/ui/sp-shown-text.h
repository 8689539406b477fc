/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Text as it is put into a label: what could not be seen, or would turn the text around it, is shown as a sign. */

#pragma once

#include "base/sp-secret.h"

G_BEGIN_DECLS

#define SP_SHOWN_TITLE_MAX 300 /* characters */

char *sp_dup_shown_text (const char *text, gsize max_chars) G_GNUC_WARN_UNUSED_RESULT;
void sp_shown_text_append (SpSecretBuffer *buffer, const char *text, gsize max_chars);

G_END_DECLS
