#include "platform/net/client/client_socket.hpp"

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/time.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace spaces::net {
namespace {

using std::chrono::steady_clock;

/// A receive wakes so often to look at the clock; a deadline nearer than that is waited for exactly.
constexpr std::chrono::milliseconds slice{100};

std::string message(int number) { return std::generic_category().message(number); }

/// Waits for `events` on a socket until `until`; false when that came first.
bool wait_for(int number, short events, steady_clock::time_point until) {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - steady_clock::now()).count();
    if (left <= 0) return false;
    pollfd watched{number, events, 0};
    const int ready = ::poll(&watched, 1, static_cast<int>(std::min<long>(left, 60'000)));
    if (ready > 0 || (ready < 0 && errno != EINTR)) return true;
  }
}

/// 0, or the error's number.
int connect_one(int number, const socket_address& where, steady_clock::time_point until) {
  if (::connect(number, reinterpret_cast<const sockaddr*>(&where.address), where.size) == 0) return 0;
  if (errno != EINPROGRESS && errno != EINTR) return errno;
  if (!wait_for(number, POLLOUT, until)) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(number, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

/// From here on a receive waits, for a slice of time at most; sends say themselves that they do not.
void make_waiting(int number) {
  const int off = 0;
  const int on = 1;
  ::ioctl(number, FIONBIO, &off);
  // A request is whole when it is sent, so waiting for more gains nothing.
  ::setsockopt(number, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const timeval time{0, std::chrono::microseconds(slice).count()};
  ::setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
}

}  // namespace

client_socket client_socket::connect(std::span<const socket_address> addresses, time_point deadline, std::string& why) {
  client_socket made;
  why = "it has no address";
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const socket_address& where = addresses[i];
    descriptor number(::socket(where.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!number) {
      why = message(errno);
      continue;
    }
    // Each gets its share of what time is left, so that one dead address does not take it all.
    const auto now = steady_clock::now();
    const auto share = (deadline - now) / static_cast<long>(addresses.size() - i);
    const int error = connect_one(number.get(), where, now + share);
    if (error == 0) {
      make_waiting(number.get());
      made.number_ = std::move(number);
      return made;
    }
    why = "cannot connect to " + to_text(where) + ": " + message(error);
  }
  return made;
}

moved client_socket::fail(moved how, std::string why) {
  why_ = std::move(why);
  return how;
}

bool client_socket::wait(short events, time_point until) const { return wait_for(number_.get(), events, until); }

std::size_t client_socket::unacknowledged() const {
  int bytes = 0;
  return ::ioctl(number_.get(), SIOCOUTQ, &bytes) == 0 && bytes > 0 ? static_cast<std::size_t>(bytes) : 0;
}

moved client_socket::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t done = ::send(number_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (done >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(done));
    } else if (errno == EAGAIN) {
      const time_point until = std::min(deadline_, steady_clock::now() + silence_max_);
      if (!wait(POLLOUT, until)) return fail(moved::timed_out, "it took no more of the request in time");
    } else if (errno != EINTR) {
      return fail(moved::broken, "sending failed: " + message(errno));
    }
  }
  return moved::bytes;
}

moved client_socket::receive(char* into, std::size_t size_max, std::size_t& got) {
  time_point now = steady_clock::now();
  time_point silent_until = now + silence_max_;
  std::size_t left_before = SIZE_MAX;
  while (true) {
    const time_point until = std::min(deadline_, silent_until);
    if (now >= until) return fail(moved::timed_out, "no answer in time");
    if (stop_ != nullptr && stop_->load(std::memory_order_relaxed)) return fail(moved::timed_out, "asked to stop");
    const bool waits = until - now > slice;
    if (!waits) wait(POLLIN, until);
    const ssize_t done = ::recv(number_.get(), into, size_max, waits ? 0 : MSG_DONTWAIT);
    if (done > 0) {
      got = static_cast<std::size_t>(done);
      return moved::bytes;
    }
    if (done == 0) return fail(moved::ended, "the connection was closed");
    if (errno != EAGAIN && errno != EINTR) return fail(moved::broken, "receiving failed: " + message(errno));
    now = steady_clock::now();
    // A long request on a slow line is no silence: what we sent is still being taken.
    const std::size_t left = unacknowledged();
    if (left > 0 && left < left_before) silent_until = now + silence_max_;
    left_before = left;
  }
}

moved client_socket::receive_now(char* into, std::size_t size_max, std::size_t& got) {
  ssize_t done = 0;
  do {
    done = ::recv(number_.get(), into, size_max, MSG_DONTWAIT);
  } while (done < 0 && errno == EINTR);
  if (done > 0) {
    got = static_cast<std::size_t>(done);
    return moved::bytes;
  }
  if (done == 0) return fail(moved::ended, "the connection was closed");
  if (errno == EAGAIN) return moved::nothing;
  return fail(moved::broken, "receiving failed: " + message(errno));
}

bool client_socket::quiet() const {
  char byte = 0;
  return ::recv(number_.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
}

}  // namespace spaces::net
