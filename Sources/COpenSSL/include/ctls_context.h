// SPDX-License-Identifier: Apache-2.0
// The macros of contexts and certificates, and calls with variadic parameters or OSSL_PARAMs, which Swift cannot make.
#pragma once

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

extern const uint64_t ctls_op_no_renegotiation;
extern const uint64_t ctls_op_no_compression;
extern const uint64_t ctls_op_cipher_server_preference;
extern const uint64_t ctls_op_prioritize_chacha;
extern const uint64_t ctls_op_no_ticket;

int ctls_context_set_versions(SSL_CTX *_Nonnull context, int oldest, int newest);
void ctls_context_set_mode(SSL_CTX *_Nonnull context, long mode);
void ctls_context_disable_cache(SSL_CTX *_Nonnull context);
int ctls_context_set_groups(SSL_CTX *_Nonnull context, const char *_Nonnull groups);

/// An index for data of a context's own, which `release` gets when libssl frees the context.
int ctls_context_new_index(CRYPTO_EX_free *_Nonnull release);

typedef int (*ctls_server_name_callback)(SSL *_Nullable, int *_Nullable, void *_Nullable);
void ctls_context_set_server_name_callback(
    SSL_CTX *_Nonnull context, ctls_server_name_callback _Nonnull callback, void *_Nonnull argument);

typedef int (*ctls_ticket_callback)(
    SSL *_Nullable, unsigned char *_Nullable name, unsigned char *_Nullable vector, EVP_CIPHER_CTX *_Nullable cipher,
    EVP_MAC_CTX *_Nullable mac, int is_encrypting);
int ctls_context_set_ticket_callback(SSL_CTX *_Nonnull context, ctls_ticket_callback _Nonnull callback);

/// Prepares a ticket's cipher (AES-256-CBC) and MAC (HMAC-SHA256), with keys of 32 bytes each. 1: done.
int ctls_ticket_begin(
    EVP_CIPHER_CTX *_Nonnull cipher, EVP_MAC_CTX *_Nonnull mac, const unsigned char *_Nonnull cipher_key,
    const unsigned char *_Nonnull mac_key, const unsigned char *_Nonnull vector, int is_encrypting);

/// A new private key on P-256; the caller's. NULL: there is none.
EVP_PKEY *_Nullable ctls_make_key(void);

/// The names in a certificate (RFC 5280, section 4.2.1.6): a stack, by its size and its items.
int ctls_names_count(const GENERAL_NAMES *_Nonnull names);
const GENERAL_NAME *_Nullable ctls_names_item(const GENERAL_NAMES *_Nonnull names, int index);
void ctls_names_free(GENERAL_NAMES *_Nullable names);
