/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Uses a program as a person does, and looks at its window: presses keys (XTest), and hears from the X server what was
 * painted and when (XDamage). The program knows nothing of it. One command a line on standard input, one JSON object a
 * line on standard output; times in milliseconds.
 *
 *   area X Y                          from here on, only what is painted right of and below X, Y of the window counts
 *   start LOG PROGRAM [ARGUMENT...]   its first frame: {"pid", "mapped", "painted"}; what it prints goes to LOG
 *   chord MODIFIER NAME               a key while another is held down, by their X names
 *   key TEXT                          presses these keys, one after the other as fast as it goes
 *   press NAME [QUIET [LIMIT]]        one key, by its X name, and what it makes the program paint until nothing has been
 *                                     painted for so long (ms): {"first", "last", "events"}, -1 if nothing was
 *   rest QUIET                        waits until nothing has been painted for so long
 *   stop                              ends the program
 */

#define G_LOG_DOMAIN "bench-screen"

#include "config.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <glib.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <X11/extensions/Xdamage.h>
#include <X11/extensions/XTest.h>
#include <X11/keysym.h>
#include <X11/XKBlib.h>
#include <X11/Xlib.h>
#include <X11/Xutil.h>

#define START_LIMIT_MS 30000.0
#define PAINT_LIMIT_MS 5000.0 /* nothing is waited for longer, unless it is said */
#define N_PROBES       120 /* lines of a window that are looked at for something other than one colour */

typedef struct {
  Display *display;
  Window root;
  int damage_event;
  int area_x, area_y;
  pid_t pid;
  Window window; /* the program's, as soon as it is mapped */
  double mapped; /* when that was; else 0 */
  gboolean (*painted_func) (gpointer self, const XDamageNotifyEvent *event);
  double first, last; /* of what was painted; else 0 */
  guint n_events;
} Bench;

static double
get_now (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

/* Windows come and go; asking for one that is gone is no fault. */
static int
ignore_error (Display *display, XErrorEvent *event)
{
  return 0;
}

/* ---- what is painted -------------------------------------------------------------------------------- */

static gboolean
is_in_area (gpointer data, const XDamageNotifyEvent *event)
{
  Bench *self = data;

  return event->drawable == self->window &&
         event->area.x + (int) event->area.width > self->area_x &&
         event->area.y + (int) event->area.height > self->area_y;
}

/* A window that was just mapped may have been filled with its background; a frame has more in it than one colour. */
static gboolean
has_content (gpointer data, const XDamageNotifyEvent *event)
{
  Bench *self = data;
  XWindowAttributes attributes;
  gboolean differs = FALSE;

  if (self->mapped <= 0 || event->drawable != self->window ||
      !XGetWindowAttributes (self->display, self->window, &attributes) ||
      attributes.map_state != IsViewable)
    return FALSE;
  for (int i = 1; i < N_PROBES && !differs; i++) {
    XImage *image = XGetImage (self->display, self->window, attributes.width / 4,
                               attributes.height * i / N_PROBES, (guint) attributes.width / 2, 1,
                               AllPlanes, ZPixmap);

    /* It reaches out of the screen by its shadow. */
    if (image == NULL)
      continue;
    for (int x = 1; x < image->width && !differs; x++)
      differs = XGetPixel (image, x, 0) != XGetPixel (image, 0, 0);
    XDestroyImage (image);
  }
  return differs;
}

static void
handle_event (Bench *self, XEvent *event)
{
  double now = get_now ();

  if (event->type == CreateNotify && event->xcreatewindow.parent == self->root) {
    XDamageCreate (self->display, event->xcreatewindow.window, XDamageReportRawRectangles);
    XSelectInput (self->display, event->xcreatewindow.window, StructureNotifyMask);
  } else if (event->type == MapNotify && self->pid != 0 && self->mapped <= 0 &&
             event->xmap.event == event->xmap.window && event->xmap.window != self->root) {
    XWindowAttributes attributes;

    /* Neither the window manager's frame nor one of the toolkit's helpers, which are tiny. */
    if (XGetWindowAttributes (self->display, event->xmap.window, &attributes) &&
        attributes.width > 100 && !attributes.override_redirect) {
      self->window = event->xmap.window;
      self->mapped = now;
    }
  } else if (event->type == self->damage_event) {
    const XDamageNotifyEvent *damage = (const XDamageNotifyEvent *) event;

    if (!self->painted_func (self, damage))
      return;
    if (self->n_events++ == 0)
      self->first = now;
    self->last = now;
  }
}

static void
handle_pending (Bench *self)
{
  while (XPending (self->display) > 0) {
    XEvent event;

    XNextEvent (self->display, &event);
    handle_event (self, &event);
  }
}

/* For so long, or until the first event. */
static void
wait_for_events (Bench *self, double ms)
{
  struct pollfd fd = { .fd = ConnectionNumber (self->display), .events = POLLIN };

  if (XPending (self->display) == 0 && ms > 0)
    (void) poll (&fd, 1, (int) ms + 1);
  handle_pending (self);
}

static void
begin_watching (Bench *self, gboolean (*painted_func) (gpointer, const XDamageNotifyEvent *))
{
  XSync (self->display, False);
  handle_pending (self);
  self->painted_func = painted_func;
  self->first = self->last = 0;
  self->n_events = 0;
}

/* Until something was painted, if `wanted`, and nothing has been since for `quiet` milliseconds. */
static void
watch (Bench *self, gboolean wanted, double quiet, double limit)
{
  double begin = get_now ();

  for (;;) {
    double now = get_now ();
    double since = self->n_events > 0 ? self->last : begin;

    if (now - begin > limit || ((self->n_events > 0 || !wanted) && now - since >= quiet))
      return;
    wait_for_events (self,
                     self->n_events > 0 || !wanted ? since + quiet - now : begin + limit - now);
  }
}

/* ---- keys ------------------------------------------------------------------------------------------- */

static gboolean
press (Bench *self, KeySym symbol)
{
  KeyCode code = XKeysymToKeycode (self->display, symbol);
  KeyCode shift = XKeysymToKeycode (self->display, XK_Shift_L);
  gboolean shifted;

  if (code == 0)
    return FALSE;
  shifted = XkbKeycodeToKeysym (self->display, code, 0, 0) != symbol;
  if (shifted)
    XTestFakeKeyEvent (self->display, shift, True, 0);
  XTestFakeKeyEvent (self->display, code, True, 0);
  XTestFakeKeyEvent (self->display, code, False, 0);
  if (shifted)
    XTestFakeKeyEvent (self->display, shift, False, 0);
  XFlush (self->display);
  return TRUE;
}

/* ---- commands --------------------------------------------------------------------------------------- */

static void answer (const char *format, ...) G_GNUC_PRINTF (1, 2);

static void
answer (const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  vprintf (format, arguments);
  va_end (arguments);
  putchar ('\n');
  fflush (stdout);
}

static void
fail (const char *what)
{
  answer ("{\"error\": \"%s\"}", what);
}

static void
start_command (Bench *self, char **words, guint n_words)
{
  double begin;

  if (n_words < 3 || self->pid != 0) {
    fail ("start LOG PROGRAM [ARGUMENT...]");
    return;
  }
  self->window = None;
  self->mapped = 0;
  begin_watching (self, has_content);
  begin = get_now ();
  self->pid = fork ();
  if (self->pid == 0) {
    int log = open (words[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    if (log < 0 || dup2 (log, STDOUT_FILENO) < 0 || dup2 (log, STDERR_FILENO) < 0)
      _exit (126);
    close (STDIN_FILENO);
    (void) open ("/dev/null", O_RDONLY);
    execvp (words[2], words + 2);
    _exit (127);
  }
  watch (self, TRUE, 0, START_LIMIT_MS);
  if (self->n_events == 0)
    fail ("it painted nothing");
  else
    answer ("{\"pid\": %d, \"mapped\": %.2f, \"painted\": %.2f}", self->pid, self->mapped - begin,
            self->first - begin);
}

static void
stop_command (Bench *self)
{
  if (self->pid > 0) {
    kill (self->pid, SIGTERM);
    while (waitpid (self->pid, NULL, 0) < 0)
      continue;
  }
  self->pid = 0;
  answer ("{}");
}

static void
key_command (Bench *self, const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    if (!press (self, (KeySym) (guchar) *c)) {
      fail ("a character without a key");
      return;
    }
  answer ("{}");
}

static void
chord_command (Bench *self, const char *modifier, const char *name)
{
  KeyCode held = XKeysymToKeycode (self->display, XStringToKeysym (modifier));

  XTestFakeKeyEvent (self->display, held, True, 0);
  if (!press (self, XStringToKeysym (name)))
    fail ("chord MODIFIER NAME");
  else
    answer ("{}");
  XTestFakeKeyEvent (self->display, held, False, 0);
  XFlush (self->display);
}

static void
press_command (Bench *self, char **words, guint n_words)
{
  KeySym symbol = n_words > 1 ? XStringToKeysym (words[1]) : NoSymbol;
  double quiet = n_words > 2 ? g_ascii_strtod (words[2], NULL) : 150;
  double limit = n_words > 3 ? g_ascii_strtod (words[3], NULL) : PAINT_LIMIT_MS;
  double begin;

  begin_watching (self, is_in_area);
  begin = get_now ();
  if (!press (self, symbol)) {
    fail ("press NAME [QUIET [LIMIT]]");
    return;
  }
  watch (self, TRUE, quiet, limit);
  answer ("{\"first\": %.2f, \"last\": %.2f, \"events\": %u}",
          self->n_events > 0 ? self->first - begin : -1,
          self->n_events > 0 ? self->last - begin : -1, self->n_events);
}

static void
rest_command (Bench *self, double quiet)
{
  begin_watching (self, is_in_area);
  watch (self, FALSE, quiet, PAINT_LIMIT_MS);
  answer ("{}");
}

static void
run_command (Bench *self, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  guint n_words = g_strv_length (words);

  if (n_words == 3 && g_str_equal (words[0], "area")) {
    self->area_x = (int) g_ascii_strtoll (words[1], NULL, 10);
    self->area_y = (int) g_ascii_strtoll (words[2], NULL, 10);
    answer ("{}");
  } else if (g_str_has_prefix (line, "key ")) {
    key_command (self, line + strlen ("key "));
  } else if (n_words > 0 && g_str_equal (words[0], "start")) {
    start_command (self, words, n_words);
  } else if (n_words > 1 && g_str_equal (words[0], "press")) {
    press_command (self, words, n_words);
  } else if (n_words == 3 && g_str_equal (words[0], "chord")) {
    chord_command (self, words[1], words[2]);
  } else if (n_words == 2 && g_str_equal (words[0], "rest")) {
    rest_command (self, g_ascii_strtod (words[1], NULL));
  } else if (g_str_equal (line, "stop")) {
    stop_command (self);
  } else {
    fail ("no such command");
  }
}

int
main (void)
{
  Bench self = { .painted_func = is_in_area };
  int error_base;
  char line[4096];

  self.display = XOpenDisplay (NULL);
  if (self.display == NULL ||
      !XDamageQueryExtension (self.display, &self.damage_event, &error_base)) {
    fprintf (stderr, "no display, or one that does not tell what is painted\n");
    return 1;
  }
  self.damage_event += XDamageNotify;
  self.root = DefaultRootWindow (self.display);
  XSetErrorHandler (ignore_error);
  XSelectInput (self.display, self.root, SubstructureNotifyMask);
  /* Out of the way: over the edge of a list the pointer has its scroll bar shown, and faded for a second. */
  XTestFakeMotionEvent (self.display, DefaultScreen (self.display), 0, 0, 0);
  XFlush (self.display);
  while (fgets (line, sizeof line, stdin) != NULL) {
    line[strcspn (line, "\n")] = '\0';
    run_command (&self, line);
  }
  if (self.pid > 0)
    kill (self.pid, SIGTERM);
  XCloseDisplay (self.display);
  return 0;
}
