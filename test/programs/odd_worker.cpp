/// odd_worker is started in the place of spaces-media, and does what a worker must not: at its greeting what the name
/// of its file says, with a picture what the picture's text says. For tests of its user.

#include "platform/picture/protocol.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace {

using namespace spaces::picture;

void send(std::string_view bytes) {
  if (::send(protocol::worker_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0) ::_exit(1);
}

void wait_for_ever() {
  for (;;) ::pause();
}

/// Whether nothing came along from the one that started this: no variable, no descriptor, no signal that is ignored.
bool has_nothing(int original) {
  if (::environ != nullptr && *::environ != nullptr) return false;
  for (int number = 0; number < 1024; ++number) {
    const bool open = ::fcntl(number, F_GETFD) != -1;
    if (open != (number <= protocol::worker_socket || number == original)) return false;
  }
  struct sigaction pipe{};
  ::sigaction(SIGPIPE, nullptr, &pipe);
  return pipe.sa_handler == SIG_DFL && ::getsid(0) == ::getpid();
}

std::string wrong_body(const protocol::request& to) {
  protocol::answer_head head;
  head.number = to.number;
  head.bytes = 100;
  return std::string(protocol::bytes_of(head)) + std::string(100, 'x');
}

std::string huge_head(const protocol::request& to) {
  protocol::answer_head head;
  head.number = to.number;
  head.bytes = std::uint64_t{1} << 60;
  return std::string(protocol::bytes_of(head));
}

void die(std::string_view how) {
  constexpr std::pair<std::string_view, int> signals[] = {{"segv", SIGSEGV}, {"abort", SIGABRT}, {"sys", SIGSYS},
                                                          {"kill", SIGKILL}, {"term", SIGTERM},  {"trap", SIGTRAP}};
  for (const auto& [name, signal] : signals)
    if (how == name) ::raise(signal);
}

void act(std::string_view how, const protocol::request& to, int original) {
  die(how);
  if (how == "garbage") return send("this is no answer at all, and is long enough to be read as one");
  if (how == "huge") return send(huge_head(to));
  if (how == "wrong") return send(wrong_body(to));
  if (how == "short") {
    send(wrong_body(to).substr(0, 40));
    ::_exit(0);
  }
  if (how == "hang") wait_for_ever();
  if (how == "burn")
    for (volatile unsigned turns = 0;;) turns = turns + 1;
  if (how == "close") {
    ::close(protocol::worker_socket);
    wait_for_ever();
  }
  if (how == "other") return send(protocol::answer({}, reason::format));
  if (how == "twice") send(protocol::answer(to, reason::format));
  if (how == "look") return send(protocol::answer(to, has_nothing(original) ? reason::format : reason::bytes));
  send(protocol::answer(to, reason::format));
}

/// The picture's text, and its descriptor.
bool receive(std::string& text, protocol::request& asked, int& original) {
  iovec part{&asked, sizeof asked};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  if (::recvmsg(protocol::worker_socket, &message, 0) != static_cast<ssize_t>(sizeof asked)) return false;
  std::memcpy(&original, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof original);
  text.assign(asked.bytes, '\0');
  return ::pread(original, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size());
}

}  // namespace

int main() {
  const std::string name = std::filesystem::read_symlink("/proc/self/exe").filename().string();
  if (name == "silent") wait_for_ever();
  if (name == "gone") return protocol::status_no_sandbox;
  protocol::greeting ready;
  if (name == "other_build") ++ready.version;
  send(protocol::bytes_of(ready));
  std::string how;
  protocol::request asked;
  for (int original = -1; receive(how, asked, original); ::close(original)) act(how, asked, original);
}
