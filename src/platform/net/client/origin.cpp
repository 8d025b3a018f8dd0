#include "platform/net/client/origin.hpp"

#include "platform/net/request_syntax.hpp"

#include <arpa/inet.h>

#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

namespace spaces::net {
namespace {

/// How long an answer is used: as long as AWS lets its own names live.
constexpr std::chrono::seconds answer_time_max{5};

bool is_numeric(std::string_view address) {
  in_addr v4;
  const std::string host(address.substr(0, address.rfind(':')));
  return address.front() == '[' || ::inet_pton(AF_INET, host.c_str(), &v4) == 1;
}

}  // namespace

std::optional<origin> parse_origin(std::string_view text) {
  const auto parts = split_absolute_form(text);
  if (!parts || !parts->rest.empty() || !is_host(parts->authority)) return std::nullopt;
  origin made;
  made.tls = text.size() > 5 && (text[4] == 's' || text[4] == 'S');
  made.authority = parts->authority;
  std::string_view host = parts->authority;
  std::string_view port = made.tls ? "443" : "80";
  const std::size_t colon = host.rfind(':');
  if (colon != std::string_view::npos && host.back() != ']') {
    port = host.substr(colon + 1);
    host = host.substr(0, colon);
  }
  made.address = std::string(host) + ':' + std::string(port);
  made.host = host.front() == '[' ? host.substr(1, host.size() - 2) : host;
  return made;
}

struct name_lookup::state {
  explicit state(std::string what) : address(std::move(what)) {}

  const std::string address;
  std::mutex mutex;
  std::condition_variable answered;
  bool looking_up = false;
  std::vector<socket_address> found;
  std::chrono::steady_clock::time_point found_at;
  std::string why;
};

name_lookup::name_lookup(std::string address) : state_(std::make_shared<state>(std::move(address))) {}

/// On a thread of its own, whose exceptions would be the process's end: for want of memory there is no answer this
/// time.
void name_lookup::look_up(const std::shared_ptr<state>& shared) noexcept {
  try {
    auto found = resolve(shared->address);
    const std::lock_guard lock(shared->mutex);
    shared->why = found ? "" : found.error().public_text;
    // A resolver that fails for a while does not make us forget what we knew.
    if (found) shared->found = *std::move(found);
    shared->found_at = std::chrono::steady_clock::now();
  } catch (const std::exception&) {
    shared->answered.notify_all();
  }
  const std::lock_guard lock(shared->mutex);
  shared->looking_up = false;
  shared->answered.notify_all();
}

std::vector<socket_address> name_lookup::find(std::chrono::steady_clock::time_point deadline, std::string& why) {
  std::unique_lock lock(state_->mutex);
  const bool fresh = state_->found_at + answer_time_max > std::chrono::steady_clock::now();
  if (!state_->found.empty() && fresh) return state_->found;
  if (is_numeric(state_->address)) {
    lock.unlock();
    look_up(state_);
    lock.lock();
  } else {
    if (!state_->looking_up) {
      std::thread(look_up, state_).detach();  // it waits for our lock
      state_->looking_up = true;
    }
    state_->answered.wait_until(lock, deadline, [this] { return !state_->looking_up; });
  }
  if (state_->found.empty()) why = state_->looking_up ? "its name was not resolved in time" : state_->why;
  return state_->found;
}

}  // namespace spaces::net
