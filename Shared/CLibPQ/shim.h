#include <libpq-fe.h>

// What the engine over libpq needs of Linux, and Swift's Glibc module does not have.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>

/// Names the calling thread for the system's tools; at most 15 bytes. Swift can't call a variadic function.
static inline void clibpq_set_thread_name(const char *name) {
    prctl(PR_SET_NAME, name);
}
