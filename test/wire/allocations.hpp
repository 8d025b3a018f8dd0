/// How often the test program has allocated: src/platform/net/server/allocations_test.cpp replaces operator new.
#pragma once

#include <cstddef>

namespace spaces::net {

/// Of all threads, since the program began.
std::size_t allocations();

}  // namespace spaces::net
