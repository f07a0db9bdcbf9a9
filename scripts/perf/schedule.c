// SPDX-License-Identifier: Apache-2.0
//
// A server whose schedule and faults are known, and counted: what a load tester reports is held against it. One thread,
// epoll, absolute times, one send() an event.
//
//   schedule PORT [-s] [-a MS]   prints its port (of 0: any) first, and at SIGTERM what it has done, as JSON
//       -s  one request at a time: the others wait   -a  accepts nobody in its first so many ms
//   GET /told                    what it has done so far; GET /zero the same, and begins to count anew
//   ANY /stream?ttft=100&gap=20&count=50
//       Event k, from 0, leaves at the request's arrival + ttft + k * gap (ms); then the format's end.
//       format=chat|text|ids|lines  OpenAI's chunks; words; words with ids from 1; Ollama's lines
//       role=1 usage=1 reasoning=N tail=MS  a chunk before all text; one after it; the first N are thoughts; the end later
//       held=1  the head goes with event 0, not at once
//   Faults, of each `every`-th stream only where that is given; K counts the events with text from 0:
//       late=K:MS  K and all after it later    once=K:MS  only K    stall=K:MS  so long from K-1 to K, and on from there
//       join=K     K waits for K+1, one send() holds both           split=1     each event in two sends
//       dup=K lose=K  K's id comes again; is left out               bad=K       K is no JSON
//       truncate=K close=K reset=K error=K hang=K  there the body ends well, in a chunk; by RST; by the server's word; never
//       status=S   that answer instead of a stream
#define _GNU_SOURCE
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "schedule_stream.h"
#include "schedule_told.h"

enum { EVENTS = 1024, ROOM = 65536 };
static Stream *serving, *first, *last;
static bool serial, over;
static int poll_fd;

// MARK: What is sent

typedef struct { int length; char text[4096]; } Bytes;

static void chunk(Bytes *out, const char *body, int length) {
  out->length += sprintf(out->text + out->length, "%x\r\n%.*s\r\n", length, length, body);
}

#define CHUNK(out, ...) do { char body[512]; chunk(out, body, snprintf(body, sizeof body, __VA_ARGS__)); } while (0)
#define CHAT_HEAD "data: {\"id\":\"chatcmpl-known\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"known\",\"choices\":["
#define LINE_HEAD "{\"model\":\"known\",\"created_at\":\"2026-01-01T00:00:00Z\",\"message\":{\"role\":\"assistant\",\"content\":"

static void content(const Stream *s, long k, Bytes *out) {
  const long id = k + 1 - (s->repeat.at >= 0 && k > s->repeat.at) + (s->lose.at >= 0 && k >= s->lose.at);
  const bool thought = k < s->reasoning;
  if (k == s->bad.at) CHUNK(out, s->format == LINES ? "{\"model\":\n" : "data: {\"id\":\n\n");
  else if (s->format == TEXT) CHUNK(out, "data: t%05ld\n\n", k);
  else if (s->format == IDS) CHUNK(out, "id: %ld\ndata: t%05ld\n\n", id, k);
  else if (s->format == LINES) CHUNK(out, LINE_HEAD "\" t%05ld\"},\"done\":false}\n", k);
  else CHUNK(out, CHAT_HEAD "{\"index\":0,\"delta\":{\"%s\":\" t%05ld\"},\"finish_reason\":null}]}\n\n",
             thought ? "reasoning_content" : "content", k);
}

static void ending(const Stream *s, Bytes *out) {
  if (s->format == LINES) CHUNK(out, LINE_HEAD "\"\"},\"done\":true,\"done_reason\":\"stop\",\"eval_count\":%ld}\n", s->count);
  if (s->format == CHAT) CHUNK(out, CHAT_HEAD "{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n");
  if (s->format == CHAT && s->usage)
    CHUNK(out, CHAT_HEAD "],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":%ld,\"total_tokens\":%ld}}\n\n", s->count,
          s->count + 3);
  if (s->format != LINES) CHUNK(out, "data: [DONE]\n\n");
  out->length += sprintf(out->text + out->length, "0\r\n\r\n");
}

static void failure(const Stream *s, Bytes *out) {
  if (s->format == LINES) CHUNK(out, "{\"error\":\"the model failed\"}\n");
  else if (s->format == CHAT)
    CHUNK(out, "data: {\"error\":{\"message\":\"the model failed\",\"type\":\"server_error\",\"code\":null}}\n\n");
  else CHUNK(out, "event: fault\ndata: {\"kind\":\"upstream_reset\",\"message\":\"the model failed\",\"retryable\":false}\n\n");
  out->length += sprintf(out->text + out->length, "0\r\n\r\n");
}

static bool put(const Stream *s, const char *bytes, int length) { return send(s->fd, bytes, length, MSG_NOSIGNAL) == length; }

static void drop(Stream *s) {
  if (s->fd >= 0) close(s->fd);
  s->fd = -1;
  if (s->timed || s->waiting) return;  // who meets it there frees it
  free(s->held);
  free(s);
}

// MARK: The schedule

// When the next step is due; what changes the schedule for good is in `shift` from then on.
static int64_t due(Stream *s) {
  if (s->next == s->late.at) s->shift += s->late.by;
  if (s->next == s->stall.at) s->shift += s->stall.by - s->gap;
  int64_t at = s->base + s->next * s->gap + s->shift;
  if (s->next >= s->count) at += s->tail - s->gap;  // the end goes with the last event, or so much later
  if (s->next == s->once.at) at += s->once.by;
  if (s->next == s->join.at) at += s->gap;
  return at;
}

static void head(const Stream *s, Bytes *out) {
  const char *type = s->format == LINES ? "application/x-ndjson" : "text/event-stream";
  out->length = sprintf(out->text, "HTTP/1.1 200 OK\r\ncontent-type: %s\r\ncache-control: no-cache\r\n"
                        "transfer-encoding: chunked\r\n\r\n", type);
  if (!s->role) return;
  CHUNK(out, CHAT_HEAD "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\n\n");
}

static void begin(Stream *s, int64_t t) {
  Bytes out = {0};
  if (!s->held_head) {
    head(s, &out);
    put(s, out.text, out.length);
  }
  told.streams++;
  s->base += t;
  s->due = due(s);
  push(s);
}

static void serve_next(void) {
  for (serving = NULL; serial && first && !serving;) {
    Stream *s = first;
    if (!(first = s->after)) last = NULL;
    s->waiting = false;
    if (s->fd < 0) drop(s);
    else begin(serving = s, now());
  }
}

// False when the connection has to go.
static bool finish(Stream *s, Bytes *out) {
  const bool sent = !out->length || put(s, out->text, out->length);
  s->next = -1;
  if (s == serving) serve_next();
  return sent;
}

// What the stream's end at this event is to be, if it is to end here: 1 it goes on, 0 it has ended, -1 with its connection.
static int cut(Stream *s, Bytes *out) {
  if (s->next == s->hang.at) return told.hung++, finish(s, out) ? 0 : -1;
  if (s->next == s->error.at) return told.errors++, failure(s, out), finish(s, out) ? 0 : -1;
  if (s->next == s->truncate.at)
    return told.truncated++, out->length = sprintf(out->text, "0\r\n\r\n"), finish(s, out) ? 0 : -1;
  if (s->next == s->close.at) {
    out->length = sprintf(out->text, "64\r\ndata: ");
    return told.closed++, finish(s, out), -1;
  }
  if (s->next == s->reset.at) {
    setsockopt(s->fd, SOL_SOCKET, SO_LINGER, &(struct linger){1, 0}, sizeof(struct linger));
    return told.resets++, finish(s, out), -1;
  }
  return 1;
}

static bool step(Stream *s) {
  Bytes out = {0};
  const int goes = cut(s, &out);
  if (goes < 1) return goes == 0;
  if (s->next >= s->count) return told.whole++, ending(s, &out), finish(s, &out);
  const int events = s->next == s->join.at ? 2 : 1;
  noticed(now() - s->due);
  if (s->held_head && !s->next) head(s, &out);
  for (int i = 0; i < events; i++) content(s, s->next + i, &out);
  const int begins = s->split ? out.length / 2 : out.length;
  if (!put(s, out.text, begins) || (s->split && !put(s, out.text + begins, out.length - begins))) {
    told.full++;
    if (s == serving) serve_next();
    return false;
  }
  told.joined += events == 2;
  told.stalls += s->next == s->stall.at;
  told.repeated += s->next == s->repeat.at + 1 && s->repeat.at >= 0;
  told.lost += s->next == s->lose.at;
  told.bad += s->next == s->bad.at;
  told.contents += events - (s->next == s->bad.at);
  s->next += events;
  s->due = due(s);
  return true;
}

// Only what was due when we came: sockets have their turn again after that.
static void turn(void) {
  for (const int64_t until = now(); heap_count && heap[0]->due <= until;) {
    Stream *s = heap[0];
    if (s->fd < 0 || !step(s)) {
      pop();
      if (s->fd < 0 && s->next >= 0) told.abandoned++;
      if (s == serving) serve_next();
      drop(s);
    } else if (s->next < 0) pop();
    else sink(0);
  }
}

// MARK: Requests

static const char *parameter(const char *target, const char *name) {
  const size_t length = strlen(name);
  for (const char *at = strchr(target, '?'); at; at = strchr(at + 1, '&'))
    if (!strncmp(at + 1, name, length) && at[1 + length] == '=') return at + length + 2;
  return NULL;
}

static double number(const char *target, const char *name, double otherwise) {
  const char *at = parameter(target, name);
  return at ? atof(at) : otherwise;
}

static Fault fault(const char *target, const char *name, bool strikes) {
  const char *at = strikes ? parameter(target, name) : NULL, *by = at ? at + strcspn(at, ":& ") : NULL;
  return (Fault){at ? atol(at) : -1, by && *by == ':' ? ns(atof(by + 1) / 1e3) : 0};
}

static void wish(Stream *s, const char *target, bool strikes) {
  const char *format = parameter(target, "format");
  s->format = !format || !strncmp(format, "chat", 4) ? CHAT : !strncmp(format, "ids", 3) ? IDS
            : !strncmp(format, "lines", 5) ? LINES : TEXT;
  s->base = ns(number(target, "ttft", 100) / 1e3);
  s->gap = ns(number(target, "gap", 20) / 1e3);
  s->tail = ns(number(target, "tail", 0) / 1e3);
  s->count = number(target, "count", 50);
  s->reasoning = number(target, "reasoning", 0);
  s->role = number(target, "role", 0) && s->format == CHAT;
  s->usage = number(target, "usage", 0);
  s->split = number(target, "split", 0);
  s->held_head = number(target, "held", 0);
  s->next = s->shift = 0;
  const struct { const char *name; Fault *fault; } faults[] = {
      {"late", &s->late}, {"once", &s->once}, {"stall", &s->stall}, {"join", &s->join}, {"dup", &s->repeat},
      {"lose", &s->lose}, {"bad", &s->bad}, {"truncate", &s->truncate}, {"close", &s->close}, {"reset", &s->reset},
      {"error", &s->error}, {"hang", &s->hang}};
  for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) *faults[i].fault = fault(target, faults[i].name, strikes);
}

static void answer(const Stream *s, int status, const char *body) {
  Bytes out = {0};
  out.length = snprintf(out.text, sizeof out.text, "HTTP/1.1 %d %s\r\ncontent-type: application/json\r\n"
                        "content-length: %zu\r\n\r\n%s", status, status == 200 ? "OK" : "Fault", strlen(body), body);
  put(s, out.text, out.length);
}

static void request(Stream *s, const char *target) {
  char body[1024];
  if (strncmp(target, "/stream", 7)) {
    tell(body, sizeof body);
    answer(s, 200, body);
    if (!strncmp(target, "/zero", 5)) memset(&told, 0, sizeof told);
    return;
  }
  const long every = number(target, "every", 1);
  const bool strikes = every > 0 && ++told.requests % every == 0;
  const int status = number(target, "status", 0);
  if (status && strikes) {
    told.statuses++;
    answer(s, status, "{\"error\":{\"message\":\"injected\",\"type\":\"server_error\"}}");
    return;
  }
  wish(s, target, strikes);
  s->waiting = serial && serving;
  if (!s->waiting) {
    if (serial) serving = s;
    begin(s, now());
  } else {
    s->after = NULL;
    last = last ? (last->after = s) : (first = s);
  }
}

// A whole request at the front of what is held: its length; 0: there is more to come.
static size_t whole_request(const char *bytes) {
  const char *end = strstr(bytes, "\r\n\r\n"), *length = strcasestr(bytes, "\r\ncontent-length:");
  if (!end) return 0;
  const size_t body = length && length < end ? strtoul(length + 17, NULL, 10) : 0, all = end + 4 - bytes + body;
  return strlen(bytes) >= all ? all : 0;
}

static void readable(Stream *s) {
  static char buffer[ROOM];
  const ssize_t got = read(s->fd, buffer, sizeof buffer);
  if (got <= 0) return drop(s);
  if (s->timed || s->waiting) return;  // nobody speaks before they have been answered
  s->held = realloc(s->held, s->length + got + 1);
  memcpy(s->held + s->length, buffer, got);
  s->held[s->length += got] = 0;
  if (!whole_request(s->held)) return;
  char target[2048] = "/", *from = strchr(s->held, ' ');
  if (from) snprintf(target, sizeof target, "%.*s", (int)strcspn(from + 1, " \r\n"), from + 1);
  free(s->held);
  s->held = NULL;
  s->length = 0;
  request(s, target);
}

static void welcome(int listener) {
  for (int fd, one = 1; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    Stream *s = calloc(1, sizeof *s);
    s->fd = fd;
    s->next = -1;
    told.connections++;
    epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &(struct epoll_event){.events = EPOLLIN, .data.ptr = s});
  }
}

static void stop(int signal) { over = signal; }

static int listen_at(int port) {
  int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_ANY)};
  socklen_t length = sizeof address;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(listener, (void *)&address, length) || listen(listener, 16384)) exit((perror("schedule"), 1));
  getsockname(listener, (void *)&address, &length);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  return listener;
}

int main(int argc, char **argv) {
  double deaf = 0;
  for (int o; (o = getopt(argc, argv, "sa:")) != -1;) {
    if (o == '?') return 2;
    if (o == 's') serial = true;
    if (o == 'a') deaf = atof(optarg) / 1e3;
  }
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  prctl(PR_SET_TIMERSLACK, 1);
  sigaction(SIGTERM, &(struct sigaction){.sa_handler = stop}, NULL);
  sigaction(SIGINT, &(struct sigaction){.sa_handler = stop}, NULL);
  poll_fd = epoll_create1(0);
  int64_t opens = now() + ns(deaf);
  int listener = listen_at(optind < argc ? atoi(argv[optind]) : 0);
  while (!over) {
    const int64_t t = now();
    if (opens && t >= opens) {
      epoll_ctl(poll_fd, EPOLL_CTL_ADD, listener, &(struct epoll_event){.events = EPOLLIN});
      opens = 0;
    }
    int64_t wake = opens ? opens : t + SECOND;
    if (heap_count && heap[0]->due < wake) wake = heap[0]->due;
    const int64_t wait = wake > t ? wake - t : 0;
    struct epoll_event events[EVENTS];
    const int count = epoll_pwait2(poll_fd, events, EVENTS, &(struct timespec){wait / SECOND, wait % SECOND}, NULL);
    for (int i = 0; i < count; i++)
      if (events[i].data.ptr) readable(events[i].data.ptr);
      else welcome(listener);
    turn();
  }
  char said[1024];
  tell(said, sizeof said);
  fputs(said, stdout);
  return 0;
}
