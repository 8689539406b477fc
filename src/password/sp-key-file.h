/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Key files (VAULT-FORMAT.md §4.5): 32 bytes in a file that stand beside the master password. Our own are a short
 * text with a checksum; KeePass's kinds are read too (XML of version 1 and 2, 32 bytes, 64 hexadecimal digits),
 * and any other file counts by its hash, as there. */

#pragma once

#include <glib.h>

#include "base/sp-secret.h"

G_BEGIN_DECLS

#define SP_KEY_FILE_KEY_LEN 32
#define SP_KEY_FILE_MAX_LEN (1024 * 1024) /* of a file */

SpSecret *sp_key_file_new (GError **error) G_GNUC_WARN_UNUSED_RESULT; /* a new key, 32 bytes */
/* The content of the file that has it. */
SpSecret *sp_key_file_format (const SpSecret *key, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The key that a file with that content has, 32 bytes. SP_PASSWORD_ERROR_KEY_FILE for one that is empty or too
 * large, or is a key file by its beginning and does not hold. */
SpSecret *sp_key_file_parse (const SpSecret *content, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
