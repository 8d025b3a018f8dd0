// How a connection takes a request's body: as a whole into its buffer, or in pieces that a pool's thread hands to the
// row one after the other, so that an upload is never in memory and no loop waits for a disk.
#include "platform/net/server/connection.hpp"

#include <sys/epoll.h>

#include <algorithm>
#include <new>

namespace spaces::net {

/// A header section has announced a body. True when it is taken as a whole; else the request is on its way, or refused.
bool connection::begin_body() {
  in_flight& current = *request_;
  describe_request();
  if (!loop_.application().takes_pieces(current.request)) {
    current.parser.hold_body();
    return true;
  }
  if (current.parser.chunked()) {
    refuse(411, "The length of this body must be announced by Content-Length.");
    return false;
  }
  if (!make_space_for_pieces()) {
    refuse(503, "Too many large requests are coming in; try again later.");
    return false;
  }
  describe_request();  // it may have moved
  const std::uint64_t announced = current.parser.announced_bytes();
  const std::uint64_t came = std::min<std::uint64_t>(current.buffer.size() - current.parser.head_bytes(), announced);
  current.pieces.emplace().left = announced - came;
  since_ms_ = loop_.now_ms();
  hand_piece_over(static_cast<std::size_t>(came));
  return false;
}

/// The header section stays where it is until the answer is made; behind it there is space for one piece.
bool connection::make_space_for_pieces() {
  if (lent_ && !loop_.give_lent()) return false;
  lent_ = false;
  receive_buffer& buffer = request_->buffer;
  const std::uint64_t piece = std::min<std::uint64_t>(request_->parser.announced_bytes(), loop_.options().piece_bytes);
  const std::size_t capacity = request_->parser.head_bytes() + static_cast<std::size_t>(piece);
  if (capacity <= buffer.capacity()) {
    buffer.move_to_front();
    return true;
  }
  if (!loop_.may_take(capacity - buffer.capacity())) return false;
  try {
    buffer.reserve(capacity);
    return true;
  } catch (const std::bad_alloc&) {
    return false;
  }
}

/// Nothing is read beyond a body that has not come as a whole.
std::size_t connection::receivable() const {
  const std::size_t free = request_->buffer.free_bytes();
  if (!request_->pieces || request_->pieces->left == 0) return free;
  return static_cast<std::size_t>(std::min<std::uint64_t>(free, request_->pieces->left));
}

/// Once the space for it is full, or it is the last.
void connection::give_piece() {
  if (phase_ == phase::working || closing_) return;
  const in_flight& current = *request_;
  if (current.pieces->left > 0 && current.buffer.free_bytes() > 0) return;
  hand_piece_over(current.buffer.size() - current.parser.head_bytes());
}

void connection::hand_piece_over(std::size_t bytes) {
  in_flight& current = *request_;
  current.pieces->piece = {current.buffer.front() + current.parser.head_bytes(), bytes};
  current.request.deadline = loop_.received() + loop_.options().request_time_max;
  current.lane = http::lane::io;
  current.owner = this;
  phase_ = phase::working;
  working_since_ms_ = loop_.now_ms();
  if (current.pieces->left > 0) wait_for(0);
  if (loop_.hand_over(current)) return;
  phase_ = phase::idle;
  refuse(503, "The server is too busy; try again later.");
}

/// What was handed over is taken, and more is wanted. The time that the disk took is not the client's.
void connection::take_piece_back() {
  in_flight& current = *request_;
  current.buffer.shrink_to(current.parser.head_bytes());
  current.pieces->piece = {};
  since_ms_ += loop_.now_ms() - working_since_ms_;
  phase_ = phase::idle;
}

/// Waits for the next piece, or more of it.
void connection::settle_pieces() {
  if (ended_) {
    refuse(400, "The request ended before it was whole.");
    return settle();
  }
  const in_flight& current = *request_;
  if (current.parser.expects_continue() && !continued_ && current.pieces->left == current.parser.announced_bytes()) {
    continued_ = true;
    loop_.out().add("HTTP/1.1 100 Continue\r\n\r\n");
    if (!flush()) return;
  }
  wait_for(EPOLLIN);
  if (phase_ == phase::body) return;  // its rate is looked at when it is time
  phase_ = phase::body;
  check_piece_rate();
}

void connection::check_piece_rate() {
  const server_options& options = loop_.options();
  const std::uint64_t passed = loop_.now_ms() - since_ms_;
  const std::uint64_t counted = passed - std::min(passed, count_ms(options.pieces_pause_max));
  const std::uint64_t received = request_->parser.announced_bytes() - request_->pieces->left;
  refuse_slow_body(received * 1000 < counted * options.pieces_bytes_per_second_min, passed, options.pieces_time_max);
}

void connection::check_body_rate() {
  if (request_->pieces) return check_piece_rate();
  const server_options& options = loop_.options();
  const std::uint64_t passed = loop_.now_ms() - since_ms_;
  const std::uint64_t counted = passed - std::min(passed, count_ms(rate_period));
  const std::size_t received = request_->parser.body_received(request_->buffer.size());
  refuse_slow_body(received * 1000 < counted * options.body_bytes_per_second_min, passed, options.body_time_max);
}

/// Or looks again later.
void connection::refuse_slow_body(bool slow, std::uint64_t passed_ms, std::chrono::milliseconds time_max) {
  if (slow || passed_ms >= count_ms(time_max)) {
    refuse(408, "The body came too slowly.");
    return settle();
  }
  expect_within(std::chrono::milliseconds(std::min(count_ms(time_max) - passed_ms, count_ms(rate_period))));
}

}  // namespace spaces::net
