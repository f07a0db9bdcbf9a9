// SPDX-License-Identifier: Apache-2.0
// libcurl for Swift: its setters are variadic, which Swift cannot call, so there is one wrapper for each type of
// argument. No logic beyond the wrap; the header of the system's libcurl is the truth for every constant.
#pragma once

#include <curl/curl.h>

CURLcode ccurl_set_long(CURL *_Nonnull easy, CURLoption option, long value);
CURLcode ccurl_set_offset(CURL *_Nonnull easy, CURLoption option, curl_off_t value);
CURLcode ccurl_set_string(CURL *_Nonnull easy, CURLoption option, const char *_Nullable value);
CURLcode ccurl_set_pointer(CURL *_Nonnull easy, CURLoption option, void *_Nullable value);
CURLcode ccurl_set_list(CURL *_Nonnull easy, CURLoption option, struct curl_slist *_Nullable value);

/// The shape of libcurl's body and header callbacks.
typedef size_t (*ccurl_bytes_callback)(char *_Nonnull bytes, size_t size, size_t count, void *_Nullable user);
CURLcode ccurl_set_bytes_callback(CURL *_Nonnull easy, CURLoption option, ccurl_bytes_callback _Nonnull callback);

typedef int (*ccurl_close_callback)(void *_Nullable user, curl_socket_t socket);
CURLcode ccurl_set_close_callback(CURL *_Nonnull easy, ccurl_close_callback _Nonnull callback);

typedef int (*ccurl_seek_callback)(void *_Nullable user, curl_off_t offset, int origin);
CURLcode ccurl_set_seek_callback(CURL *_Nonnull easy, ccurl_seek_callback _Nonnull callback);

/// Asked on a connection that stands, before each sending of a request; `CURL_PREREQFUNC_OK` lets it go.
typedef int (*ccurl_request_callback)(void *_Nullable user, char *_Nullable peer, char *_Nullable local, int peer_port,
                                      int local_port);
CURLcode ccurl_set_request_callback(CURL *_Nonnull easy, ccurl_request_callback _Nonnull callback);

CURLcode ccurl_get_long(CURL *_Nonnull easy, CURLINFO info, long *_Nonnull value);
CURLcode ccurl_get_pointer(CURL *_Nonnull easy, CURLINFO info, void *_Nullable *_Nonnull value);

CURLMcode ccurl_multi_set_long(CURLM *_Nonnull multi, CURLMoption option, long value);
CURLMcode ccurl_multi_set_pointer(CURLM *_Nonnull multi, CURLMoption option, void *_Nullable value);

typedef int (*ccurl_socket_callback)(CURL *_Nullable easy, curl_socket_t socket, int what, void *_Nullable user,
                                     void *_Nullable socket_user);
CURLMcode ccurl_multi_set_socket_callback(CURLM *_Nonnull multi, ccurl_socket_callback _Nonnull callback);

typedef int (*ccurl_timer_callback)(CURLM *_Nullable multi, long timeout_ms, void *_Nullable user);
CURLMcode ccurl_multi_set_timer_callback(CURLM *_Nonnull multi, ccurl_timer_callback _Nonnull callback);

/// One finished transfer: its easy handle and result. False where there is none.
_Bool ccurl_multi_next_done(CURLM *_Nonnull multi, CURL *_Nullable *_Nonnull easy, CURLcode *_Nonnull result);

/// `curl_global_init`, after telling OpenSSL to leave no exit handler behind: it would race with threads that still
/// free their connections. Call once, from main, before any thread.
CURLcode ccurl_global_init(void);
