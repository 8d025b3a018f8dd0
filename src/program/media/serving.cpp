#include "program/media/serving.hpp"

#include "platform/base/descriptor.hpp"
#include "platform/picture/protocol.hpp"
#include "program/media/engine.hpp"

#include <malloc.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <new>
#include <optional>
#include <string>
#include <string_view>

namespace spaces::media {

namespace {

using namespace picture;

bool send_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(protocol::worker_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

struct received {
  protocol::request asked;
  descriptor original;
};

/// Nothing where the other side is gone.
std::optional<received> receive_request() {
  received one;
  iovec text{&one.asked, sizeof one.asked};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr message{};
  message.msg_iov = &text;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  ssize_t got = 0;
  do got = ::recvmsg(protocol::worker_socket, &message, MSG_CMSG_CLOEXEC | MSG_WAITALL);
  while (got < 0 && errno == EINTR);
  const cmsghdr* const head = CMSG_FIRSTHDR(&message);
  if (got != static_cast<ssize_t>(sizeof one.asked) || head == nullptr || head->cmsg_type != SCM_RIGHTS)
    return std::nullopt;
  int number = -1;
  std::memcpy(&number, CMSG_DATA(head), sizeof number);
  one.original = descriptor(number);
  return one;
}

/// The original, in memory of our own: nobody changes it between our look at its header and a decoder's.
std::optional<std::string> read_original(const received& from) {
  if (from.asked.bytes > file_bytes_max) return std::nullopt;
  std::string bytes(from.asked.bytes, '\0');
  std::size_t had = 0;
  while (had < bytes.size()) {
    const ssize_t got = ::pread(from.original.get(), bytes.data() + had, bytes.size() - had, static_cast<off_t>(had));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return std::nullopt;
    had += static_cast<std::size_t>(got);
  }
  return bytes;
}

std::string answer_to(const received& asked) try {
  const auto bytes = read_original(asked);
  if (!bytes) return protocol::answer(asked.asked, reason::damaged);
  const auto made = prepare(*bytes, static_cast<stage>(asked.asked.stage));
  if (const reason* const why = std::get_if<reason>(&made)) return protocol::answer(asked.asked, *why);
  return protocol::answer(asked.asked, std::get<prepared>(made));
} catch (const std::bad_alloc&) {
  return protocol::answer(asked.asked, reason::too_slow);
}

}  // namespace

int serve_pictures(std::uint32_t landlock) {
  protocol::greeting ready;
  ready.landlock = landlock;
  if (!send_all(protocol::bytes_of(ready))) return 0;
  while (const auto asked = receive_request()) {
    if (!send_all(answer_to(*asked))) return 0;
    ::malloc_trim(0);
  }
  return 0;
}

}  // namespace spaces::media
