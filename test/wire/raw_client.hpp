/// A client of sockets and bytes, which can do everything wrong that a real one can.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace spaces::net {

struct raw_answer {
  int status = 0;    ///< 0: the connection ended before an answer was whole
  std::string head;  ///< status line and fields
  std::string body;

  bool has(std::string_view line) const { return head.find("\r\n" + std::string(line) + "\r\n") != std::string::npos; }
};

/// A request for `path`; `more` are whole lines of its header section.
inline std::string get(std::string_view path, std::string_view more = "", std::string_view version = "HTTP/1.1") {
  std::string text = "GET ";
  for (const std::string_view part : {path, std::string_view(" "), version, std::string_view("\r\nHost: a\r\n"), more})
    text.append(part);
  return text.append("\r\n");
}

/// Waits at most a minute for anything: a test that hangs is a test that fails.
class raw_client {
 public:
  explicit raw_client(std::uint16_t port, int receive_bytes = 0) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    if (socket_ < 0) throw std::runtime_error("socket");
    const timeval patience{60, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (receive_bytes > 0) ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
    if (port != 0) connect(port);
  }
  raw_client(raw_client&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)), held_(std::move(other.held_)), error_(other.error_) {}
  raw_client& operator=(raw_client&&) = delete;
  ~raw_client() { close(); }

  /// One of the addresses 127.0.0.0/8, before it connects: it stands for another client.
  void come_from(const char* address) {
    sockaddr_in from{};
    from.sin_family = AF_INET;
    ::inet_pton(AF_INET, address, &from.sin_addr);
    if (::bind(socket_, reinterpret_cast<const sockaddr*>(&from), sizeof from) != 0) throw std::runtime_error("bind");
  }
  bool connect(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }

  /// False when the connection broke on the way.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }
  void end_sending() { ::shutdown(socket_, SHUT_WR); }
  /// Closes so that the server sees a reset.
  void reset() {
    const linger immediate{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &immediate, sizeof immediate);
    close();
  }
  void close() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  }

  /// The next answer; `of_head` for one to HEAD, which has no body.
  raw_answer read(bool of_head = false) {
    raw_answer answer;
    std::size_t end = 0;
    while ((end = held_.find("\r\n\r\n")) == std::string::npos)
      if (!receive()) return answer;
    answer.head = held_.substr(0, end + 2);
    const std::size_t length = of_head ? 0 : length_of(answer.head);
    while (held_.size() < end + 4 + length)
      if (!receive()) return answer;
    answer.body = held_.substr(end + 4, length);
    answer.status = std::atoi(answer.head.c_str() + 9);
    held_.erase(0, end + 4 + length);
    return answer;
  }

  /// Everything until the server closes.
  std::string read_to_end() {
    while (receive()) {
    }
    return std::exchange(held_, {});
  }

  /// The server has closed, in order, with nothing more to say.
  bool ended() { return held_.empty() && !receive() && error_ == 0; }
  /// errno of the last failure to receive; 0 for an orderly end.
  int error() const { return error_; }
  /// Nothing comes for so long.
  bool silent_for(std::chrono::milliseconds time) {
    pollfd waiting{socket_, POLLIN, 0};
    return held_.empty() && ::poll(&waiting, 1, static_cast<int>(time.count())) == 0;
  }
  /// Bytes that have come and were not read yet.
  std::size_t arrived() const {
    int count = 0;
    return ::ioctl(socket_, FIONREAD, &count) == 0 ? static_cast<std::size_t>(count) : 0;
  }
  /// The server has read all that was sent, as the kernel's list of connections has it (proc(5)).
  bool is_read() const {
    sockaddr_in here{}, there{};
    socklen_t size = sizeof here;
    if (::getsockname(socket_, reinterpret_cast<sockaddr*>(&here), &size) != 0 ||
        ::getpeername(socket_, reinterpret_cast<sockaddr*>(&there), &(size = sizeof there)) != 0)
      return false;
    const std::string ours = name_of(here) + ' ' + name_of(there), theirs = name_of(there) + ' ' + name_of(here);
    constexpr std::string_view empty = "00000000";
    bool sent = false, taken = false;
    std::ifstream list("/proc/net/tcp");
    for (std::string line; std::getline(list, line);) {
      sent = sent || queue_of(line, ours, 0) == empty;
      taken = taken || queue_of(line, theirs, 1) == empty;
    }
    return sent && taken;
  }
  int number() const { return socket_; }

 private:
  /// As /proc/net/tcp names it.
  static std::string name_of(const sockaddr_in& one) {
    char text[16];
    std::snprintf(text, sizeof text, "%08X:%04X", one.sin_addr.s_addr, ntohs(one.sin_port));
    return text;
  }
  /// Of the connection between these ends: 0, what it sends; 1, what it reads.
  static std::string queue_of(const std::string& line, const std::string& ends, std::size_t which) {
    const std::size_t at = line.find(ends);
    return at == std::string::npos ? ""
                                   : line.substr(at + ends.size() + std::string_view(" 01 ").size() + which * 9, 8);
  }
  static std::size_t length_of(const std::string& head) {
    const std::size_t at = head.find("\r\nContent-Length: ");
    return at == std::string::npos ? 0 : static_cast<std::size_t>(std::atoll(head.c_str() + at + 18));
  }

  bool receive() {
    char bytes[64 * 1024];
    const ssize_t count = ::recv(socket_, bytes, sizeof bytes, 0);
    error_ = count < 0 ? errno : 0;
    if (count <= 0) return false;
    held_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }

  int socket_;
  std::string held_;
  int error_ = 0;
};

}  // namespace spaces::net
