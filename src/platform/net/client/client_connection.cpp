#include "platform/net/client/client_connection.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace spaces::net {
namespace {

/// What a buffer begins with: an item of a few kilobytes and its header fields.
constexpr std::size_t buffer_bytes = 8 * 1024;
/// A buffer that grew past this is given back after its exchange.
constexpr std::size_t buffer_kept_bytes_max = 256 * 1024;
/// Bodies up to here go into the same send as the header.
constexpr std::size_t body_copied_bytes_max = 64 * 1024;

void append(std::string& out, std::initializer_list<std::string_view> parts) {
  for (const std::string_view part : parts) out += part;
}

}  // namespace

client_connection::client_connection(client_socket socket, const client_options& options)
    : socket_(std::move(socket)),
      options_(options),
      parser_(options.framing),
      used_at_(std::chrono::system_clock::now()) {}

bool client_connection::shake_hands(const tls_context& context, const std::string& host, tls_session_slot& session,
                                    std::chrono::steady_clock::time_point deadline) {
  socket_.set_patience(deadline, options_.connect_time_max);
  tls_.emplace(context, socket_, host, session);
  if (tls_->handshake() == moved::bytes) return true;
  why_ = tls_->why();
  return false;
}

moved client_connection::send(std::string_view bytes) {
  const moved how = tls_ ? tls_->send(bytes) : socket_.send(bytes);
  if (how != moved::bytes) why_ = tls_ ? tls_->why() : socket_.why();
  return how;
}

moved client_connection::receive(char* into, std::size_t size_max, std::size_t& got) {
  const moved how = tls_ ? tls_->receive(into, size_max, got) : socket_.receive(into, size_max, got);
  if (how != moved::bytes) why_ = tls_ ? tls_->why() : socket_.why();
  return how;
}

void client_connection::write_head(const origin& where, const http::client_request& outgoing) {
  outgoing_.clear();
  append(outgoing_, {http::to_text(outgoing.verb), " ", outgoing.target, " HTTP/1.1\r\nHost: ", where.authority});
  for (const http::field_line& line : outgoing.fields) append(outgoing_, {"\r\n", line.name, ": ", line.value});
  const bool reads = outgoing.verb == http::method::get || outgoing.verb == http::method::head;
  if (!outgoing.body.empty() || !reads) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, outgoing.body.size()).ptr;
    append(outgoing_, {"\r\nContent-Length: ", {digits, static_cast<std::size_t>(end - digits)}});
  }
  outgoing_ += "\r\n\r\n";
}

moved client_connection::send_request(const origin& where, const http::client_request& outgoing) {
  write_head(where, outgoing);
  if (outgoing.body.size() <= body_copied_bytes_max) {
    outgoing_ += outgoing.body;
    return send(outgoing_);
  }
  const moved head = send(outgoing_);
  return head == moved::bytes ? send(outgoing.body) : head;
}

exchanged client_connection::exchange(const origin& where, const http::client_request& outgoing,
                                      http::client_response& answer) {
  keepable_ = false;
  const bool bounded = outgoing.silence_max.count() > 0;
  socket_.set_patience(outgoing.deadline, bounded ? outgoing.silence_max : options_.silence_time_max);
  const moved sent = send_request(where, outgoing);
  if (sent != moved::bytes) return sent == moved::timed_out ? exchanged::stuck : exchanged::unsent;
  parser_.reset(outgoing.verb == http::method::head);
  const exchanged outcome = read_answer(answer);
  if (outcome == exchanged::whole) used_at_ = std::chrono::system_clock::now();
  if (capacity_ > buffer_kept_bytes_max) {
    buffer_.reset();
    capacity_ = 0;
  }
  return outcome;
}

bool client_connection::make_space(std::size_t held) {
  if (held < capacity_) return true;
  // Chunks' own sizes come on top of a body; more than that much again is nobody's honest answer.
  const std::size_t most = 2 * options_.framing.body_bytes + options_.framing.header_bytes;
  const std::size_t wanted = std::max({buffer_bytes, 2 * capacity_, parser_.expected()});
  if (held >= most) return false;
  capacity_ = std::min(wanted, most);
  auto larger = std::make_unique_for_overwrite<char[]>(capacity_);
  if (held > 0) std::memcpy(larger.get(), buffer_.get(), held);
  buffer_ = std::move(larger);
  return true;
}

exchanged client_connection::read_answer(http::client_response& answer) {
  std::size_t size = 0;
  while (true) {
    if (!make_space(size)) {
      why_ = "its answer is too large";
      return exchanged::failed;
    }
    std::size_t got = 0;
    const moved how = receive(buffer_.get() + size, capacity_ - size, got);
    if (how != moved::bytes && size == 0) return how == moved::timed_out ? exchanged::failed : exchanged::silent;
    if (how != moved::bytes && how != moved::ended) return exchanged::failed;
    size += got;
    const auto outcome = how == moved::ended ? parser_.end(size) : parser_.advance(buffer_.get(), size);
    if (outcome == response_parser::progress::more) continue;
    if (outcome == response_parser::progress::refused) {
      why_ = "its answer is refused: " + std::string(parser_.why());
      return exchanged::failed;
    }
    parser_.take(buffer_.get(), answer);
    // Bytes behind the answer belong to no request of ours: what follows could be taken for the next answer.
    keepable_ = parser_.keep_alive() && parser_.consumed() == size;
    return exchanged::whole;
  }
}

bool client_connection::older_than(std::chrono::milliseconds age) const {
  const auto passed = std::chrono::system_clock::now() - used_at_;
  return passed > age || passed < std::chrono::seconds(-1);
}

bool client_connection::still_good() {
  if (older_than(options_.idle_time_max)) return false;
  return tls_ ? tls_->quiet() : socket_.quiet();
}

}  // namespace spaces::net
