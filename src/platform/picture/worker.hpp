/// One process of spaces-media: it is given nothing of ours but a socket, and a picture's descriptor at a time.
#pragma once

#include "platform/base/descriptor.hpp"
#include "platform/base/error.hpp"
#include "platform/picture/preparer.hpp"
#include "platform/picture/protocol.hpp"

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace spaces::picture {

/// How long it is waited for; less for tests alone.
struct worker_times {
  std::chrono::milliseconds greeting = greeting_time_max;
  std::chrono::milliseconds cpu = cpu_time_max;
  std::chrono::milliseconds wall = wall_time_max;
};

class worker {
 public:
  /// Starts the program and does not wait for it. `unavailable` where it cannot be started.
  static result<std::unique_ptr<worker>> start(const std::string& program, bool require_sandbox,
                                               const worker_times& times = {});
  /// Ends it, whatever it does.
  ~worker();
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;

  /// Waits until it is warm and in its sandbox; immediately where it is.
  result<protocol::greeting> wait_until_warm();
  /// As `preparer::prepare`. Whatever the error, unless the worker itself gave it, it is spent.
  result<prepared> prepare(int original, std::uint64_t bytes, stage what);

  /// It has ended, or is not to be used any more.
  bool spent();
  pid_t id() const { return id_; }
  unsigned pictures() const { return pictures_; }
  /// What became of it, for the log; empty where nothing is worth a line.
  const std::string& complaint() const { return complaint_; }

 private:
  using time = std::chrono::steady_clock::time_point;
  worker(pid_t id, descriptor socket, const worker_times& times) : id_(id), socket_(std::move(socket)), times_(times) {}

  result<void> send_request(int original, const protocol::request& asked);
  /// Exactly so many bytes; an error where it ends, or takes more time than it may.
  result<void> receive(char* into, std::size_t bytes, time until);
  result<prepared> receive_answer(stage what);
  bool over_cpu_time();
  /// Ends it, and says what that means for the picture.
  error end(std::string why, bool by_picture);
  /// It has gone by itself.
  error judge_end();
  void allow_cpu_time() const;

  pid_t id_;
  descriptor socket_;
  worker_times times_;
  std::optional<protocol::greeting> greeted_;
  std::chrono::nanoseconds cpu_before_{};  ///< what it had used when it was given its picture
  bool working_ = false;
  unsigned pictures_ = 0;
  std::string complaint_;
};

}  // namespace spaces::picture
