/*
 * A PKCS#11 module that passes everything to SoftHSM except the faults listed in a file, read anew at each call:
 *   C_Name 0xHEX    the function returns this instead of doing anything
 *   C_Name crash    the process aborts
 *   C_Name hang     the function does not return
 *   flags 0xHEX     OR-ed into CK_TOKEN_INFO.flags
 *   mute 0xHEX      the attribute of this type is unknown to the module
 *   reveal 0xHEX    the attribute of this type reads as 32 bytes 0x42, however sensitive
 * TARGET and FAULTS are paths given to the compiler.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <pkcs11/pkcs11.h>

static CK_FUNCTION_LIST_PTR real;
static CK_FUNCTION_LIST mine;

#define ANY (~0UL)

/* Finds `name` with argument `type` (or ANY) in the fault file; its word goes to `word`. */
static int fault(const char *name, unsigned long type, char word[32]) {
  char line[128], key[64];
  int found = 0;
  FILE *file = fopen(FAULTS, "r");
  if (!file) return 0;
  while (!found && fgets(line, sizeof line, file)) {
    if (sscanf(line, "%63s %31s", key, word) != 2 || strcmp(key, name)) continue;
    found = type == ANY || strtoul(word, NULL, 16) == type;
  }
  fclose(file);
  return found;
}

static int hit(const char *name, CK_RV *rv) {
  char word[32];
  if (!fault(name, ANY, word)) return 0;
  if (!strcmp(word, "crash")) abort();
  if (!strcmp(word, "hang")) for (;;) pause();
  *rv = strtoul(word, NULL, 16);
  return 1;
}

#define PASS(name, parameters, arguments) \
  static CK_RV my_##name parameters { CK_RV rv; return hit(#name, &rv) ? rv : real->name arguments; }

PASS(C_Login, (CK_SESSION_HANDLE s, CK_USER_TYPE u, CK_UTF8CHAR_PTR p, CK_ULONG n), (s, u, p, n))
PASS(C_GenerateKey, (CK_SESSION_HANDLE s, CK_MECHANISM_PTR m, CK_ATTRIBUTE_PTR t, CK_ULONG n, CK_OBJECT_HANDLE_PTR k), (s, m, t, n, k))
PASS(C_GenerateRandom, (CK_SESSION_HANDLE s, CK_BYTE_PTR d, CK_ULONG n), (s, d, n))
PASS(C_WrapKey, (CK_SESSION_HANDLE s, CK_MECHANISM_PTR m, CK_OBJECT_HANDLE w, CK_OBJECT_HANDLE k, CK_BYTE_PTR d, CK_ULONG_PTR n), (s, m, w, k, d, n))
PASS(C_EncryptInit, (CK_SESSION_HANDLE s, CK_MECHANISM_PTR m, CK_OBJECT_HANDLE k), (s, m, k))
PASS(C_DestroyObject, (CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o), (s, o))
PASS(C_FindObjectsInit, (CK_SESSION_HANDLE s, CK_ATTRIBUTE_PTR t, CK_ULONG n), (s, t, n))
PASS(C_GetInfo, (CK_INFO_PTR i), (i))

static CK_RV my_C_GetTokenInfo(CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info) {
  char word[32];
  CK_RV rv;
  if (hit("C_GetTokenInfo", &rv)) return rv;
  rv = real->C_GetTokenInfo(slot, info);
  if (rv == CKR_OK && fault("flags", ANY, word)) info->flags |= strtoul(word, NULL, 16);
  return rv;
}

static CK_RV my_C_GetAttributeValue(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_PTR t, CK_ULONG n) {
  char word[32];
  if (n == 1 && fault("mute", t->type, word)) {
    t->ulValueLen = CK_UNAVAILABLE_INFORMATION;
    return CKR_ATTRIBUTE_TYPE_INVALID;
  }
  if (n == 1 && fault("reveal", t->type, word)) {
    if (t->pValue) memset(t->pValue, 0x42, 32);
    t->ulValueLen = 32;
    return CKR_OK;
  }
  return real->C_GetAttributeValue(s, o, t, n);
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list) {
  void *library = dlopen(TARGET, RTLD_NOW | RTLD_LOCAL);
  CK_C_GetFunctionList get = library ? (CK_C_GetFunctionList)dlsym(library, "C_GetFunctionList") : NULL;
  if (!get || get(&real) != CKR_OK) return CKR_GENERAL_ERROR;
  mine = *real;
  mine.C_Login = my_C_Login;
  mine.C_GenerateKey = my_C_GenerateKey;
  mine.C_GenerateRandom = my_C_GenerateRandom;
  mine.C_WrapKey = my_C_WrapKey;
  mine.C_EncryptInit = my_C_EncryptInit;
  mine.C_DestroyObject = my_C_DestroyObject;
  mine.C_FindObjectsInit = my_C_FindObjectsInit;
  mine.C_GetInfo = my_C_GetInfo;
  mine.C_GetTokenInfo = my_C_GetTokenInfo;
  mine.C_GetAttributeValue = my_C_GetAttributeValue;
  *list = &mine;
  return CKR_OK;
}
