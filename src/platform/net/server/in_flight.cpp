#include "platform/net/server/in_flight.hpp"

#include "platform/net/server/event_loop.hpp"
#include "platform/net/server/outgoing.hpp"

#include <cassert>
#include <cstring>
#include <exception>

namespace spaces::net {

receive_buffer::receive_buffer(std::size_t capacity, byte_budget& all)
    : bytes_(std::make_unique_for_overwrite<char[]>(capacity)), all_(all), capacity_(capacity) {
  all_.add(capacity_);
}

void receive_buffer::consume(std::size_t count) {
  assert(count <= size());
  begin_ += count;
  if (begin_ == end_) begin_ = end_ = 0;
}

void receive_buffer::move_to_front() {
  std::memmove(bytes_.get(), front(), size());
  end_ -= begin_;
  begin_ = 0;
}

void receive_buffer::reserve(std::size_t capacity) {
  auto larger = std::make_unique_for_overwrite<char[]>(capacity);
  if (!empty()) std::memcpy(larger.get(), front(), size());
  all_.add(capacity - capacity_);
  bytes_ = std::move(larger);
  capacity_ = capacity;
  end_ -= begin_;
  begin_ = 0;
}

void receive_buffer::append(const char* bytes, std::size_t count) {
  assert(count <= free_bytes());
  if (count > 0) std::memcpy(space(), bytes, count);
  end_ += count;
}

in_flight::in_flight(event_loop& owner_loop, std::size_t capacity)
    : loop(owner_loop),
      buffer(capacity, owner_loop.incoming_bytes()),
      parser(owner_loop.options().framing),
      unsent(owner_loop.outgoing_bytes()) {}

void in_flight::run() noexcept {
  if (pieces) {
    take_piece();
    return loop.finished(*this);
  }
  // The client has given up while the request waited for its turn.
  if (loop.system_now() > request.deadline)
    refuse(503, "The server is too busy; try again later.", request.field("Origin"));
  else
    finish();
  send_from_here();
  loop.finished(*this);
}

/// The next step of a body in pieces: its row is asked, or what has come is handed over; behind the last of it, the
/// answer.
void in_flight::take_piece() noexcept {
  try {
    take_or_throw();
  } catch (...) {
    // The application promises not to throw. A broken promise costs this request, not the process.
    refuse(500, "Something went wrong.", request.field("Origin"));
    pieces->answered = true;
  }
  // What was taken of a body that is not wanted goes here, on a thread that may wait for the disk.
  if (pieces->answered) pieces->taker.reset();
}

void in_flight::take_or_throw() {
  if (loop.system_now() > request.deadline) {
    refuse(503, "The server is too busy; try again later.", request.field("Origin"));
    pieces->answered = true;
    return;
  }
  std::optional<http::response> made;
  if (!pieces->taker) {
    http::opened_body opened = loop.application().open_body(request);
    made = std::move(opened.answer);
    pieces->taker = std::move(opened.body);
  }
  if (!made && !pieces->piece.empty()) made = pieces->taker->take(pieces->piece);
  if (!made && pieces->left == 0) made = pieces->taker->finish();
  if (!made) return;
  answer = *std::move(made);
  // What follows on the connection is the rest of a body that nobody reads.
  if (pieces->left > 0) answer.close = true;
  pieces->answered = true;
}

/// The loop need not wake for an answer that leaves here: it hears of it when it turns next, at the client's next
/// request at the latest. The end of a connection stays the loop's own matter.
void in_flight::send_from_here() noexcept {
  try {
    prepare_or_send();
  } catch (const std::exception&) {
    // Nothing has been sent: the loop says that there is no memory.
    refuse(503, "The server is out of memory; try again later.", request.field("Origin"));
  }
}

void in_flight::prepare_or_send() {
  thread_local outgoing out;
  thread_local connection_lines lines;
  if (socket_ >= 0 && !answer.close && !loop.stopping()) {
    out.add(answer, lines.at(loop.system_now(), persistence_), request.verb == http::method::head);
    outcome_ = out.flush(socket_, unsent, written_);
  } else if (!answer.ready && answer.body.size() > outgoing::copy_bytes_max) {
    // Small ones are copied by the loop; large ones are put together here, on a thread that may take its time.
    answer.ready = std::make_shared<const http::prepared>(http::prepare(answer));
  }
}

void in_flight::abandon() noexcept { loop.finished(*this); }

bool in_flight::answer_inline() noexcept {
  try {
    http::begun start = loop.application().begin(request);
    if (start.answer) {
      answer = std::move(*start.answer);
      return true;
    }
    lane = start.where;
    rest = std::move(start.rest);
    if (lane != http::lane::here) return false;
  } catch (...) {
    refuse(500, "Something went wrong.", request.field("Origin"));
    return true;
  }
  finish();
  return true;
}

void in_flight::finish() noexcept {
  try {
    answer = loop.application().finish(request, std::move(rest));
  } catch (...) {
    // The application promises not to throw. A broken promise costs this request, not the process.
    refuse(500, "Something went wrong.", request.field("Origin"));
  }
}

void in_flight::refuse(int status, std::string_view detail, std::string_view origin) noexcept {
  rest.reset();
  answer = loop.application().refuse(status, detail, origin);
  answer.close = true;
}

void in_flight::forget() {
  answer = http::response{};
  rest.reset();
  if (pieces && pieces->taker) loop.discard(std::move(pieces->taker));
  pieces.reset();
  unsent.clear();
  outcome_.reset();
  written_ = 0;
  outlived_.reset();
  socket_ = -1;
}

void in_flight::may_send(int socket, persistence wanted) {
  socket_ = socket;
  persistence_ = wanted;
}

}  // namespace spaces::net
