// SPDX-License-Identifier: Apache-2.0
//
// An SSE load client, cheap enough not to be what is measured: one thread, epoll, one timestamp a read.
//
// Streams start at random moments of the ramp. When each has had its first unit, and the server has had the settle time,
// the window opens: CPU, frames and lateness are counted in it and nowhere else, so that neither accepts nor ends are in
// the figures. It closes in time, or when the first stream ends. Prints one JSON object.
//
//   -p port   -u target of GET   -n streams   -r ramp, s   -k units a second of each (the schedule)   -P pid of the server
//   -s settle, s   -w window, s   -e go on until all streams ended   -t give up after, s
//   -U target -N count -Q a second: further streams, started during the window; first_frame_ms is theirs alone then
//   -Q 0: these begin before all others instead, as neighbours that are to disturb them   -d: and nothing of them is read
//   -b body, -B body: of a POST in JSON, instead of a GET, to -u or -U   -m mark: what stands before an event's text
//   -c count   -C count: units that a stream, or one of -U, must have had at its end   -z the text is stamped
//
// A unit is one byte of the model's text (ids end in the offset after it), or one frame where ids have no offset. With a
// mark it is one byte from there to the next quote, and an event without the mark has none: the role, the finish.
// Where the text is stamped, as upstream.c's is, a unit is a delta of it, and one that is missing, or comes twice, is a
// failure; way_ms is from its stamp to here.
#define _GNU_SOURCE
#include "measure.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

static const int64_t SAMPLING = 50000000;

static double port, wanted = 100, ramp = 1, rate = 50, pid, settle = 0.5, span = 5, limit = 60, probes, probe_rate = 100,
              count_wanted, probe_count_wanted;
static const struct { char letter; double *value; } numbers[] = {
    {'p', &port}, {'n', &wanted}, {'r', &ramp}, {'k', &rate}, {'P', &pid}, {'s', &settle}, {'w', &span}, {'t', &limit},
    {'N', &probes}, {'Q', &probe_rate}, {'c', &count_wanted}, {'C', &probe_count_wanted}};
static const char *target[2], *body[2];  // [1]: of the probes
static const char *mark;
static bool to_end, deaf, stamped;

// The first bytes of a line, kept from read to read. Of no longer line does more matter.
typedef struct { uint16_t length; char text[1022]; } Line;

enum { STAMP = 12 };  // hex digits: 4 of the delta's number, 8 of the us at which it left

typedef struct {
  enum { UNOPENED, CONNECTING, HEAD, CHUNK_HEAD, BODY, CHUNK_END, OVER } phase;
  int fd;
  bool chunked, named, fault, data, done;  // the last four: of the event that is being read
  int64_t left;                            // bytes of this chunk
  int64_t opened, began, ended;            // connect(), first event (of text, with a mark), [DONE]
  int64_t earliest;                        // least (arrival - opened - index * gap) of its units: the schedule's anchor
  int64_t last;                            // arrival of the unit before
  long offset, units;                      // of this event's id, or -1; of the stream so far
  int32_t way;                             // of this event's last delta, us
  char stamp[STAMP + 1];                   // as much of one as has come
  Line http, sse;
} Stream;

// Of a frame, in us: arrival - opened - index * gap; from the frame before, or -1; from its stamp.
typedef struct { uint32_t stream; int32_t base, gap, way; } Sample;

static int epoll, opened, up, ended, live, failed;  // only live and failed are with the probes
static Stream *streams;
static bool in_window;
static Reading opening, closing;
static long frames, units, bytes, reads;  // in the window
static Sample *samples;
static size_t sample_room;
static const char *problem;

// MARK: A stream

static bool is_probe(const Stream *s) { return s - streams >= wanted; }

static bool is_deaf(const Stream *s) { return deaf && is_probe(s); }

static void finish(Stream *s, const char *failure) {
  const long count = is_probe(s) ? probe_count_wanted : count_wanted;
  static char wrong[64];
  if (!failure && count && s->units != count) {
    snprintf(wrong, sizeof wrong, "a stream had %ld units instead of %ld", s->units, count);
    failure = wrong;
  }
  if (failure && !failed++) problem = strdup(failure);
  if (!is_probe(s)) ended++;
  s->phase = OVER;
  live--;
  close(s->fd);
}

static void unit(Stream *s, int64_t t) {
  // Where a frame holds several units, the first of them is the latest.
  int64_t base = t - s->opened - ns(s->units / rate);
  long after = s->offset >= 0 ? s->offset : s->units + 1;
  if (s->units == 0) s->earliest = base;
  if (s->units == 0 && !is_probe(s)) up++;
  if (base < s->earliest) s->earliest = base;
  if (in_window && !is_probe(s)) {
    if (frames == (long)sample_room) samples = realloc(samples, (sample_room = sample_room * 2 + 65536) * sizeof *samples);
    samples[frames++] = (Sample){s - streams, base / 1000, s->last ? (t - s->last) / 1000 : -1, s->way};
    units += after - s->units;
  }
  s->units = after;
  s->last = t;
}

static void event(Stream *s, int64_t t) {
  if (s->data && !s->began && !(mark && s->named)) s->began = t;
  if (s->data && s->done) s->ended = t;
  if (s->data && (s->fault || s->done)) finish(s, s->fault ? "a stream ended with a fault" : NULL);
  else if (s->data && !s->named) unit(s, t);
  s->named = s->fault = s->data = s->done = false;
  s->offset = -1;
}

// How many deltas a text brings to their ends; -1 where one is not the next.
static long deltas(Stream *s, const char *text, size_t length, int64_t t) {
  long whole = 0;
  for (size_t i = 0, has = strlen(s->stamp); i < length; i++) {
    s->stamp[has++] = text[i];
    if (has < STAMP) continue;
    char *end;
    unsigned long long stamp = strtoull(s->stamp, &end, 16);
    if (*end || stamp >> 32 != ((s->units + whole) & 0xffff)) return -1;
    s->way = (int32_t)((uint32_t)(t / 1000) - (uint32_t)stamp);
    whole++;
    memset(s->stamp, has = 0, sizeof s->stamp);
  }
  return whole;
}

static void field(Stream *s, const char *line, int64_t t) {
  if (!strncmp(line, "data:", 5)) {
    s->data = true;
    s->done = !strcmp(line, "data: [DONE]");
    const char *text = mark ? strstr(line, mark) : NULL;
    long length = text ? strcspn(text + strlen(mark), "\"") : 0;
    if (stamped && length) length = deltas(s, text + strlen(mark), length, t);
    if (length < 0) finish(s, "a delta was not the next");
    else if (length) s->offset = s->units + length;
    else if (mark) s->named = true;
  } else if (!strncmp(line, "id:", 3)) {
    const char *dot = strrchr(line, '.');
    s->offset = dot && isdigit(dot[1]) ? atol(dot + 1) : -1;
  } else if (!strncmp(line, "event:", 6)) {
    s->named = true;
    s->fault = !strcmp(line, "event: fault");
  }
}

// Moves *p past the next line feed. True when that line is whole, and in line->text without its end.
static bool take(Line *line, const char **p, const char *end) {
  const char *feed = memchr(*p, '\n', end - *p);
  size_t n = (feed ? feed : end) - *p, room = sizeof line->text - 1 - line->length;
  if (n > room) n = room;
  memcpy(line->text + line->length, *p, n);
  line->length += n;
  *p = feed ? feed + 1 : end;
  if (!feed) return false;
  if (line->length && line->text[line->length - 1] == '\r') line->length--;
  line->text[line->length] = 0;
  line->length = 0;
  return true;
}

static void head(Stream *s, const char *line) {
  if (!strncmp(line, "HTTP/", 5) && atoi(line + 9) != 200) finish(s, line);
  else if (!strncasecmp(line, "transfer-encoding:", 18)) s->chunked = strcasestr(line, "chunked");
  else if (!*line) s->phase = s->chunked ? CHUNK_HEAD : BODY;
}

// Reads end anywhere in lines and chunks, and chunks anywhere in lines.
static void feed(Stream *s, const char *p, const char *end, int64_t t) {
  while (p < end && s->phase != OVER) {
    if (s->phase == BODY) {
      const char *from = p, *stop = s->chunked && s->left < end - p ? p + s->left : end;
      while (p < stop && s->phase == BODY)
        if (take(&s->sse, &p, stop)) { if (*s->sse.text) field(s, s->sse.text, t); else event(s, t); }
      s->left -= p - from;
      if (s->phase == BODY && s->chunked && s->left == 0) s->phase = CHUNK_END;
    } else if (take(&s->http, &p, end)) {
      if (s->phase == HEAD) head(s, s->http.text);
      else if (s->phase == CHUNK_END) s->phase = CHUNK_HEAD;
      else if ((s->left = strtol(s->http.text, NULL, 16)) > 0) s->phase = BODY;
      else finish(s, "a body ended before [DONE]");
    }
  }
}

static void start(Stream *s) {
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct epoll_event all = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = s};
  int one = 1;
  live++;
  s->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  // Closed by a reset: thousands of ports in TIME_WAIT would slow the next run's connects.
  setsockopt(s->fd, SOL_SOCKET, SO_LINGER, &(struct linger){1, 0}, sizeof(struct linger));
  if (is_deaf(s)) setsockopt(s->fd, SOL_SOCKET, SO_RCVBUF, &(int){4096}, sizeof(int));
  s->phase = CONNECTING;
  s->offset = -1;
  s->opened = now();
  if (s->fd < 0 || (connect(s->fd, (void *)&server, sizeof server) && errno != EINPROGRESS)) finish(s, strerror(errno));
  else epoll_ctl(epoll, EPOLL_CTL_ADD, s->fd, &all);
}

static char *written(int kind) {
  char *made, *fields = "";
  const char *method = body[kind] ? "POST" : "GET", *json = body[kind] ? body[kind] : "";
  if (*json && asprintf(&fields, "Content-Type: application/json\r\nContent-Length: %zu\r\n", strlen(json)) < 0) exit(1);
  if (asprintf(&made, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept: text/event-stream\r\n%s\r\n%s", method,
               target[kind], (int)port, fields, json) < 0) exit(1);
  return made;
}

static void ready(Stream *s, uint32_t flags) {
  static char buffer[262144], *request[2];
  const uint32_t over = EPOLLRDHUP | EPOLLHUP | EPOLLERR;
  const int kind = is_probe(s);
  if (!request[kind]) request[kind] = written(kind);
  if (s->phase == CONNECTING && !(flags & EPOLLERR)) {
    const ssize_t length = strlen(request[kind]);
    s->phase = HEAD;
    if (send(s->fd, request[kind], length, MSG_NOSIGNAL) != length) finish(s, "a request could not be sent");
  }
  if (is_deaf(s)) return;
  // A short read has emptied the socket, and what comes later is a new edge. An end that has come already is none.
  while (s->phase != OVER && flags & (EPOLLIN | over)) {
    ssize_t n = read(s->fd, buffer, sizeof buffer);
    int64_t t = now();
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) return finish(s, n ? strerror(errno) : "a connection was closed before [DONE]");
    if (in_window && !is_probe(s)) { reads++; bytes += n; }
    feed(s, buffer, buffer + n, t);
    if (n < (ssize_t)sizeof buffer && !(flags & over)) return;
  }
}

// MARK: Report

static void report(long rss_before, long rss_peak) {
  const double window = (closing.at - opening.at) / 1e9;
  const int all = wanted + probes;
  double *values = malloc((frames + all) * sizeof *values);
  printf("{\"problem\":%s%s%s", problem ? "\"" : "", problem ? problem : "null", problem ? "\"" : "");
  printf(",\"streams\":%.0f,\"up\":%d,\"ended\":%d,\"failed\":%d,\"window_s\":%.4f", wanted, up, ended, failed, window);
  printf(",\"frames\":%ld,\"units\":%ld,\"units_asked\":%.0f,\"bytes\":%ld,\"reads\":%ld", frames, units,
         wanted * rate * window, bytes, reads);
  used(&opening, &closing);
  printf(",\"rss_before_kib\":%ld,\"rss_peak_kib\":%ld", rss_before, rss_peak);

  for (long i = 0; i < frames; i++) values[i] = (samples[i].base - streams[samples[i].stream].earliest / 1000) / 1e3;
  summary("late_ms", values, frames);  // against the earliest unit of the stream
  for (long i = 0; i < frames; i++) values[i] = samples[i].base / 1e3;
  summary("late_from_connect_ms", values, frames);  // shows a delay that is always there as well
  size_t n = 0;
  for (long i = 0; i < frames; i++) if (samples[i].gap >= 0) values[n++] = samples[i].gap / 1e3;
  summary("gap_ms", values, n);
  for (n = 0; stamped && n < (size_t)frames; n++) values[n] = samples[n].way / 1e3;
  summary("way_ms", values, n);
  n = 0;
  for (int i = probes && probe_rate ? wanted : 0; i < (probe_rate ? all : wanted); i++)
    if (streams[i].began) values[n++] = (streams[i].began - streams[i].opened) / 1e6;
  summary("first_frame_ms", values, n);
  n = 0;
  for (int i = 0; i < wanted; i++)
    if (streams[i].ended && streams[i].units > 1)  // from connect() to [DONE], over what the schedule says
      values[n++] = 100 * ((streams[i].ended - streams[i].opened) / (double)ns((streams[i].units - 1) / rate) - 1);
  summary("end_over_pct", values, n);
  n = 0;
  for (int i = 0; i < wanted; i++) if (streams[i].ended) values[n++] = streams[i].units;
  summary("units_per_stream", values, n);
  puts("}");
}

static void parse(int argc, char **argv) {
  for (int o; (o = getopt(argc, argv, "p:u:n:r:k:P:s:w:et:U:N:Q:b:B:m:c:C:dz")) != -1;) {
    if (o == '?') exit(2);
    if (o == 'e') to_end = true;
    if (o == 'd') deaf = true;
    if (o == 'z') stamped = true;
    if (o == 'u' || o == 'U') target[o == 'U'] = optarg;
    if (o == 'b' || o == 'B') body[o == 'B'] = optarg;
    if (o == 'm') mark = optarg;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) if (numbers[i].letter == o) *numbers[i].value = atof(optarg);
  }
  if (port && target[0] && (target[1] || !probes)) return;
  fputs("load: needs -p and -u, and -U with -N\n", stderr);
  exit(2);
}

int main(int argc, char **argv) {
  parse(argc, argv);
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  streams = calloc(wanted + probes, sizeof *streams);
  epoll = epoll_create1(0);

  const int64_t began = now();
  const long rss_before = resident_kib(pid);
  long rss_peak = 0;
  int probed = 0;
  int64_t up_at = 0, sampled = 0, next = began, next_probe = 0;
  for (; probe_rate == 0 && probed < probes; probed++) start(&streams[(int)wanted + probed]);
  for (bool over = false; !over && !failed;) {
    int64_t t = now();
    // At a random moment of its share of the ramp: evenly spaced starts fall into step with the gap between frames.
    for (; opened < wanted && t >= next; next = began + ns((opened + drand48()) / wanted * ramp)) start(&streams[opened++]);
    if (!up_at && up == wanted) up_at = t;
    if (!opening.at && up_at && !ended && t >= up_at + ns(settle)) in_window = true, opening = reading(pid);
    if (in_window && (ended || t >= opening.at + ns(span))) in_window = false, closing = reading(pid);
    for (; in_window && probed < probes && t >= next_probe; next_probe = opening.at + ns((probed + drand48()) / probe_rate))
      start(&streams[(int)wanted + probed++]);
    if (in_window && t >= sampled + SAMPLING) {
      long resident = resident_kib(pid);
      if (resident > rss_peak) rss_peak = resident;
      sampled = t;
    }
    // What else is live then is probes; neighbours are cut off.
    over = (to_end ? ended == wanted : closing.at || (ended && !in_window)) && (live == opened - ended || probe_rate == 0);
    if (!over && t > began + ns(limit)) problem = "the time was over", over = true;

    int64_t wake = t + SAMPLING;
    if (opened < wanted && next < wake) wake = next;
    if (in_window && probed < probes && next_probe < wake) wake = next_probe;
    int64_t wait = over ? 0 : wake - now();
    struct epoll_event events[1024];
    int count = epoll_pwait2(epoll, events, 1024, &(struct timespec){.tv_nsec = wait > 0 ? wait : 0}, NULL);
    for (int i = 0; i < count; i++) ready(events[i].data.ptr, events[i].events);
  }
  if (!problem && !closing.at && !to_end) problem = "a stream ended before all were up: no window";
  report(rss_before, rss_peak);
  return problem != NULL;
}
