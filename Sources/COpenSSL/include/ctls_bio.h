// SPDX-License-Identifier: Apache-2.0
// The BIO between a session and the bytes of its connection, and the macros of sessions.
//
// Sessions keep no bytes: they read from what the thread has been lent for the length of one call, and write into one
// buffer that all sessions of the thread share.
#pragma once

#include <openssl/ssl.h>
#include <stddef.h>

typedef struct {
  const void *_Nullable bytes;
  size_t count;
} ctls_bytes;

/// Gives the session a BIO for both directions. 1: done, 0: there is no memory.
int ctls_attach(SSL *_Nonnull session);

/// What this thread's sessions read from, until it is taken back.
void ctls_lend(const void *_Nullable bytes, size_t count);

/// How many of the lent bytes have not been read. They are not touched any more.
size_t ctls_take_back(void);

/// What this thread's sessions have written since `ctls_outbox_clear`.
ctls_bytes ctls_outbox(void);

void ctls_outbox_clear(void);

/// Asks for the host (RFC 6066, section 3). 1: done.
int ctls_set_server_name(SSL *_Nonnull session, const char *_Nonnull name);
