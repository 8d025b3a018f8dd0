/// A server that does what a script says, connection by connection, with TLS or without: everything wrong
/// that a real one can do.
#pragma once

#include "waiting/waiting.hpp"

#include <arpa/inet.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace spaces::net {

/// The server's end of one connection.
class peer {
 public:
  peer(int socket, SSL* tls) : socket_(socket), tls_(tls) {}

  /// The next whole request; empty when the client has gone.
  std::string read() {
    std::size_t end = 0;
    while ((end = held_.find("\r\n\r\n")) == std::string::npos)
      if (!receive()) return {};
    const std::size_t at = held_.find("\r\nContent-Length: ");
    const std::size_t length = at > end ? 0 : static_cast<std::size_t>(std::atoll(held_.c_str() + at + 18));
    while (held_.size() < end + 4 + length)
      if (!receive()) return {};
    std::string request = held_.substr(0, end + 4 + length);
    held_.erase(0, request.size());
    return request;
  }

  void send(std::string_view bytes) {
    if (bytes.empty()) return;
    if (tls_ != nullptr)
      SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()));
    else
      static_cast<void>(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
  }
  void answer(std::string_view body, std::string_view more = "") {
    send(std::string("HTTP/1.1 200 OK\r\nContent-Length: ")
             .append(std::to_string(body.size()))
             .append("\r\n")
             .append(more)
             .append("\r\n")
             .append(body));
  }
  /// Answers each request with the body "1", "2", … until the client goes.
  void count() {
    for (int i = 1; !read().empty(); ++i) answer(std::to_string(i));
  }
  /// The connection ends with a reset instead of an orderly end.
  void reset() {
    const linger immediate{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &immediate, sizeof immediate);
  }
  /// Returns when the client has gone.
  void hold() {
    while (receive()) held_.clear();
  }
  /// Returns when all that was sent has come to the client's machine.
  void deliver() const {
    int left = 1;
    test::comes_true([&] { return ::ioctl(socket_, SIOCOUTQ, &left) != 0 || left == 0; });
  }
  SSL* tls() const { return tls_; }

 private:
  bool receive() {
    char bytes[16 * 1024];
    const ssize_t count =
        tls_ != nullptr ? SSL_read(tls_, bytes, sizeof bytes) : ::recv(socket_, bytes, sizeof bytes, 0);
    if (count <= 0) return false;
    held_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }

  int socket_;
  SSL* tls_;
  std::string held_;
};

class scripted_server {
 public:
  /// The script of each connection, numbered from 0; when it returns, the connection is closed.
  using script = std::function<void(peer&, int)>;

  explicit scripted_server(script play, SSL_CTX* tls = nullptr)
      : play_(std::move(play)), tls_(tls), listening_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const where = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listening_, where, size) != 0 || ::listen(listening_, 128) != 0 ||
        ::getsockname(listening_, where, &size) != 0)
      throw std::runtime_error("no socket to listen on");
    port_ = ntohs(address.sin_port);
    origin_ = (tls_ != nullptr ? "https://localhost:" : "http://127.0.0.1:") + std::to_string(port_);
    acceptor_ = std::thread([this] { accept(); });
  }
  scripted_server(const scripted_server&) = delete;
  scripted_server& operator=(const scripted_server&) = delete;
  ~scripted_server() {
    ::shutdown(listening_, SHUT_RDWR);
    acceptor_.join();
    {
      const std::lock_guard lock(mutex_);
      for (const int socket : sockets_)
        if (socket >= 0) ::shutdown(socket, SHUT_RDWR);
    }
    for (std::thread& one : players_) one.join();
    ::close(listening_);
  }

  std::uint16_t port() const { return port_; }
  const std::string& origin() const { return origin_; }
  int connections() const { return connections_; }
  /// Connections that have ended here; a client's machine knows of each.
  int ended() const { return ended_; }

 private:
  void accept() {
    while (true) {
      const int socket = ::accept(listening_, nullptr, nullptr);
      if (socket < 0) return;
      const int number = connections_++;
      const std::lock_guard lock(mutex_);
      sockets_.push_back(socket);
      players_.emplace_back([this, socket, number] { serve(socket, number); });
    }
  }

  void serve(int socket, int number) {
    // OpenSSL's writes raise it when the client has gone; only here, so that ours must do without.
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
    SSL* tls = nullptr;
    if (tls_ != nullptr) {
      tls = SSL_new(tls_);
      SSL_set_fd(tls, socket);
    }
    if (tls == nullptr || SSL_accept(tls) == 1) {
      peer one(socket, tls);
      play_(one, number);
      if (tls != nullptr) SSL_shutdown(tls);
    }
    SSL_free(tls);
    end(socket);
    const std::lock_guard lock(mutex_);
    ::close(socket);
    sockets_[static_cast<std::size_t>(number)] = -1;
    ++ended_;
  }

  /// Says the end, and waits until it is acknowledged; not where the script wants a reset.
  static void end(int socket) {
    linger wanted{};
    socklen_t size = sizeof wanted;
    if (::getsockopt(socket, SOL_SOCKET, SO_LINGER, &wanted, &size) != 0 || wanted.l_onoff != 0) return;
    if (::shutdown(socket, SHUT_WR) != 0) return;
    test::comes_true([&] {
      tcp_info now{};
      size = sizeof now;
      return ::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &now, &size) != 0 ||
             (now.tcpi_state != TCP_FIN_WAIT1 && now.tcpi_state != TCP_CLOSING);
    });
  }

  const script play_;
  SSL_CTX* const tls_;
  const int listening_;
  std::uint16_t port_ = 0;
  std::string origin_;
  std::atomic<int> connections_{0};
  std::atomic<int> ended_{0};
  std::mutex mutex_;
  std::vector<int> sockets_;
  std::vector<std::thread> players_;
  std::thread acceptor_;
};

}  // namespace spaces::net
