#include "platform/net/server/outgoing.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <new>
#include <utility>

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

backlog& backlog::operator=(backlog&& other) noexcept {
  if (this == &other) return *this;
  clear();
  all_ = other.all_;
  pieces_ = std::exchange(other.pieces_, {});
  held_ = std::exchange(other.held_, 0);
  next_ = std::exchange(other.next_, 0);
  offset_ = std::exchange(other.offset_, 0);
  return *this;
}

bool backlog::add(std::string_view bytes, std::shared_ptr<const http::prepared> kept) {
  if (bytes.empty()) return true;
  piece made;
  made.size = bytes.size();
  if (kept) {
    made.shared = bytes.data();
    made.kept = std::move(kept);
  } else {
    made.copy = bytes;
  }
  pieces_.push_back(std::move(made));
  if (all_->take(bytes.size())) {
    held_ += bytes.size();
    return true;
  }
  pieces_.pop_back();
  return false;
}

sent backlog::flush(int descriptor, std::uint64_t& written) noexcept {
  while (!empty()) {
    const piece& current = pieces_[next_];
    const ssize_t count = send_once(descriptor, {current.data() + offset_, current.size - offset_});
    if (count < 0) return failure();
    written += static_cast<std::size_t>(count);
    offset_ += static_cast<std::size_t>(count);
    if (offset_ < current.size) continue;
    ++next_;
    offset_ = 0;
  }
  clear();
  return sent::all;
}

void backlog::clear() noexcept {
  // A connection that was slow once need not hold the memory of it.
  if (!pieces_.empty()) pieces_ = {};
  next_ = offset_ = 0;
  if (held_ > 0) all_->give(std::exchange(held_, 0));
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
  const std::size_t bytes_before = gathered_.size();
  const std::size_t parts_before = parts_.size();
  const std::size_t last_before = parts_.empty() ? 0 : parts_.back().size;
  try {
    add_or_throw(answer, lines, head_only);
  } catch (...) {
    gathered_.resize(bytes_before);
    parts_.resize(parts_before);
    if (!parts_.empty()) parts_.back().size = last_before;
    throw;
  }
}

void outgoing::add_or_throw(http::response& answer, std::string_view lines, bool head_only) {
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

std::size_t outgoing::bytes() const {
  std::size_t total = 0;
  for (const part& piece : parts_) total += piece.size;
  return total;
}

/// Negative: errno says why.
ssize_t outgoing::send_parts(int descriptor) const {
  if (parts_.size() == 1 && !parts_.front().kept) return send_once(descriptor, gathered_);
  std::array<iovec, parts_max + 2> list;
  std::size_t used = 0;
  for (const part& piece : parts_) {
    const std::string_view bytes = bytes_of(piece);
    // The kernel only reads what iov_base names.
    list[used++] = {const_cast<char*>(bytes.data()), bytes.size()};
  }
  msghdr message{};
  message.msg_iov = list.data();
  message.msg_iovlen = used;
  ssize_t count = 0;
  do count = ::sendmsg(descriptor, &message, MSG_NOSIGNAL);
  while (count < 0 && errno == EINTR);
  return count;
}

sent outgoing::flush(int descriptor, backlog& rest, std::uint64_t& written) noexcept {
  sent outcome = sent::all;
  std::size_t done = 0;
  // Behind what waits already, nothing may go.
  if (rest.empty() && !parts_.empty()) {
    const ssize_t count = send_parts(descriptor);
    if (count < 0) outcome = failure();
    done = count < 0 ? 0 : static_cast<std::size_t>(count);
  }
  written += done;
  if (outcome != sent::broken && done < bytes()) outcome = keep_rest(done, rest) ? sent::blocked : sent::broken;
  if (outcome == sent::broken) rest.clear();
  clear();
  return outcome;
}

void outgoing::clear() noexcept {
  gathered_.clear();
  parts_.clear();
}

bool outgoing::keep_rest(std::size_t done, backlog& rest) const noexcept {
  try {
    for (const part& piece : parts_) {
      const std::string_view bytes = bytes_of(piece);
      const std::size_t skipped = std::min(done, bytes.size());
      done -= skipped;
      if (!rest.add(bytes.substr(skipped), piece.kept)) return false;
    }
    return true;
  } catch (const std::bad_alloc&) {
    return false;
  }
}

}  // namespace spaces::net
