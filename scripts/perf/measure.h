// SPDX-License-Identifier: Apache-2.0
//
// What the load clients have in common: clocks, the CPU of the server and of this process, the server's memory, percentiles.
#include <ctype.h>
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static const int64_t SECOND = 1000000000;  // ns, as all times here

static int64_t clock_ns(clockid_t clock) {
  struct timespec t;
  return clock_gettime(clock, &t) ? 0 : t.tv_sec * SECOND + t.tv_nsec;
}

static int64_t now(void) { return clock_ns(CLOCK_MONOTONIC); }

static int64_t ns(double seconds) { return seconds * SECOND; }

// MARK: The server's process, and this one

// What is read when the window opens, and again when it closes.
typedef struct { int64_t at, server_cpu, server_wait, server_turns, client_cpu, client_wait; } Reading;

// Of all threads of the process: the time in which they could have run and did not, which is what others took from it;
// and how often they were given a core.
static int64_t wait_for_core(int process, int64_t *turns) {
  char path[300];
  int64_t sum = 0;
  snprintf(path, sizeof path, "/proc/%d/task", process);
  DIR *tasks = opendir(path);
  for (struct dirent *task; tasks && (task = readdir(tasks));) {
    if (!isdigit(task->d_name[0])) continue;
    snprintf(path, sizeof path, "/proc/%d/task/%s/schedstat", process, task->d_name);
    long long waited = 0, given = 0;
    FILE *file = fopen(path, "r");
    if (file && fscanf(file, "%*d %lld %lld", &waited, &given) == 2) sum += waited, *turns += given;
    if (file) fclose(file);
  }
  if (tasks) closedir(tasks);
  return sum;
}

static Reading reading(int pid) {
  clockid_t server;  // of all its threads, in ns, where utime and stime of /proc count in 10 ms
  bool known = pid && clock_getcpuclockid(pid, &server) == 0;
  int64_t turns = 0, own_turns = 0, waited = known ? wait_for_core(pid, &turns) : 0;
  return (Reading){now(), known ? clock_ns(server) : 0, waited, turns, clock_ns(CLOCK_PROCESS_CPUTIME_ID),
                   wait_for_core(getpid(), &own_turns)};
}

static inline long resident_kib(int pid) {
  char path[64];
  long pages = 0;
  snprintf(path, sizeof path, "/proc/%d/statm", pid);
  FILE *file = fopen(path, "r");
  if (!file || fscanf(file, "%*d %ld", &pages) != 1) pages = 0;
  if (file) fclose(file);
  return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

// MARK: Report

static void used(const Reading *opening, const Reading *closing) {
  printf(",\"server_cpu_s\":%.6f,\"server_wait_s\":%.6f,\"server_turns\":%lld,\"client_cpu_s\":%.6f,\"client_wait_s\":%.6f",
         (closing->server_cpu - opening->server_cpu) / 1e9, (closing->server_wait - opening->server_wait) / 1e9,
         (long long)(closing->server_turns - opening->server_turns),
         (closing->client_cpu - opening->client_cpu) / 1e9, (closing->client_wait - opening->client_wait) / 1e9);
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

// Percentiles by nearest rank: each is a value that occurred.
static void summary(const char *name, double *values, size_t n) {
  static const struct { const char *name; size_t of_1000; } ranks[] = {{"p50", 500}, {"p90", 900}, {"p99", 990}, {"p999", 999}};
  if (n == 0) { printf(",\"%s\":null", name); return; }
  qsort(values, n, sizeof *values, ascending);
  printf(",\"%s\":{\"n\":%zu,\"min\":%.3f,\"max\":%.3f", name, n, values[0], values[n - 1]);
  for (int i = 0; i < 4; i++) printf(",\"%s\":%.3f", ranks[i].name, values[(n * ranks[i].of_1000 + 999) / 1000 - 1]);
  printf("}");
}
