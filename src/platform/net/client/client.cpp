#include "platform/net/client/client.hpp"

#include "platform/net/client/client_connection.hpp"

#include <algorithm>
#include <condition_variable>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <new>
#include <shared_mutex>
#include <vector>

namespace spaces::net {

using std::chrono::steady_clock;
using connection_ptr = std::unique_ptr<client_connection>;

/// The connections to one origin.
struct origin_pool {
  origin_pool(origin server, std::size_t max) : where(std::move(server)), names(where.address), connections_max(max) {
    kept.reserve(max);  // giving a connection back must need no memory
  }

  const origin where;
  name_lookup names;
  tls_session_slot session;
  const std::size_t connections_max;
  std::mutex mutex;
  std::condition_variable freed;
  std::vector<connection_ptr> kept;  ///< the one used last stands last, and is used next
  std::size_t open = 0;              ///< kept, lent or being made
  std::size_t warming = 0;           ///< being made by `warm`

  /// True when the caller may go on by the deadline: with a kept connection in `lent`, or none and the
  /// right to make one. With `anew`, always the latter.
  bool acquire(steady_clock::time_point deadline, bool anew, connection_ptr& lent) {
    connection_ptr dropped;
    std::unique_lock lock(mutex);
    while (true) {
      if (!kept.empty() && (!anew || open == connections_max)) {
        // For a new one at the bound, the oldest makes way.
        const auto which = anew ? kept.begin() : std::prev(kept.end());
        (anew ? dropped : lent) = std::move(*which);
        kept.erase(which);
        return true;
      }
      if (open < connections_max && (anew || warming == 0)) {
        ++open;
        return true;
      }
      if (freed.wait_until(lock, deadline) == std::cv_status::timeout) return false;
    }
  }

  /// Gives back what `acquire` gave; null: the connection is no more.
  void release(connection_ptr lent, bool warmed = false) {
    connection_ptr dropped;
    const std::lock_guard lock(mutex);
    if (warmed) --warming;
    if (lent && lent->keepable()) {
      kept.push_back(std::move(lent));
      // The first is the one that was not needed longest.
      if (kept.size() > 1 && kept.front()->older_than(client_idle_time_max)) {
        dropped = std::move(kept.front());
        kept.erase(kept.begin());
        --open;
      }
    } else {
      dropped = std::move(lent);
      --open;
    }
    if (warmed)
      freed.notify_all();
    else
      freed.notify_one();
  }
};

/// What all exchanges share.
class client_pools {
 public:
  client_pools(tls_context context, const client_options& options) : options_(options), context_(std::move(context)) {}

  const client_options& options() const { return options_; }

  /// Null for a text that is no origin.
  origin_pool* find(std::string_view text) {
    {
      const std::shared_lock lock(mutex_);
      if (const auto found = pools_.find(text); found != pools_.end() && found->second) return found->second.get();
    }
    auto parsed = parse_origin(text);
    if (!parsed) return nullptr;
    const std::lock_guard lock(mutex_);
    auto& pool = pools_[std::string(text)];
    if (!pool) pool = std::make_unique<origin_pool>(*std::move(parsed), options_.connections_max);
    return pool.get();
  }

  /// Null when there is none by the deadline; `why` says what went wrong.
  connection_ptr open(origin_pool& pool, steady_clock::time_point deadline, std::string& why) {
    const auto until = std::min(deadline, steady_clock::now() + options_.connect_time_max);
    std::vector<socket_address> addresses = pool.names.find(until, why);
    if (addresses.empty()) return nullptr;
    if (options_.may_connect)
      std::erase_if(addresses, [&](const socket_address& one) { return !options_.may_connect(one); });
    if (addresses.empty()) {
      why = "it has no address that may be called";
      return nullptr;
    }
    client_socket socket = client_socket::connect(addresses, until, why);
    if (!socket) return nullptr;
    auto made = std::make_unique<client_connection>(std::move(socket), options_);
    if (pool.where.tls && !made->shake_hands(context_, pool.where.host, pool.session, until)) {
      why = made->why();
      return nullptr;
    }
    return made;
  }

 private:
  const client_options options_;
  const tls_context context_;
  std::shared_mutex mutex_;
  std::map<std::string, std::unique_ptr<origin_pool>, std::less<>> pools_;
};

namespace {

/// A connection in use, or the right to make one; goes back to the pool whatever happens.
class lease {
 public:
  explicit lease(origin_pool& pool) : pool_(pool) {}
  lease(const lease&) = delete;
  lease& operator=(const lease&) = delete;
  ~lease() {
    if (granted_) pool_.release(std::move(held));
  }

  bool acquire(steady_clock::time_point deadline, bool anew) {
    granted_ = pool_.acquire(deadline, anew, held);
    return granted_;
  }

  connection_ptr held;

 private:
  origin_pool& pool_;
  bool granted_ = false;
};

http::client_failure failure(std::string_view origin, bool may_have_arrived, std::string_view why) {
  return {may_have_arrived, std::string(origin) + ": " + std::string(why)};
}

}  // namespace

client::client(std::unique_ptr<client_pools> pools) : pools_(std::move(pools)) {}
client::~client() = default;

boost::system::result<http::client_response, http::client_failure> client::send(const http::client_request& outgoing) {
  origin_pool* pool = pools_->find(outgoing.origin);
  if (pool == nullptr) return failure(outgoing.origin, false, "not an origin like https://example.com");
  std::string why;
  bool may_have_arrived = false;
  for (bool anew = false;; anew = true) {
    lease one(*pool);
    if (!one.acquire(outgoing.deadline, anew))
      return failure(outgoing.origin, may_have_arrived, "all connections are busy");
    if (one.held && !one.held->still_good()) one.held.reset();
    const bool kept = one.held != nullptr;
    if (!kept) one.held = pools_->open(*pool, outgoing.deadline, why);
    if (!one.held) return failure(outgoing.origin, may_have_arrived, why);
    http::client_response answer;
    const exchanged outcome = one.held->exchange(pool->where, outgoing, answer);
    if (outcome == exchanged::whole) return answer;
    may_have_arrived = may_have_arrived || outcome == exchanged::silent || outcome == exchanged::failed;
    // A connection that died while it was kept says nothing about the server; a new one that dies does.
    const bool again = outcome == exchanged::unsent || (outcome == exchanged::silent && outgoing.repeatable);
    if (!again || !kept) return failure(outgoing.origin, may_have_arrived, one.held->why());
  }
}

void client::warm(std::string_view origin) {
  origin_pool* pool = pools_->find(origin);
  if (pool == nullptr) return;
  {
    const std::lock_guard lock(pool->mutex);
    if (pool->open > 0) return;
    ++pool->open;
    ++pool->warming;
  }
  connection_ptr made;
  try {
    std::string why;
    made = pools_->open(*pool, steady_clock::now() + pools_->options().connect_time_max, why);
  } catch (const std::bad_alloc&) {
    made.reset();  // the first request says what is wrong
  }
  pool->release(std::move(made), true);
}

result<std::unique_ptr<client>> make_client(const client_options& options) {
  const auto made = [&](tls_context context) {
    return std::make_unique<client>(std::make_unique<client_pools>(std::move(context), options));
  };
  if (options.roots_file.empty()) return made(tls_context::trusting(amazon_roots).value());
  const std::string called = "The file of trusted certificates \"" + options.roots_file + '"';
  std::ifstream file(options.roots_file, std::ios::binary);
  if (!file) return malformed(called + " cannot be read.");
  const std::string pem{std::istreambuf_iterator<char>(file), {}};
  auto context = tls_context::trusting(pem);
  if (!context) return malformed(called + " cannot be used: " + context.error().public_text + '.');
  return made(*std::move(context));
}

}  // namespace spaces::net
