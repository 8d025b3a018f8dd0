/// What a transport serves: the router, seen from `net`.
#pragma once

#include "platform/http/incoming_body.hpp"
#include "platform/http/message.hpp"

#include <cstdint>
#include <memory>
#include <optional>

namespace spaces::http {

/// Where the rest of a request runs. `here` never waits; `io` may wait (256 threads that do); `cpu`
/// hashes or signs (as many threads as cores).
enum class lane : std::uint8_t { here, io, cpu };

/// What `begin` found out about a request and `finish` goes on with, so that nothing is done twice.
struct pending;
struct pending_delete {
  void operator()(pending* p) const;
};
using pending_ptr = std::unique_ptr<pending, pending_delete>;

/// Either an answer, or what is left to do and where.
struct begun {
  std::optional<response> answer;
  lane where = lane::here;
  pending_ptr rest;
};

/// Thread-safe. No call throws: a request for which there is no memory is answered, too.
class application {
 public:
  application() = default;
  application(const application&) = delete;
  application& operator=(const application&) = delete;
  virtual ~application() = default;

  /// On the event loop: finds the route and the caller, and answers inline what can be answered
  /// without waiting. A warm GET allocates nothing here.
  virtual begun begin(const request& incoming) = 0;

  /// The rest, on the lane that `begin` named. The request must still stand.
  virtual response finish(const request& incoming, pending_ptr rest) = 0;

  /// Whether the body that this header section announces is to be handed over in pieces. On the event loop, before any
  /// of the body is looked at.
  virtual bool takes_pieces(const request&) noexcept { return false; }
  /// Of such a request, on the io lane: asks its row whether it takes the body. The header section must stand until the
  /// body is done.
  virtual opened_body open_body(const request& head) { return {handle(head), nullptr}; }

  /// Both, one after the other, on this thread: Lambda, tests.
  response handle(const request& incoming) {
    begun start = begin(incoming);
    return start.answer ? std::move(*start.answer) : finish(incoming, std::move(start.rest));
  }

  /// The problem+json answer for a request that could not be framed (400, 408, 411, 413, 414, 431, 501,
  /// 503, 505); always closes. `origin` is the request's Origin as far as it could be read, so that the page that sent
  /// it may read why. Where there is no memory, an answer that was made before.
  virtual response refuse(int status, std::string_view detail, std::string_view origin = {}) = 0;
};

}  // namespace spaces::http
