#include <stddef.h>

/// The passwords of common-passwords.txt: UTF-8, in lower case, sorted, each with a line feed behind it.
const char *common_passwords(size_t *count);
