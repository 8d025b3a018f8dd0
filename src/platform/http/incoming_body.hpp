/// A request's body that a row takes piece by piece, as it comes, and that is never whole in memory: an upload.
#pragma once

#include "platform/base/error.hpp"
#include "platform/http/message.hpp"

#include <memory>
#include <optional>
#include <string_view>

namespace spaces::http {

/// What a row makes for such a request (`route::receive`), once its fields are known to be right. One thread at a time,
/// of those that may wait; discarded, with what it has taken, unless it is finished.
class body_receiver {
 public:
  body_receiver() = default;
  body_receiver(const body_receiver&) = delete;
  body_receiver& operator=(const body_receiver&) = delete;
  virtual ~body_receiver() = default;

  /// An error is the answer, and no more comes.
  virtual result<void> take(std::string_view piece) = 0;
  /// All has come.
  virtual result<response> finish() = 0;
};

/// The same as a transport sees it, whose every outcome is an answer. No call throws.
class incoming_body {
 public:
  incoming_body() = default;
  incoming_body(const incoming_body&) = delete;
  incoming_body& operator=(const incoming_body&) = delete;
  virtual ~incoming_body() = default;

  /// An answer: no more is wanted.
  virtual std::optional<response> take(std::string_view piece) = 0;
  virtual response finish() = 0;
};

/// Either an answer, given before any of the body was looked at, or what takes it.
struct opened_body {
  std::optional<response> answer;
  std::unique_ptr<incoming_body> body;
};

}  // namespace spaces::http
