/// What the process that prepares pictures and the one that asks for it send each other, over a socket between them.
/// Both are of one build on one machine, so numbers lie as they do in memory. The asking side believes nothing: what it
/// reads is held to every limit, and to what a right answer can be.
#pragma once

#include "platform/picture/header.hpp"
#include "platform/picture/preparer.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

namespace spaces::picture::protocol {

/// The socket's number in the worker; below it are the standard ones, which lead nowhere.
inline constexpr int worker_socket = 3;

/// The worker's only words, where no file may be opened from its first line on.
inline constexpr std::string_view require_sandbox = "--require-sandbox";

/// How a worker ends when it may not work.
inline constexpr int status_wrong_usage = 2;
inline constexpr int status_no_sandbox = 3;
inline constexpr int status_cannot_prepare = 4;  ///< a format does not work in the warm-up

/// Of other builds: another number.
inline constexpr std::uint32_t version = 0x53505731;

/// From the worker, when it is warm and shut in.
struct greeting {
  std::uint32_t version = protocol::version;
  std::uint32_t landlock = 0;  ///< the kernel's version of it; 0: it has none
};

/// To the worker, with the original's descriptor beside it.
struct request {
  std::uint32_t version = protocol::version;
  std::uint32_t stage = 0;
  std::uint64_t bytes = 0;
  std::uint64_t number = 0;  ///< comes back with the answer, so that none is taken for another picture's
};

/// Before an answer's body.
struct answer_head {
  std::uint32_t version = protocol::version;
  std::uint32_t refused = 0;  ///< 0, or 1 more than a `reason`: then there is no body
  std::uint64_t bytes = 0;    ///< of the body
  std::uint64_t number = 0;   ///< the request's
};

static_assert(std::is_trivially_copyable_v<greeting> && std::is_trivially_copyable_v<request> &&
              std::is_trivially_copyable_v<answer_head>);

template <class Message>
std::string_view bytes_of(const Message& message) {
  return {reinterpret_cast<const char*>(&message), sizeof message};
}

/// A whole answer: head and body.
std::string answer(const request& to, reason why);
std::string answer(const request& to, const prepared& made);

/// The body of an answer of this stage, where it can be one: known types, the sizes that `sizes_of` says, each file
/// really of its type and size, nothing before, between or behind; else what is wrong, for the log.
std::variant<prepared, std::string_view> read_prepared(std::string_view body, stage what);

}  // namespace spaces::picture::protocol
