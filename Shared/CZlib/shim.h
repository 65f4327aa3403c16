#include <zlib.h>

// zlib has this as a macro, which Swift does not see.
static inline int lyceum_deflateInit2(z_stream *stream, int level, int windowBits, int memLevel) {
    return deflateInit2(stream, level, Z_DEFLATED, windowBits, memLevel, Z_DEFAULT_STRATEGY);
}
