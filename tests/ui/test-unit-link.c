/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is opened for a value, and what is not. */

#include "ui/sp-link.h"

#include "common/sp-test.h"

typedef struct {
  SpFieldKind kind;
  const char *value;
  const char *link; /* NULL: none */
} Case;

static const Case cases[] = {
  { SP_FIELD_URL, "https://example.org/a?b=c#d", "https://example.org/a?b=c#d" },
  { SP_FIELD_URL, "HTTP://example.org", "HTTP://example.org" },
  { SP_FIELD_URL, "example.org", "https://example.org" },
  { SP_FIELD_URL, "localhost:8080/x", "https://localhost:8080/x" },
  { SP_FIELD_URL, "mailto:a@example.org", "mailto:a@example.org" },
  { SP_FIELD_URL, "tel:+431", "tel:+431" },
  { SP_FIELD_URL, "mailto:a@example.org?Attach=/etc/passwd", NULL },
  { SP_FIELD_URL, "file:///etc/passwd", NULL },
  { SP_FIELD_URL, "FILE:///etc/passwd", NULL },
  { SP_FIELD_URL, "javascript:alert(1)", NULL },
  { SP_FIELD_URL, "data:text/html,x", NULL },
  { SP_FIELD_URL, "ssh://-oProxyCommand=x", NULL },
  { SP_FIELD_URL, "smb://host/share", NULL },
  { SP_FIELD_URL, "/etc/passwd", NULL },
  { SP_FIELD_URL, "-x", NULL },
  { SP_FIELD_URL, "https://example.org/ file:///etc/passwd", NULL },
  { SP_FIELD_URL, "https://example.org/\n", NULL },
  { SP_FIELD_URL, "https://example.org/\xe2\x80\xae", NULL }, /* right-to-left override */
  { SP_FIELD_URL, "https://example.org/\xc5\x9e", "https://example.org/\xc5\x9e" },
  { SP_FIELD_URL, "", NULL },
  { SP_FIELD_EMAIL, "a@example.org", "mailto:a@example.org" },
  { SP_FIELD_EMAIL, "a@example.org?cc=b@example.org", NULL },
  { SP_FIELD_EMAIL, "file:a@b", NULL },
  { SP_FIELD_EMAIL, "nobody", NULL },
  { SP_FIELD_EMAIL, "@", NULL },
  { SP_FIELD_PHONE, "+43 (1) 234-56", "tel:+43123456" },
  { SP_FIELD_PHONE, "12+3", NULL },
  { SP_FIELD_PHONE, "call me", NULL },
  { SP_FIELD_PHONE, "()", NULL },
  { SP_FIELD_TEXT, "https://example.org", NULL },
  { SP_FIELD_HIDDEN, "https://example.org", NULL },
};

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (SpSecret) value = sp_secret_new_text (cases[i].value);
    g_autoptr (SpSecret) link = sp_link_new (cases[i].kind, value);

    g_assert_cmpstr (link != NULL ? sp_secret_peek_text (link) : NULL, ==, cases[i].link);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/link/cases", test_cases);
  return g_test_run ();
}
