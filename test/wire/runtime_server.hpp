/// Lambda's Runtime API with a script: what each /next is answered with, to the byte. tools/runtime_api.py
/// is the one for whole programs.
#pragma once

#include "platform/base/descriptor.hpp"
#include "platform/net/socket_address.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace spaces::net {

class runtime_server {
 public:
  /// Bytes for each /next in turn, after which the connection is kept where they are a whole answer; "":
  /// none, the connection ends. The last /next waits for good.
  explicit runtime_server(std::vector<std::string> script) : script_(std::move(script)) {
    socket_address where = resolve("127.0.0.1:0").value().front();
    listener_ = descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    auto* const name = reinterpret_cast<sockaddr*>(&where.address);
    if (!listener_ || ::bind(listener_.get(), name, where.size) != 0 || ::listen(listener_.get(), 1) != 0 ||
        ::getsockname(listener_.get(), name, &where.size) != 0)
      throw std::runtime_error("no socket to listen on");
    address_ = to_text(where);
    runner_ = std::thread([this] { run(); });
  }
  ~runtime_server() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    runner_.join();
  }
  runtime_server(const runtime_server&) = delete;
  runtime_server& operator=(const runtime_server&) = delete;

  /// A whole answer to /next.
  static std::string event(const std::string& id, const std::string& text, const std::string& fields = {}) {
    return "HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: " + id + "\r\n" + fields +
           "Content-Length: " + std::to_string(text.size()) + "\r\n\r\n" + text;
  }

  const std::string& address() const { return address_; }
  /// Status line and fields of the answers to POST from here on; "": none, the connection ends.
  void answer_posts(std::string head) {
    const std::lock_guard lock(mutex_);
    post_answer_ = std::move(head);
  }
  /// Waits until the script is at its end. False after a minute.
  bool wait_until_idle() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(60), [this] { return idle_; });
  }
  /// "response i-1 {…}", "error i-1 {…}", in the order of arrival.
  std::vector<std::string> posts() {
    const std::lock_guard lock(mutex_);
    return posts_;
  }
  std::size_t connections() {
    const std::lock_guard lock(mutex_);
    return connections_;
  }

 private:
  bool ended() {
    const std::lock_guard lock(mutex_);
    return ended_;
  }

  /// False when nothing will come.
  bool wait_for(int socket) {
    while (!ended()) {
      pollfd watched{socket, POLLIN, 0};
      if (::poll(&watched, 1, 20) > 0) return true;
    }
    return false;
  }

  void run() {
    while (wait_for(listener_.get())) {
      descriptor client(::accept(listener_.get(), nullptr, nullptr));
      {
        const std::lock_guard lock(mutex_);
        ++connections_;
      }
      std::string held;
      while (take(client.get(), held)) {
      }
    }
  }

  bool more(int client, std::string& held) {
    char part[65536];
    if (!wait_for(client)) return false;
    const ssize_t count = ::recv(client, part, sizeof part, 0);
    if (count > 0) held.append(part, static_cast<std::size_t>(count));
    return count > 0;
  }

  /// One request of a connection; false at its end.
  bool take(int client, std::string& held) {
    std::size_t end = std::string::npos;
    while ((end = held.find("\r\n\r\n")) == std::string::npos)
      if (!more(client, held)) return false;
    const std::string head = held.substr(0, end);
    held.erase(0, end + 4);
    if (head.starts_with("GET ")) return send_next(client);
    const std::size_t length = std::stoul(head.substr(head.find("Content-Length: ") + 16));
    while (held.size() < length)
      if (!more(client, held)) return false;
    std::string what = head.substr(head.find("/runtime/") + 9);
    what = what.substr(0, what.find(' '));
    const std::size_t first = what.find('/');
    const std::size_t last = what.rfind('/');
    const std::string id = first == last ? "" : what.substr(first + 1, last - first - 1) + " ";
    const std::lock_guard lock(mutex_);
    posts_.push_back(what.substr(last + 1) + " " + id + held.substr(0, length));
    held.erase(0, length);
    return send(client, post_answer_);
  }

  bool send_next(int client) {
    std::string bytes;
    {
      const std::lock_guard lock(mutex_);
      if (next_ == script_.size()) {
        idle_ = true;
        changed_.notify_all();
      } else {
        bytes = script_[next_++];
        return send(client, bytes) && bytes.find("\r\n\r\n") != std::string::npos && !cut(bytes);
      }
    }
    std::string ignored;
    return more(client, ignored);
  }

  /// Bytes that promise more than they hold end the connection.
  static bool cut(const std::string& bytes) {
    const std::size_t at = bytes.find("Content-Length: ");
    return at == std::string::npos || bytes.size() - bytes.find("\r\n\r\n") - 4 < std::stoul(bytes.substr(at + 16));
  }

  static bool send(int client, const std::string& bytes) {
    return !bytes.empty() && ::send(client, bytes.data(), bytes.size(), MSG_NOSIGNAL) > 0;
  }

  std::vector<std::string> script_;
  std::string post_answer_ = "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n";
  descriptor listener_;
  std::string address_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> posts_;
  std::size_t next_ = 0;
  std::size_t connections_ = 0;
  bool idle_ = false;
  bool ended_ = false;
  std::thread runner_;
};

}  // namespace spaces::net
