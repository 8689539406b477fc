/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A path as people write it. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *sp_dup_shown_path (const char *path) G_GNUC_WARN_UNUSED_RESULT;
/* A vault file of which there is none yet: `stem`, a file name, if need be with a number. */
char *sp_dup_free_path (const char *folder, const char *stem) G_GNUC_WARN_UNUSED_RESULT;
/* The same beside `path`; `suffix`, of ASCII, follows its name. */
char *sp_dup_free_path_beside (const char *path, const char *suffix) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
