// SPDX-License-Identifier: Apache-2.0
// Regular expressions of scenarios, by the system's PCRE2, whose names depend on a macro that Swift cannot set.
#pragma once

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
