#include "platform/net/server/connection.hpp"

#include <linux/sockios.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <new>
#include <utility>

namespace spaces::net {
namespace {

/// What a request that arrives in parts gets to begin with: most header sections, without the 16 KiB
/// that a thousand slow clients would otherwise hold each.
constexpr std::size_t first_buffer_bytes = 2 * 1024;

constexpr std::string_view no_memory_detail = "The server is out of memory; try again later.";

}  // namespace

connection::connection(event_loop& loop) : loop_(loop), backlog_(loop.outgoing_bytes()) {}

connection::~connection() {
  if (request_ != nullptr && !lent_ && phase_ != phase::working) loop_.release(*request_);
}

template <class Work>
void connection::guarded(Work work) noexcept {
  try {
    work();
  } catch (const std::bad_alloc&) {
    loop_.out().clear();
    end();
  }
}

void connection::open(descriptor socket, std::string peer, connection_place place) {
  socket_ = std::move(socket);
  place_.emplace(std::move(place));
  peer_ = std::move(peer);
  phase_ = phase::idle;
  ended_ = closing_ = continued_ = false;
  dropped_bytes_ = 0;
  refused_bytes_ = 0;
  written_ = 0;
  watch_.caught_up();
  events_ = EPOLLIN;
  loop_.watch(socket_.get(), events_, *this);
  expect_within(loop_.options().idle_time_max);
}

void connection::on_ready(std::uint32_t events) {
  guarded([&] { handle_ready(events); });
}

void connection::handle_ready(std::uint32_t events) {
  if (!is_open()) return;  // closed earlier in this turn
  if ((events & (EPOLLERR | EPOLLHUP)) != 0) return end();
  if (!backlog_.empty()) return send_backlog();
  if ((events & EPOLLIN) == 0) return;
  if (phase_ == phase::lingering) return drop_input();
  if (phase_ == phase::working) await_answer();
  if (read() == input::none || !is_open()) return;
  if (phase_ == phase::working) return;
  note_progress();
  process();
  settle();
}

void connection::send_backlog() {
  const sent outcome = backlog_.flush(socket_.get(), written_);
  if (outcome == sent::broken) return end();
  if (outcome == sent::blocked) return;
  note_progress();
  if (phase_ == phase::working) return wait_for(ended_ ? 0U : EPOLLIN);
  phase_ = phase::idle;
  if (!closing_ && request_ != nullptr) process();
  settle();
}

/// One recv: level-triggered, the rest is reported again.
connection::input connection::read() {
  if (request_ == nullptr) {
    request_ = &loop_.lent();
    lent_ = true;
  }
  if (!make_space()) {
    if (phase_ == phase::working)
      wait_for(0);  // until the answer that is being made has left
    else
      refuse_for_memory();
    return input::none;
  }
  receive_buffer& buffer = request_->buffer;
  const ssize_t count = ::recv(socket_.get(), buffer.space(), receivable(), 0);
  if (count > 0) {
    buffer.grow_by(static_cast<std::size_t>(count));
    if (request_->pieces) request_->pieces->note(static_cast<std::size_t>(count));
    return input::some;
  }
  if (count < 0) {
    if (lent_) let_request_go();
    if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) end();
    return input::none;
  }
  ended_ = true;
  wait_for(0);
  return input::ended;
}

/// False while a request is in work, whose bytes must stay where they are; else when all requests together
/// may not take more.
bool connection::make_space() {
  receive_buffer& buffer = request_->buffer;
  if (buffer.free_bytes() > 0) return true;
  if (phase_ == phase::working) return false;
  if (buffer.size() < buffer.capacity()) {
    buffer.move_to_front();
    return true;
  }
  buffer.shrink_to(request_->parser.squeeze(buffer.front(), buffer.size()));
  if (buffer.free_bytes() > buffer.capacity() / 4) return true;
  // Enough for the largest message with the longest line of a chunked body behind it: a parser that
  // wants more has refused before.
  const framing_limits& bounds = loop_.options().framing;
  const std::size_t capacity_max = bounds.header_bytes + bounds.body_bytes + bounds.trailer_bytes +
                                   bounds.chunk_extension_bytes + first_buffer_bytes;
  assert(buffer.size() < capacity_max);
  const std::size_t capacity = std::max(std::min(buffer.capacity() * 2, capacity_max), buffer.size() + 1);
  if (!loop_.may_take(capacity - buffer.capacity())) return false;
  try {
    buffer.reserve(capacity);
    return true;
  } catch (const std::bad_alloc&) {
    return false;
  }
}

void connection::refuse_for_memory() {
  refuse(503, "Too many large requests are coming in; try again later.");
  settle();
}

/// Answers what is whole in the buffer, in order.
void connection::process() {
  if (request_->pieces) return give_piece();
  while (!closing_ && phase_ != phase::working && backlog_.empty() && !request_->buffer.empty()) {
    in_flight& current = *request_;
    switch (current.parser.advance(current.buffer.front(), current.buffer.size())) {
      case request_parser::progress::more: return;
      case request_parser::progress::refused: {
        const parse_error why = current.parser.why();
        return refuse(why.status, why.detail);
      }
      case request_parser::progress::announced:
        if (!begin_body()) return;
        continue;
      case request_parser::progress::complete: break;
    }
    if (!serve()) return;
    if (loop_.out().full() && !flush()) return;
  }
}

void connection::describe_request() {
  in_flight& current = *request_;
  current.parser.describe(current.buffer.front(), current.request);
  current.request.peer = peer_;
  current.request.received = loop_.received();
  current.request.deadline = loop_.received() + loop_.options().request_time_max;
}

/// False when the answer is still to come, and the request with it.
bool connection::serve() {
  in_flight& current = *request_;
  describe_request();
  if (!current.answer_inline() && hand_over()) return false;
  respond();
  return true;
}

/// False where it is refused instead.
bool connection::hand_over() {
  in_flight& current = *request_;
  if (lent_ && !loop_.give_lent()) {
    current.refuse(503, no_memory_detail, current.request.field("Origin"));
    return false;
  }
  lent_ = false;
  current.owner = this;
  phase_ = phase::working;
  if (may_be_sent_elsewhere()) current.may_send(socket_.get(), lasting());
  if (loop_.hand_over(current)) return true;
  phase_ = phase::idle;
  current.refuse(503, "The server is too busy; try again later.", current.request.field("Origin"));
  return false;
}

/// By the thread that makes the answer. Not where something waits to be sent before it, or to be read behind it; and
/// writes are sent by the loop, because they end many at a time, as a group, whose threads would get in each other's
/// way (a tenth fewer creates a second with 256 clients).
bool connection::may_be_sent_elsewhere() const {
  const in_flight& current = *request_;
  const bool reads = current.request.verb == http::method::get || current.request.verb == http::method::head;
  const bool alone = loop_.out().empty() && current.buffer.size() == current.parser.consumed();
  return reads && alone && current.parser.keep_alive() && !loop_.stopping();
}

void connection::respond() {
  in_flight& current = *request_;
  const bool head_only = current.request.verb == http::method::head;
  bool last = current.answer.close || !current.parser.keep_alive() || loop_.stopping();
  try {
    loop_.out().add(current.answer, lines(last), head_only);
  } catch (const std::bad_alloc&) {
    current.refuse(503, no_memory_detail, current.request.field("Origin"));
    last = true;
    loop_.out().add(current.answer, lines(last), head_only);
  }
  answered(last);
}

void connection::answered(bool last) {
  in_flight& current = *request_;
  const std::size_t consumed = current.consumed();
  if (current.pieces) refused_bytes_ = current.pieces->left;
  current.forget();
  current.buffer.consume(consumed);
  current.parser.reset();
  continued_ = false;
  closing_ = last;
  phase_ = phase::idle;
}

/// Nothing that follows on this connection can be trusted, or waited for.
void connection::refuse(int status, std::string_view detail) {
  request_->refuse(status, detail, request_->parser.origin(request_->buffer.front(), request_->buffer.size()));
  loop_.out().add(request_->answer, lines(true), false);
  if (request_->pieces) refused_bytes_ = request_->pieces->left;
  request_->forget();
  closing_ = true;
}

persistence connection::lasting() const {
  return request_->parser.old_version() ? persistence::keep_alive : persistence::meant;
}

std::string_view connection::lines(bool close) { return loop_.lines(close ? persistence::close : lasting()); }

void connection::await_answer() {
  if (std::exchange(awaits_, true)) return;
  loop_.await_answer();
}

void connection::stop_awaiting() {
  if (std::exchange(awaits_, false)) loop_.answer_taken();
}

void connection::on_answer() {
  guarded([&] { handle_answer(); });
}

void connection::handle_answer() {
  stop_awaiting();
  if (request_->pieces && !request_->pieces->answered) {
    take_piece_back();
    return settle();
  }
  const std::optional<sent> outcome = request_->outcome();
  if (outcome == sent::broken) {
    phase_ = phase::idle;  // the request is ours again, and goes with us
    return end();
  }
  if (!outcome) {
    respond();
  } else {
    backlog_ = std::move(request_->unsent);
    written_ += request_->written();
    answered(false);
  }
  if (outcome == sent::blocked) return wait_for_client();
  process();
  settle();
}

/// Sends what was gathered and finds out what to wait for.
void connection::settle() {
  if (!is_open() || phase_ == phase::sending || !flush()) return;
  if (closing_) return finish_close();
  if (phase_ == phase::working) return;
  settle_reading();
}

void connection::settle_reading() {
  if (request_ != nullptr && request_->pieces) return settle_pieces();
  if (request_ == nullptr || request_->buffer.empty()) {
    let_request_go();
    if (ended_ || loop_.stopping()) return end();
    phase_ = phase::idle;
    wait_for(EPOLLIN);
    return expect_within(loop_.options().idle_time_max);
  }
  if (ended_) {
    if (!request_->parser.started()) return end();
    refuse(400, "The request ended before it was whole.");
    return settle();
  }
  request_parser& parser = request_->parser;
  const phase next = parser.head_complete() ? phase::body : phase::head;
  const bool begins = phase_ != next;
  if (begins) since_ms_ = loop_.now_ms();
  phase_ = next;
  if (next == phase::body && parser.expects_continue() && !continued_ &&
      parser.body_received(request_->buffer.size()) == 0) {
    continued_ = true;
    loop_.out().add("HTTP/1.1 100 Continue\r\n\r\n");
    if (!flush()) return;
  }
  if (!keep_request()) return refuse_for_memory();
  wait_for(EPOLLIN);
  const server_options& options = loop_.options();
  if (begins)
    expect_within(next == phase::head ? options.header_time_max : std::min(rate_period, options.body_time_max));
}

/// False when the connection has to wait for the client, or is gone.
bool connection::flush() {
  if (loop_.out().empty()) return true;
  switch (loop_.out().flush(socket_.get(), backlog_, written_)) {
    case sent::all: return true;
    case sent::broken: end(); return false;
    case sent::blocked: break;
  }
  wait_for_client();
  return false;
}

/// Until it has read what is in the backlog.
void connection::wait_for_client() {
  if (phase_ != phase::working) {
    phase_ = phase::sending;
    if (request_ != nullptr && request_->buffer.empty()) let_request_go();
    if (request_ != nullptr && !keep_request()) return end();  // it wants more and does not read what it has been sent
  }
  wait_for(EPOLLOUT);
  watch_.begin(loop_.now_ms(), delivered());
  check_send_rate();
}

void connection::check_send_rate() {
  const server_options& options = loop_.options();
  if (!watch_.in_time(loop_.now_ms(), delivered(), options)) return end();
  expect_within(std::min({rate_period, options.send_time_max, options.send_pause_max}));
}

/// What the client's side has acknowledged.
std::uint64_t connection::delivered() const {
  int left = 0;
  if (::ioctl(socket_.get(), SIOCOUTQ, &left) != 0) return written_;
  return written_ - std::min(written_, static_cast<std::uint64_t>(left));
}

void connection::note_progress() {
  if (watch_.watching() && delivered() == written_) watch_.caught_up();
}

/// RFC 9112, 9.6: half-close, then read until the client has closed, so that unread bytes do not make
/// the kernel reset the connection under the answer. A client that says `Connection: close` may still be sending.
void connection::finish_close() {
  let_request_go();
  if (ended_) return end();
  if (::shutdown(socket_.get(), SHUT_WR) != 0) return end();
  phase_ = phase::lingering;
  wait_for(EPOLLIN);
  const server_options& options = loop_.options();
  expect_within(refused_bytes_ > 0 ? options.refused_time_max : options.linger_time_max);
}

void connection::drop_input() {
  receive_buffer& scratch = loop_.lent().buffer;
  const ssize_t count = ::recv(socket_.get(), scratch.space(), scratch.free_bytes(), 0);
  if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return;
  dropped_bytes_ += count > 0 ? static_cast<std::size_t>(count) : 0;
  const server_options& options = loop_.options();
  const std::size_t refused = std::min<std::uint64_t>(refused_bytes_, options.refused_bytes_max);
  if (count <= 0 || dropped_bytes_ > std::max(refused, options.linger_bytes_max)) end();
}

void connection::on_deadline() {
  guarded([&] { handle_deadline(); });
}

void connection::handle_deadline() {
  switch (phase_) {
    case phase::idle:
    case phase::lingering: return end();
    case phase::sending: return check_send_rate();
    case phase::working:
      if (!backlog_.empty()) return check_send_rate();
      return expect_within(loop_.options().idle_time_max);  // the pool's matter
    case phase::head:
      if (!request_->parser.started()) return end();
      refuse(408, "The header section took too long.");
      return settle();
    case phase::body: return check_body_rate();
  }
}

void connection::drain() {
  guarded([&] { drain_idle(); });
}

void connection::drain_idle() {
  if (!is_open() || phase_ != phase::idle) return;
  // A request may have come that this turn did not report.
  if (read() == input::none) {
    if (is_open()) end();
    return;
  }
  process();
  settle();
}

/// What has come already may name the page that wants to read the answer.
void connection::turn_away(std::string_view why) {
  guarded([&] {
    read();
    if (!is_open()) return;
    if (request_ == nullptr) {
      request_ = &loop_.lent();
      lent_ = true;
    }
    refuse(503, why);
    settle();
  });
}

void connection::end() {
  if (!is_open()) return;
  if (request_ != nullptr && phase_ == phase::working) {
    // The loop waits for the answer in the connection's place: what it holds is closed when it is there.
    await_answer();
    awaits_ = false;
    loop_.unwatch(socket_.get());
    static_cast<void>(::shutdown(socket_.get(), SHUT_RDWR));
    request_->owner = nullptr;
    request_->outlive(std::move(socket_));
    request_ = nullptr;
  }
  let_request_go();
  backlog_.clear();
  loop_.clear_deadline(*this);
  socket_.reset();
  place_.reset();
  loop_.closed(*this);
}

/// What is left of the loop's own request moves into a small one, which is this connection's. False when
/// there is no memory for it.
bool connection::keep_request() {
  if (!lent_) return true;
  in_flight& lent = *request_;
  const std::size_t capacity = std::max(first_buffer_bytes, lent.buffer.size() * 2);
  if (!loop_.may_take(capacity)) return false;
  in_flight* const kept = loop_.acquire(capacity);
  if (kept == nullptr) return false;
  in_flight& own = *kept;
  own.buffer.append(lent.buffer.front(), lent.buffer.size());
  own.parser = lent.parser;
  lent.buffer.consume(lent.buffer.size());
  lent.parser.reset();
  request_ = &own;
  lent_ = false;
  return true;
}

void connection::let_request_go() {
  if (request_ == nullptr) return;
  in_flight& done = *std::exchange(request_, nullptr);
  if (!std::exchange(lent_, false)) return loop_.release(done);
  done.buffer.consume(done.buffer.size());
  done.parser.reset();
}

void connection::wait_for(std::uint32_t events) {
  if (events == events_) return;
  events_ = events;
  loop_.rewatch(socket_.get(), events, *this);
}

void connection::expect_within(std::chrono::milliseconds time) {
  loop_.set_deadline(*this, loop_.now_ms() + count_ms(time));
}

}  // namespace spaces::net
