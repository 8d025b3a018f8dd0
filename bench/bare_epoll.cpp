/// The least that can answer over HTTP, for the benchmarks to compare with: one thread, level-triggered
/// epoll, one recv and one send a request. It finds the end of the header section and nothing else,
/// and sends the same bytes each time.
///
///   bare_epoll PORT FILE    FILE holds the whole answer, status line and all; port 0 takes a free one
///
/// Prints "listening on 127.0.0.1:PORT" and serves until it is killed.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <unordered_map>

namespace {

/// Only what it is compared with may be slower; what it cannot do ends it.
[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

int listen_on(unsigned short port) {
  const int listening = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  const int on = 1;
  ::setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  ::setsockopt(listening, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  socklen_t size = sizeof address;
  if (::bind(listening, reinterpret_cast<sockaddr*>(&address), size) != 0) fail("bind");
  if (::listen(listening, 4096) != 0) fail("listen");
  ::getsockname(listening, reinterpret_cast<sockaddr*>(&address), &size);
  std::printf("listening on 127.0.0.1:%u\n", static_cast<unsigned>(ntohs(address.sin_port)));
  std::fflush(stdout);
  return listening;
}

class bare_loop {
 public:
  bare_loop(int listening, std::string answer) : listening_(listening), answer_(std::move(answer)) {
    watch(listening_);
  }

  void run() {
    std::array<epoll_event, 128> events;
    while (true) {
      const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < count; ++i) {
        const int ready = events[static_cast<std::size_t>(i)].data.fd;
        if (ready == listening_)
          accept_all();
        else if (!serve(ready))
          close(ready);
      }
    }
  }

 private:
  void watch(int number) {
    epoll_event interest{};
    interest.events = EPOLLIN;
    interest.data.fd = number;
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, number, &interest) != 0) fail("epoll_ctl");
  }

  void accept_all() {
    for (int client; (client = ::accept4(listening_, nullptr, nullptr, SOCK_NONBLOCK)) >= 0;) watch(client);
  }

  void close(int client) {
    partial_.erase(client);
    ::close(client);
  }

  /// False when the client is gone.
  bool serve(int client) {
    const ssize_t got = ::recv(client, buffer_.data(), buffer_.size(), 0);
    if (got < 0) return errno == EAGAIN;
    if (got == 0) return false;
    std::string_view text(buffer_.data(), static_cast<std::size_t>(got));
    std::string held;
    if (!partial_.empty()) {
      if (const auto found = partial_.find(client); found != partial_.end()) {
        held = std::move(found->second);
        partial_.erase(found);
        held += text;
        text = held;
      }
    }
    for (std::size_t end; (end = text.find("\r\n\r\n")) != std::string_view::npos; text.remove_prefix(end + 4))
      if (::send(client, answer_.data(), answer_.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(answer_.size()))
        return false;
    if (!text.empty()) partial_[client] = text;
    return true;
  }

  int listening_;
  int epoll_ = ::epoll_create1(0);
  std::string answer_;
  std::array<char, 16 * 1024> buffer_;
  std::unordered_map<int, std::string> partial_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "bare_epoll PORT FILE: sends FILE's bytes to every request on 127.0.0.1:PORT\n");
    return 2;
  }
  std::ifstream file(argv[2], std::ios::binary);
  if (!file) fail(argv[2]);
  std::string answer{std::istreambuf_iterator<char>(file), {}};
  bare_loop(listen_on(static_cast<unsigned short>(std::atoi(argv[1]))), std::move(answer)).run();
}
