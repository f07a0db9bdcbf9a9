// SPDX-License-Identifier: Apache-2.0
// The macros of contexts and certificates.
#pragma once

#include <openssl/ssl.h>
