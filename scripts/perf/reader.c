// SPDX-License-Identifier: Apache-2.0
//
// The floor of a load client: the least work with which one thread can time each event of N SSE streams. One timestamp a
// read, a search for "\n\n", two histograms, and nothing else: no states of HTTP, no formats, no schedule worth the name.
// What an event costs a real client is read against it, with the same server, in the same run.
//
//   reader PORT TARGET STREAMS RAMP_S   prints one JSON object when all streams are over; times in ms
//
// An event with text is one that has `"content":"` and a letter after it.
#define _GNU_SOURCE
#include <errno.h>
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

enum { EVENTS = 1024, BUCKETS = 40000 /* of 100 us */ };
static const int64_t SECOND = 1000000000;
static const char MARK[] = "\"content\":\"", DONE[] = "[DONE]";

typedef struct { int fd; bool asked, over; int64_t opened, last; } Stream;
typedef struct { long count, buckets[BUCKETS]; double sum; } Histogram;

static Histogram first_token, gap;

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * SECOND + t.tv_nsec;
}

static void record(Histogram *h, int64_t time) {
  const int64_t bucket = time / 100000;
  h->buckets[bucket < 0 ? 0 : bucket < BUCKETS ? bucket : BUCKETS - 1]++;
  h->count++;
  h->sum += time / 1e6;
}

static double at(const Histogram *h, double share) {
  long seen = 0, bucket = 0;
  for (; bucket < BUCKETS && (seen += h->buckets[bucket]) < share * h->count; bucket++) {}
  return bucket / 10.0;
}

static void print(const char *name, const Histogram *h) {
  printf(",\"%s\":{\"n\":%ld,\"mean\":%.3f,\"p50\":%.1f,\"p99\":%.1f}", name, h->count, h->count ? h->sum / h->count : 0,
         at(h, 0.5), at(h, 0.99));
}

static void take(Stream *s, const char *bytes, size_t length, int64_t t) {
  const char *end = bytes + length;
  for (const char *p = bytes, *feed; p < end && (feed = memmem(p, end - p, "\n\n", 2)); p = feed + 2) {
    const char *text = memmem(p, feed - p, MARK, sizeof MARK - 1);
    if (text && text[sizeof MARK - 1] != '"') {
      record(s->last ? &gap : &first_token, t - (s->last ? s->last : s->opened));
      s->last = t;
    } else if (memmem(p, feed - p, DONE, sizeof DONE - 1)) s->over = true;
  }
}

static void open_stream(Stream *s, int port, int poll) {
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int one = 1;
  s->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  setsockopt(s->fd, SOL_SOCKET, SO_LINGER, &(struct linger){1, 0}, sizeof(struct linger));
  s->opened = now();
  if (s->fd < 0 || (connect(s->fd, (void *)&server, sizeof server) && errno != EINPROGRESS)) exit((perror("reader"), 1));
  epoll_ctl(poll, EPOLL_CTL_ADD, s->fd,
            &(struct epoll_event){.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = s});
}

// True when the stream has ended.
static bool ready(Stream *s, const char *request, uint32_t flags, long *failed) {
  static char buffer[262144];
  if (s->over) return false;
  if (!s->asked && flags & EPOLLOUT) s->asked = send(s->fd, request, strlen(request), MSG_NOSIGNAL) > 0;
  while (flags & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) {
    const ssize_t got = read(s->fd, buffer, sizeof buffer);
    if (got < 0 && errno == EAGAIN) return false;
    if (got > 0) take(s, buffer, got, now());
    if (got <= 0) ++*failed, s->over = true;
    if (s->over) return close(s->fd), true;
    if (got < (ssize_t)sizeof buffer) return false;
  }
  return false;
}

int main(int argc, char **argv) {
  if (argc < 5) return fputs("reader PORT TARGET STREAMS RAMP_S\n", stderr), 2;
  const int port = atoi(argv[1]), wanted = atoi(argv[3]), poll = epoll_create1(0);
  const double ramp = atof(argv[4]);
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  char *request;
  if (asprintf(&request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept: text/event-stream\r\n\r\n", argv[2], port) < 0) return 1;
  Stream *streams = calloc(wanted, sizeof *streams);
  const int64_t began = now();
  long opened = 0, ended = 0, failed = 0;
  while (ended < wanted) {
    while (opened < wanted && now() - began >= opened * ramp / wanted * SECOND) open_stream(&streams[opened++], port, poll);
    struct epoll_event events[EVENTS];
    const int count = epoll_wait(poll, events, EVENTS, opened < wanted ? 1 : 100);
    for (int i = 0; i < count; i++) ended += ready(events[i].data.ptr, request, events[i].events, &failed);
  }
  printf("{\"streams\":%d,\"failed\":%ld,\"contents\":%ld,\"seconds\":%.3f", wanted, failed, first_token.count + gap.count,
         (now() - began) / 1e9);
  print("ttft", &first_token);
  print("gap", &gap);
  puts("}");
  return failed != 0;
}
