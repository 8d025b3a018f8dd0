#include "platform/net/server/event_loop.hpp"

#include "platform/net/server/connection.hpp"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <system_error>
#include <utility>

namespace spaces::net {
namespace {

/// Taken from the kernel in one call; the rest is there at the next turn.
constexpr int events_max = 128;
/// Accepted in one turn, so that a rush of clients does not keep those waiting who are connected.
constexpr int accepts_max = 32;
/// Exchanges kept for the next request that needs one; a burst's memory goes back behind it.
constexpr std::size_t spares_max = 32;
/// Answers that were sent, but not yet seen by the loop: more hold too much memory.
constexpr std::size_t unseen_max = spares_max;

descriptor made(int number, const char* what) {
  if (number < 0) throw std::system_error(errno, std::generic_category(), what);
  return descriptor(number);
}

std::uint64_t steady_ms() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

/// Ends a body, and itself.
class discarded_body final : public task {
 public:
  explicit discarded_body(std::unique_ptr<http::incoming_body> body) : body_(std::move(body)) {}
  void run() noexcept override { delete this; }
  void abandon() noexcept override { delete this; }

 private:
  const std::unique_ptr<http::incoming_body> body_;
};

int open_spare() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

}  // namespace

event_loop::event_loop(serving& shared, std::vector<descriptor> listening)
    : shared_(shared),
      epoll_(made(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      wake_(made(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "eventfd")),
      spare_(open_spare()),
      wheel_(shared.options.tick, steady_ms()),
      lent_(std::make_unique<in_flight>(*this, shared.options.framing.header_bytes)) {
  spares_.reserve(spares_max);
  update_clocks();
  // Edge-triggered: each write wakes, and the counter need never be read.
  epoll_event interest{};
  interest.events = EPOLLIN | EPOLLET;
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &interest) != 0)
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  for (descriptor& socket : listening) {
    acceptors_.push_back(std::make_unique<acceptor>(*this, std::move(socket)));
    watch(acceptors_.back()->number(), EPOLLIN, *acceptors_.back());
  }
}

event_loop::~event_loop() {
  for (in_flight* done = finished_.exchange(nullptr, std::memory_order_acquire); done != nullptr;)
    delete std::exchange(done, done->next_finished);
}

instant event_loop::system_now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

void event_loop::update_clocks() {
  now_ms_ = steady_ms();
  received_ = system_now();
}

void event_loop::watch(int number, std::uint32_t events, watched& who) {
  epoll_event interest{};
  interest.events = events;
  interest.data.ptr = &who;
  // Fails only where the kernel has no memory left.
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, number, &interest) != 0)
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
}

void event_loop::rewatch(int number, std::uint32_t events, watched& who) {
  epoll_event interest{};
  interest.events = events;
  interest.data.ptr = &who;
  static_cast<void>(::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, number, &interest));
}

int event_loop::wait_ms() const {
  if (wheel_.empty() && accepting_ && !draining_) return -1;
  std::uint64_t next = wheel_.next_ms();
  if (draining_) next = std::min(next, drain_until_ms_);
  return static_cast<int>(next > now_ms_ ? next - now_ms_ : 0);
}

void event_loop::run() {
  std::array<epoll_event, events_max> events;
  while (!drained()) {
    const bool paused = !accepting_;
    const int count = ::epoll_wait(epoll_.get(), events.data(), events_max, wait_ms());
    update_clocks();
    // First: a client that was answered may have sent its next request.
    take_finished();
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      if (event.data.ptr != nullptr) static_cast<watched*>(event.data.ptr)->on_ready(event.events);
    }
    take_finished();
    wheel_.advance(now_ms_, [this](timed& entry) { expire(entry); });
    if (paused) watch_acceptors(EPOLLIN);
    if (!draining_ && stopping_.load(std::memory_order_relaxed)) start_drain();
    unused_.insert(unused_.end(), just_closed_.begin(), just_closed_.end());
    just_closed_.clear();
    return_memory();
  }
  finish_drain();
}

/// Connections alone have deadlines.
void event_loop::expire(timed& entry) { static_cast<connection&>(entry).on_deadline(); }

void event_loop::stop() noexcept {
  stopping_.store(true);
  wake();
}

void event_loop::wake() noexcept {
  const std::uint64_t one = 1;
  static_cast<void>(!::write(wake_.get(), &one, sizeof one));
}

/// Here and where the loop looks, all is sequentially consistent: a thread that adds to the list and then sees no
/// reason to wake the loop has added before the loop, which gave the reason and then looks, does so.
void event_loop::finished(in_flight& done) noexcept {
  // A large request's memory is others' as soon as it is answered.
  const bool small = done.buffer.capacity() <= options().framing.header_bytes;
  const bool sent = done.outcome().has_value();
  in_flight* before = finished_.load();
  do done.next_finished = before;
  while (!finished_.compare_exchange_weak(before, &done));
  // From here on the request is the loop's.
  const bool can_wait =
      sent && small && unseen_.fetch_add(1) + 1 < unseen_max && awaited_.load() == 0 && !stopping_.load();
  if (!can_wait && !woken_.exchange(true)) wake();
}

void event_loop::take_finished() {
  if (woken_.load()) woken_.store(false);
  if (finished_.load() == nullptr) return;
  unseen_.store(0);
  in_flight* latest = finished_.exchange(nullptr);
  in_flight* first = nullptr;
  while (latest != nullptr) {
    in_flight* const next = latest->next_finished;
    latest->next_finished = std::exchange(first, latest);
    latest = next;
  }
  while (first != nullptr) {
    in_flight& done = *first;
    first = done.next_finished;
    --handed_over_;
    if (connection* const owner = std::exchange(done.owner, nullptr)) {
      owner->on_answer();
    } else {
      answer_taken();  // connection::end
      release(done);
    }
  }
}

void event_loop::unwatch(int number) { static_cast<void>(::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, number, nullptr)); }

bool event_loop::hand_over(in_flight& ready) {
  worker_pool& pool = ready.lane == http::lane::cpu ? *shared_.cpu : *shared_.io;
  // Counted first: the answer may be there before this returns.
  ++handed_over_;
  if (pool.submit(ready)) return true;
  --handed_over_;
  return false;
}

bool event_loop::may_take(std::size_t bytes) const { return shared_.incoming_bytes.has(bytes); }

bool event_loop::give_lent() noexcept {
  in_flight* const next = acquire(options().framing.header_bytes);
  if (next == nullptr) return false;
  static_cast<void>(lent_.release());
  lent_.reset(next);
  return true;
}

in_flight* event_loop::acquire(std::size_t capacity) noexcept {
  for (auto& spare : spares_) {
    if (spare->buffer.capacity() != capacity) continue;
    std::swap(spare, spares_.back());
    in_flight* const found = spares_.back().release();
    spares_.pop_back();
    return found;
  }
  try {
    return std::make_unique<in_flight>(*this, capacity).release();
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

void event_loop::release(in_flight& done) {
  std::unique_ptr<in_flight> owner(&done);
  if (done.pieces && done.pieces->taker) discard(std::move(done.pieces->taker));
  if (spares_.size() == spares_max || done.buffer.capacity() > options().framing.header_bytes) return;
  done.forget();
  done.buffer.consume(done.buffer.size());
  done.parser.reset();
  done.owner = nullptr;
  spares_.push_back(std::move(owner));
}

void event_loop::discard(std::unique_ptr<http::incoming_body> unfinished) noexcept {
  try {
    auto later = std::make_unique<discarded_body>(std::move(unfinished));
    if (shared_.io->submit(*later)) static_cast<void>(later.release());  // it ends itself
  } catch (const std::bad_alloc&) {
    // It has ended here.
  }
}

bool event_loop::accept_from(int listening) {
  for (int i = 0; i < accepts_max; ++i) {
    socket_address peer;
    peer.size = sizeof peer.address;
    std::unique_lock lock(shared_.accepting);
    descriptor socket(
        ::accept4(listening, reinterpret_cast<sockaddr*>(&peer.address), &peer.size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket) {
      lock.unlock();
      accepted(std::move(socket), peer);
    } else if (errno == EMFILE || errno == ENFILE) {
      if (!turn_away_unseen(listening)) return false;
    } else if (errno != ECONNABORTED && errno != EINTR && errno != EPROTO) {
      return false;
    }
  }
  return true;
}

/// Without a free descriptor the client would wait and the loop spin: the spare one lets it be closed. Where even that
/// is gone, which the rest of the process may have taken, clients wait for a turn.
bool event_loop::turn_away_unseen(int listening) {
  if (!spare_) spare_ = descriptor(open_spare());
  if (spare_) {
    spare_.reset();
    descriptor(::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC)).reset();
    spare_ = descriptor(open_spare());
  }
  if (!spare_) watch_acceptors(0);
  return static_cast<bool>(spare_);
}

void event_loop::watch_acceptors(std::uint32_t events) {
  accepting_ = events != 0;
  for (const auto& each : acceptors_) rewatch(each->number(), events, *each);
}

void event_loop::accepted(descriptor socket, const socket_address& peer) {
  connection_place place(shared_.occupied, block_of(peer));
  if (!place.refused().empty() && !place.may_be_told()) return;
  try {
    open_connection(std::move(socket), peer, std::move(place));
  } catch (const std::exception&) {
    // There is no memory for another: it is closed unheard.
  }
}

void event_loop::open_connection(descriptor socket, const socket_address& peer, connection_place place) {
  std::string name = address_text(peer);
  if (unused_.empty()) add_connection();
  connection& fresh = *unused_.back();
  unused_.pop_back();
  ++open_;
  const std::string_view refused = place.refused();
  try {
    fresh.open(std::move(socket), std::move(name), std::move(place));
  } catch (...) {
    fresh.end();
    throw;
  }
  if (!refused.empty()) fresh.turn_away(refused);
}

/// With it, there is space for it in every list that it may come into.
void event_loop::add_connection() {
  const std::size_t count = connections_.size() + 1;
  const auto make_space = [count](auto& list) {
    if (list.capacity() < count) list.reserve(std::max(count, list.capacity() * 2));
  };
  make_space(connections_);
  make_space(unused_);
  make_space(just_closed_);
  connections_.push_back(std::make_unique<connection>(*this));
  unused_.push_back(connections_.back().get());
}

void event_loop::return_memory() {
  const bool incoming = shared_.incoming_bytes.should_return();
  const bool outgoing = shared_.outgoing_bytes.should_return();
  if (incoming || outgoing) shared_.returning.start(*shared_.cpu);
}

void event_loop::closed(connection& gone) {
  --open_;
  just_closed_.push_back(&gone);
}

void event_loop::start_drain() {
  draining_ = true;
  drain_until_ms_ = now_ms_ + static_cast<std::uint64_t>(options().drain_time_max.count());
  // Who has connected before we stop is served; closing the socket would reset them.
  for (const auto& listening : acceptors_) {
    while (accept_from(listening->number())) {
    }
  }
  acceptors_.clear();
  for (std::size_t i = 0; i < connections_.size(); ++i) connections_[i]->drain();
}

bool event_loop::drained() const {
  return draining_ && ((open_ == 0 && handed_over_ == 0) || now_ms_ >= drain_until_ms_);
}

void event_loop::finish_drain() {
  for (const auto& each : connections_) each->end();
  just_closed_.clear();
}

}  // namespace spaces::net
