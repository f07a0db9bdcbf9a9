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
#include <fcntl.h>
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
  long got, content, whole;  // bytes of the answer: read; of its body, and in all, or 0 before its head was read
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

static void count(const Connection *c, int64_t t) {
  if (answers == (long)time_room) times = realloc(times, (time_room = time_room * 2 + 65536) * sizeof *times);
  times[answers++] = (t - c->asked) / 1e6;
  bytes += c->whole;
  if (answers == 1 || c->content < shortest) shortest = c->content;
  if (c->content > longest) longest = c->content;
}

// Nothing is known before the empty line after the head is there.
static void head(Connection *c) {
  c->content = -1;
  for (char *line = c->bytes, *end = c->bytes + c->got, *feed; (feed = memchr(line, '\n', end - line)); line = feed + 1) {
    if ((*line == 'c' || *line == 'C') && !strncasecmp(line, "content-length:", 15)) c->content = atol(line + 15);
    if (*line != '\r') continue;
    c->whole = feed + 1 - c->bytes + c->content;
    if (strncmp(c->bytes, "HTTP/1.1 200 ", 13)) problem = strndup(c->bytes, strcspn(c->bytes, "\r"));
    else if (c->content < 0) problem = "an answer has no Content-Length";
    return;
  }
}

static void ready(Connection *c) {
  ssize_t n = read(c->fd, c->bytes + c->got, LONGEST - c->got);
  int64_t t = now();
  if (n < 0 && errno == EAGAIN) return;
  c->got += n;
  if (n > 0 && !c->whole) head(c);
  if (problem) return;
  if (n <= 0) problem = n ? strerror(errno) : "a connection was closed";
  else if (c->got == LONGEST) problem = "an answer is too long";
  else if (c->whole && c->got > c->whole) problem = "an answer is longer than its Content-Length";
  else if (c->whole && c->got == c->whole) {
    if (in_window) count(c, t);
    ask(c, t);
  }
}

static void start(Connection *c, int epoll) {
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct epoll_event edge = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data.ptr = c};
  int one = 1;
  c->fd = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (c->fd < 0 || connect(c->fd, (void *)&server, sizeof server)) { problem = strerror(errno); return; }
  fcntl(c->fd, F_SETFL, O_NONBLOCK);
  epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &edge);
  ask(c, now());
}

static void report(void) {
  printf("{\"problem\":%s%s%s", problem ? "\"" : "", problem ? problem : "null", problem ? "\"" : "");
  printf(",\"connections\":%.0f,\"window_s\":%.4f,\"answers\":%ld,\"bytes\":%ld", wanted, (closing.at - opening.at) / 1e9,
         answers, bytes);
  printf(",\"shortest_body\":%ld,\"longest_body\":%ld", shortest, longest);
  used(&opening, &closing);
  summary("answer_ms", times, answers);
  puts("}");
}

static void parse(int argc, char **argv) {
  for (int o; (o = getopt(argc, argv, "p:u:b:n:P:s:w:")) != -1;) {
    if (o == '?') exit(2);
    if (o == 'u') target = optarg;
    if (o == 'b') body = optarg;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) if (numbers[i].letter == o) *numbers[i].value = atof(optarg);
  }
  if (port && target) return;
  fputs("requests: needs -p and -u\n", stderr);
  exit(2);
}

int main(int argc, char **argv) {
  parse(argc, argv);
  if (asprintf(&request, "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\nContent-Length: %zu"
               "\r\n\r\n%s", target, (int)port, strlen(body), body) < 0) return 2;
  Connection *connections = calloc(wanted, sizeof *connections);
  const int epoll = epoll_create1(0);
  for (int i = 0; i < wanted && !problem; i++) start(&connections[i], epoll);

  const int64_t began = now();
  while (!problem) {
    struct epoll_event events[EVENTS];
    int n = epoll_wait(epoll, events, EVENTS, 50);
    for (int i = 0; i < n && !problem; i++) ready(events[i].data.ptr);
    const int64_t t = now();
    if (in_window && t >= opening.at + ns(span)) break;
    if (!in_window && t >= began + ns(settle)) in_window = true, opening = reading(pid);
  }
  if (in_window) closing = reading(pid);
  if (!problem && !answers) problem = "no answer came";
  report();
  return problem != NULL;
}
