/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What can go wrong with a vault, each code something a caller acts on. Messages are whole sentences
 * that say what happened and what is safe; they never carry a secret, a title or a user name. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SP_VAULT_ERROR (sp_vault_error_quark ())
GQuark sp_vault_error_quark (void);

typedef enum {
  SP_VAULT_ERROR_WRONG_KEY,    /* no key slot opens with what was given */
  SP_VAULT_ERROR_DAMAGED,      /* a record, a slot or the file does not hold */
  SP_VAULT_ERROR_NOT_A_VAULT,  /* another kind of file */
  SP_VAULT_ERROR_NEWER_FORMAT, /* made by a later version */
  SP_VAULT_ERROR_KDF_LIMITS,   /* a slot asks for a KDF below the floor or above the cap */
  SP_VAULT_ERROR_READ_ONLY,    /* opened read-only, by wish or because it does not verify */
  SP_VAULT_ERROR_CONFLICT,     /* the item was changed by someone else in the meantime */
  SP_VAULT_ERROR_NOT_FOUND,    /* no such file, item, slot, version, attachment */
  SP_VAULT_ERROR_EXISTS,       /* a file is there already */
  SP_VAULT_ERROR_IO,           /* reading or writing failed */
  SP_VAULT_ERROR_NO_SPACE,     /* the disk is full */
  SP_VAULT_ERROR_BUSY,         /* another process is writing; nothing was changed */
  SP_VAULT_ERROR_PERMISSION,   /* the system does not allow it */
  SP_VAULT_ERROR_LOCATION,     /* a live vault cannot live there */
  SP_VAULT_ERROR_REPLACED,     /* the file under our feet is another one, or an older one: lock */
  SP_VAULT_ERROR_LOCKED_OUT,   /* too many failures; the message says how long to wait */
  SP_VAULT_ERROR_LAST_SLOT,    /* nothing would open the vault any more */
  SP_VAULT_ERROR_INVALID,      /* a value cannot be stored: too long, not UTF-8, ... */
  SP_VAULT_ERROR_CANCELLED,
  SP_VAULT_ERROR_KEY_FILE_NEEDED, /* the key slot asks for a key file too */
  SP_VAULT_ERROR_KEY_FILE_OTHER, /* it is not the key file that the slot asks for, or it asks for none */
  SP_VAULT_ERROR_DEVICE_KEY_NEEDED, /* the key slot asks for a device's key, which was not given */
  SP_VAULT_ERROR_DEVICE_KEY_OTHER,  /* the key of another device, or the slot asks for none */
  SP_VAULT_ERROR_EXPIRED,           /* the recovery key is right, and its time is over */
  SP_VAULT_ERROR_UNCERTAIN, /* the disk failed when all was written: it may be in the file, or not */
} SpVaultError;

/* What was given does not open this slot, and another one may be asked. */
gboolean sp_vault_error_is_wrong_secret (const GError *error);

G_END_DECLS
