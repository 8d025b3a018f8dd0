/// spaces-media prepares pictures for `spaces`, which starts it: see picture/worker_pool.hpp. It has a socket and
/// nothing else.

#include "platform/picture/protocol.hpp"
#include "program/media/engine.hpp"
#include "program/media/sandbox.hpp"
#include "program/media/serving.hpp"

#include <malloc.h>
#include <sys/socket.h>

#include <cstdio>
#include <string_view>

namespace {

namespace protocol = spaces::picture::protocol;

bool has_socket() {
  int kind = 0;
  socklen_t size = sizeof kind;
  return ::getsockopt(protocol::worker_socket, SOL_SOCKET, SO_TYPE, &kind, &size) == 0;
}

int complain(std::string_view text, int status) {
  std::fprintf(stderr, "spaces-media: %.*s.\n", static_cast<int>(text.size()), text.data());
  return status;
}

}  // namespace

int main(int count, char** words) {
  if (!has_socket())
    return complain("this is started by spaces, which gives it pictures", protocol::status_wrong_usage);
  const bool required = count > 1 && words[1] == protocol::require_sandbox;
  // One heap for all threads, and large buffers go back to the system: a worker lives long and is idle mostly.
  ::mallopt(M_ARENA_MAX, 1);
  ::mallopt(M_MMAP_THRESHOLD, 256 * 1024);
  spaces::media::bound_resources();
  if (!spaces::media::start_engine(words[0]))
    return complain("libvips does not start", protocol::status_cannot_prepare);
  std::uint32_t landlock = 0;
  if (const auto failed = spaces::media::enter_sandbox(required, landlock))
    return complain(*failed, protocol::status_no_sandbox);
  if (!spaces::media::warm_up()) return protocol::status_cannot_prepare;
  return spaces::media::serve_pictures(landlock);
}
