// SPDX-License-Identifier: Apache-2.0
//
// The floor: the least work with which one thread can type N streams over HTTP/1.1 on Linux. Pre-framed bytes, a 1 ms
// timing wheel, one send() a frame, and nothing else: no limits, no parsing worth the name. What a real server's frame
// costs is read against it, on the same machine, in the same run. It is the floor of whole answers too: there one send()
// of constant bytes follows each read(), which is taken to be one request.
//
//   floor PORT
//   GET /?rate=50&count=400&size=50    frames a second, frames before [DONE], bytes of a frame on the wire (chunk and all)
//   POST /?body=600&size=1000          by any method: a JSON body, with keep-alive; bytes of it, and of it and its head
#define _GNU_SOURCE
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SLOTS = 1024, EVENTS = 1024, TICK = 1000000 /* ns */, SMALLEST = 14, LARGEST = 4095, LONGEST = 65536 };

typedef struct Stream {
  struct Stream *next;  // in the wheel's slot
  int64_t due, gap;     // ns
  const char *frame;
  int fd, size, left;
  bool parked, gone;    // the wheel still points at a parked stream, so the wheel frees it
} Stream;

static Stream *wheel[SLOTS];
static int64_t tick;  // the last one done
static int active;    // parked streams

static const char HEAD[] =
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n"
    "17\r\nevent: start\ndata: {}\n\n\r\n";
static const char DONE[] = "e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n";

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

// One chunk of `size` bytes that holds one event: with an id where there is room for one. The id has no dot and
// number, so a client counts frames instead of reading offsets.
static const char *frame(int size) {
  static char *made[LARGEST + 1];
  char *f = made[size];
  if (f) return f;
  f = made[size] = malloc(size + 1);
  int room = size - (size > 261 ? 7 : size > 20 ? 6 : 5);  // without "12c\r\n", "2c\r\n" or "c\r\n", and "\r\n"
  if (room < 16) sprintf(f, "%x\r\ndata: %.*s\n\n\r\n", room, room - 8, "hello, wo");
  else sprintf(f, "%x\r\nid: %0*d\ndata: x\n\n\r\n", room, room - 14, 0);
  return f;
}

static bool put(Stream *s, const char *bytes, int size) { return send(s->fd, bytes, size, MSG_NOSIGNAL) == size; }

// Sends what is due by `t`. False when the stream is over: whole, or the reader gone, or its socket full.
static bool fire(Stream *s, int64_t t) {
  for (; s->due <= t; s->due += s->gap) {
    if (s->gone) return false;
    if (s->left > 0 && !put(s, s->frame, s->size)) return shutdown(s->fd, SHUT_RDWR), false;
    if (--s->left <= 0) return put(s, DONE, sizeof DONE - 1), false;
  }
  return true;
}

// A stream that is due later than the wheel is long is met early, and parked again.
static void park(Stream *s) {
  int64_t at = (s->due + TICK - 1) / TICK;
  if (at <= tick) at = tick + 1;
  s->next = wheel[at % SLOTS];
  wheel[at % SLOTS] = s;
}

static void turn(void) {
  Stream *s = wheel[++tick % SLOTS];
  wheel[tick % SLOTS] = NULL;
  for (Stream *next; s; s = next) {
    next = s->next;
    if (fire(s, tick * TICK)) { park(s); continue; }
    s->parked = false;
    active--;
    if (s->gone) free(s);
  }
}

static double parameter(const char *request, const char *name, double otherwise) {
  const char *at = strstr(request, name);
  return at ? atof(at + strlen(name)) : otherwise;
}

// A whole answer of `size` bytes, of which `body` are JSON; longer where the head or an empty text needs that.
static bool answer(Stream *s, int body, int size) {
  static char made[2 * LONGEST + 256];
  static int body_asked, size_asked, length;
  if (body != body_asked || size != size_asked) {
    body_asked = body;
    size_asked = size;
    body = body < 15 ? 15 : body > LONGEST ? LONGEST : body;
    length = sprintf(made, "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\nfill: ", body);
    int fill = size - length - 4 - body;
    fill = fill < 1 ? 1 : fill > LONGEST ? LONGEST : fill;
    length += sprintf(made + length, "%0*d\r\n\r\n{\"content\":\"%0*d\"}", fill, 0, body - 14, 0);
  }
  return put(s, made, length);
}

static void readable(Stream *s) {
  static char request[65536];
  ssize_t got = read(s->fd, request, sizeof request - 1);
  if (got <= 0) {
    close(s->fd);
    s->gone = true;
    if (!s->parked) free(s);
  }
  if (got <= 0 || s->parked) return;
  request[got] = 0;
  double rate = parameter(request, "rate=", 50), size = parameter(request, "size=", 50), body = parameter(request, "body=", 0);
  if (body > 0) {
    if (!answer(s, body, size)) shutdown(s->fd, SHUT_RDWR);
    return;
  }
  s->gap = 1e9 / (rate > 0 ? rate : 50);
  s->left = parameter(request, "count=", 0);
  s->frame = frame(size < SMALLEST ? SMALLEST : size > LARGEST ? LARGEST : size);
  s->size = strlen(s->frame);  // 21 and 262 bytes cannot be had: the 16th byte of a chunk makes its head one longer
  s->due = now();
  put(s, HEAD, sizeof HEAD - 1);
  if (!fire(s, s->due)) return;
  if (active++ == 0) tick = now() / TICK;  // it stood still while nothing was parked
  s->parked = true;
  park(s);
}

int main(int argc, char **argv) {
  int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), poll = epoll_create1(0);
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_port = htons(argc > 1 ? atoi(argv[1]) : 9101), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(listener, (void *)&address, sizeof address) || listen(listener, 4096)) return perror("floor"), 1;
  struct epoll_event added = {.events = EPOLLIN}, events[EVENTS];
  epoll_ctl(poll, EPOLL_CTL_ADD, listener, &added);

  for (;;) {
    int64_t wait = (tick + 1) * TICK - now();
    struct timespec sleep = {.tv_nsec = wait > 0 ? wait : 0};
    int n = epoll_pwait2(poll, events, EVENTS, active ? &sleep : NULL, NULL);
    for (int i = 0; i < n; i++) {
      if (events[i].data.ptr) { readable(events[i].data.ptr); continue; }
      for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        Stream *s = calloc(1, sizeof *s);
        s->fd = fd;
        added = (struct epoll_event){.events = EPOLLIN, .data.ptr = s};
        epoll_ctl(poll, EPOLL_CTL_ADD, fd, &added);
      }
    }
    // Only up to now, and then sockets again: an overloaded floor still accepts.
    for (int64_t until = now() / TICK; active && tick < until;) turn();
  }
}
