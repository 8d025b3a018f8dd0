#include "platform/net/server/server.hpp"

#include "platform/net/server/connection.hpp"
#include "platform/net/server/event_loop.hpp"
#include "platform/net/server/worker_pool.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <thread>
#include <utility>

namespace spaces::net {
namespace {

/// Descriptors beside the connections: store, log, epoll, the sockets that listen.
constexpr std::size_t other_descriptors = 256;

void raise_descriptor_limit(std::size_t connections) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  // Each may have a file that is being sent, or written, beside its socket.
  const rlim_t wanted = std::min<rlim_t>(2 * connections + other_descriptors, limit.rlim_max);
  if (limit.rlim_cur >= wanted) return;
  limit.rlim_cur = wanted;
  // Where it fails, fewer clients are served at a time; none is served wrongly.
  static_cast<void>(::setrlimit(RLIMIT_NOFILE, &limit));
}

std::size_t cores() { return std::max(1U, std::thread::hardware_concurrency()); }

server_options completed(server_options options) {
  if (options.loops == 0) options.loops = cores();
  if (options.cpu_threads == 0) options.cpu_threads = cores() * limits::cpu_threads_per_core;
  return options;
}

}  // namespace

struct server::state {
  state(http::application& application, server_options given)
      : options(completed(std::move(given))), shared(application, options) {}

  const server_options options;
  serving shared;
  std::vector<socket_address> bound;
  std::vector<std::unique_ptr<event_loop>> loops;
  // Behind the loops, so that they end first: their threads hand answers to loops.
  std::unique_ptr<worker_pool> io;
  std::unique_ptr<worker_pool> cpu;
};

server::server(http::application& application, server_options options)
    : state_(std::make_unique<state>(application, std::move(options))) {
  const server_options& all = state_->options;
  state_->io = std::make_unique<worker_pool>(pool_settings{all.io_threads, all.io_queue_max, false});
  state_->cpu = std::make_unique<worker_pool>(pool_settings{all.cpu_threads, all.cpu_queue_max, true});
  state_->shared.io = state_->io.get();
  state_->shared.cpu = state_->cpu.get();
}

server::~server() = default;

result<void> server::listen() {
  const server_options& options = state_->options;
  raise_descriptor_limit(options.connections_max);
  std::vector<std::vector<descriptor>> sockets(options.loops);
  std::vector<socket_address> bound;
  for (const std::string& address : options.listen) {
    auto addresses = resolve(address);
    if (!addresses) return addresses.error();
    for (socket_address& where : *addresses) {
      // A name with two addresses and port 0: the same port on both.
      if (where.port() == 0 && &where != &addresses->front()) where.set_port(addresses->front().port());
      auto opened = listen_on(where, options.loops);
      if (!opened) return opened.error();
      for (std::size_t i = 0; i < options.loops; ++i) sockets[i].push_back(std::move((*opened)[i]));
      bound.push_back(where);
    }
  }
  if (bound.empty()) return invalid({{"listen", "required", "An address to listen on is needed."}});
  for (auto& listening : sockets)
    state_->loops.push_back(std::make_unique<event_loop>(state_->shared, std::move(listening)));
  state_->bound = std::move(bound);
  return {};
}

std::vector<std::string> server::addresses() const {
  std::vector<std::string> texts;
  for (const socket_address& where : state_->bound) texts.push_back(to_text(where));
  return texts;
}

std::uint16_t server::port() const { return state_->bound.empty() ? std::uint16_t{0} : state_->bound.front().port(); }

void server::run() {
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < state_->loops.size(); ++i)
    others.emplace_back([loop = state_->loops[i].get()] { loop->run(); });
  if (!state_->loops.empty()) state_->loops.front()->run();
  for (std::thread& thread : others) thread.join();
}

void server::stop() noexcept {
  for (const auto& loop : state_->loops) loop->stop();
}

std::size_t server::open_connections() const { return state_->shared.occupied.connections(); }

}  // namespace spaces::net
