#include "platform/net/server/outgoing.hpp"

#include "platform/net/server/limits.hpp"

#include <sys/sendfile.h>
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
ssize_t send_once(int descriptor, std::string_view bytes, int more = 0) {
  ssize_t count = 0;
  do count = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL | more);
  while (count < 0 && errno == EINTR);
  return count;
}

/// One turn's share of a file, which goes from the page cache to the socket. `blocked` where some of it is left,
/// also where the socket could take more: it says so when the next turn comes.
sent send_file(int descriptor, http::file_part& left, std::uint64_t& written) noexcept {
  const std::size_t wanted = std::min<std::uint64_t>(left.bytes, limits::file_bytes_a_turn);
  auto from = static_cast<off_t>(left.at);
  ssize_t count = 0;
  do count = ::sendfile(descriptor, left.file.get(), &from, wanted);
  while (count < 0 && errno == EINTR);
  if (count < 0) return errno == EAGAIN || errno == EWOULDBLOCK ? sent::blocked : sent::broken;
  if (count == 0 && wanted > 0) return sent::broken;  // the file ends before its end
  left.at += static_cast<std::size_t>(count);
  left.bytes -= static_cast<std::size_t>(count);
  written += static_cast<std::size_t>(count);
  return left.bytes == 0 ? sent::all : sent::blocked;
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

void backlog::add(std::shared_ptr<http::file_part> left) {
  piece made;
  made.file = std::move(left);
  pieces_.push_back(std::move(made));
}

sent backlog::flush(int descriptor, std::uint64_t& written) noexcept {
  while (!empty()) {
    const piece& current = pieces_[next_];
    if (current.file) {
      if (const sent outcome = send_file(descriptor, *current.file, written); outcome != sent::all) return outcome;
      ++next_;
      continue;
    }
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
  if (parts_.empty() || parts_.back().kept || parts_.back().file) parts_.push_back({gathered_.size(), 0, {}, {}, {}});
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
    if (!head_only && !answer.file) gathered_.append(answer.body);
    parts_.back().size += gathered_.size() - before;
    if (answer.file && answer.file->bytes > 0 && !head_only) parts_.push_back({0, 0, {}, {}, answer.file});
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
  parts_.push_back({0, body.size(), answer.ready, body.data(), {}});
}

std::string_view outgoing::bytes_of(const part& piece) const {
  return {piece.kept ? piece.shared : gathered_.data() + piece.at, piece.size};
}

/// What lies in memory, from `first` up to `end`. Negative: errno says why.
ssize_t outgoing::send_run(int descriptor, std::size_t first, std::size_t end) const noexcept {
  // Of a file that follows, the first bytes go out in the same packet.
  const int more = end < parts_.size() ? MSG_MORE : 0;
  if (end - first == 1) return send_once(descriptor, bytes_of(parts_[first]), more);
  std::array<iovec, parts_max + 2> list;
  std::size_t used = 0;
  for (std::size_t i = first; i < end; ++i) {
    const std::string_view bytes = bytes_of(parts_[i]);
    // The kernel only reads what iov_base names.
    list[used++] = {const_cast<char*>(bytes.data()), bytes.size()};
  }
  msghdr message{};
  message.msg_iov = list.data();
  message.msg_iovlen = used;
  ssize_t count = 0;
  do count = ::sendmsg(descriptor, &message, MSG_NOSIGNAL | more);
  while (count < 0 && errno == EINTR);
  return count;
}

/// In their order: what lies in memory together, files one by one.
sent outgoing::send_all(int descriptor, progress& at, std::uint64_t& written) const noexcept {
  while (at.part < parts_.size()) {
    if (parts_[at.part].file) {
      if (const sent outcome = send_file(descriptor, *parts_[at.part].file, written); outcome != sent::all)
        return outcome;
      ++at.part;
      continue;
    }
    std::size_t end = at.part;
    while (end < parts_.size() && !parts_[end].file) ++end;
    const ssize_t count = send_run(descriptor, at.part, end);
    if (count < 0) return failure();
    written += static_cast<std::size_t>(count);
    at.offset = static_cast<std::size_t>(count);
    while (at.part < end && at.offset >= parts_[at.part].size) at.offset -= parts_[at.part++].size;
    if (at.part < end) return sent::blocked;
  }
  return sent::all;
}

sent outgoing::flush(int descriptor, backlog& rest, std::uint64_t& written) noexcept {
  progress at;
  // Behind what waits already, nothing may go.
  sent outcome = rest.empty() ? send_all(descriptor, at, written) : sent::blocked;
  if (outcome == sent::blocked && !keep_rest(at, rest)) outcome = sent::broken;
  if (outcome == sent::broken) rest.clear();
  clear();
  return outcome;
}

void outgoing::clear() noexcept {
  gathered_.clear();
  parts_.clear();
}

bool outgoing::keep_rest(progress from, backlog& rest) const noexcept {
  try {
    for (std::size_t i = from.part; i < parts_.size(); ++i) {
      const part& left = parts_[i];
      if (left.file)
        rest.add(left.file);
      else if (!rest.add(bytes_of(left).substr(i == from.part ? from.offset : 0), left.kept))
        return false;
    }
    return true;
  } catch (const std::bad_alloc&) {
    return false;
  }
}

}  // namespace spaces::net
