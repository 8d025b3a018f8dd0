/// Logins and how they go on. One way to keep them is one sub-folder: local/ (families of our own tokens).
#pragma once

#include "base/caller.hpp"
#include "base/error.hpp"
#include "table/table.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace spaces {

/// Where somebody logged in, for the list that is shown to him.
struct session_origin {
  std::string device;   ///< as the client names itself (User-Agent)
  std::string address;  ///< the client's
};

/// What somebody gets who has shown who he is.
struct token_pair {
  std::string access_token;
  std::string refresh_token;
  std::chrono::seconds expires_in{};  ///< of the access token
};

/// Thread-safe.
class sessions {
 public:
  sessions() = default;
  sessions(const sessions&) = delete;
  sessions& operator=(const sessions&) = delete;
  virtual ~sessions() = default;

  /// A new session of `who`, in one transaction with `also`. `conflict` when a condition of `also` does not
  /// hold; then nothing was written.
  virtual result<token_pair> open(const caller& who, const session_origin& from,
                                  std::vector<table::operation> also) = 0;
};

}  // namespace spaces
