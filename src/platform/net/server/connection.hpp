/// One client: reads its requests, has them answered in their order, writes the answers.
#pragma once

#include "platform/net/server/deadline_wheel.hpp"
#include "platform/net/server/event_loop.hpp"
#include "platform/net/server/outgoing.hpp"
#include "platform/net/server/send_watch.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spaces::net {

/// Lives on its loop's thread. A warm GET that is answered inline is one recv and one send.
///
/// One request is in work at a time; what a client pipelines behind it waits in the buffer, and when
/// that is full, in the client. Reading also stops while an answer cannot be sent.
///
/// A body that its row takes in pieces (connection_bodies.cpp) comes into the same buffer, behind its header section,
/// piece by piece: while a pool's thread has one, nothing is read.
class connection final : public watched, public timed {
 public:
  explicit connection(event_loop& loop);
  virtual ~connection();

  /// `place` is given back when it ends.
  void open(descriptor socket, std::string peer, connection_place place);
  bool is_open() const { return static_cast<bool>(socket_); }
  void on_ready(std::uint32_t events) override;
  /// The answer of the request that was handed over.
  void on_answer();
  void on_deadline();
  /// The server stops: an idle connection ends now, any other after its answer.
  void drain();
  /// Answers 503 without waiting for a request: there are too many connections.
  void turn_away(std::string_view why);
  /// Ends it immediately, whatever is in flight.
  void end();

 private:
  enum class phase : std::uint8_t {
    idle,       ///< between requests
    head,       ///< a header section has begun
    body,       ///< the header section is whole, the body is not
    working,    ///< a pool makes the answer
    sending,    ///< the client does not read as fast as we write
    lingering,  ///< all said; what the client still sends is dropped
  };
  enum class input : std::uint8_t { some, none, ended };

  /// The rates of bodies and answers are looked at so often; a body may be slower for so long at its start.
  static constexpr std::chrono::milliseconds rate_period{1000};
  static std::uint64_t count_ms(std::chrono::milliseconds time) { return static_cast<std::uint64_t>(time.count()); }

  /// Whatever there is no memory for ends this connection alone.
  template <class Work>
  void guarded(Work work) noexcept;
  void handle_ready(std::uint32_t events);
  void handle_answer();
  void handle_deadline();
  void drain_idle();
  void send_backlog();
  void check_send_rate();
  void note_progress();
  std::uint64_t delivered() const;
  input read();
  bool make_space();
  void refuse_for_memory();
  void process();
  void describe_request();
  bool serve();
  bool hand_over();
  bool may_be_sent_elsewhere() const;
  void respond();
  void answered(bool last);
  void await_answer();
  void stop_awaiting();
  void refuse(int status, std::string_view detail);
  void settle();
  void settle_reading();
  bool flush();
  void wait_for_client();
  void finish_close();
  void drop_input();
  bool keep_request();
  void let_request_go();
  void wait_for(std::uint32_t events);
  void expect_within(std::chrono::milliseconds time);
  void check_body_rate();
  void refuse_slow_body(bool slow, std::uint64_t passed_ms, std::chrono::milliseconds time_max);
  bool begin_body();
  bool make_space_for_pieces();
  std::size_t receivable() const;
  void give_piece();
  void hand_piece_over(std::size_t bytes);
  void take_piece_back();
  void settle_pieces();
  void check_piece_rate();
  persistence lasting() const;
  std::string_view lines(bool close);

  event_loop& loop_;
  descriptor socket_;
  in_flight* request_ = nullptr;        ///< lent by the loop, or kept; none while idle
  std::uint64_t since_ms_ = 0;          ///< when the header section or the body began
  std::uint64_t working_since_ms_ = 0;  ///< when a piece of a body was handed over
  std::size_t dropped_bytes_ = 0;
  std::uint64_t refused_bytes_ = 0;  ///< of a body, still to come when it was refused
  std::uint32_t events_ = 0;
  phase phase_ = phase::idle;
  bool lent_ = false;          ///< the request is the loop's
  bool ended_ = false;         ///< the client has sent its last byte
  bool closing_ = false;       ///< no request is taken any more
  bool awaits_ = false;        ///< something came that must wait for the answer in work
  bool continued_ = false;     ///< 100 (Continue) was sent for this request
  std::uint64_t written_ = 0;  ///< what the kernel took
  backlog backlog_;
  send_watch watch_;
  std::optional<connection_place> place_;
  std::string peer_;
};

}  // namespace spaces::net
