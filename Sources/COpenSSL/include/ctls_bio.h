// SPDX-License-Identifier: Apache-2.0
// The BIO between a session and the bytes of its connection, and the macros of sessions.
#pragma once

#include <openssl/ssl.h>
