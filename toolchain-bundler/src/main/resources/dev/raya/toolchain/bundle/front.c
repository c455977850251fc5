/*
 * Answers `raya-pm install` where a closure record says that there is nothing to do, the project's own or the home's
 * of another checkout, before a Java machine is started (docs/decisions/0123). It decides by the same files and the same rule as the FinishedInstalls class, in the
 * plain case only: no option but --frozen and --offline, no user's config.toml, none of Raya's variables but
 * RAYA_HOME, RAYA_REGISTRY and RAYA_TOKEN. Exit 0: answered. Exit 1, without a word: ask the Java machine.
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum {
  HEX = 64,
  PROJECT_DIGITS = 32,
  MAX_FILE = 16 << 20,
  MAX_HOME = 3000,
  MAX_PATH = MAX_HOME + 512,
  MAX_STAMP = 256,
  SLACK_SECONDS = 2
};

#define FOLDER ".raya"
#define RECORD "install.json"
#define SCHEMA "raya/install/2"
#define CHECKS "normal"
/* The target and the compiler's version, as the FinishedInstalls class writes them; set by the build. */
#ifndef MAKER
#define MAKER "?"
#endif

static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t turn(uint32_t x, int n) { return x >> n | x << (32 - n); }

static void block(uint32_t h[8], const unsigned char *p) {
  uint32_t w[64], v[8];
  for (int i = 0; i < 16; i++, p += 4)
    w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
  for (int i = 16; i < 64; i++)
    w[i] = w[i - 16] + (turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ w[i - 15] >> 3) + w[i - 7] +
           (turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ w[i - 2] >> 10);
  memcpy(v, h, sizeof v);
  for (int i = 0; i < 64; i++) {
    uint32_t a = v[7] + (turn(v[4], 6) ^ turn(v[4], 11) ^ turn(v[4], 25)) +
                 ((v[4] & v[5]) ^ (~v[4] & v[6])) + K[i] + w[i];
    uint32_t b = (turn(v[0], 2) ^ turn(v[0], 13) ^ turn(v[0], 22)) +
                 ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
    memmove(v + 1, v, 7 * sizeof *v);
    v[4] += a;
    v[0] = a + b;
  }
  for (int i = 0; i < 8; i++) h[i] += v[i];
}

/* SHA-256 (FIPS 180-4) in hexadecimal digits. */
static void sha256(const unsigned char *bytes, size_t length, char hex[HEX + 1]) {
  uint32_t h[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                   0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  size_t at = 0;
  for (; at + 64 <= length; at += 64) block(h, bytes + at);
  unsigned char last[128] = {0};
  size_t rest = length - at, end = rest < 56 ? 64 : 128;
  memcpy(last, bytes + at, rest);
  last[rest] = 0x80;
  for (int i = 0; i < 8; i++) last[end - 1 - i] = (unsigned char)((uint64_t)length * 8 >> 8 * i);
  block(h, last);
  if (end == 128) block(h, last + 64);
  for (int i = 0; i < 8; i++) sprintf(hex + 8 * i, "%08x", h[i]);
}

/* A whole file with a zero behind it, or NULL. */
static char *slurp(const char *path, size_t *length) {
  FILE *file = fopen(path, "rb");
  struct stat about;
  char *bytes = NULL;
  if (!file) return NULL;
  if (!fstat(fileno(file), &about) && S_ISREG(about.st_mode) && about.st_size <= MAX_FILE &&
      (bytes = malloc((size_t)about.st_size + 1))) {
    *length = fread(bytes, 1, (size_t)about.st_size, file);
    bytes[*length] = 0;
    if (*length != (size_t)about.st_size) bytes = NULL;
  }
  fclose(file);
  return bytes;
}

/* Whether a canonical document has a member with this plain text. */
static int says(const char *json, const char *member, const char *text) {
  char wanted[MAX_HOME + 128];
  int n = snprintf(wanted, sizeof wanted, "\"%s\":\"%s\"", member, text);
  return n > 0 && (size_t)n < sizeof wanted && strstr(json, wanted) != NULL;
}

/* The digest of a file; 0 if it cannot be read. */
static int digest(const char *path, char hex[HEX + 1]) {
  size_t length;
  char *bytes = slurp(path, &length);
  if (!bytes) return 0;
  sha256((unsigned char *)bytes, length, hex);
  return 1;
}

/* Whether the file was written since the machine was started, as far as the system tells. */
static int since_boot(const char *path) {
  struct stat about;
  double up;
  FILE *file = fopen("/proc/uptime", "r");
  if (!file) return 0;
  int read = fscanf(file, "%lf", &up);
  fclose(file);
  return read == 1 && !stat(path, &about) &&
         about.st_mtime > time(NULL) - (time_t)up + SLACK_SECONDS;
}

static int is_plain(int argc, char **argv) {
  if (argc < 2 || strcmp(argv[1], "install")) return 0;
  for (int i = 2; i < argc; i++)
    if (strcmp(argv[i], "--frozen") && strcmp(argv[i], "--offline")) return 0;
  for (char **v = environ; *v; v++)
    if (!strncmp(*v, "RAYA_", 5) && strncmp(*v, "RAYA_HOME=", 10) &&
        strncmp(*v, "RAYA_REGISTRY=", 14) && strncmp(*v, "RAYA_TOKEN=", 11))
      return 0;
  return 1;
}

/* The text without what would have to be written otherwise in JSON or may be no UTF-8. */
static int is_plain_text(const char *text) {
  for (const unsigned char *c = (const unsigned char *)text; *c; c++)
    if (*c < ' ' || *c == '"' || *c == '\\' || *c >= 0x7f) return 0;
  return 1;
}

/* Whether a folder above is a project too: this one may be a member of a workspace that begins there. */
static int is_below_a_project(void) {
  char path[MAX_PATH], folder[MAX_HOME];
  if (!getcwd(folder, sizeof folder)) return 1;
  for (char *slash = strrchr(folder, '/'); slash; slash = strrchr(folder, '/')) {
    *slash = 0;
    snprintf(path, sizeof path, "%s/raya.toml", folder);
    if (!access(path, F_OK) || (errno != ENOENT && errno != EACCES)) return 1;
  }
  return 0;
}

/* The home as the record has it: absolute and plain, or nothing. */
static int find_home(char home[MAX_HOME]) {
  const char *given = getenv("RAYA_HOME"), *user = getenv("HOME");
  int n = given && *given ? snprintf(home, MAX_HOME, "%s", given)
                          : snprintf(home, MAX_HOME, "%s/.raya", user ? user : "");
  if (n <= 1 || n >= MAX_HOME || home[0] != '/' || home[n - 1] == '/' || strstr(home, "//") ||
      strstr(home, "/./") || strstr(home, "/../") || (n > 2 && !strcmp(home + n - 3, "/..")) ||
      !strcmp(home + n - 2, "/."))
    return 0;
  return is_plain_text(home);
}

/* One rename, so that a reader or a kill sees the old file or the new one. */
static int replace(const char *folder, const char *name, const char *text, int forced) {
  char fresh[MAX_PATH], file[MAX_PATH];
  size_t length = strlen(text), done = 0;
  ssize_t n;
  if (snprintf(fresh, sizeof fresh, "%s/.%s.%ld-front.tmp", folder, name, (long)getpid()) >=
          (int)sizeof fresh ||
      snprintf(file, sizeof file, "%s/%s", folder, name) >= (int)sizeof file)
    return 0;
  int out = open(fresh, O_CREAT | O_TRUNC | O_WRONLY, 0666);
  if (out < 0) return 0;
  while (done < length && (n = write(out, text + done, length - done)) > 0) done += (size_t)n;
  int whole = done == length && (!forced || !fsync(out));
  if (close(out) || !whole || rename(fresh, file)) {
    unlink(fresh);
    return 0;
  }
  return 1;
}

/* Whether the home knows the project, which keeps its entries from collections. */
static int known(const char *home, int makes) {
  char project[MAX_HOME], hex[HEX + 1], folder[MAX_PATH], path[MAX_PATH], text[MAX_HOME + 64];
  struct stat about;
  if (!getcwd(project, sizeof project)) return 0;
  sha256((unsigned char *)project, strlen(project), hex);
  hex[PROJECT_DIGITS] = 0;
  snprintf(folder, sizeof folder, "%s/projects", home);
  snprintf(path, sizeof path, "%s/%s", folder, hex);
  if (!lstat(path, &about)) return 1;
  if (!makes || !is_plain_text(project)) return 0;
  snprintf(text, sizeof text, "{\"path\":\"%s\",\"schema\":\"raya/project/1\"}", project);
  return replace(folder, hex, text, 1);
}

/* Size and time in milliseconds as Java tells them: of a missing file zeros. */
static int tell_file(char *out, size_t room, const char *folder, const char *name, int timed) {
  char path[MAX_PATH];
  struct stat about;
  snprintf(path, sizeof path, "%s/%s", folder, name);
  int there = !stat(path, &about);
  long long size = there ? (long long)about.st_size : 0;
  long long millis =
      there ? (long long)about.st_mtim.tv_sec * 1000 + about.st_mtim.tv_nsec / 1000000 : 0;
  return timed ? snprintf(out, room, " %lld %lld", size, millis)
               : snprintf(out, room, " %lld", size);
}

/* What AcceptedEntries writes down of an entry; nothing of one that is not there. */
static int tell_entry(char out[MAX_STAMP], const char *folder) {
  static const char *const timed[] = {"metadata.json", "module.rbin", "proof.json"};
  struct stat about;
  if (lstat(folder, &about) || !S_ISDIR(about.st_mode)) return 0;
  int n = snprintf(out, MAX_STAMP, "true %lld",
                   (long long)about.st_mtim.tv_sec * 1000000000 + about.st_mtim.tv_nsec);
  n += tell_file(out + n, (size_t)(MAX_STAMP - n), folder, "entry.json", 0);
  for (int i = 0; i < 3; i++)
    n += tell_file(out + n, (size_t)(MAX_STAMP - n), folder, timed[i], 1);
  return 1;
}

/* Behind the bracket of a canonical document's list, or NULL. */
static char *list(char *json, const char *member) {
  char wanted[32];
  snprintf(wanted, sizeof wanted, "\"%s\":[", member);
  char *at = strstr(json, wanted);
  return at ? at + strlen(wanted) : NULL;
}

/*
 * Whether all of a list are there, each a folder with a file that appears with it. With stamps each has to look as
 * it did when the record was written: nobody has looked at them for this project yet.
 */
static int all_there(const char *home, char *json, const char *member, const char *in, const char *sign,
                     char *stamps) {
  char folder[MAX_PATH], path[MAX_PATH], stamp[MAX_STAMP];
  struct stat about;
  char *at = list(json, member);
  if (!at) return 0;
  while (*at == '"') {
    for (int i = 1; i <= HEX; i++)
      if (!strchr("0123456789abcdef", at[i]) || !at[i]) return 0;
    if (at[HEX + 1] != '"') return 0;
    snprintf(folder, sizeof folder, "%s/%s/%.*s", home, in, HEX, at + 1);
    snprintf(path, sizeof path, "%s/%s", folder, sign);
    if (stat(path, &about)) return 0;
    if (stamps) {
      if (*stamps != '"' || !tell_entry(stamp, folder)) return 0;
      size_t length = strlen(stamp);
      if (strncmp(stamps + 1, stamp, length) || stamps[1 + length] != '"') return 0;
      stamps += length + 2;
      if (*stamps == ',') stamps++;
    }
    at += HEX + 2;
    if (*at == ',') at++;
  }
  return *at == ']' && (!stamps || *stamps == ']');
}

/* The number of packages if what they use is there, or -1. */
static long packages_there(const char *home, char *json, int stamped) {
  char *stamps = stamped ? list(json, "stamps") : NULL;
  char *count = strstr(json, "\"packages\":");
  if ((stamped && !stamps) || !count || !all_there(home, json, "entries", "cache", "proof.json", stamps) ||
      !all_there(home, json, "unproved", "cache", "entry.json", NULL) ||
      !all_there(home, json, "builds", "build", "module.rbin", NULL))
    return -1;
  return strtol(count + strlen("\"packages\":"), NULL, 10);
}

/* A record of these files, this home and the plain checks, written since the machine started. */
static char *record(const char *path, const char *home, const char *manifest, const char *lock) {
  size_t length;
  char *json = slurp(path, &length);
  return json && strlen(json) == length && says(json, "schema", SCHEMA) &&
                 says(json, "trust", CHECKS) && says(json, "home", home) && since_boot(path) &&
                 (says(json, "maker", "") || says(json, "maker", MAKER)) &&
                 says(json, "manifest", manifest) && says(json, "lock", lock)
             ? json
             : NULL;
}

/* The same without stamps and claims, as the project's own: the next time one look is enough. */
static int keep(char *json) {
  char *claims = list(json, "claims"), *stamps = list(json, "stamps");
  char *claimed = claims ? strchr(claims, ']') : NULL, *stamped = stamps ? strchr(stamps, ']') : NULL;
  if (!claimed || !stamped || claimed > stamps || (mkdir(FOLDER, 0777) && errno != EEXIST)) return 0;
  char *text = malloc(strlen(json) + 1);
  if (!text) return 0;
  sprintf(text, "%.*s%.*s%s", (int)(claims - json), json, (int)(stamps - claimed), claimed, stamped);
  return replace(FOLDER, RECORD, text, 0);
}

int main(int argc, char **argv) {
  char home[MAX_HOME], path[MAX_PATH], manifest[HEX + 1], lock[HEX + 1], key[HEX + 1];
  char both[2 * HEX + sizeof CHECKS];
  long count = -1;
  if (!is_plain(argc, argv) || !find_home(home) || is_below_a_project()) return 1;
  snprintf(path, sizeof path, "%s/config.toml", home);
  if (!access(path, F_OK) || errno != ENOENT) return 1;
  if (!digest("raya.toml", manifest) || !digest("raya.lock", lock)) return 1;
  char *json = record(FOLDER "/" RECORD, home, manifest, lock);
  if (json && known(home, 0)) count = packages_there(home, json, 0);
  if (count < 0) {
    /* Another checkout may have been installed: the home's record of the same two files. */
    snprintf(both, sizeof both, "%s%s%s", manifest, lock, CHECKS);
    sha256((unsigned char *)both, strlen(both), key);
    snprintf(path, sizeof path, "%s/closures/%s.json", home, key);
    json = record(path, home, manifest, lock);
    /* Known before the entries are looked at, so that no collection takes them. */
    if (!json || !strstr(json, "\"folders\":0,") || !known(home, 1)) return 1;
    count = packages_there(home, json, 1);
    if (count < 0 || !keep(json)) return 1;
    /* The record's time is the last use of what it names; a home that cannot be written stays as it is. */
    (void)utimensat(AT_FDCWD, path, NULL, 0);
  }
  printf("up to date, %ld package%s\n", count, count == 1 ? "" : "s");
  return fflush(stdout) ? 1 : 0;
}
