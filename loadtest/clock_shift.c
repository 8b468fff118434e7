/* Preloaded into a process, this moves its wall clock, and nothing else, by what a file says: microseconds, as eight
 * bytes that may change at any moment. How long things take, CLOCK_MONOTONIC, stays what it is, so that waits and
 * time limits go on. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t none;
static const volatile int64_t *shift_us = &none;

__attribute__((constructor)) static void open_shift(void) {
    const char *path = getenv("CLOCK_SHIFT_FILE");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *bytes = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (bytes != MAP_FAILED) shift_us = bytes;
}

static int64_t now_ns(clockid_t clock) {
    struct timespec at;
    syscall(SYS_clock_gettime, clock, &at);
    int64_t shift = __atomic_load_n(shift_us, __ATOMIC_RELAXED);
    return at.tv_sec * INT64_C(1000000000) + at.tv_nsec + shift * 1000;
}

int clock_gettime(clockid_t clock, struct timespec *at) {
    if (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE) return syscall(SYS_clock_gettime, clock, at);
    int64_t ns = now_ns(clock);
    at->tv_sec = ns / 1000000000;
    at->tv_nsec = ns % 1000000000;
    return 0;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
    (void)zone;
    int64_t ns = now_ns(CLOCK_REALTIME);
    at->tv_sec = ns / 1000000000;
    at->tv_usec = ns % 1000000000 / 1000;
    return 0;
}

time_t time(time_t *at) {
    time_t seconds = now_ns(CLOCK_REALTIME) / 1000000000;
    if (at) *at = seconds;
    return seconds;
}
