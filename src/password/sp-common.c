/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Common passwords that the dictionary of zxcvbn does not know.
 *
 * The dictionary has the tens of thousands of short ones, and SpStrength says when all of a
 * password is one of its words. But a master password has twelve characters at least, or twenty:
 * what people take then are keyboard rows, doubled words, and phrases that everybody knows, which
 * zxcvbn rates as several words chosen by chance. This list, our own, has those.
 *
 * Both sides are compared in a skeleton: lower case, look-alikes made one (0 and o, 1 and l and i,
 * $ and s ...), nothing but letters and digits; and once more without digits and punctuation at the
 * end, so that "Correct-Horse-Battery-Staple1!" is caught too. */

#define G_LOG_DOMAIN "sp-common"

#include "config.h"

#include "password/sp-common-private.h"

#include <string.h>

#include "base/sp-wipe.h"
#include "password/sp-strength-fold-private.h"

#define MAX_SKELETON_LEN 64

static const char *const phrases[] = {
  "1q2w3e4r5t6y",
  "1q2w3e4r5t6y7u8i9o0p",
  "1qaz2wsx3edc",
  "1qaz2wsx3edc4rfv",
  "1qaz2wsx3edc4rfv5tgb",
  "abcdefghijklmnopqrstuvwxyz",
  "adminadminadmin",
  "administrator",
  "administratorpassword",
  "allyourbasearebelongtous",
  "areyoukiddingme",
  "asdfghjklasdfghjkl",
  "azertyuiopqsdfghjklm",
  "azertyuiopqsdfghjklmwxcvbn",
  "changemechangeme",
  "changemeplease",
  "changethispassword",
  "correcthorsebatterystaple",
  "donotusethispassword",
  "enterpassword",
  "followthewhiterabbit",
  "forgodsolovedtheworld",
  "friendsromanscountrymenlendmeyourears",
  "gameofthrones",
  "harrypotterandthephilosophersstone",
  "hellodarknessmyoldfriend",
  "houstonwehaveaproblem",
  "idontknowmypassword",
  "iforgotmypassword",
  "illbebackillbeback",
  "iloveyouforever",
  "iloveyouiloveyou",
  "iloveyousomuch",
  "iloveyoutothemoonandback",
  "incorrectpassword",
  "inthebeginninggodcreatedtheheavensandtheearth",
  "itwasthebestoftimesitwastheworstoftimes",
  "jesusismylord",
  "jesuslovesme",
  "justdoitjustdoit",
  "letmeinletmein",
  "letmeinpassword",
  "letmeinplease",
  "letmeinrightnow",
  "liveandletdie",
  "livelongandprosper",
  "liverpoolfootballclub",
  "manchesterunited",
  "masterpassword",
  "maytheforcebewithyou",
  "mylittlepony",
  "mymasterpassword",
  "mynewpassword",
  "mypasswordispassword",
  "mypasswordissecret",
  "mysecretpassword",
  "mysecurepassword",
  "mystrongpassword",
  "mysuperpassword",
  "nevergonnagiveyouup",
  "nevergonnagiveyouupnevergonnaletyoudown",
  "onceuponatime",
  "onceuponatimeinamerica",
  "oneringtorulethemall",
  "opensesameopensesame",
  "openthedoorplease",
  "ourfatherwhoartinheaven",
  "passwordmanager",
  "passwordpassword",
  "passwordpasswordpassword",
  "pleaseletmein",
  "poiuytrewqlkjhgfdsa",
  "qazwsxedcrfv",
  "qazwsxedcrfvtgb",
  "qazwsxedcrfvtgbyhnujm",
  "qwertyqwerty",
  "qwertyuiopasdfghjkl",
  "qwertyuiopasdfghjklzxcvbnm",
  "qwertzuiopasdfghjkl",
  "qwertzuiopasdfghjklyxcvbnm",
  "rosesareredvioletsareblue",
  "securepassmasterpassword",
  "securepassvault",
  "securepassword",
  "showmethemoney",
  "somewhereovertherainbow",
  "stairwaytoheaven",
  "starwarsanewhope",
  "strongpassword",
  "supercalifragilisticexpialidocious",
  "supersecretpassword",
  "thelordismyshepherd",
  "thequickbrownfox",
  "thequickbrownfoxjumpsoverthelazydog",
  "thereisnospoon",
  "theresnoplacelikehome",
  "thisisapassword",
  "thisismymasterpassword",
  "thisismypassword",
  "thisisnotapassword",
  "thisisthepassword",
  "tobeornottobe",
  "tobeornottobethatisthequestion",
  "trustno1trustno1",
  "twinkletwinklelittlestar",
  "welcometothejungle",
  "whatisthepassword",
  "whatsmypassword",
  "winteriscoming",
  "withgreatpowercomesgreatresponsibility",
  "youshallnotpass",
  "zaq12wsxcde3",
  "zaq12wsxcde34rfv",
  "zxcvbnmasdfghjkl",
  "zxcvbnmasdfghjklqwertyuiop",
};

/* What a character is in a skeleton; 0 if nothing. */
static char
reduce (char c)
{
  switch (c) {
  case '0':
    return 'o';
  case '1':
  case '!':
  case '|':
    return 'i';
  case '3':
    return 'e';
  case '4':
  case '@':
    return 'a';
  case '5':
  case '$':
    return 's';
  case '7':
  case '+':
    return 't';
  default:
    break;
  }
  if (!g_ascii_isalnum (c))
    return 0;
  return g_ascii_tolower (c) == 'l' ? 'i' : g_ascii_tolower (c);
}

/* Returns the length, or 0 when the skeleton is longer than any of the list. */
static gsize
make_skeleton (const char *text, gsize len, char out_skeleton[static MAX_SKELETON_LEN])
{
  gsize skeleton_len = 0;

  for (gsize i = 0; i < len; i++) {
    char reduced = reduce (text[i]);

    if (reduced == 0)
      continue;
    if (skeleton_len == MAX_SKELETON_LEN)
      return 0;
    out_skeleton[skeleton_len++] = reduced;
  }
  return skeleton_len;
}

static gboolean
list_contains (const char *text, gsize len)
{
  char skeleton[MAX_SKELETON_LEN];
  gsize skeleton_len = make_skeleton (text, len, skeleton);
  gboolean found = FALSE;

  for (gsize i = 0; skeleton_len > 0 && i < G_N_ELEMENTS (phrases) && !found; i++) {
    char other[MAX_SKELETON_LEN];
    gsize other_len = make_skeleton (phrases[i], strlen (phrases[i]), other);

    found = other_len == skeleton_len &&
            sp_bytes_equal ((const guint8 *) other, (const guint8 *) skeleton, skeleton_len);
  }
  SP_WIPE_ARRAY (skeleton);
  return found;
}

/**
 * sp_common_contains:
 * @password: any bytes
 *
 * Looks whether a password is one of the common long ones, give or take capitals, look-alikes,
 * punctuation and what is hung on at the end.
 *
 * Returns: whether it is
 */
gboolean
sp_common_contains (const SpSecret *password)
{
  g_autoptr (SpSecretBuffer) folded = NULL;
  const char *text;
  gsize len, core;

  g_return_val_if_fail (password != NULL, FALSE);

  folded = sp_secret_buffer_new ();
  text = (const char *) sp_secret_peek (password, &len);
  if (sp_strength_fold (folded, text, len, 2 * MAX_SKELETON_LEN) > 0)
    return FALSE;

  len = sp_secret_buffer_get_length (folded);
  if (len == 0)
    return FALSE;
  text = (const char *) sp_secret_buffer_peek (folded);
  core = len;
  while (core > 0 && !g_ascii_isalpha (text[core - 1]))
    core--;
  return list_contains (text, len) || list_contains (text, core);
}
