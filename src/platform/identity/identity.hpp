/// Who is calling: turns the credentials of a request into a person. One way to know people is one
/// sub-folder: local/ (our own tokens).
#pragma once

#include "platform/base/caller.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"

#include <string_view>

namespace spaces::identity {

/// Thread-safe, never waits, and allocates nothing for a token that it has seen before: it is asked
/// on the event loop, for every request.
class identity {
 public:
  identity() = default;
  identity(const identity&) = delete;
  identity& operator=(const identity&) = delete;
  virtual ~identity() = default;

  /// The person whom `bearer` speaks for: the credentials of `Authorization: Bearer …` without the
  /// scheme (RFC 6750, 2.1). Otherwise `unauthenticated`, whose public text is fit for the detail of
  /// a 401 and says no more than whether waiting or logging in again would help; which check failed is
  /// in the private text.
  virtual result<caller> who(std::string_view bearer, instant now) = 0;
};

}  // namespace spaces::identity
