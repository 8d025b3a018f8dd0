/// One request on its way: its bytes, what they say, and the answer that is made for it.
#pragma once

#include "platform/base/descriptor.hpp"
#include "platform/http/application.hpp"
#include "platform/net/request_parser.hpp"
#include "platform/net/server/byte_budget.hpp"
#include "platform/net/server/connection_lines.hpp"
#include "platform/net/server/outgoing.hpp"
#include "platform/net/server/worker_pool.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

namespace spaces::net {

class connection;
class event_loop;

/// Bytes as they came: [begin, end) of `capacity` are not used up.
class receive_buffer {
 public:
  /// `all` counts what every buffer takes.
  receive_buffer(std::size_t capacity, byte_budget& all);
  receive_buffer(const receive_buffer&) = delete;
  receive_buffer& operator=(const receive_buffer&) = delete;
  ~receive_buffer() { all_.give(capacity_); }

  char* front() { return bytes_.get() + begin_; }
  std::size_t size() const { return end_ - begin_; }
  bool empty() const { return begin_ == end_; }
  char* space() { return bytes_.get() + end_; }
  std::size_t free_bytes() const { return capacity_ - end_; }
  std::size_t capacity() const { return capacity_; }

  void grow_by(std::size_t count) { end_ += count; }
  void shrink_to(std::size_t count) { end_ = begin_ + count; }
  void consume(std::size_t count);
  void move_to_front();
  void reserve(std::size_t capacity);
  void append(const char* bytes, std::size_t count);

 private:
  std::unique_ptr<char[]> bytes_;
  byte_budget& all_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

/// A body that its row takes in pieces (http/incoming_body.hpp), beside the header section that announced it.
struct body_in_pieces {
  std::uint64_t left = 0;  ///< that has not been received yet
  std::string_view piece;  ///< what was received and is handed over, in the request's buffer
  std::unique_ptr<http::incoming_body> taker;
  bool answered = false;  ///< the request has its answer; nothing more is taken

  /// So many bytes have been received. What comes behind the body is another request's.
  void note(std::size_t received) { left -= std::min<std::uint64_t>(left, received); }
};

/// Large (a header section of 16 KiB and its views), so a connection has one only while something of a
/// request is there: whole requests that are answered inline are read into one that the loop lends to
/// all its connections. Ten thousand idle connections hold none.
class in_flight final : public task {
 public:
  in_flight(event_loop& owner_loop, std::size_t capacity);

  /// On the lane's thread. Never throws: what goes wrong becomes an answer of 500 or 503.
  void run() noexcept override;
  void abandon() noexcept override;
  /// What it used of its buffer.
  std::size_t consumed() const { return pieces ? parser.head_bytes() + pieces->piece.size() : parser.consumed(); }
  /// begin and, where nothing is to wait for, finish. False: `lane` and `rest` say what is left.
  bool answer_inline() noexcept;
  void finish() noexcept;
  /// `origin`: the request's, as far as it is known.
  void refuse(int status, std::string_view detail, std::string_view origin) noexcept;
  /// Nothing of the answer stays; the buffer does.
  void forget();

  /// Before it is handed over: the thread that makes the answer may send it, by this socket. Not where others wait to
  /// be sent before it.
  void may_send(int socket, persistence wanted);
  /// Whether its answer was sent, and how: then `unsent` has what the client did not take in one send.
  std::optional<sent> outcome() const { return outcome_; }
  /// What of it the kernel took then.
  std::uint64_t written() const { return written_; }
  /// The connection is gone: its socket, whose number a new client must not have while an answer may go there.
  void outlive(descriptor socket) { outlived_ = std::move(socket); }

  event_loop& loop;
  connection* owner = nullptr;  ///< none once its connection is gone; the loop's thread alone looks
  receive_buffer buffer;
  request_parser parser;
  http::request request;
  http::lane lane = http::lane::here;
  http::pending_ptr rest;
  http::response answer;
  backlog unsent;
  in_flight* next_finished = nullptr;
  std::optional<body_in_pieces> pieces;

 private:
  void take_piece() noexcept;
  void take_or_throw();
  void send_from_here() noexcept;
  void prepare_or_send();

  int socket_ = -1;  ///< to send by; none: the loop sends
  persistence persistence_ = persistence::meant;
  std::optional<sent> outcome_;
  std::uint64_t written_ = 0;
  descriptor outlived_;
};

}  // namespace spaces::net
