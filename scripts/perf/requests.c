// SPDX-License-Identifier: Apache-2.0
//
// A load client of whole answers: one thread, epoll, kept connections, and on each one request at a time.
//
// After the settle time the window opens: answers, CPU and times are counted in it and nowhere else. An answer has the
// status 200, a Content-Length, and after its head so many bytes and no more: anything else ends the run. Prints one
// JSON object.
//
//   -p port   -u target of POST   -b body, JSON   -n connections   -P pid of the server
//   -s settle, s   -w window, s
#define _GNU_SOURCE
#include "measure.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum { LONGEST = 131072, EVENTS = 1024 };  // bytes of an answer with its head

static double port, wanted = 32, pid, settle = 1, span = 5;
static const struct { char letter; double *value; } numbers[] = {
    {'p', &port}, {'n', &wanted}, {'P', &pid}, {'s', &settle}, {'w', &span}};
static const char *target, *body = "{}";

typedef struct {
  int fd;
  int64_t asked;
  long got, whole;  // bytes of the answer: read, and in all, or 0 before its head is read
  char bytes[LONGEST];
} Connection;

static char *request;
static bool in_window;
static Reading opening, closing;
static long answers, bytes, shortest, longest;  // in the window; the last two: of the bodies
static double *times;                           // from request to answer, ms
static size_t time_room;
static const char *problem;

static void ask(Connection *c, int64_t t) {
  const ssize_t length = strlen(request);
  c->asked = t;
  c->got = c->whole = 0;
  if (send(c->fd, request, length, MSG_NOSIGNAL) != length) problem = "a request could not be sent";
}

static void count(const Connection *c, long content, int64_t t) {
  if (answers == (long)time_room) times = realloc(times, (time_room = time_room * 2 + 65536) * sizeof *times);
  times[answers++] = (t - c->asked) / 1e6;
  bytes += c->whole;
  if (answers == 1 || content < shortest) shortest = content;
  if (content > longest) longest = content;
}

// Reads the head once it is whole: then c->whole is known, and so is the body's length, which it gives.
static long head(Connection *c) {
  long content = -1;
  for (char *line = c->bytes, *end = c->bytes + c->got, *feed; (feed = memchr(line, '\n', end - line)); line = feed + 1) {
    if ((*line == 'c' || *line == 'C') && !strncasecmp(line, "content-length:", 15)) content = atol(line + 15);
    if (*line != '\r') continue;
    c->whole = feed + 1 - c->bytes + (content > 0 ? content : 0);
    if (c->got < 12 || memcmp(c->bytes + 8, " 200", 4)) problem = strndup(c->bytes, strcspn(c->bytes, "\r"));
    else if (content < 0) problem = "an answer without Content-Length";
    else if (c->whole > LONGEST - 1) problem = "an answer is too long";
    return content;
  }
  if (c->got == LONGEST - 1) problem = "a head is too long";
  return content;
}

static void ready(Connection *c) {
  static long content;  // of the answer whose head was last read: asked for only where that was just now
  ssize_t n = read(c->fd, c->bytes + c->got, LONGEST - 1 - c->got);
  int64_t t = now();
  if (n < 0 && errno == EAGAIN) return;
  if (n <= 0) { problem = n ? strerror(errno) : "a connection was closed"; return; }
  c->got += n;
  c->bytes[c->got] = 0;
  if (!c->whole) content = head(c);
  if (problem || !c->whole || c->got < c->whole) return;
  if (c->got > c->whole) { problem = "an answer is longer than its Content-Length"; return; }
  if (in_window) count(c, content, t);
  ask(c, t);
}
