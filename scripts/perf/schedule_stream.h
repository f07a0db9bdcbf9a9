// SPDX-License-Identifier: Apache-2.0
//
// A stream of schedule.c, what is to go wrong with it, and the streams in the order in which they are due.
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

static const int64_t SECOND = 1000000000;  // ns, as all times here
enum { CHAT, TEXT, IDS, LINES };

typedef struct { long at; int64_t by; } Fault;  // at: -1 where there is none

typedef struct Stream {
  int fd;                                  // -1: the client has left
  bool timed, waiting, named;              // it is in the heap; in the queue; the role's chunk is sent
  int format;
  long next, count, reasoning;
  int64_t due, base, gap, shift, tail;     // base: when event 0 is due
  bool role, usage, split, held_head;
  Fault late, once, stall, join, repeat, lose, bad, truncate, close, reset, error, hang;
  struct Stream *after;                    // in the queue
  char *held;                              // of a request that has not wholly come
  size_t length;
} Stream;

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * SECOND + t.tv_nsec;
}

static int64_t ns(double seconds) { return seconds * SECOND; }

// MARK: Due times, a binary heap

static Stream **heap;
static size_t heap_count, heap_room;

static void swap(size_t i, size_t j) {
  Stream *s = heap[i];
  heap[i] = heap[j];
  heap[j] = s;
}

static void sink(size_t i) {
  for (size_t child; (child = 2 * i + 1) < heap_count; i = child) {
    if (child + 1 < heap_count && heap[child + 1]->due < heap[child]->due) child++;
    if (heap[i]->due <= heap[child]->due) return;
    swap(i, child);
  }
}

static void push(Stream *s) {
  if (heap_count == heap_room) heap = realloc(heap, (heap_room = heap_room * 2 + 1024) * sizeof *heap);
  s->timed = true;
  heap[heap_count++] = s;
  for (size_t i = heap_count - 1; i && heap[i]->due < heap[(i - 1) / 2]->due; i = (i - 1) / 2) swap(i, (i - 1) / 2);
}

static void pop(void) {
  heap[0]->timed = false;
  heap[0] = heap[--heap_count];
  sink(0);
}
