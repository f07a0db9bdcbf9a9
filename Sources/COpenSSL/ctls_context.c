// SPDX-License-Identifier: Apache-2.0
#include "COpenSSL.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

const uint64_t ctls_op_no_renegotiation = SSL_OP_NO_RENEGOTIATION;
const uint64_t ctls_op_no_compression = SSL_OP_NO_COMPRESSION;
const uint64_t ctls_op_cipher_server_preference = SSL_OP_CIPHER_SERVER_PREFERENCE;
const uint64_t ctls_op_prioritize_chacha = SSL_OP_PRIORITIZE_CHACHA;
const uint64_t ctls_op_no_ticket = SSL_OP_NO_TICKET;

int ctls_context_set_versions(SSL_CTX *context, int oldest, int newest) {
    return SSL_CTX_set_min_proto_version(context, oldest) == 1 && SSL_CTX_set_max_proto_version(context, newest) == 1;
}

void ctls_context_set_mode(SSL_CTX *context, long mode) { SSL_CTX_set_mode(context, mode); }

void ctls_context_disable_cache(SSL_CTX *context) {
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

int ctls_context_set_groups(SSL_CTX *context, const char *groups) {
    return SSL_CTX_set1_groups_list(context, groups) == 1;
}

int ctls_context_new_index(CRYPTO_EX_free *release) {
    return SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, release);
}

void ctls_context_set_server_name_callback(SSL_CTX *context, ctls_server_name_callback callback, void *argument) {
    SSL_CTX_set_tlsext_servername_callback(context, callback);
    SSL_CTX_set_tlsext_servername_arg(context, argument);
}

int ctls_context_set_ticket_callback(SSL_CTX *context, ctls_ticket_callback callback) {
    return SSL_CTX_set_tlsext_ticket_key_evp_cb(context, callback) == 1;
}

int ctls_ticket_begin(
    EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac, const unsigned char *cipher_key, const unsigned char *mac_key,
    const unsigned char *vector, int is_encrypting) {
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, (void *)mac_key, 32),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)"SHA256", 0),
        OSSL_PARAM_construct_end(),
    };
    return EVP_MAC_CTX_set_params(mac, parameters) == 1
        && EVP_CipherInit_ex(cipher, EVP_aes_256_cbc(), NULL, cipher_key, vector, is_encrypting) == 1;
}

EVP_PKEY *ctls_make_key(void) { return EVP_EC_gen("P-256"); }

int ctls_names_count(const GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }

const GENERAL_NAME *ctls_names_item(const GENERAL_NAMES *names, int index) {
    return sk_GENERAL_NAME_value(names, index);
}

void ctls_names_free(GENERAL_NAMES *names) { GENERAL_NAMES_free(names); }
