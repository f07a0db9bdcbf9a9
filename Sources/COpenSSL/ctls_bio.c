// SPDX-License-Identifier: Apache-2.0
#include "COpenSSL.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { OUTBOX_START = 32 << 10, OUTBOX_KEPT = 256 << 10 };

struct outbox {
  unsigned char *bytes;
  size_t count, capacity;
};

static _Thread_local struct outbox outbox;
static _Thread_local ctls_bytes inbox;

static BIO_METHOD *method;
static pthread_key_t outbox_key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

// MARK: The thread's bytes

void ctls_lend(const void *bytes, size_t count) { inbox = (ctls_bytes){bytes, count}; }

size_t ctls_take_back(void) {
  size_t unread = inbox.count;
  inbox = (ctls_bytes){NULL, 0};
  return unread;
}

ctls_bytes ctls_outbox(void) { return (ctls_bytes){outbox.bytes, outbox.count}; }

static void release(void *bytes) { free(bytes); }

void ctls_outbox_clear(void) {
  outbox.count = 0;
  if (outbox.capacity <= OUTBOX_KEPT) return;
  free(outbox.bytes);
  outbox = (struct outbox){NULL, 0, 0};
  pthread_setspecific(outbox_key, NULL);
}

/// Makes room for `more` bytes. 0: there is none.
static int outbox_reserve(size_t more) {
  size_t capacity = outbox.capacity ? outbox.capacity : OUTBOX_START;
  while (capacity - outbox.count < more) {
    if (capacity > SIZE_MAX / 2) return 0;
    capacity *= 2;
  }
  if (capacity == outbox.capacity) return 1;
  unsigned char *bytes = realloc(outbox.bytes, capacity);
  if (!bytes) return 0;
  outbox.bytes = bytes;
  outbox.capacity = capacity;
  // The thread's end frees it.
  pthread_setspecific(outbox_key, bytes);
  return 1;
}

// MARK: The BIO

static int bio_read(BIO *bio, char *out, int room) {
  BIO_clear_retry_flags(bio);
  if (room <= 0) return 0;
  if (inbox.count == 0) {
    BIO_set_retry_read(bio);
    return -1;
  }
  size_t count = inbox.count < (size_t)room ? inbox.count : (size_t)room;
  memcpy(out, inbox.bytes, count);
  inbox.bytes = (const unsigned char *)inbox.bytes + count;
  inbox.count -= count;
  return (int)count;
}

static int bio_write(BIO *bio, const char *in, int count) {
  BIO_clear_retry_flags(bio);
  if (count <= 0) return 0;
  if (!outbox_reserve((size_t)count)) return -1;
  memcpy(outbox.bytes + outbox.count, in, (size_t)count);
  outbox.count += (size_t)count;
  return count;
}

static int bio_puts(BIO *bio, const char *text) { return bio_write(bio, text, (int)strlen(text)); }

static int bio_gets(BIO *bio, char *out, int room) {
  (void)bio, (void)out, (void)room;
  return -2;
}

static long bio_ctrl(BIO *bio, int command, long number, void *pointer) {
  (void)pointer;
  switch (command) {
  case BIO_CTRL_FLUSH: return 1;
  case BIO_CTRL_GET_CLOSE: return BIO_get_shutdown(bio);
  case BIO_CTRL_SET_CLOSE: BIO_set_shutdown(bio, (int)number); return 1;
  // Among them the questions for TLS in the kernel, which come with each record.
  default: return 0;
  }
}

static int bio_create(BIO *bio) {
  BIO_set_init(bio, 1);
  return 1;
}

static int bio_destroy(BIO *bio) { return bio != NULL; }

static void prepare(void) {
  if (pthread_key_create(&outbox_key, release) != 0) return;
  BIO_METHOD *made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "typebar");
  if (!made) return;
  BIO_meth_set_read(made, bio_read);
  BIO_meth_set_write(made, bio_write);
  BIO_meth_set_puts(made, bio_puts);
  BIO_meth_set_gets(made, bio_gets);
  BIO_meth_set_ctrl(made, bio_ctrl);
  BIO_meth_set_create(made, bio_create);
  BIO_meth_set_destroy(made, bio_destroy);
  method = made;
}

int ctls_attach(SSL *session) {
  pthread_once(&once, prepare);
  BIO *bio = method ? BIO_new(method) : NULL;
  if (!bio) return 0;
  // The same one twice takes one reference, which SSL_free gives back (SSL_set_bio(3)).
  SSL_set_bio(session, bio, bio);
  return 1;
}

// MARK: Macros

int ctls_set_server_name(SSL *session, const char *name) { return (int)SSL_set_tlsext_host_name(session, name); }
