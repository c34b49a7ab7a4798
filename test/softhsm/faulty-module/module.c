/*
 * A PKCS#11 module that passes everything to SoftHSM except the faults listed in a file, which takes effect with the next call.
 * The first line that fits a call and is not used up counts:
 *   C_Name 0xHEX [TIMES]   the function returns this instead of doing anything
 *   C_Name crash [TIMES]   the process aborts
 *   C_Name hang [TIMES]    the function does not return
 *   C_Name delay MICROSECONDS   the call takes that much longer; lines below still count
 *   C_Name flip [TIMES]    C_Encrypt, C_Decrypt, C_WrapKey: one bit of the result is wrong
 *   C_Name pass TIMES      nothing: the lines below are for later calls
 *   C_Name zero [TIMES]    C_GenerateRandom: zeros
 *   flags 0xHEX            OR-ed into CK_TOKEN_INFO.flags
 *   mute 0xHEX             the attribute of this type is unknown to the module
 *   reveal 0xHEX           the attribute of this type reads as 32 bytes 0x42, however sensitive
 *   iv MODE [BYTES]        the module makes the IVs of AES-GCM, of 12 bytes unless said otherwise:
 *                          appended, prepended (to the ciphertext, where no IV was passed), init, late (into the IV that was passed,
 *                          at C_EncryptInit or at C_Encrypt)
 *   ivfixed 1              the IV it makes is always the same
 * Times are counted over all processes. TARGET, FAULTS and COUNTERS are paths given to the compiler; COUNTERS is shared memory, see
 * struct counters, and read by build.ts.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <pkcs11/pkcs11.h>

static CK_FUNCTION_LIST_PTR real;
static CK_FUNCTION_LIST mine;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define LINES 64
#define FUNCTIONS 32

struct counters {
  uint64_t last_data_call; /* CLOCK_REALTIME in ns at the end of the last C_Encrypt or C_Decrypt */
  uint64_t used[LINES];
  struct { char name[24]; uint64_t calls; } functions[FUNCTIONS];
};
static struct counters *counters;

struct line { char key[32], word[32]; unsigned long number; int has_number; };
static struct line lines[LINES];
static int line_count;
static struct stat seen;

/* Reads the fault file when it is another one than last time. Called with the lock held. */
static void refresh(void) {
  struct stat now;
  char text[256];
  if (stat(FAULTS, &now)) return;
  if (now.st_ino == seen.st_ino && now.st_mtim.tv_sec == seen.st_mtim.tv_sec && now.st_mtim.tv_nsec == seen.st_mtim.tv_nsec) return;
  FILE *file = fopen(FAULTS, "r");
  if (!file) return;
  line_count = 0;
  while (line_count < LINES && fgets(text, sizeof text, file)) {
    struct line *line = &lines[line_count];
    int parts = sscanf(text, "%31s %31s %lu", line->key, line->word, &line->number);
    line->has_number = parts == 3;
    if (parts >= 2) line_count++;
  }
  fclose(file);
  seen = now;
}

/* The word of the line `key` whose word is the number `type`, if that is asked for. */
static int setting(const char *key, const unsigned long *type, struct line *found) {
  int hit = 0;
  pthread_mutex_lock(&lock);
  refresh();
  for (int i = 0; i < line_count && !hit; i++) {
    if (strcmp(lines[i].key, key) || (type && strtoul(lines[i].word, NULL, 16) != *type)) continue;
    *found = lines[i];
    hit = 1;
  }
  pthread_mutex_unlock(&lock);
  return hit;
}

static int is_limited(const struct line *line) { return line->has_number && strcmp(line->word, "delay"); }

/* Everything listed for this call: waits out its delays, and gives the word of the fault, if there is one. */
static int fault_of(const char *name, char word[32]) {
  struct line copy[LINES];
  int index[LINES], count = 0;
  pthread_mutex_lock(&lock);
  refresh();
  for (int i = 0; i < line_count; i++)
    if (!strcmp(lines[i].key, name)) { index[count] = i; copy[count++] = lines[i]; }
  pthread_mutex_unlock(&lock);
  for (int i = 0; i < count; i++) {
    if (!strcmp(copy[i].word, "delay")) { usleep(copy[i].number); continue; }
    if (is_limited(&copy[i]) && __atomic_fetch_add(&counters->used[index[i]], 1, __ATOMIC_SEQ_CST) >= copy[i].number) continue;
    strcpy(word, copy[i].word);
    return 1;
  }
  return 0;
}

static void count(const char *name) {
  for (int i = 0; i < FUNCTIONS; i++)
    if (!strcmp(counters->functions[i].name, name)) __atomic_fetch_add(&counters->functions[i].calls, 1, __ATOMIC_SEQ_CST);
}

/* 1: the call is over, with *rv. `word` is what is to be done to the result otherwise, or empty. */
static int hit(const char *name, CK_RV *rv, char word[32]) {
  word[0] = 0;
  count(name);
  if (!fault_of(name, word)) return 0;
  if (!strcmp(word, "crash")) abort();
  if (!strcmp(word, "hang")) for (;;) pause();
  if (strncmp(word, "0x", 2)) return 0;
  *rv = strtoul(word, NULL, 16);
  return 1;
}

#define PASS(name, parameters, arguments) \
  static CK_RV my_##name parameters { CK_RV rv; char word[32]; return hit(#name, &rv, word) ? rv : real->name arguments; }

PASS(C_Initialize, (CK_VOID_PTR a), (a))
PASS(C_GetSlotList, (CK_BBOOL p, CK_SLOT_ID_PTR l, CK_ULONG_PTR n), (p, l, n))
PASS(C_OpenSession, (CK_SLOT_ID i, CK_FLAGS f, CK_VOID_PTR a, CK_NOTIFY n, CK_SESSION_HANDLE_PTR s), (i, f, a, n, s))
PASS(C_CloseSession, (CK_SESSION_HANDLE s), (s))
PASS(C_CloseAllSessions, (CK_SLOT_ID i), (i))
PASS(C_GetSessionInfo, (CK_SESSION_HANDLE s, CK_SESSION_INFO_PTR i), (s, i))
PASS(C_Login, (CK_SESSION_HANDLE s, CK_USER_TYPE u, CK_UTF8CHAR_PTR p, CK_ULONG n), (s, u, p, n))
PASS(C_Logout, (CK_SESSION_HANDLE s), (s))
PASS(C_GenerateKey, (CK_SESSION_HANDLE s, CK_MECHANISM_PTR m, CK_ATTRIBUTE_PTR t, CK_ULONG n, CK_OBJECT_HANDLE_PTR k), (s, m, t, n, k))
PASS(C_DestroyObject, (CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o), (s, o))
PASS(C_FindObjectsInit, (CK_SESSION_HANDLE s, CK_ATTRIBUTE_PTR t, CK_ULONG n), (s, t, n))
PASS(C_FindObjects, (CK_SESSION_HANDLE s, CK_OBJECT_HANDLE_PTR o, CK_ULONG m, CK_ULONG_PTR n), (s, o, m, n))
PASS(C_GetInfo, (CK_INFO_PTR i), (i))

static CK_RV my_C_WrapKey(CK_SESSION_HANDLE s, CK_MECHANISM_PTR m, CK_OBJECT_HANDLE w, CK_OBJECT_HANDLE k, CK_BYTE_PTR d, CK_ULONG_PTR n) {
  CK_RV rv;
  char word[32];
  if (hit("C_WrapKey", &rv, word)) return rv;
  rv = real->C_WrapKey(s, m, w, k, d, n);
  if (rv == CKR_OK && d && !strcmp(word, "flip")) d[*n - 1] ^= 1;
  return rv;
}

static CK_RV my_C_GenerateRandom(CK_SESSION_HANDLE s, CK_BYTE_PTR d, CK_ULONG n) {
  CK_RV rv;
  char word[32];
  if (hit("C_GenerateRandom", &rv, word)) return rv;
  rv = real->C_GenerateRandom(s, d, n);
  if (rv == CKR_OK && !strcmp(word, "zero")) memset(d, 0, n);
  return rv;
}

/* What a session is doing, where this module makes the IVs. */
struct doing { CK_SESSION_HANDLE session; CK_BYTE iv[16]; CK_ULONG length; CK_BYTE_PTR place; int mode; CK_OBJECT_HANDLE key; CK_GCM_PARAMS params; CK_BYTE aad[65600]; };
enum { NONE, APPENDED, PREPENDED, INIT, LATE };
static struct doing *doings[1024];

static struct doing *doing_of(CK_SESSION_HANDLE session) {
  struct doing *found = NULL;
  pthread_mutex_lock(&lock);
  for (int i = 0; i < 1024 && !found; i++) {
    if (!doings[i]) { doings[i] = calloc(1, sizeof *found); doings[i]->session = session; }
    if (doings[i]->session == session) found = doings[i];
  }
  pthread_mutex_unlock(&lock);
  return found;
}

static int iv_mode(CK_ULONG *length) {
  struct line line;
  if (!setting("iv", NULL, &line)) return NONE;
  *length = line.has_number ? line.number : 12;
  if (!strcmp(line.word, "appended")) return APPENDED;
  if (!strcmp(line.word, "prepended")) return PREPENDED;
  return !strcmp(line.word, "init") ? INIT : LATE;
}

static void make_iv(struct doing *doing) {
  struct line line;
  if (setting("ivfixed", NULL, &line)) memset(doing->iv, 0x77, sizeof doing->iv);
  else if (getrandom(doing->iv, sizeof doing->iv, 0) != sizeof doing->iv) abort();
}

/* The caller's mechanism with our IV in it. */
static CK_RV init_with(CK_SESSION_HANDLE s, CK_MECHANISM_PTR m, CK_OBJECT_HANDLE k, struct doing *doing, CK_C_EncryptInit init) {
  CK_GCM_PARAMS params = *(CK_GCM_PARAMS *)m->pParameter;
  CK_MECHANISM mechanism = {CKM_AES_GCM, &params, sizeof params};
  params.pIv = doing->iv;
  params.ulIvLen = doing->length;
  params.ulIvBits = doing->length * 8;
  return init(s, &mechanism, k);
}

static CK_RV my_C_EncryptInit(CK_SESSION_HANDLE s, CK_MECHANISM_PTR m, CK_OBJECT_HANDLE k) {
  CK_RV rv;
  char word[32];
  if (hit("C_EncryptInit", &rv, word)) return rv;
  struct doing *doing = doing_of(s);
  CK_GCM_PARAMS *params = m->pParameter;
  doing->mode = m->ulParameterLen == sizeof *params ? iv_mode(&doing->length) : NONE;
  if (doing->mode == NONE) return real->C_EncryptInit(s, m, k);
  if ((doing->mode == APPENDED || doing->mode == PREPENDED) != (params->ulIvLen == 0)) return CKR_MECHANISM_PARAM_INVALID;
  make_iv(doing);
  doing->place = params->pIv;
  if (doing->mode == INIT) memcpy(doing->place, doing->iv, doing->length);
  return init_with(s, m, k, doing, real->C_EncryptInit);
}

static void data_call_ends(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  __atomic_store_n(&counters->last_data_call, (uint64_t)now.tv_sec * 1000000000u + now.tv_nsec, __ATOMIC_SEQ_CST);
}

static CK_RV my_C_Encrypt(CK_SESSION_HANDLE s, CK_BYTE_PTR d, CK_ULONG n, CK_BYTE_PTR e, CK_ULONG_PTR l) {
  CK_RV rv;
  char word[32];
  if (hit("C_Encrypt", &rv, word)) return rv;
  struct doing *doing = doing_of(s);
  rv = real->C_Encrypt(s, d, n, e, l);
  if (rv == CKR_OK && !strcmp(word, "flip")) e[0] ^= 1;
  if (rv == CKR_OK && doing->mode == APPENDED) memcpy(e + *l, doing->iv, doing->length);
  if (rv == CKR_OK && doing->mode == PREPENDED) {
    memmove(e + doing->length, e, *l);
    memcpy(e, doing->iv, doing->length);
  }
  if (rv == CKR_OK && (doing->mode == APPENDED || doing->mode == PREPENDED)) *l += doing->length;
  if (doing->mode == LATE) memcpy(doing->place, doing->iv, doing->length);
  data_call_ends();
  return rv;
}

static CK_RV my_C_DecryptInit(CK_SESSION_HANDLE s, CK_MECHANISM_PTR m, CK_OBJECT_HANDLE k) {
  CK_RV rv;
  char word[32];
  CK_ULONG length;
  if (hit("C_DecryptInit", &rv, word)) return rv;
  struct doing *doing = doing_of(s);
  CK_GCM_PARAMS *params = m->pParameter;
  doing->place = NULL;
  if (m->ulParameterLen != sizeof *params || params->ulIvLen != 0 || iv_mode(&length) != PREPENDED) return real->C_DecryptInit(s, m, k);
  /* The IV comes with the data. */
  doing->length = length;
  doing->key = k;
  doing->params = *params;
  memcpy(doing->aad, params->pAAD, params->ulAADLen);
  doing->params.pAAD = doing->aad;
  doing->place = doing->iv;
  return CKR_OK;
}

static CK_RV my_C_Decrypt(CK_SESSION_HANDLE s, CK_BYTE_PTR e, CK_ULONG n, CK_BYTE_PTR d, CK_ULONG_PTR l) {
  CK_RV rv;
  char word[32];
  if (hit("C_Decrypt", &rv, word)) return rv;
  struct doing *doing = doing_of(s);
  if (doing->place) {
    CK_MECHANISM mechanism = {CKM_AES_GCM, &doing->params, sizeof doing->params};
    memcpy(doing->iv, e, doing->length);
    rv = init_with(s, &mechanism, doing->key, doing, real->C_DecryptInit);
    if (rv != CKR_OK) return rv;
    e += doing->length;
    n -= doing->length;
  }
  rv = real->C_Decrypt(s, e, n, d, l);
  if (rv == CKR_OK && !strcmp(word, "flip")) d[0] ^= 1;
  data_call_ends();
  return rv;
}

static CK_RV my_C_GetTokenInfo(CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info) {
  struct line line;
  char word[32];
  CK_RV rv;
  if (hit("C_GetTokenInfo", &rv, word)) return rv;
  rv = real->C_GetTokenInfo(slot, info);
  if (rv == CKR_OK && setting("flags", NULL, &line)) info->flags |= strtoul(line.word, NULL, 16);
  return rv;
}

static CK_RV my_C_GetAttributeValue(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_PTR t, CK_ULONG n) {
  struct line line;
  char word[32];
  CK_RV rv;
  if (hit("C_GetAttributeValue", &rv, word)) return rv;
  if (n == 1 && setting("mute", &t->type, &line)) {
    t->ulValueLen = CK_UNAVAILABLE_INFORMATION;
    return CKR_ATTRIBUTE_TYPE_INVALID;
  }
  if (n == 1 && setting("reveal", &t->type, &line)) {
    if (t->pValue) memset(t->pValue, 0x42, 32);
    t->ulValueLen = 32;
    return CKR_OK;
  }
  return real->C_GetAttributeValue(s, o, t, n);
}

#define OURS(call) mine.call = my_##call; strcpy(counters->functions[functions++].name, #call);

static int functions = 0;

static void start(void) {
  void *library = dlopen(TARGET, RTLD_NOW | RTLD_LOCAL);
  CK_C_GetFunctionList get = library ? (CK_C_GetFunctionList)dlsym(library, "C_GetFunctionList") : NULL;
  int file = open(COUNTERS, O_RDWR);
  counters = mmap(NULL, sizeof *counters, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (!get || counters == MAP_FAILED || get(&real) != CKR_OK) { real = NULL; return; }
  mine = *real;
  OURS(C_Initialize)
  OURS(C_GetSlotList)
  OURS(C_OpenSession)
  OURS(C_CloseSession)
  OURS(C_CloseAllSessions)
  OURS(C_GetSessionInfo)
  OURS(C_Login)
  OURS(C_Logout)
  OURS(C_GenerateKey)
  OURS(C_WrapKey)
  OURS(C_DestroyObject)
  OURS(C_FindObjectsInit)
  OURS(C_FindObjects)
  OURS(C_GetInfo)
  OURS(C_GenerateRandom)
  OURS(C_EncryptInit)
  OURS(C_Encrypt)
  OURS(C_DecryptInit)
  OURS(C_Decrypt)
  OURS(C_GetTokenInfo)
  OURS(C_GetAttributeValue)
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, start);
  if (!real) return CKR_GENERAL_ERROR;
  *list = &mine;
  return CKR_OK;
}
