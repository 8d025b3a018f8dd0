#include "platform/net/server/outgoing.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>

namespace spaces::net {
namespace {

/// Sends again when a signal came between. Negative: errno says why.
ssize_t send_once(int descriptor, std::string_view bytes) {
  ssize_t count = 0;
  do count = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  while (count < 0 && errno == EINTR);
  return count;
}

sent failure() { return errno == EAGAIN || errno == EWOULDBLOCK ? sent::blocked : sent::broken; }

}  // namespace

void backlog::add(std::string_view bytes, std::shared_ptr<const http::prepared> kept) {
  if (bytes.empty()) return;
  piece made;
  made.size = bytes.size();
  if (kept) {
    made.shared = bytes.data();
    made.kept = std::move(kept);
  } else {
    made.copy = bytes;
  }
  pieces_.push_back(std::move(made));
}

sent backlog::flush(int descriptor, bool& progress) {
  progress = false;
  while (!empty()) {
    const piece& current = pieces_[next_];
    const ssize_t count = send_once(descriptor, {current.data() + offset_, current.size - offset_});
    if (count < 0) return failure();
    progress = progress || count > 0;
    offset_ += static_cast<std::size_t>(count);
    if (offset_ < current.size) continue;
    ++next_;
    offset_ = 0;
  }
  clear();
  return sent::all;
}

void backlog::clear() {
  // A connection that was slow once need not hold the memory of it.
  if (!pieces_.empty()) pieces_ = {};
  next_ = offset_ = 0;
}

outgoing::outgoing() {
  gathered_.reserve(gather_bytes + 2 * copy_bytes_max);
  parts_.reserve(parts_max + 2);
}

std::size_t outgoing::begin_copy() {
  if (parts_.empty() || parts_.back().kept) parts_.push_back({gathered_.size(), 0, nullptr, nullptr});
  return gathered_.size();
}

void outgoing::copy(std::string_view bytes) {
  begin_copy();
  gathered_.append(bytes);
  parts_.back().size += bytes.size();
}

void outgoing::add(http::response& answer, std::string_view lines, bool head_only) {
  if (!answer.ready && (head_only || answer.body.size() <= copy_bytes_max)) {
    const std::size_t before = begin_copy();
    http::append_status_line(gathered_, answer);
    gathered_.append(lines);
    http::append_fields(gathered_, answer);
    if (!head_only) gathered_.append(answer.body);
    parts_.back().size += gathered_.size() - before;
    return;
  }
  if (!answer.ready) answer.ready = std::make_shared<const http::prepared>(http::prepare(answer));
  const http::prepared& made = *answer.ready;
  const std::string_view bytes = made.bytes;
  copy(bytes.substr(0, made.fields_at));
  copy(lines);
  for (const auto& [name, value] : answer.beside_ready)
    for (const std::string_view text :
         {std::string_view(name), std::string_view(": "), std::string_view(value), std::string_view("\r\n")})
      copy(text);
  const std::string_view body = head_only ? std::string_view{} : bytes.substr(made.body_at);
  if (body.size() <= copy_bytes_max) {
    copy(bytes.substr(made.fields_at, made.body_at - made.fields_at + body.size()));
    return;
  }
  copy(bytes.substr(made.fields_at, made.body_at - made.fields_at));
  parts_.push_back({0, body.size(), answer.ready, body.data()});
}

std::string_view outgoing::bytes_of(const part& piece) const {
  return {piece.kept ? piece.shared : gathered_.data() + piece.at, piece.size};
}

sent outgoing::flush(int descriptor, backlog& rest) {
  sent outcome = sent::all;
  std::size_t total = 0;
  ssize_t count = 0;
  if (!rest.empty()) {
    // Behind what waits already.
    keep_rest(0, rest);
    outcome = sent::blocked;
  } else if (parts_.size() == 1 && !parts_.front().kept) {
    total = gathered_.size();
    count = send_once(descriptor, gathered_);
  } else if (!parts_.empty()) {
    std::array<iovec, parts_max + 2> list;
    std::size_t used = 0;
    for (const part& piece : parts_) {
      const std::string_view bytes = bytes_of(piece);
      // The kernel only reads what iov_base names.
      list[used++] = {const_cast<char*>(bytes.data()), bytes.size()};
      total += bytes.size();
    }
    msghdr message{};
    message.msg_iov = list.data();
    message.msg_iovlen = used;
    do count = ::sendmsg(descriptor, &message, MSG_NOSIGNAL);
    while (count < 0 && errno == EINTR);
  }
  if (count < 0) outcome = failure();
  if (rest.empty() && outcome != sent::broken && (count < 0 || static_cast<std::size_t>(count) < total)) {
    keep_rest(count < 0 ? 0 : static_cast<std::size_t>(count), rest);
    outcome = sent::blocked;
  }
  clear();
  return outcome;
}

void outgoing::clear() noexcept {
  gathered_.clear();
  parts_.clear();
}

void outgoing::keep_rest(std::size_t done, backlog& rest) const {
  for (const part& piece : parts_) {
    const std::string_view bytes = bytes_of(piece);
    const std::size_t skipped = std::min(done, bytes.size());
    done -= skipped;
    rest.add(bytes.substr(skipped), piece.kept);
  }
}

}  // namespace spaces::net
