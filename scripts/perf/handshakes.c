// SPDX-License-Identifier: Apache-2.0
//
// A client of nothing but full handshakes of TLS 1.3: one thread, epoll, some connections at once, each of which is opened,
// shakes hands, says goodbye, and waits for the server's end. No session is kept, and no certificate held against anything;
// but its signature is verified, so that a handshake costs this client about as much as the server.
//
//   -p port   -n connections at once   -P pid of the server   -s settle, s   -w window, s
#define _GNU_SOURCE
#include "measure.h"

#include <errno.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

static double port, wanted = 32, pid, settle = 1, span = 5;
static const struct { char letter; double *value; } numbers[] = {
    {'p', &port}, {'n', &wanted}, {'P', &pid}, {'s', &settle}, {'w', &span}};

typedef struct { int fd; bool done; int64_t opened; SSL *ssl; } Connection;

static int epoll;
static SSL_CTX *context;
static bool in_window;
static Reading opening, closing;
static long handshakes, resumed;  // in the window
static double *times;             // from connect() to the end of the handshake, ms
static size_t time_room;
static const char *problem;

static void start(Connection *c) {
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct epoll_event all = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = c};
  c->done = false;
  c->opened = now();
  c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &(struct linger){1, 0}, sizeof(struct linger));
  c->ssl = SSL_new(context);
  SSL_set_fd(c->ssl, c->fd);
  SSL_set_connect_state(c->ssl);
  if (c->fd < 0 || (connect(c->fd, (void *)&server, sizeof server) && errno != EINPROGRESS)) problem = strerror(errno);
  else epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &all);
}

static void count(const Connection *c, int64_t t) {
  if (!in_window) return;
  if (handshakes == (long)time_room) times = realloc(times, (time_room = time_room * 2 + 65536) * sizeof *times);
  times[handshakes++] = (t - c->opened) / 1e6;
  resumed += SSL_session_reused(c->ssl);
}

static void ready(Connection *c) {
  char nothing[256];
  if (!c->done) {
    const int result = SSL_do_handshake(c->ssl);
    if (result != 1) {
      const int why = SSL_get_error(c->ssl, result);
      if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) problem = "a handshake failed";
      return;
    }
    c->done = true;
    count(c, now());
    SSL_shutdown(c->ssl);
  }
  // The server has finished too when it has answered: it cannot have ended before it read our last flight.
  for (ssize_t n; (n = read(c->fd, nothing, sizeof nothing)) != 0;) {
    if (n > 0) continue;
    if (errno == EAGAIN) return;
    if (errno != ECONNRESET) { problem = strerror(errno); return; }
    break;
  }
  SSL_free(c->ssl);
  close(c->fd);
  start(c);
}

static void report(void) {
  printf("{\"problem\":%s%s%s", problem ? "\"" : "", problem ? problem : "null", problem ? "\"" : "");
  printf(",\"connections\":%.0f,\"window_s\":%.4f,\"handshakes\":%ld,\"resumed\":%ld", wanted, (closing.at - opening.at) / 1e9,
         handshakes, resumed);
  used(&opening, &closing);
  summary("handshake_ms", times, handshakes);
  puts("}");
}

static void parse(int argc, char **argv) {
  for (int o; (o = getopt(argc, argv, "p:n:P:s:w:")) != -1;) {
    if (o == '?') exit(2);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) if (numbers[i].letter == o) *numbers[i].value = atof(optarg);
  }
  if (port) return;
  fputs("handshakes: needs -p\n", stderr);
  exit(2);
}

int main(int argc, char **argv) {
  parse(argc, argv);
  context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_protos(context, (const uint8_t *)"\10http/1.1", 9);
  Connection *connections = calloc(wanted, sizeof *connections);
  epoll = epoll_create1(0);
  for (int i = 0; i < wanted && !problem; i++) start(&connections[i]);

  const int64_t began = now();
  while (!problem) {
    struct epoll_event events[1024];
    const int n = epoll_wait(epoll, events, 1024, 50);
    for (int i = 0; i < n && !problem; i++) ready(events[i].data.ptr);
    const int64_t t = now();
    if (in_window && t >= opening.at + ns(span)) break;
    if (!in_window && t >= began + ns(settle)) in_window = true, opening = reading(pid);
  }
  if (in_window) closing = reading(pid);
  if (!problem && !handshakes) problem = "no handshake came to its end";
  report();
  return problem != NULL;
}
