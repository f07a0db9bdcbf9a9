// SPDX-License-Identifier: Apache-2.0
// Word boundaries of scripts that put no space between words, from the system's ICU. Its functions carry the ICU
// version in their names through macros, which Swift cannot import.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// The end, in bytes, of the first word of `text`, which is valid UTF-8 of `length` bytes; `length` where ICU knows
/// no boundary. The break iterator is made on a thread's first call and kept for it.
size_t cicu_first_word_end(const uint8_t *_Nonnull text, size_t length);
