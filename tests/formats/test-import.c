/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Rows become items: each manager's columns, LastPass' typed notes, mappings, and cells that do not mean what
 * their column says. All contents are invented. */

#include "config.h"

#include "formats/sp-import.h"

#include <string.h>

#include "base/sp-clock.h"
#include "common/sp-test.h"

static SpImport *
open_text (const char *text, const SpImportOptions *options, GError **error)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (
      text, (gssize) strlen (text), NULL);

  return sp_import_open (stream, options, NULL, error);
}

static void
dump_field (GString *out, const SpField *field)
{
  if (field->name != NULL)
    g_string_append_printf (out, "%s=", field->name);
  else
    g_string_append_printf (out, "[%s/%s:%s]=", field->section != NULL ? field->section : "",
                            field->label, sp_field_kind_to_name (field->kind));
  g_string_append_printf (out, "%s\n", sp_secret_peek_text (field->value));
}

static void
dump_time (GString *out, const char *name, gint64 ms)
{
  g_autofree char *text = NULL;

  if (ms == 0)
    return;
  text = sp_time_to_iso8601 (ms);
  g_string_append_printf (out, "%s %s\n", name, text);
}

/* One thing a line: type and title, flags, times, tags, fields, notes. */
static void
dump_item (GString *out, const SpItem *item)
{
  g_string_append_printf (out, "%s “%s”\n", sp_item_type_get_info (item->type)->name, item->title);
  if (item->favourite)
    g_string_append (out, "favourite\n");
  if (item->archived)
    g_string_append (out, "archived\n");
  dump_time (out, "created", item->created_ms);
  dump_time (out, "modified", item->modified_ms);
  dump_time (out, "expires", item->expires_ms);
  for (guint i = 0; i < item->tags->len; i++)
    g_string_append_printf (out, "#%s\n", (const char *) g_ptr_array_index (item->tags, i));
  for (guint i = 0; i < item->fields->len; i++)
    dump_field (out, g_ptr_array_index (item->fields, i));
  if (!sp_secret_is_empty (item->notes))
    g_string_append_printf (out, "notes: %s\n", sp_secret_peek_text (item->notes));
}

static void
assert_imports_with (const char *text,
                     const SpImportOptions *options,
                     const char *format,
                     const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpImport) import = open_text (text, options, &error);
  g_autoptr (GString) got = g_string_new (NULL);
  SpItem *item;

  g_assert_no_error (error);
  g_assert_cmpstr (sp_import_get_format (import)->name, ==, format);
  while ((item = sp_import_next (import)) != NULL) {
    dump_item (got, item);
    sp_item_free (item);
  }
  g_assert_cmpstr (got->str, ==, expected);
}

static void
assert_imports (const char *text, const char *format, const char *expected)
{
  assert_imports_with (text, NULL, format, expected);
}

static void
test_chrome (void)
{
  assert_imports ("name,url,username,password,note\n"
                  "Shop,https://shop.example/,ann, p w ,Say hi\n"
                  ",https://www.host.example:8443/x,ben,pw2,\n"
                  ",android://key@com.example.app/,cy,pw3,\n"
                  ",,dora,pw4,\n"
                  ",,,pw5,\n",
                  "chrome",
                  "login “Shop”\nusername=ann\npassword= p w \nurl=https://shop.example/\n"
                  "notes: Say hi\n"
                  "login “www.host.example:8443”\nusername=ben\npassword=pw2\n"
                  "url=https://www.host.example:8443/x\n"
                  "login “com.example.app”\nusername=cy\npassword=pw3\n"
                  "url=android://key@com.example.app/\n"
                  "login “Untitled (dora)”\nusername=dora\npassword=pw4\n"
                  "login “Untitled”\npassword=pw5\n");
}

static void
test_named_alike (void)
{
  SpImportOptions options = { .format = "Edge" };

  assert_imports_with ("name,url,username,password\nA,,b,c\n", &options, "edge",
                       "login “A”\nusername=b\npassword=c\n");
}

static void
test_firefox (void)
{
  assert_imports ("\"url\",\"username\",\"password\",\"httpRealm\",\"formActionOrigin\",\"guid\","
                  "\"timeCreated\",\"timeLastUsed\",\"timePasswordChanged\"\n"
                  "\"https://a.example\",\"ann\",\"pw\",\"Realm\",\"\",\"{1-2}\",\"1700000000000\","
                  "\"1700000000000\",\"1700000000001\"\n",
                  "firefox",
                  "login “a.example”\ncreated 2023-11-14T22:13:20Z\n"
                  "modified 2023-11-14T22:13:20.001Z\n"
                  "username=ann\npassword=pw\nurl=https://a.example\n"
                  "[Firefox/httpRealm:text]=Realm\n[Firefox/guid:text]={1-2}\n"
                  "[Firefox/timeLastUsed:text]=1700000000000\n");
}

static void
test_safari (void)
{
  assert_imports ("Title,URL,Username,Password,Notes,OTPAuth\n"
                  "A,https://a.example,ann,pw,note,otpauth://totp/a?secret=JBSWY3DPEHPK3PXP\n",
                  "safari",
                  "login “A”\nusername=ann\npassword=pw\nurl=https://a.example\n"
                  "otp=otpauth://totp/a?secret=JBSWY3DPEHPK3PXP\nnotes: note\n");
}

static void
test_bitwarden (void)
{
  assert_imports (
      "folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,"
      "login_totp\n"
      "Work/Web,1,login,A,,\"Colour: red: dark\nRecovery token: t1\nt2\n"
      "Empty: \",0,\"https://a.example/x?a=1,2,https://b.example,c.example.org\",ann,pw,seed!\n"
      ",,note,B,only a note,,0,,,,\n"
      ",,card,C,,no fields here,1,,,,\n",
      "bitwarden",
      "login “A”\nfavourite\n#Work/Web\nusername=ann\npassword=pw\n"
      "url=https://a.example/x?a=1,2\nurl=https://b.example\nurl=c.example.org\notp=seed!\n"
      "[/Colour:text]=red: dark\n[/Recovery token:hidden-multiline]=t1\nt2\n[/Empty:text]=\n"
      "[Bitwarden/reprompt:text]=0\n"
      "note “B”\n[Bitwarden/reprompt:text]=0\nnotes: only a note\n"
      "card “C”\n[Bitwarden/fields:text]=no fields here\n[Bitwarden/reprompt:text]=1\n");
}

static void
test_1password (void)
{
  assert_imports ("Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes\n"
                  "A,https://a.example,ann,pw,,true,false,Starter Kit;b/c,n\n"
                  "B,,,,,false,true,,\n",
                  "1password",
                  "login “A”\nfavourite\n#Starter Kit\n#b/c\nusername=ann\npassword=pw\n"
                  "url=https://a.example\nnotes: n\n"
                  "login “B”\narchived\n");
  assert_imports ("Title,Website,Username,Password,One-time password,Favorite status,"
                  "Archived status,Tags,Notes\nA,https://a.example,ann,pw,,false,true,,\n",
                  "1password",
                  "login “A”\narchived\nusername=ann\npassword=pw\nurl=https://a.example\n");
}

static void
test_keepass (void)
{
  assert_imports ("\"Account\",\"Login Name\",\"Password\",\"Web Site\",\"Comments\"\n"
                  "\"Sample\",\"ann\",\"back\\\",\"\",\"two\nlines\"\n",
                  "keepass2", "login “Sample”\nusername=ann\npassword=back\\\nnotes: two\nlines\n");
}

static void
test_keepassxc (void)
{
  assert_imports (
      "\"Group\",\"Title\",\"Username\",\"Password\",\"URL\",\"Notes\",\"TOTP\",\"Icon\","
      "\"Last Modified\",\"Created\",\"Tags\"\n"
      "\"Root/Web/Mail\",\"A\",\"ann\",\"pw\",\"https://a.example\nhttps://b.example\",\"\",\"\",\"0\","
      "\"2025-03-29T18:29:16Z\",\"long ago\",\"x;y z\"\n",
      "keepassxc",
      "login “A”\nmodified 2025-03-29T18:29:16Z\n#Root/Web/Mail\n#x\n#y z\n"
      "username=ann\npassword=pw\nurl=https://a.example\nurl=https://b.example\n"
      "[KeePassXC/Icon:text]=0\n[KeePassXC/Created:text]=long ago\n");
}

static void
test_dashlane (void)
{
  assert_imports ("username,username2,username3,title,password,note,url,category,otpUrl\n"
                  "ann,ann2,,A,pw,n,https://a.example,Shopping,\n",
                  "dashlane",
                  "login “A”\n#Shopping\nusername=ann\npassword=pw\nurl=https://a.example\n"
                  "[Dashlane/username2:text]=ann2\nnotes: n\n");
  assert_imports ("title,note\nA,text\n", "dashlane", "note “A”\nnotes: text\n");
  assert_imports ("type,account_name,account_holder,cc_number,code,expiration_month,"
                  "expiration_year,routing_number,account_number,country,issuing_bank,note,name\n"
                  "credit_card,Visa,Ann B,4111,123,7,2030,,,US,Bank,,\n"
                  "bank,Giro,Ann B,,,,,99,88,DE,Bank,,\n",
                  "dashlane",
                  "card “Visa”\ncardholder=Ann B\nnumber=4111\ncvv=123\nissuer=Bank\n"
                  "[Dashlane/type:text]=credit_card\n[Dashlane/expiration_month:text]=7\n"
                  "[Dashlane/expiration_year:text]=2030\n[Dashlane/country:text]=US\n"
                  "bank-account “Giro”\naccount-holder=Ann B\nbank=Bank\naccount-number=88\n"
                  "routing-number=99\n[Dashlane/type:text]=bank\n[Dashlane/country:text]=DE\n");
  assert_imports ("type,number,name,issue_date,expiration_date,place_of_issue,state\n"
                  "passport,P1,Ann B,2020-01-01,2030-01-01,Bern,\n",
                  "dashlane",
                  "document “Untitled (Ann B)”\nnumber=P1\nfull-name=Ann B\n"
                  "issue-date=2020-01-01\nexpiry=2030-01-01\n[Dashlane/type:text]=passport\n"
                  "[Dashlane/place_of_issue:text]=Bern\n");
}

static void
test_nordpass (void)
{
  assert_imports ("name,url,username,password,note,cardholdername,cardnumber,cvc,expirydate,"
                  "zipcode,folder,full_name,phone_number,email,address1,address2,city,country,"
                  "state,type\n"
                  "A,https://a.example,ann,pw,,,,,,,Web,,,,,,,,,password\n"
                  "C,,,,,Ann B,4111,123,07/30,1000,,,,,,,,,,credit_card\n"
                  "I,,,,,,,,,1000,,Ann B,555,a@b.example,Street 1,Flat 2,Bern,ch,BE,identity\n"
                  "N,,,,text,,,,,,,,,,,,,,,note\n",
                  "nordpass",
                  "login “A”\n#Web\nusername=ann\npassword=pw\nurl=https://a.example\n"
                  "[NordPass/type:text]=password\n"
                  "card “C”\ncardholder=Ann B\nnumber=4111\nexpiry=07/30\ncvv=123\n"
                  "[NordPass/zipcode:text]=1000\n[NordPass/type:text]=credit_card\n"
                  "identity “I”\nfull-name=Ann B\nemail=a@b.example\nphone=555\n"
                  "address=Street 1\ncity=Bern\nregion=BE\npostal-code=1000\ncountry=ch\n"
                  "[NordPass/address2:text]=Flat 2\n"
                  "note “N”\nnotes: text\n");
}

static void
test_protonpass (void)
{
  assert_imports ("type,name,url,email,username,password,note,totp,createTime,modifyTime,vault\n"
                  "login,A,\"https://a.example, https://b.example\",a@b.example,ann,pw,n,,"
                  "1700000000,1700000001,Personal\n"
                  "alias,B,,x@alias.example,,,,,,,Personal\n",
                  "protonpass",
                  "login “A”\ncreated 2023-11-14T22:13:20Z\nmodified 2023-11-14T22:13:21Z\n"
                  "#Personal\nusername=ann\npassword=pw\nurl=https://a.example\n"
                  "url=https://b.example\n[Proton Pass/email:email]=a@b.example\nnotes: n\n"
                  "login “B”\n#Personal\n[Proton Pass/type:text]=alias\n"
                  "[Proton Pass/email:email]=x@alias.example\n");
}

static void
test_roboform (void)
{
  assert_imports (
      "Name,Url,MatchUrl,Login,Pwd,Note,Folder,RfFieldsV2\n"
      "A,https://a.example,https://a.example,ann,pw,,/Work,\"u,,,txt,ann\",\"p,,,pwd,pw\"\n"
      "B,,,,,only text,\n",
      "roboform",
      "login “A”\n#Work\nusername=ann\npassword=pw\nurl=https://a.example\n"
      "[RoboForm/MatchUrl:url]=https://a.example\n"
      "[RoboForm/RfFieldsV2:hidden]=u,,,txt,ann\n[RoboForm/Column 9:hidden]=p,,,pwd,pw\n"
      "note “B”\nnotes: only text\n");
}

#define LASTPASS "url,username,password,totp,extra,name,grouping,fav\n"

static void
test_lastpass (void)
{
  assert_imports (LASTPASS "https://a.example,ann,pw,,n,A,Web\\Mail,1\n"
                           "http://,ben,pw,,,B,,0\n"
                           "http://sn,,,,just text: here,C,,0\n",
                  "lastpass",
                  "login “A”\nfavourite\n#Web/Mail\nusername=ann\npassword=pw\n"
                  "url=https://a.example\nnotes: n\n"
                  "login “B”\nusername=ben\npassword=pw\n[LastPass/url:text]=http://\n"
                  "note “C”\n[LastPass/url:text]=http://sn\nnotes: just text: here\n");
  assert_imports ("url,username,password,extra,name,grouping,fav\nhttp://sn,,,,Empty,,0\n",
                  "lastpass", "note “Empty”\n[LastPass/url:text]=http://sn\n");
}

static void
assert_lastpass_note (const char *note, const char *expected)
{
  g_autofree char *text = g_strdup_printf (LASTPASS "http://sn,,,,\"%s\",T,,0\n", note);

  assert_imports (text, "lastpass", expected);
}

#define SN         "[LastPass/url:text]=http://sn\n"
#define KIND(kind) "[LastPass/NoteType:text]=" kind "\n[LastPass/Language:text]=en-US\n"

static void
test_lastpass_notes (void)
{
  assert_lastpass_note ("NoteType:Credit Card\nLanguage:en-US\nName on Card:Ann B\nType:Visa\n"
                        "Number:4111\nSecurity Code:123\nStart Date:,\nExpiration Date:May,2030\n"
                        "Notes:one\n\nNumber:two",
                        "card “T”\ncardholder=Ann B\nnumber=4111\nexpiry=May,2030\ncvv=123\n"
                        "brand=Visa\nvalid-from=,\n" KIND ("Credit Card") SN
                        "notes: one\n\nNumber:two\n");
  assert_lastpass_note ("NoteType:Bank Account\nLanguage:en-US\nBank Name:B\nAccount Type:Giro\n"
                        "Routing Number:1\nAccount Number:2\nSWIFT Code:3\nIBAN Number:4\nPin:5\n"
                        "Branch Address:Street 1\nBern\nBranch Phone:6\nNotes:",
                        "bank-account “T”\nbank=B\naccount-type=Giro\niban=4\nbic=3\n"
                        "account-number=2\nrouting-number=1\npin=5\nphone=6\n"
                        "address=Street 1\nBern\n" KIND ("Bank Account") SN);
  assert_lastpass_note ("NoteType:SSH Key\nLanguage:en-US\nBit Strength:2048\nFormat:RSA\n"
                        "Passphrase:pp\nPrivate Key:-----BEGIN X-----\nProc-Type: 4,ENCRYPTED\n"
                        "DEK-Info: A,B\n\nAAAA\n-----END X-----\nPublic Key:ssh-rsa AAAA\n"
                        "Hostname:h.example\nDate:\nNotes:n",
                        "ssh-key “T”\nhost=h.example\nprivate-key=-----BEGIN X-----\n"
                        "Proc-Type: 4,ENCRYPTED\nDEK-Info: A,B\n\nAAAA\n-----END X-----\n"
                        "passphrase=pp\npublic-key=ssh-rsa AAAA\nkey-type=RSA\n" KIND (
                            "SSH Key") "[LastPass/Bit Strength:text]=2048\n" SN "notes: n\n");
  assert_lastpass_note ("NoteType:Server\nLanguage:en-US\nHostname:h\nUsername:u\nPassword:p\n"
                        "Notes:",
                        "server “T”\nhost=h\nusername=u\npassword=p\n" KIND ("Server") SN);
  assert_lastpass_note (
      "NoteType:Database\nLanguage:en-US\nType:MySQL\nHostname:h\nPort:1\n"
      "Database:d\nUsername:u\nPassword:p\nSID:s\nAlias:a\nNotes:",
      "database “T”\ndatabase-type=MySQL\nhost=h\nport=1\ndatabase=d\nusername=u\n"
      "password=p\nsid=s\nalias=a\n" KIND ("Database") SN);
  assert_lastpass_note (
      "NoteType:Wi-Fi Password\nLanguage:en-US\nSSID:net\nPassword:p\n"
      "Connection Type:c\nConnection Mode:m\nAuthentication:WPA2\nEncryption:AES\n"
      "Use 802.1X:No\nFIPS Mode:No\nKey Type:k\nProtected:Yes\nKey Index:1\nNotes:",
      "wifi “T”\nssid=net\npassword=p\nsecurity=WPA2\n" KIND (
          "Wi-Fi Password") "[LastPass/Connection Type:text]=c\n[LastPass/Connection Mode:text]=m\n"
                            "[LastPass/Encryption:text]=AES\n[LastPass/Use 802.1X:text]=No\n"
                            "[LastPass/FIPS Mode:text]=No\n[LastPass/Key Type:text]=k\n"
                            "[LastPass/Protected:text]=Yes\n[LastPass/Key Index:text]=1\n" SN);
  assert_lastpass_note (
      "NoteType:Software License\nLanguage:en-US\nLicense Key:K-1\nLicensee:Ann\n"
      "Version:2\nPublisher:P\nSupport Email:s@p.example\n"
      "Website:https://p.example\nPrice:9\nPurchase Date:May,1,2020\n"
      "Order Number:7\nNumber of Licenses:1\nOrder Total:9\nNotes:",
      "software-licence “T”\nlicensee=Ann\nlicence-key=K-1\nversion=2\npublisher=P\n"
      "order-number=7\npurchase-date=May,1,2020\nurl=https://p.example\n" KIND (
          "Software License") "[LastPass/Support Email:email]=s@p.example\n[LastPass/Price:text]=9\n"
                              "[LastPass/Number of Licenses:text]=1\n[LastPass/Order Total:text]=9\n" SN);
  assert_lastpass_note ("NoteType:Passport\nLanguage:en-US\nType:P\nName:Ann B\nCountry:CH\n"
                        "Number:X1\nSex:F\nNationality:Swiss\nIssuing Authority:Bern\n"
                        "Date of Birth:May,1,1980\nIssued Date:May,1,2020\n"
                        "Expiration Date:May,1,2030\nNotes:",
                        "document “T”\nkind=P\nnumber=X1\nfull-name=Ann B\nbirth-date=May,1,1980\n"
                        "gender=F\nnationality=Swiss\nissuing-country=CH\nissuing-authority=Bern\n"
                        "issue-date=May,1,2020\nexpiry=May,1,2030\n" KIND ("Passport") SN);
  assert_lastpass_note (
      "NoteType:Driver's License\nLanguage:en-US\nNumber:D1\n"
      "Expiration Date:,\nLicense Class:B\nName:Ann\nAddress:Street 1\n"
      "City / Town:Bern\nHeight:170\nNotes:",
      "document “T”\nnumber=D1\nfull-name=Ann\nexpiry=,\nclass=B\n"
      "address=Street 1\n" KIND (
          "Driver's License") "[LastPass/City / Town:text]=Bern\n[LastPass/Height:text]=170\n" SN);
  assert_lastpass_note ("NoteType:Address\nLanguage:en-US\nTitle:mrs\nFirst Name:Ann\n"
                        "Last Name:B\nCompany:C\nAddress 1:S 1\nAddress 2:Flat\nCity / Town:Bern\n"
                        "Zip / Postal Code:1000\nEmail Address:a@b.example\nFax:5\nNotes:x",
                        "identity “T”\nsalutation=mrs\nfirst-name=Ann\nlast-name=B\ncompany=C\n"
                        "email=a@b.example\naddress=S 1\ncity=Bern\npostal-code=1000\n" KIND (
                            "Address") "[LastPass/Address 2:text]=Flat\n[LastPass/Fax:phone]=5\n" SN
                                       "notes: x\n");
}

/* The user's own templates, and types that we have none for: all is kept, line by line. */
static void
test_lastpass_own_note (void)
{
  assert_lastpass_note ("NoteType:Custom_42\nLanguage:en-US\nLocker:12\nPassword:pw\n"
                        "see https://x.example: there\nMore: yes\nNotes:n",
                        "note “T”\n[LastPass/NoteType:text]=Custom_42\n"
                        "[LastPass/Language:text]=en-US\n[LastPass/Locker:text]=12\n"
                        "[LastPass/Password:hidden-multiline]=pw\nsee https://x.example: there\n"
                        "[LastPass/More:text]= yes\n" SN "notes: n\n");
}

static void
test_generic (void)
{
  assert_imports ("Service;E-Mail;Kennwort;Webseite;Kundennummer;PIN;;Labels\n"
                  "A;a@b.example;pw;https://a.example;42;1234;x;\"p, q\"\n",
                  "generic",
                  "login “A”\n#p\n#q\nusername=a@b.example\npassword=pw\nurl=https://a.example\n"
                  "[/Kundennummer:text]=42\n[/PIN:hidden]=1234\n[/Column 7:text]=x\n");
  assert_imports ("title,login,email,password,password\nA,ann,a@b.example,pw,other\n", "generic",
                  "login “A”\nusername=ann\npassword=pw\n[/email:email]=a@b.example\n"
                  "[/password:hidden]=other\n");
}

static void
test_mapping (void)
{
  const char *const mappings[] = { "Was=title",  "wer = =username", "Column 3=hidden",
                                   "Alt=ignore", "Nr=number",       "Art=type",
                                   NULL };
  SpImportOptions options = { .mappings = mappings };

  assert_imports_with ("Was,Wer =,,Alt,Nr,Art\nA,ann,x,y,4711,card\n", &options, "generic",
                       "card “A”\nnumber=4711\n[/Wer =:text]=ann\n[/Column 3:hidden]=x\n");
}

static void
test_mapping_over_format (void)
{
  const char *const mappings[] = { "note=title", NULL };
  SpImportOptions options = { .mappings = mappings };

  assert_imports_with ("name,url,username,password,note\nA,,ann,pw,N\n", &options, "chrome",
                       "login “N”\nusername=ann\npassword=pw\n[Chrome/name:text]=A\n");
}

/* By position: of two columns with one name, the second. */
static void
test_targets (void)
{
  const char *const targets[] = { NULL, "title", "hidden" };
  SpImportOptions options = { .targets = targets, .n_targets = G_N_ELEMENTS (targets) };

  assert_imports_with ("title,title,x=y,login\nA,B,C,ann\n", &options, "generic",
                       "login “B”\nusername=ann\n[/title:text]=A\n[/x=y:hidden]=C\n");
}

static void
test_bad_targets (void)
{
  const char *const targets[] = { "title", "title" };
  const char *const unknown[] = { "nothing" };
  SpImportOptions options = { .targets = targets, .n_targets = G_N_ELEMENTS (targets) };
  g_autoptr (GError) error = NULL;

  g_assert_null (open_text ("a,b\n1,2\n", &options, &error));
  g_assert_error (error, SP_FORMAT_ERROR, SP_FORMAT_ERROR_MAPPING);
  g_clear_error (&error);
  options = (SpImportOptions){ .targets = unknown, .n_targets = 1 };
  g_assert_null (open_text ("a,b\n1,2\n", &options, &error));
  g_assert_error (error, SP_FORMAT_ERROR, SP_FORMAT_ERROR_MAPPING);
}

/* Columns that tell nothing can be looked at, in order to be mapped. */
static void
test_unmapped (void)
{
  SpImportOptions options = { .unmapped = TRUE };
  g_autoptr (GError) error = NULL;
  g_autoptr (SpImport) unknown = open_text ("q,z\n1,2\n", &options, &error);
  g_autoptr (SpImport) known = NULL;

  g_assert_no_error (error);
  g_assert_false (sp_import_is_mapped (unknown));
  g_assert_cmpstr (sp_import_get_target (unknown, 1), ==, "custom");
  known = open_text ("title,z\n1,2\n", &options, &error);
  g_assert_no_error (error);
  g_assert_true (sp_import_is_mapped (known));
}

static void
assert_mapping_fails (const char *mapping, const char *format, SpFormatError code)
{
  const char *const mappings[] = { "a=title", mapping, NULL };
  SpImportOptions options = { .mappings = mappings, .format = format };
  g_autoptr (GError) error = NULL;

  g_assert_null (open_text ("a,b\n1,2\n", &options, &error));
  g_assert_error (error, SP_FORMAT_ERROR, (int) code);
}

static void
test_bad_mapping (void)
{
  assert_mapping_fails ("b", NULL, SP_FORMAT_ERROR_MAPPING);
  assert_mapping_fails ("c=notes", NULL, SP_FORMAT_ERROR_MAPPING);
  assert_mapping_fails ("b=nothing", NULL, SP_FORMAT_ERROR_MAPPING);
  assert_mapping_fails ("b=title", NULL, SP_FORMAT_ERROR_MAPPING);
  assert_mapping_fails ("b=notes", "nobody", SP_FORMAT_ERROR_UNKNOWN);
  assert_mapping_fails ("b=notes", "bitwarden", SP_FORMAT_ERROR_UNKNOWN);
}

static void
test_unknown (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (open_text ("jane,hunter2\nx,y\n", NULL, &error));
  g_assert_error (error, SP_FORMAT_ERROR, SP_FORMAT_ERROR_UNKNOWN);
  g_assert_null (strstr (error->message, "hunter2"));
}

static void
test_columns (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpImport) import = open_text (
      "\xef\xbb\xbfname,url,username,password,,extra stuff\n\n1,2,3,4\n,,,,,\n", NULL, &error);
  const char *const targets[] = { "title", "url", "username", "password", "custom", "custom" };

  g_assert_no_error (error);
  g_assert_cmpuint (sp_import_get_n_rows (import), ==, 2);
  g_assert_cmpuint (sp_import_get_n_columns (import), ==, G_N_ELEMENTS (targets));
  g_assert_cmpstr (sp_import_get_column (import, 4), ==, "Column 5");
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    g_assert_cmpstr (sp_import_get_target (import, i), ==, targets[i]);
}

static void
test_own (void)
{
  assert_imports ("Group,Title,Username,Password,URL,Notes,TOTP,Last Modified,Created,Tags,Type,"
                  "Favourite,Archived,Expires,Additional URLs,Fields\n"
                  "a/b,T,ann,pw,https://a.example,n,,,,c;d,login,1,0,2030-01-01T00:00:00Z,"
                  "\"https://b.example\nhttps://c.example\",\"Colour: red\n\tand: blue\nX: y\"\n"
                  ",K,,,,,,,,,card,0,1,,,\"number: 4111\nPIN code: 1\"\n",
                  "securepass",
                  "login “T”\nfavourite\nexpires 2030-01-01T00:00:00Z\n#a/b\n#c\n#d\nusername=ann\n"
                  "password=pw\nurl=https://a.example\nurl=https://b.example\n"
                  "url=https://c.example\n[/Colour:multiline]=red\nand: blue\n[/X:text]=y\n"
                  "notes: n\n"
                  "card “K”\narchived\nnumber=4111\n[/PIN code:hidden]=1\n");
}

static void
test_formats (void)
{
  gsize n = 0;
  const SpImportFormat *formats = sp_import_list_formats (&n);

  g_assert_cmpuint (n, >=, 14);
  for (gsize i = 0; i < n; i++)
    g_assert_true (g_utf8_validate (formats[i].label, -1, NULL));
}

static void
test_no_file (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (sp_import_open_path ("/nonexistent/file.csv", NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/formats/import/chrome", test_chrome);
  g_test_add_func ("/formats/import/named-alike", test_named_alike);
  g_test_add_func ("/formats/import/firefox", test_firefox);
  g_test_add_func ("/formats/import/safari", test_safari);
  g_test_add_func ("/formats/import/bitwarden", test_bitwarden);
  g_test_add_func ("/formats/import/1password", test_1password);
  g_test_add_func ("/formats/import/keepass", test_keepass);
  g_test_add_func ("/formats/import/keepassxc", test_keepassxc);
  g_test_add_func ("/formats/import/dashlane", test_dashlane);
  g_test_add_func ("/formats/import/nordpass", test_nordpass);
  g_test_add_func ("/formats/import/protonpass", test_protonpass);
  g_test_add_func ("/formats/import/roboform", test_roboform);
  g_test_add_func ("/formats/import/lastpass", test_lastpass);
  g_test_add_func ("/formats/import/lastpass-notes", test_lastpass_notes);
  g_test_add_func ("/formats/import/lastpass-own-note", test_lastpass_own_note);
  g_test_add_func ("/formats/import/generic", test_generic);
  g_test_add_func ("/formats/import/mapping", test_mapping);
  g_test_add_func ("/formats/import/mapping-over-format", test_mapping_over_format);
  g_test_add_func ("/formats/import/targets", test_targets);
  g_test_add_func ("/formats/import/bad-targets", test_bad_targets);
  g_test_add_func ("/formats/import/unmapped", test_unmapped);
  g_test_add_func ("/formats/import/bad-mapping", test_bad_mapping);
  g_test_add_func ("/formats/import/unknown", test_unknown);
  g_test_add_func ("/formats/import/columns", test_columns);
  g_test_add_func ("/formats/import/own", test_own);
  g_test_add_func ("/formats/import/formats", test_formats);
  g_test_add_func ("/formats/import/no-file", test_no_file);
  return sp_test_run ();
}
