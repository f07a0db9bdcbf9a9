// SPDX-License-Identifier: Apache-2.0
//
// A client of SSE streams over TLS 1.3 or plainly, by HTTP/1.1 or HTTP/2: one thread, epoll, one timestamp a read. Of HTTP/2
// it knows what one sort of request takes, and its windows are so wide that it never has to widen one.
//
// Streams start at random moments of the ramp, and the window opens when each has had its first unit and the settle time is
// over, as in load.c, whose names the figures have. A unit is one byte of text. Each event's text is counted, and has to
// bring the stream to where the event's id says that it is: a byte that is missing or comes twice is a failure.
//
//   -p port   -u target of GET   -n streams   -k units a second of each   -P pid of the server   -r ramp, s
//   -x the connections are encrypted   -S streams a connection: HTTP/2   -s settle, s   -w window, s
//   -c count   units that a stream must have had at its end   -e go on until all streams ended   -t give up after, s
#define _GNU_SOURCE
#include "measure.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

static const int64_t SAMPLING = 50000000;
enum { DATA = 0, HEADERS = 1, RESET = 3, SETTINGS = 4, PING = 6, GOAWAY = 7, WINDOW_UPDATE = 8 };  // frames of HTTP/2
enum { HEAD = 9, KEPT = 64 };  // bytes: of a frame's head, and of its payload as many as are looked at
enum { END_STREAM = 1, ACK = 1, END_HEADERS = 4, PADDED = 8 };

static double port, wanted = 100, rate = 50, pid, ramp = 1, shared, settle = 0.5, span = 5, limit = 60, count_wanted;
static const struct { char letter; double *value; } numbers[] = {
    {'p', &port}, {'n', &wanted}, {'k', &rate}, {'P', &pid}, {'r', &ramp}, {'S', &shared}, {'s', &settle}, {'w', &span},
    {'t', &limit}, {'c', &count_wanted}};
static const char *target;
static bool to_end, encrypted;

typedef struct {
  bool asked, over;
  int64_t opened, began, earliest, last;  // start, first unit; the schedule's anchor, as in load.c; the unit before
  long units, offset, text;               // so far; of the event that is being read: after it, or -1; bytes of its text
  size_t length;                          // of the line that is being read
  char line[192];                         // its first bytes
} Stream;

typedef struct {
  enum { UNOPENED, CONNECTING, SHAKING, READY, CLOSED } phase;
  int fd;
  SSL *ssl;
  // HTTP/2: of the frame that is being read.
  size_t got;
  uint8_t bytes[HEAD + KEPT];
} Connection;

typedef struct { uint32_t stream; int32_t base; } Sample;  // us: arrival - opened - index * gap

static int epoll, opened, up, ended, failed;
static Stream *streams;
static Connection *connections;
static SSL_CTX *context;
static bool in_window;
static Reading opening, closing;
static long frames, units, bytes, reads, handshakes;  // in the window, but for the last
static Sample *samples;
static size_t sample_room;
static const char *problem;

// MARK: A stream

static void finish(Stream *s, const char *failure) {
  static char wrong[64];
  if (!failure && count_wanted && s->units != count_wanted) {
    snprintf(wrong, sizeof wrong, "a stream had %ld units instead of %.0f", s->units, count_wanted);
    failure = wrong;
  }
  if (failure && !failed++) problem = strdup(failure);
  s->over = true;
  ended++;
}

static void unit(Stream *s, int64_t t) {
  const int64_t base = t - s->opened - ns(s->units / rate);
  if (s->units == 0) s->began = t, s->earliest = base, up++;
  if (base < s->earliest) s->earliest = base;
  if (in_window) {
    if (frames == (long)sample_room) samples = realloc(samples, (sample_room = sample_room * 2 + 65536) * sizeof *samples);
    samples[frames++] = (Sample){s - streams, base / 1000};
    units += s->offset - s->units;
  }
  if (s->units + s->text != s->offset) finish(s, "text is missing, or came twice");
  s->units = s->offset;
}

// HTTP/1's own lines are among them: they look like none of these, as each ends in a carriage return.
static void line(Stream *s, int64_t t) {
  if (!strncmp(s->line, "HTTP/", 5) && atoi(s->line + 9) != 200) {
    s->line[strcspn(s->line, "\r")] = 0;
    return finish(s, s->line);
  }
  if (!strcmp(s->line, "data: [DONE]")) return finish(s, NULL);
  if (!strcmp(s->line, "event: fault")) return finish(s, "a stream ended with a fault");
  if (!strncmp(s->line, "id: ", 4)) {
    const char *dot = strrchr(s->line, '.');
    s->offset = dot && isdigit(dot[1]) ? atol(dot + 1) : -1;
  }
  if (!strncmp(s->line, "data: ", 6)) s->text = s->length - 6;
  if (s->length == 0) {
    if (s->offset > s->units) unit(s, t);
    s->offset = -1;
  }
}

static void feed(Stream *s, const char *p, const char *end, int64_t t) {
  for (const char *feed; p < end && !s->over; p = feed + 1) {
    feed = memchr(p, '\n', end - p);
    size_t n = (feed ? feed : end) - p, room = s->length < sizeof s->line - 1 ? sizeof s->line - 1 - s->length : 0;
    memcpy(s->line + s->length, p, n < room ? n : room);
    s->length += n;
    if (!feed) return;
    s->line[s->length < sizeof s->line ? s->length : sizeof s->line - 1] = 0;
    line(s, t);
    s->length = 0;
  }
}

// MARK: A connection

static Stream *first_of(const Connection *c) { return &streams[(c - connections) * (shared ? (int)shared : 1)]; }

static void fail_all(Connection *c, const char *failure) {
  for (Stream *s = first_of(c); s < first_of(c + 1) && s < streams + (int)wanted; s++)
    if (!s->over && s->opened) finish(s, failure);
}

static void transmit(Connection *c, const void *from, size_t length) {
  const bool whole = c->ssl ? SSL_write(c->ssl, from, length) == (int)length
                            : send(c->fd, from, length, MSG_NOSIGNAL) == (ssize_t)length;
  if (!whole) fail_all(c, "a request could not be sent");
}

static size_t frame_head(uint8_t *to, size_t length, int type, int flags, uint32_t stream) {
  const uint8_t head[HEAD] = {length >> 16, length >> 8, length, type, flags, stream >> 24, stream >> 16, stream >> 8, stream};
  memcpy(to, head, HEAD);
  return HEAD;
}

// A field of which the static table has the name (RFC 7541, section 6.2.2), not kept and not compressed.
static size_t field(uint8_t *to, int name, const char *value) {
  uint8_t *p = to;
  size_t length = strlen(value), left = length;
  if (name < 15) *p++ = name;
  else *p++ = 15, *p++ = name - 15;
  if (left < 127) *p++ = left;
  else for (*p++ = 127, left -= 127; ; left >>= 7) {
    *p++ = left < 128 ? left : 128 | (left & 127);
    if (left < 128) break;
  }
  memcpy(p, value, length);
  return p + length - to;
}

static void ask(Stream *s, Connection *c) {
  static uint8_t request[16384];
  size_t n = 0;
  char host[32];
  snprintf(host, sizeof host, "127.0.0.1:%d", (int)port);
  if (shared) {
    n = HEAD;
    request[n++] = 0x82;                     // :method GET
    request[n++] = encrypted ? 0x87 : 0x86;  // :scheme https, or http
    n += field(request + n, 4, target);
    n += field(request + n, 1, host);
    n += field(request + n, 19, "text/event-stream");
    frame_head(request, n - HEAD, HEADERS, END_STREAM | END_HEADERS, 2 * (s - first_of(c)) + 1);
  } else {
    n = snprintf((char *)request, sizeof request, "GET %s HTTP/1.1\r\nHost: %s\r\nAccept: text/event-stream\r\n\r\n", target, host);
  }
  s->asked = true;
  transmit(c, request, n);
}

static void ask_all(Connection *c) {
  for (Stream *s = first_of(c); c->phase == READY && s < first_of(c + 1) && s < streams + opened; s++)
    if (!s->asked && !s->over) ask(s, c);
}

// Its settings: an initial window of 2 GiB less a byte (4). And the connection's grown to the same.
static void greet(Connection *c) {
  static const uint8_t settings[] = {0, 4, 0x7f, 0xff, 0xff, 0xff}, update[] = {0x7f, 0xff, 0, 0};
  uint8_t greeting[128] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  size_t n = 24;
  n += frame_head(greeting + n, sizeof settings, SETTINGS, 0, 0);
  memcpy(greeting + n, settings, sizeof settings);
  n += sizeof settings;
  n += frame_head(greeting + n, sizeof update, WINDOW_UPDATE, 0, 0);
  memcpy(greeting + n, update, sizeof update);
  transmit(c, greeting, n + sizeof update);
}

// A frame whose payload, or its first bytes, has come; of DATA none is kept.
static void take_frame(Connection *c, Stream *s, int type, int flags) {
  uint8_t *payload = c->bytes + HEAD, answer[HEAD + 8];
  if (type == SETTINGS && !(flags & ACK)) transmit(c, answer, frame_head(answer, 0, SETTINGS, ACK, 0));
  if (type == PING && !(flags & ACK)) {
    frame_head(answer, 8, PING, ACK, 0);
    memcpy(answer + HEAD, payload, 8);
    transmit(c, answer, HEAD + 8);
  }
  if (type == GOAWAY) fail_all(c, "the server says goodbye");
  if (!s || s->over) return;
  while (type == HEADERS && *payload >> 5 == 1) payload++;  // the table's size is told
  if (type == HEADERS && *payload != 0x88) finish(s, "a status is not 200");
  else if (type == RESET) finish(s, "a stream was reset");
  else if (type == DATA && flags & PADDED) finish(s, "a frame is padded");
  else if (flags & END_STREAM && (type == DATA || type == HEADERS)) finish(s, "a body ended before [DONE]");
}

static void feed_frames(Connection *c, const char *p, const char *end, int64_t t) {
  const uint8_t *h = c->bytes;
  while (p < end) {
    if (c->got < HEAD) {
      c->bytes[c->got++] = *p++;
      if (c->got < HEAD) continue;
    }
    const size_t length = h[0] << 16 | h[1] << 8 | h[2], left = HEAD + length - c->got;
    const size_t n = left < (size_t)(end - p) ? left : (size_t)(end - p);
    const uint32_t id = h[5] << 24 | h[6] << 16 | h[7] << 8 | h[8];
    Stream *s = id ? first_of(c) + id / 2 : NULL;
    if (h[3] == DATA && s) feed(s, p, p + n, t);
    for (size_t i = 0; h[3] != DATA && i < n && c->got + i < sizeof c->bytes; i++) c->bytes[c->got + i] = p[i];
    c->got += n;
    p += n;
    if (n < left) return;
    take_frame(c, s, h[3], h[4]);
    c->got = 0;
  }
}

static void open_connection(Connection *c) {
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct epoll_event all = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = c};
  int one = 1;
  c->phase = CONNECTING;
  c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  // Closed by a reset: thousands of ports in TIME_WAIT would slow the next run's connects.
  setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &(struct linger){1, 0}, sizeof(struct linger));
  if (encrypted && (c->ssl = SSL_new(context))) SSL_set_fd(c->ssl, c->fd), SSL_set_connect_state(c->ssl);
  if (c->fd < 0 || (connect(c->fd, (void *)&server, sizeof server) && errno != EINPROGRESS)) fail_all(c, strerror(errno));
  else epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &all);
}

static void start(Stream *s) {
  Connection *c = &connections[(s - streams) / (shared ? (int)shared : 1)];
  s->opened = now();
  s->offset = -1;
  if (c->phase == UNOPENED) open_connection(c);
  else if (c->phase == READY) ask(s, c);
}

// False while the handshake waits for the peer.
static bool shake(Connection *c) {
  const uint8_t *protocol;
  unsigned length;
  const int result = c->ssl ? SSL_do_handshake(c->ssl) : 1;
  if (result != 1) {
    const int why = SSL_get_error(c->ssl, result);
    if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) fail_all(c, "a handshake failed");
    return false;
  }
  if (c->ssl) {
    handshakes++;
    SSL_get0_alpn_selected(c->ssl, &protocol, &length);
    if (length != (shared ? 2 : 8)) return fail_all(c, "the protocol was not agreed on"), false;
  }
  c->phase = READY;
  if (shared) greet(c);
  ask_all(c);
  return true;
}

// Bytes; 0 at the end; -1 where none are there.
static ssize_t take(Connection *c, char *to, size_t room) {
  if (!c->ssl) {
    const ssize_t n = read(c->fd, to, room);
    return n < 0 && errno != EAGAIN ? 0 : n;
  }
  const int n = SSL_read(c->ssl, to, room);
  return n > 0 ? n : SSL_get_error(c->ssl, n) == SSL_ERROR_WANT_READ ? -1 : 0;
}

static void ready(Connection *c, uint32_t flags) {
  static char buffer[262144];
  if (c->phase == CONNECTING) c->phase = SHAKING;
  if (c->phase == SHAKING && !shake(c)) return;
  while (c->phase == READY && flags & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) {
    const ssize_t n = take(c, buffer, sizeof buffer);
    const int64_t t = now();
    if (n < 0) return;
    if (n == 0) return close(c->fd), c->phase = CLOSED, fail_all(c, "a connection was closed before [DONE]");
    if (in_window) reads++, bytes += n;
    if (shared) feed_frames(c, buffer, buffer + n, t);
    else feed(first_of(c), buffer, buffer + n, t);
    if (!c->ssl && n < (ssize_t)sizeof buffer && !(flags & ~(EPOLLIN | EPOLLOUT))) return;
  }
}

// MARK: Report

static void report(long rss_before, long rss_peak, long rss) {
  const double window = (closing.at - opening.at) / 1e9;
  double *values = malloc((frames + wanted) * sizeof *values);
  size_t n = 0;
  printf("{\"problem\":%s%s%s", problem ? "\"" : "", problem ? problem : "null", problem ? "\"" : "");
  printf(",\"streams\":%.0f,\"up\":%d,\"ended\":%d,\"failed\":%d,\"window_s\":%.4f", wanted, up, ended, failed, window);
  printf(",\"frames\":%ld,\"units\":%ld,\"units_asked\":%.0f,\"bytes\":%ld,\"reads\":%ld,\"handshakes\":%ld", frames, units,
         wanted * rate * window, bytes, reads, handshakes);
  used(&opening, &closing);
  printf(",\"rss_before_kib\":%ld,\"rss_peak_kib\":%ld,\"rss_kib\":%ld", rss_before, rss_peak, rss);
  for (long i = 0; i < frames; i++) values[i] = (samples[i].base - streams[samples[i].stream].earliest / 1000) / 1e3;
  summary("late_ms", values, frames);
  for (int i = 0; i < wanted; i++) if (streams[i].began) values[n++] = (streams[i].began - streams[i].opened) / 1e6;
  summary("first_frame_ms", values, n);
  n = 0;
  for (int i = 0; i < wanted; i++) if (streams[i].over) values[n++] = streams[i].units;
  summary("units_per_stream", values, n);
  puts("}");
}

static void parse(int argc, char **argv) {
  for (int o; (o = getopt(argc, argv, "p:u:n:k:P:r:xS:s:w:c:et:")) != -1;) {
    if (o == '?') exit(2);
    if (o == 'e') to_end = true;
    if (o == 'x') encrypted = true;
    if (o == 'u') target = optarg;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) if (numbers[i].letter == o) *numbers[i].value = atof(optarg);
  }
  if (port && target && strlen(target) < 12000) return;
  fputs("tls: needs -p and -u, and a target below 12,000 bytes\n", stderr);
  exit(2);
}

static void prepare(void) {
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_read_ahead(context, 1);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_protos(context, (const uint8_t *)(shared ? "\2h2" : "\10http/1.1"), shared ? 3 : 9);
  streams = calloc(wanted, sizeof *streams);
  connections = calloc(wanted, sizeof *connections);
  epoll = epoll_create1(0);
}

int main(int argc, char **argv) {
  parse(argc, argv);
  prepare();
  const int64_t began = now();
  const long rss_before = resident_kib(pid);
  long rss_peak = 0, rss = 0;
  int64_t up_at = 0, sampled = 0, next = began;
  for (bool over = false; !over && !failed;) {
    const int64_t t = now();
    for (; opened < wanted && t >= next; next = began + ns((opened + drand48()) / wanted * ramp)) start(&streams[opened++]);
    if (!up_at && up == wanted) up_at = t;
    if (!opening.at && up_at && !ended && t >= up_at + ns(settle)) in_window = true, opening = reading(pid);
    if (in_window && (ended || t >= opening.at + ns(span))) in_window = false, closing = reading(pid);
    if (in_window && t >= sampled + SAMPLING) {
      rss = resident_kib(pid);
      if (rss > rss_peak) rss_peak = rss;
      sampled = t;
    }
    over = to_end ? ended == wanted : closing.at || (ended && !in_window);
    if (!over && t > began + ns(limit)) problem = "the time was over", over = true;

    const int64_t wake = opened < wanted && next < t + SAMPLING ? next : t + SAMPLING, wait = over ? 0 : wake - now();
    struct epoll_event events[1024];
    const int count = epoll_pwait2(epoll, events, 1024, &(struct timespec){.tv_nsec = wait > 0 ? wait : 0}, NULL);
    for (int i = 0; i < count; i++) ready(events[i].data.ptr, events[i].events);
  }
  if (!problem && !closing.at && !to_end) problem = "a stream ended before all were up: no window";
  report(rss_before, rss_peak, rss);
  return problem != NULL;
}
