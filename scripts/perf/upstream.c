// SPDX-License-Identifier: Apache-2.0
//
// The upstream behind a measured proxy: speaks OpenAI's chat format, one thread, epoll, kept connections. Each delta is
// due at its own time, to the microsecond, and leaves in a send() of its own, in a chunk of its own: a proxy is paid for
// each. Whole chat completions are not to be had.
//
//   upstream PORT
//   POST, any path; somewhere in the body, at best in a message, which every proxy passes on:
//     rate=50    deltas a second
//     count=400  deltas before the end
//     ttft=100   ms from the request to the first delta; head and role leave together with it
//     stall=20   after so many deltas half of one is sent, and then nothing any more
//   GET, any path: {"streams":…,"stalled":…,"blocked":…}: so many began, stalled, or met a full socket
//
// A delta's text has 12 hex digits: 4 of its number, 8 of the time at which it left, in us of the monotonic clock. So
// the client knows which came, and how long each was on its way.
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 1024, LONGEST = 65536, SENDS = 256 /* between two looks at the sockets */, ROOM = 1024 };

typedef struct {
  int64_t due, gap;  // ns
  int fd, place;     // in the heap, or -1
  long sent, count, stall;
  char *request, *rest;  // what has come of a request, and what a full socket has left of a send
  size_t request_length, rest_length;
  bool streaming, has_head, is_blocked;
} Connection;

static Connection **heap;  // by due time
static int heaped, heap_room;
static long streams, stalled, blocked;
static char delta[ROOM];
static size_t delta_length;
static char *delta_text;

#define FIELDS "{\"id\":\"chatcmpl-upstream0000000000000001\",\"object\":\"chat.completion.chunk\",\"created\":1700000000," \
               "\"model\":\"bench\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_0123456789\",\"choices\":[{\"index\":0,\"delta\":"
#define AFTER(reason) ",\"logprobs\":null,\"finish_reason\":" reason "}]}"

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

// MARK: The heap

static void put(Connection *c, int place) { (heap[place] = c)->place = place; }

static void settle(Connection *c, int place) {
  for (int parent; place > 0 && heap[parent = (place - 1) / 2]->due > c->due; place = parent) put(heap[parent], place);
  for (int child; (child = 2 * place + 1) < heaped; place = child) {
    if (child + 1 < heaped && heap[child + 1]->due < heap[child]->due) child++;
    if (heap[child]->due >= c->due) break;
    put(heap[child], place);
  }
  put(c, place);
}

static void push(Connection *c) {
  if (heaped == heap_room) heap = realloc(heap, (heap_room = heap_room * 2 + 1024) * sizeof *heap);
  settle(c, heaped++);
}

static void pull(Connection *c) {
  if (c->place < 0) return;
  Connection *last = heap[--heaped];
  if (last != c) settle(last, c->place);
  c->place = -1;
}

// MARK: A connection

static void over(Connection *c) {
  pull(c);
  close(c->fd);
  free(c->request);
  free(c->rest);
  free(c);
}

// False where the peer is gone. What a full socket does not take is kept, and the stream waits for the socket.
static bool put_bytes(Connection *c, const char *bytes, size_t length) {
  ssize_t n = send(c->fd, bytes, length, MSG_NOSIGNAL);
  if (n < 0 && errno != EAGAIN) return false;
  if (n < 0) n = 0;
  if ((size_t)n == length) return true;
  if (!c->is_blocked) blocked++;
  c->is_blocked = true;
  c->rest_length = length - n;
  c->rest = memcpy(realloc(c->rest, c->rest_length), bytes + n, c->rest_length);
  return true;
}

static size_t chunk(char *to, const char *data) {
  return sprintf(to, "%zx\r\ndata: %s\n\n\r\n", strlen(data) + 8, data);
}

// One event: the head with role and first delta, a delta, or the end.
static bool put_event(Connection *c) {
  char bytes[4 * ROOM];
  size_t length = 0;
  if (c->sent == c->count) {
    length += chunk(bytes, FIELDS "{}" AFTER("\"stop\""));
    length += chunk(bytes + length, "[DONE]");
    length += sprintf(bytes + length, "0\r\n\r\n");
    c->streaming = false;
    return put_bytes(c, bytes, length);
  }
  if (!c->has_head) {
    c->has_head = true;
    length = sprintf(bytes, "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ncache-control: no-cache\r\n"
                            "transfer-encoding: chunked\r\n\r\n");
    length += chunk(bytes + length, FIELDS "{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}" AFTER("null"));
  }
  char text[16];
  sprintf(text, "%04x%08x", (unsigned)c->sent & 0xffff, (uint32_t)(now() / 1000));
  memcpy(delta_text, text, 12);
  if (c->sent++ == c->stall) {
    stalled++;
    c->streaming = false;  // for ever
    return put_bytes(c, delta, delta_length / 2);
  }
  memcpy(bytes + length, delta, delta_length);
  return put_bytes(c, bytes, length + delta_length);
}

// Sends what is due by `t`, and no more than a few.
static void fire(Connection *c, int64_t t) {
  pull(c);
  for (int sends = 0; c->streaming && !c->is_blocked && c->due <= t && sends < 16; sends++) {
    if (!put_event(c)) return over(c);
    // The end comes with the last delta's time, in a send of its own.
    if (c->sent < c->count) c->due += c->gap;
  }
  if (c->streaming && !c->is_blocked) push(c);
}

static double parameter(const char *body, const char *name, double otherwise) {
  const char *at = strstr(body, name);
  return at ? atof(at + strlen(name)) : otherwise;
}

static bool answer(Connection *c, const char *request, const char *body) {
  if (!strncmp(request, "GET ", 4)) {
    char json[128], bytes[512];
    int length = sprintf(json, "{\"streams\":%ld,\"stalled\":%ld,\"blocked\":%ld}", streams, stalled, blocked);
    length = sprintf(bytes, "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s", length, json);
    return put_bytes(c, bytes, length);
  }
  double rate = parameter(body, "rate=", 50);
  streams++;
  c->gap = 1e9 / (rate > 0 ? rate : 50);
  c->count = parameter(body, "count=", 10);
  c->stall = parameter(body, "stall=", -1);
  c->due = now() + (int64_t)(1e6 * parameter(body, "ttft=", 0));
  c->sent = 0;
  c->has_head = c->is_blocked = false;
  c->streaming = true;
  push(c);
  return true;
}

// One request at a time, which may come in pieces. False where the connection is over.
static bool readable(Connection *c) {
  static char bytes[LONGEST];
  for (;;) {
    ssize_t n = read(c->fd, bytes, sizeof bytes);
    if (n < 0 && errno == EAGAIN) return true;
    if (n <= 0 || c->request_length + n > LONGEST) return false;
    if (!c->request) c->request = malloc(LONGEST + 1);
    memcpy(c->request + c->request_length, bytes, n);
    c->request_length += n;
    c->request[c->request_length] = 0;
    char *end = strstr(c->request, "\r\n\r\n"), *field = strcasestr(c->request, "\r\ncontent-length:");
    size_t body = field && field < end ? atol(field + 17) : 0;
    if (!end || c->request_length < (size_t)(end + 4 - c->request) + body) continue;
    if (!answer(c, c->request, end + 4)) return false;
    free(c->request);
    c->request = NULL;
    c->request_length = 0;
  }
}

static void writable(Connection *c) {
  if (!c->is_blocked) return;
  ssize_t n = send(c->fd, c->rest, c->rest_length, MSG_NOSIGNAL);
  if (n < 0) return;  // full again, or gone, which a read tells
  memmove(c->rest, c->rest + n, c->rest_length -= n);
  if (c->rest_length) return;
  c->is_blocked = false;
  if (c->streaming) push(c);
}

static void accept_all(int listener, int poll) {
  int one = 1, buffer = 65536;  // so that a reader that does not read is noticed soon
  for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
    Connection *c = calloc(1, sizeof *c);
    struct epoll_event added = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = c};
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
    c->fd = fd;
    c->place = -1;
    epoll_ctl(poll, EPOLL_CTL_ADD, fd, &added);
  }
}

static int listening(int port) {
  int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (!bind(listener, (void *)&address, sizeof address) && !listen(listener, 4096)) return listener;
  perror("upstream");
  exit(1);
}

int main(int argc, char **argv) {
  int listener = listening(argc > 1 ? atoi(argv[1]) : 9102), poll = epoll_create1(0);
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  struct epoll_event added = {.events = EPOLLIN}, events[EVENTS];
  epoll_ctl(poll, EPOLL_CTL_ADD, listener, &added);
  delta_length = chunk(delta, FIELDS "{\"content\":\"############\"}" AFTER("null"));
  delta_text = strchr(delta, '#');

  for (;;) {
    int64_t wait = heaped ? heap[0]->due - now() : 0;
    struct timespec sleep = {wait > 0 ? wait / 1000000000 : 0, wait > 0 ? wait % 1000000000 : 0};
    int n = epoll_pwait2(poll, events, EVENTS, heaped ? &sleep : NULL, NULL);
    for (int i = 0; i < n; i++) {
      Connection *c = events[i].data.ptr;
      if (!c) accept_all(listener, poll);
      else if (events[i].events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR) && !readable(c)) over(c);
      else if (events[i].events & EPOLLOUT) writable(c);
    }
    const int64_t t = now();
    for (int sends = 0; heaped && heap[0]->due <= t && sends < SENDS; sends++) fire(heap[0], t);
  }
}
