// SPDX-License-Identifier: Apache-2.0
#include "CICU.h"

#include <unicode/ubrk.h>
#include <unicode/utext.h>

static _Thread_local UBreakIterator *words;
static _Thread_local UText *input;

size_t cicu_first_word_end(const uint8_t *text, size_t length) {
  UErrorCode status = U_ZERO_ERROR;
  if (!words) words = ubrk_open(UBRK_WORD, "", NULL, 0, &status);
  if (U_FAILURE(status)) return length;
  input = utext_openUTF8(input, (const char *)text, (int64_t)length, &status);
  ubrk_setUText(words, input, &status);
  if (U_FAILURE(status)) return length;
  int32_t end = ubrk_following(words, 0);
  return end == UBRK_DONE || end <= 0 ? length : (size_t)end;
}
