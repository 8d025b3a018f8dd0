/// One thread that serves many connections.
#pragma once

#include "platform/http/application.hpp"
#include "platform/net/server/byte_budget.hpp"
#include "platform/net/server/connection_lines.hpp"
#include "platform/net/server/connection_place.hpp"
#include "platform/net/server/deadline_wheel.hpp"
#include "platform/net/server/in_flight.hpp"
#include "platform/net/server/listener.hpp"
#include "platform/net/server/memory_return.hpp"
#include "platform/net/server/outgoing.hpp"
#include "platform/net/server/server_options.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::net {

/// What is told when its file descriptor is ready.
class watched {
 public:
  watched() = default;
  watched(const watched&) = delete;
  watched& operator=(const watched&) = delete;
  /// `events` as epoll_wait gives them.
  virtual void on_ready(std::uint32_t events) = 0;

 protected:
  ~watched() = default;
};

/// What all loops of a server share.
struct serving {
  serving(http::application& served, const server_options& given)
      : application(served),
        options(given),
        occupied(given.connections_max, given.connections_per_address_max),
        incoming_bytes(given.incoming_bytes_max, given.kept_bytes_max),
        outgoing_bytes(given.outgoing_bytes_max, given.kept_bytes_max) {}

  http::application& application;
  const server_options& options;
  worker_pool* io = nullptr;
  worker_pool* cpu = nullptr;
  std::mutex accepting = {};  ///< so that no loop takes the descriptor that another gives up for a moment
  occupancy occupied;
  byte_budget incoming_bytes;  ///< the receive buffers of all requests
  byte_budget outgoing_bytes;  ///< what waits for clients that read slowly
  memory_return returning = {};
};

class connection;

class event_loop {
 public:
  event_loop(serving& shared, std::vector<descriptor> listening);
  event_loop(const event_loop&) = delete;
  event_loop& operator=(const event_loop&) = delete;
  ~event_loop();

  /// Serves until `stop`, then until what is in flight is done or the drain time is over.
  void run();
  /// From any thread, and from a signal handler.
  void stop() noexcept;
  /// From any thread: no connection takes another request.
  bool stopping() const noexcept { return stopping_.load(); }
  /// From any thread: this request's answer is there. Where it was sent, too, the loop may sleep on.
  void finished(in_flight& done) noexcept;

  // For the connections and requests of this loop.
  const server_options& options() const { return shared_.options; }
  http::application& application() const { return shared_.application; }
  /// As of this turn of the loop; coarse, so that reading it costs nothing.
  std::uint64_t now_ms() const { return now_ms_; }
  instant received() const { return received_; }
  /// Of this moment, on any thread.
  static instant system_now();
  /// The fields that an answer gets on its way out.
  std::string_view lines(persistence wanted) { return lines_.at(received_, wanted); }
  outgoing& out() { return out_; }
  void set_deadline(timed& entry, std::uint64_t when_ms) { wheel_.set(entry, when_ms); }
  void clear_deadline(timed& entry) { wheel_.clear(entry); }
  void watch(int number, std::uint32_t events, watched& who);
  void rewatch(int number, std::uint32_t events, watched& who);
  void unwatch(int number);
  /// A connection cannot go on before its answer is taken: until then none is left for the loop's next turn.
  void await_answer() { awaited_.fetch_add(1); }
  void answer_taken() { awaited_.fetch_sub(1); }
  /// Hands a request to its lane's pool; false when its queue is full.
  bool hand_over(in_flight& ready);
  /// True when requests may take so many bytes more together.
  bool may_take(std::size_t bytes) const;
  byte_budget& incoming_bytes() { return shared_.incoming_bytes; }
  byte_budget& outgoing_bytes() { return shared_.outgoing_bytes; }
  /// What idle connections read into.
  in_flight& lent() { return *lent_; }
  /// The borrower keeps it; the loop takes another. False, and it does not, where there is no memory for one.
  bool give_lent() noexcept;
  /// Null where there is no memory for one.
  in_flight* acquire(std::size_t capacity) noexcept;
  void release(in_flight& done);
  /// Has a pool's thread end a body that was not finished: what it has left on the disk goes with it.
  void discard(std::unique_ptr<http::incoming_body> unfinished) noexcept;
  void closed(connection& gone);

 private:
  /// One of the sockets that listen.
  class acceptor final : public watched {
   public:
    acceptor(event_loop& loop, descriptor socket) : loop_(loop), socket_(std::move(socket)) {}
    void on_ready(std::uint32_t) override { loop_.accept_from(socket_.get()); }
    int number() const { return socket_.get(); }

   private:
    event_loop& loop_;
    descriptor socket_;
  };

  void update_clocks();
  int wait_ms() const;
  void wake() noexcept;
  void take_finished();
  /// True when more may be waiting.
  bool accept_from(int listening);
  bool turn_away_unseen(int listening);
  void watch_acceptors(std::uint32_t events);
  void accepted(descriptor socket, const socket_address& peer);
  void open_connection(descriptor socket, const socket_address& peer, connection_place place);
  void add_connection();
  void return_memory();
  void expire(timed& entry);
  void start_drain();
  void finish_drain();
  bool drained() const;

  serving& shared_;
  descriptor epoll_;
  descriptor wake_;
  descriptor spare_;  ///< given up for a moment to turn a client away when descriptors have run out
  std::vector<std::unique_ptr<acceptor>> acceptors_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> woken_{false};  ///< the loop will look at `finished_` without being told again
  std::atomic<in_flight*> finished_{nullptr};
  std::atomic<std::size_t> unseen_{0};   ///< of `finished_`, about
  std::atomic<std::size_t> awaited_{0};  ///< connections that cannot go on before their answer is taken
  bool accepting_ = true;                ///< else, for want of descriptors, not before the next turn
  bool draining_ = false;
  std::uint64_t drain_until_ms_ = 0;
  std::size_t handed_over_ = 0;
  std::size_t open_ = 0;
  std::uint64_t now_ms_ = 0;
  instant received_{};
  connection_lines lines_;
  deadline_wheel wheel_;
  outgoing out_;
  std::unique_ptr<in_flight> lent_;
  std::vector<std::unique_ptr<in_flight>> spares_;
  std::vector<std::unique_ptr<connection>> connections_;  ///< all that were ever open together
  std::vector<connection*> unused_;
  std::vector<connection*> just_closed_;  ///< events of this turn may still name them
};

}  // namespace spaces::net
