// SPDX-License-Identifier: Apache-2.0
// libssl for Swift: macros, which Swift cannot import, and a BIO whose callbacks would be too dear in Swift.
#pragma once

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "ctls_bio.h"
#include "ctls_context.h"
