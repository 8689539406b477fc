/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What single cells mean. Every function here is total, and copies nothing but what fits on the stack. */

#define G_LOG_DOMAIN "sp-import-cell"

#include "config.h"

#include <string.h>

#include "base/sp-clock.h"
#include "formats/sp-import-private.h"

#define MAX_TIME_LEN       40
#define SECONDS_DIGITS     10 /* from 2001 to 2286 */
#define MILLISECOND_DIGITS 13

static gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

gboolean
sp_cell_is_blank (SpCsvCell cell)
{
  for (gsize i = 0; i < cell.len; i++) {
    if (!is_blank (cell.text[i]))
      return FALSE;
  }
  return TRUE;
}

/* In any case of ASCII letters. */
gboolean
sp_cell_equals (SpCsvCell cell, const char *text)
{
  return strlen (text) == cell.len && g_ascii_strncasecmp (cell.text, text, cell.len) == 0;
}

SpSecret *
sp_cell_to_secret (SpCsvCell cell)
{
  return sp_secret_new ((const guint8 *) cell.text, cell.len);
}

gboolean
sp_cell_to_bool (SpCsvCell cell, gboolean *out_value)
{
  static const char *const yes[] = { "1", "true", "yes", "y" };
  static const char *const no[] = { "0", "false", "no", "n" };

  for (gsize i = 0; i < G_N_ELEMENTS (yes); i++) {
    if (sp_cell_equals (cell, yes[i]) || sp_cell_equals (cell, no[i])) {
      *out_value = sp_cell_equals (cell, yes[i]);
      return TRUE;
    }
  }
  return FALSE;
}

/* A number of seconds or milliseconds since 1970, as databases export it. */
static gboolean
read_epoch (const char *text, gsize len, gint64 *out_ms)
{
  gint64 number;

  if ((len != SECONDS_DIGITS && len != MILLISECOND_DIGITS) || text[0] == '0' ||
      strspn (text, "0123456789") != len)
    return FALSE;

  number = g_ascii_strtoll (text, NULL, 10);
  *out_ms = len == SECONDS_DIGITS ? number * 1000 : number;
  return TRUE;
}

/* More digits than milliseconds have would be lost. */
static gboolean
is_too_fine (const char *text)
{
  const char *fraction = strpbrk (text, ".,");

  return fraction != NULL && strspn (fraction + 1, "0123456789") > 3;
}

/* FALSE for what is no moment, or one that we could not write again: it is kept as text then. */
gboolean
sp_cell_to_time (SpCsvCell cell, gint64 *out_ms)
{
  char text[MAX_TIME_LEN + 1];
  gint64 ms = 0;
  gboolean good;

  if (cell.len == 0 || cell.len > MAX_TIME_LEN)
    return FALSE;
  memcpy (text, cell.text, cell.len);
  text[cell.len] = '\0';

  good = read_epoch (text, cell.len, &ms) ||
         (!is_too_fine (text) && sp_time_from_iso8601 (text, &ms));
  if (good && ms > 0)
    *out_ms = ms;
  return good && ms > 0;
}

/* Without its line end; an empty rest has no line. */
gboolean
sp_cell_next_line (SpCsvCell *rest, SpCsvCell *out_line)
{
  const char *end;

  if (rest->text == NULL)
    return FALSE;

  end = rest->len > 0 ? memchr (rest->text, '\n', rest->len) : NULL;
  if (end == NULL) {
    *out_line = *rest;
    *rest = (SpCsvCell){ NULL, 0 };
    return TRUE;
  }
  *out_line = (SpCsvCell){ rest->text, (gsize) (end - rest->text) };
  *rest = (SpCsvCell){ end + 1, rest->len - out_line->len - 1 };
  if (out_line->len > 0 && out_line->text[out_line->len - 1] == '\r')
    out_line->len--;
  return TRUE;
}

/* Does a scheme like "https://" or "androidapp://" stand here? */
static gboolean
begins_with_scheme (const char *text, gsize len)
{
  gsize i = 0;

  while (i < len &&
         (g_ascii_isalnum (text[i]) || text[i] == '+' || text[i] == '-' || text[i] == '.'))
    i++;
  return i > 0 && g_ascii_isalpha (text[0]) && i + 3 <= len && memcmp (text + i, "://", 3) == 0;
}

/* A host alone: dots, no path, and a last label of letters. */
static gboolean
is_bare_host (const char *text, gsize len)
{
  gsize last_dot = 0;

  for (gsize i = 0; i < len; i++) {
    if (text[i] == '.')
      last_dot = i;
    else if (!g_ascii_isalnum (text[i]) && text[i] != '-')
      return FALSE;
  }
  if (last_dot == 0 || len - last_dot < 3)
    return FALSE;
  for (gsize i = last_dot + 1; i < len; i++) {
    if (!g_ascii_isalpha (text[i]))
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_url_separator (char c)
{
  return c == ',' || c == ';' || c == '|' || is_blank (c);
}

/* May the URL that begins at `text` end before the separator at `position`? Commas are legal in URLs, so only
 * if what follows begins like a URL. */
static gboolean
ends_url (const char *text, gsize position, gsize len, gboolean bare_hosts)
{
  gsize next = position;
  gsize end;

  while (next < len && is_url_separator (text[next]))
    next++;
  if (next == len || begins_with_scheme (text + next, len - next))
    return TRUE;
  if (text[position] == '\n' || text[position] == '\r')
    return TRUE;
  if (!bare_hosts || text[position] != ',')
    return FALSE;

  for (end = next; end < len && !is_url_separator (text[end]);)
    end++;
  return is_bare_host (text + next, end - next) && memchr (text, '?', position) == NULL;
}

/* One URL of a cell that may hold several: on lines of their own, or parted by commas, semicolons, bars or
 * blanks before the next scheme. A cell with one URL comes back as it is. */
gboolean
sp_cell_next_url (SpCsvCell *rest, gboolean bare_hosts, SpCsvCell *out_url)
{
  gsize end = 0;
  gsize next;

  if (rest->len == 0)
    return FALSE;

  while (end < rest->len && !(is_url_separator (rest->text[end]) && end > 0 &&
                              ends_url (rest->text, end, rest->len, bare_hosts)))
    end++;
  next = end;
  while (next < rest->len && is_url_separator (rest->text[next]))
    next++;

  /* Nothing but separators behind it: they belong to no other URL, and so to this one. */
  if (next == rest->len)
    end = rest->len;
  *out_url = (SpCsvCell){ rest->text, end };
  *rest = (SpCsvCell){ rest->text + MIN (next, rest->len), rest->len - next };
  return TRUE;
}

/* Tags are parted by semicolons, else by commas; blanks around them do not count. */
gboolean
sp_cell_next_tag (SpCsvCell *rest, SpCsvCell *out_tag)
{
  while (rest->len > 0) {
    gsize end = 0;
    gsize taken;

    while (end < rest->len && rest->text[end] != ';' && rest->text[end] != ',' &&
           rest->text[end] != '\n')
      end++;
    *out_tag = (SpCsvCell){ rest->text, end };
    taken = MIN (end + 1, rest->len);
    *rest = (SpCsvCell){ rest->text + taken, rest->len - taken };

    while (out_tag->len > 0 && is_blank (out_tag->text[out_tag->len - 1]))
      out_tag->len--;
    while (out_tag->len > 0 && is_blank (out_tag->text[0])) {
      out_tag->text++;
      out_tag->len--;
    }
    if (out_tag->len > 0)
      return TRUE;
  }
  return FALSE;
}
