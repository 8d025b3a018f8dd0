/// A server with an application small enough to test the transport alone.
#pragma once

#include "platform/net/server/server.hpp"

#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
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
///   /file/N     a file of N bytes, of which each says where it stands
///   /pieces     the body is taken in pieces, and comes back as its length
///   /pieces/no  refused before any of it is taken    /pieces/stop  the first piece is refused
///   /pieces/gate  the first piece waits at the gate
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
    else if (const std::size_t file = path.find("/file/"); file != std::string_view::npos)
      answer.file = file_of(std::stoul(std::string(path.substr(file + 6))));
    else
      answer.body = path;
    answer.close = path.ends_with("/close");
    return answer;
  }

  bool takes_pieces(const http::request& head) noexcept override { return head.path.starts_with("/pieces"); }

  http::opened_body open_body(const http::request& head) override {
    if (head.path == "/pieces/no") return {refused(403), nullptr};
    note(bodies_.open, 1);
    return {std::nullopt, std::make_unique<body>(*this, std::string(head.path))};
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

  /// What a file's bytes are, from one on.
  static std::string pattern(std::size_t from, std::size_t count) {
    std::string bytes(count, '\0');
    for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<char>((from + i) * 2654435761U >> 24);
    return bytes;
  }

  /// Bodies that were opened and have not been ended, what has been taken of all, and the most of it at a time.
  struct taken_bodies {
    int open = 0;
    int discarded = 0;
    std::size_t bytes = 0;
    std::size_t piece_max = 0;
  };
  taken_bodies bodies() {
    const std::lock_guard lock(mutex_);
    return bodies_;
  }
  /// Returns once this holds of them.
  template <class Condition>
  void await_bodies(Condition holds) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return holds(bodies_); });
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
  class body final : public http::incoming_body {
   public:
    body(small_application& by, std::string path) : by_(by), path_(std::move(path)) {}
    ~body() override {
      if (!finished_) by_.note(by_.bodies_.discarded, 1);
      by_.note(by_.bodies_.open, -1);
    }
    std::optional<http::response> take(std::string_view piece) override {
      if (path_ == "/pieces/gate") by_.wait_at_gate();
      if (path_ == "/pieces/stop") return refused(422);
      if (path_ == "/pieces/throw") throw std::runtime_error("a bug");
      good_ = good_ && piece == pattern(bytes_, piece.size());
      bytes_ += piece.size();
      by_.note_piece(piece.size());
      return std::nullopt;
    }
    http::response finish() override {
      finished_ = true;
      http::response answer;
      answer.body = (good_ ? "" : "others of ") + std::to_string(bytes_);
      return answer;
    }

   private:
    small_application& by_;
    const std::string path_;
    std::size_t bytes_ = 0;
    bool good_ = true;
    bool finished_ = false;
  };

  static http::response refused(int status) {
    http::response answer;
    answer.status = status;
    answer.body = "refused";
    return answer;
  }
  void note(int& count, int by) {
    const std::lock_guard lock(mutex_);
    count += by;
    changed_.notify_all();
  }
  void note_piece(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    bodies_.bytes += bytes;
    bodies_.piece_max = std::max(bodies_.piece_max, bytes);
    changed_.notify_all();
  }
  static std::shared_ptr<http::file_part> file_of(std::size_t bytes) {
    std::string name = "/tmp/served_XXXXXX";
    auto made = std::make_shared<http::file_part>(http::file_part{descriptor(::mkstemp(name.data())), 0, bytes});
    ::unlink(name.c_str());
    const std::string content = pattern(0, bytes) + "what stands behind";
    if (::write(made->file.get(), content.data(), content.size()) != static_cast<ssize_t>(content.size()))
      throw std::runtime_error("no file for a test");
    return made;
  }

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
  taken_bodies bodies_;
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
