#include "platform/net/lambda/runtime_api.hpp"

#include "platform/net/lambda/limits.hpp"
#include "platform/record/json.hpp"

#include <algorithm>
#include <charconv>
#include <new>
#include <utility>

namespace spaces::net {

namespace {

using failure_kind = runtime_failure::kind;
using outcome = boost::system::result<void, runtime_failure>;

constexpr std::string_view version_path = "/2018-06-01/runtime/";
/// Most events have under 8 KiB.
constexpr std::size_t receive_bytes = 16 * 1024;
/// Room for what is sent most, from the start: a word about missing memory must not need any.
constexpr std::size_t message_bytes = 16 * 1024;
/// An id is a UUID; a trace has root, parent, sampled and lineage.
constexpr std::size_t id_bytes = 64;
constexpr std::size_t trace_bytes = 1024;

runtime_failure broken(std::string_view why) {
  return {failure_kind::broken, 0, "The Runtime API: " + std::string(why) + '.', {}};
}

std::chrono::steady_clock::time_point soon() { return std::chrono::steady_clock::now() + limits::runtime_api_time_max; }

std::string described(std::string_view type, std::string_view sentence) {
  std::string json = "{\"errorMessage\":";
  record::append_json_string(json, sentence);
  json += ",\"errorType\":";
  record::append_json_string(json, type);
  return json + ",\"stackTrace\":[]}";
}

std::string error_type_field(std::string_view type) {
  return "Lambda-Runtime-Function-Error-Type: " + std::string(type) + "\r\n";
}

std::optional<instant> read_deadline(std::string_view text) {
  std::int64_t ms = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), ms);
  if (failure != std::errc{} || end != text.data() + text.size() || ms <= 0) return std::nullopt;
  return instant(std::chrono::milliseconds(ms));
}

framing_limits bounds() {
  framing_limits all;
  all.header_bytes = limits::runtime_api_head_bytes_max;
  all.body_bytes = limits::lambda_event_bytes_max;
  return all;
}

}  // namespace

runtime_api::runtime_api(std::string address, const std::atomic<bool>& stop)
    : address_(std::move(address)), stop_(stop), answer_(bounds()) {
  message_.reserve(message_bytes);
  buffer_.resize(receive_bytes);
  id_.reserve(id_bytes);
  trace_.reserve(trace_bytes);
}

void runtime_api::open() {
  // The first exchange says what is wrong.
  static_cast<void>(connect(soon()));
}

boost::system::result<invocation, runtime_failure> runtime_api::next() {
  compose({"GET ", version_path, "invocation/next HTTP/1.1\r\nHost: ", address_,
           "\r\nUser-Agent: lifestyle-spaces\r\n\r\n"});
  const outcome done = [this] {
    try {
      return exchange(std::nullopt);
    } catch (const std::bad_alloc&) {
      return outcome{runtime_failure{}};  // an event for which there is no memory did not come whole
    }
  }();
  const auto field = [this](std::string_view lower) { return answer_.field(buffer_.data(), lower); };
  id_ = answer_.head_complete() ? field("lambda-runtime-aws-request-id") : std::string_view{};
  if (!done) {
    runtime_failure failure = done.error();
    // The client of this event is told that it was lost.
    if (failure.what == failure_kind::broken && answer_.status() == 200) failure.id = id_;
    return failure;
  }
  if (id_.empty()) return broken("it handed out an event without a request id");
  trace_ = field("lambda-runtime-trace-id");
  return invocation{id_, read_deadline(field("lambda-runtime-deadline-ms")), trace_, answer_.body(buffer_.data())};
}

outcome runtime_api::respond(std::string_view id, std::string_view answer) {
  return post("invocation/", id, "/response", {}, answer);
}

outcome runtime_api::fail(std::string_view id, std::string_view type, std::string_view sentence) {
  return post("invocation/", id, "/error", error_type_field(type), described(type, sentence));
}

outcome runtime_api::fail_init(std::string_view type, std::string_view sentence) {
  return post("init/error", {}, {}, error_type_field(type), described(type, sentence));
}

outcome runtime_api::post(std::string_view path, std::string_view id, std::string_view what, std::string_view fields,
                          std::string_view body) {
  char digits[20];
  const char* const end = std::to_chars(digits, digits + sizeof digits, body.size()).ptr;
  compose({"POST ", version_path, path, id, what, " HTTP/1.1\r\nHost: ", address_,
           "\r\nUser-Agent: lifestyle-spaces\r\nContent-Type: application/json\r\n", fields,
           "Content-Length: ", std::string_view(digits, static_cast<std::size_t>(end - digits)), "\r\n\r\n", body});
  return exchange(soon());
}

void runtime_api::compose(std::initializer_list<std::string_view> parts) {
  message_.clear();
  for (const std::string_view part : parts) message_.append(part);
}

/// A connection with half an exchange on it is none for the next.
outcome runtime_api::exchange(std::optional<time_point> until) {
  try {
    return exchange_or_throw(until);
  } catch (const std::bad_alloc&) {
    socket_.close();
    throw;
  }
}

/// A kept connection may have ended while it was idle. That shows before a byte of an answer comes, and
/// then the request goes out once more: an answer that arrives twice is refused, and no event is lost.
outcome runtime_api::exchange_or_throw(std::optional<time_point> until) {
  for (bool kept = static_cast<bool>(socket_);; kept = false) {
    answer_.reset(false);
    held_ = 0;
    const time_point limit = until ? *until : soon();
    outcome done = kept ? outcome{} : connect(limit);
    if (done) {
      socket_.set_patience(limit, limits::runtime_api_time_max);
      if (socket_.send(message_) != moved::bytes) done = broken(socket_.why());
    }
    if (done) {
      if (!until) socket_.wait_until(stop_);
      done = receive();
      if (!done && !until && stop_.load(std::memory_order_relaxed))
        done = runtime_failure{failure_kind::stopped, 0, {}, {}};
    }
    // One that took its time is no connection that ended; and there is none left.
    const bool late = until && std::chrono::steady_clock::now() >= *until;
    const bool again = kept && !late && !done && done.error().what == failure_kind::broken && held_ == 0;
    if (!done || !answer_.keep_alive()) socket_.close();
    if (again) continue;
    if (!done) return done;
    const int status = answer_.status();
    if (status >= 200 && status < 300) return done;
    std::string text = "The Runtime API answered " + std::to_string(status) + ": ";
    text += answer_.body(buffer_.data()).substr(0, 200);
    return runtime_failure{status == 500 ? failure_kind::ended : failure_kind::refused, status, std::move(text), {}};
  }
}

outcome runtime_api::connect(time_point until) {
  const auto places = resolve(address_);
  if (!places) return broken("AWS_LAMBDA_RUNTIME_API: " + places.error().public_text);
  std::string why;
  socket_ = client_socket::connect(*places, until, why);
  return socket_ ? outcome{} : broken(why);
}

outcome runtime_api::receive() {
  while (true) {
    // Large events come in steps that grow with them. What was grown stays: filling it with zeros for each answer
    // took a tenth of a small event's time.
    if (buffer_.size() - held_ < receive_bytes) buffer_.resize(held_ + std::max(receive_bytes, held_ / 2));
    std::size_t got = 0;
    const moved how = socket_.receive(buffer_.data() + held_, buffer_.size() - held_, got);
    if (how == moved::ended && answer_.end(held_) == response_parser::progress::complete) return {};
    if (how != moved::bytes) return broken(socket_.why());
    held_ += got;
    const auto progress = answer_.advance(buffer_.data(), held_);
    if (progress == response_parser::progress::more) continue;
    // One thing is asked for at a time: what follows an answer is no answer.
    if (progress == response_parser::progress::complete && answer_.consumed() == held_) return {};
    return broken("its answer cannot be read: " + std::string(answer_.why()));
  }
}

}  // namespace spaces::net
