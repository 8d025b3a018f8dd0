/// A server with an application small enough to test the transport alone.
#pragma once

#include "platform/net/server/server.hpp"

#include <sys/resource.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace spaces::net {

/// The path says what happens:
///   /here      answered inline           /later       answered on the loop, by finish
///   /io/…      on the io lane             /cpu/…       on the cpu lane
///   …/gate     waits until the gate opens …/throw      throws
///   …/echo     the body comes back        …/size/N     a body of N bytes
///   …/close    asks to close              …/peer       the client's address
///   …/niceness what the thread has
class small_application final : public http::application {
 public:
  small_application() {
    http::response answer;
    answer.set("Content-Type", "text/plain");
    answer.body = "here";
    ready_ = std::make_shared<const http::prepared>(http::prepare(answer));
  }

  http::begun begin(const http::request& incoming) override {
    http::begun start;
    if (incoming.path == "/here") {
      start.answer.emplace().ready = ready_;
    } else if (incoming.path.starts_with("/io")) {
      start.where = http::lane::io;
    } else if (incoming.path.starts_with("/cpu")) {
      start.where = http::lane::cpu;
    }
    return start;
  }

  http::response finish(const http::request& incoming, http::pending_ptr) override {
    http::response answer;
    const std::string_view path = incoming.path;
    if (path.ends_with("/gate")) wait_at_gate();
    if (path.ends_with("/throw")) throw std::runtime_error("a bug");
    if (path.ends_with("/echo"))
      answer.body = incoming.body;
    else if (path.ends_with("/peer"))
      answer.body = incoming.peer;
    else if (path.ends_with("/niceness"))
      answer.body = std::to_string(::getpriority(PRIO_PROCESS, 0));  // of this thread, on Linux
    else if (const std::size_t at = path.find("/size/"); at != std::string_view::npos)
      answer.body = std::string(std::stoul(std::string(path.substr(at + 6))), 'x');
    else
      answer.body = path;
    answer.close = path.ends_with("/close");
    return answer;
  }

  http::response refuse(int status, std::string_view detail, std::string_view origin) override {
    http::response answer;
    answer.status = status;
    answer.body = detail;
    answer.close = true;
    if (status == 503) answer.set("Retry-After", "1");
    if (!origin.empty()) answer.set("Origin-Read", origin);
    return answer;
  }

  void open_gate() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  /// Returns once so many requests stand at the gate.
  void await_at_gate(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ >= count; });
  }

 private:
  void wait_at_gate() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return open_; });
  }

  std::shared_ptr<const http::prepared> ready_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
  int waiting_ = 0;
};

/// Runs from its making to its end.
class served {
 public:
  served() : served([](server_options&) {}) {}
  /// `change` is given the options to change.
  template <class Change>
  explicit served(Change change) : server_(application_, prepared_for_tests(change)) {
    if (const auto listening = server_.listen(); !listening) throw std::runtime_error(listening.error().public_text);
    runner_ = std::thread([this] { server_.run(); });
  }
  ~served() {
    application_.open_gate();
    stop();
  }

  small_application& application() { return application_; }
  server& web() { return server_; }
  std::uint16_t port() const { return server_.port(); }
  /// Returns when `run` has.
  void stop() {
    server_.stop();
    wait();
  }
  void wait() {
    if (runner_.joinable()) runner_.join();
  }

 private:
  template <class Change>
  static server_options prepared_for_tests(Change change) {
    server_options options;
    options.listen = {"127.0.0.1:0"};
    options.loops = 2;
    options.tick = std::chrono::milliseconds(5);
    change(options);
    return options;
  }

  small_application application_;
  server server_;
  std::thread runner_;
};

}  // namespace spaces::net
