#include "program/server.hpp"

#include "app/marketplace.hpp"
#include "platform/feature/periodic.hpp"
#include "platform/http/application.hpp"
#include "platform/net/server/server.hpp"
#include "platform/picture/worker_pool.hpp"
#include "program/exit_status.hpp"

#include <fmt/core.h>

#include <unistd.h>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <memory>

namespace spaces::app {

namespace {

/// Stands for the marketplace while there is none yet.
class opened_later final : public http::application {
 public:
  explicit opened_later(const std::unique_ptr<marketplace>& market) : market_(market) {}
  http::begun begin(const http::request& incoming) override { return market_->application().begin(incoming); }
  http::response finish(const http::request& incoming, http::pending_ptr rest) override {
    return market_->application().finish(incoming, std::move(rest));
  }
  bool takes_pieces(const http::request& head) noexcept override { return market_->application().takes_pieces(head); }
  http::opened_body open_body(const http::request& head) override { return market_->application().open_body(head); }
  http::response refuse(int status, std::string_view detail, std::string_view origin) override {
    return market_->application().refuse(status, detail, origin);
  }

 private:
  const std::unique_ptr<marketplace>& market_;
};

std::atomic<net::server*> serving{nullptr};

void stop_serving(int) {
  if (net::server* server = serving.load()) server->stop();
}

/// SIGTERM and Ctrl-C end the server well; a client that goes away, or a file at its limit, never do.
void handle_signals() {
  struct sigaction stop{};
  stop.sa_handler = stop_serving;
  sigaction(SIGTERM, &stop, nullptr);
  sigaction(SIGINT, &stop, nullptr);
  struct sigaction ignore{};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, nullptr);
  sigaction(SIGXFSZ, &ignore, nullptr);
}

/// What a newcomer wants to know, on standard output; `http://HOST:PORT` of the first address stands in
/// the first line, which scripts read.
void print_banner(const configuration& settings, const std::string& address) {
  fmt::print("API            http://{}/api/v1/properties\n", address);
  fmt::print("Homes          http://{}/docs/homes\n", address);
  fmt::print("Documentation  http://{}/docs\n", address);
  fmt::print("Health         http://{}/health\n", address);
  fmt::print("Listings are {}. {} is served. Ctrl-C ends.\n",
             settings.listings.public_listings ? "public: reading needs no token"
                                               : "read with an access token (spaces token prints one)",
             place_of(settings));
  std::fflush(stdout);
}

int refuse(const error& why) {
  fmt::print(stderr, "spaces: {}\n", why.public_text);
  return exit_status::failure;
}

}  // namespace

int run_server(const configuration& settings) {
  const system_clock clock;
  const telemetry::log log(clock, STDERR_FILENO);
  // The workers on pictures come before whatever they must not have.
  const auto workers = picture::start_workers(settings.pictures, log);
  if (!workers) return refuse(workers.error());
  // The addresses come first: where they cannot be had, no store is made. Nobody is served before `run`.
  std::unique_ptr<marketplace> market;
  opened_later application(market);
  net::server_options options;
  options.listen = settings.server.listen;
  options.loops = settings.server.loops;
  options.connections_max = settings.server.connections;
  options.connections_per_address_max = net::connections_of_each(settings.server, settings.http.trusted_proxies > 0);
  net::server server(application, options);
  if (const auto listening = server.listen(); !listening) return refuse(listening.error());
  auto opened = open_marketplace(settings, clock, log, table_use::serving, nullptr, workers->get());
  if (!opened) return refuse(opened.error());
  market = *std::move(opened);
  serving = &server;
  handle_signals();
  print_banner(settings, server.addresses().front());
  {
    periodic_runner due(market->periodics(), log);
    due.start();
    server.run();
  }
  serving = nullptr;
  fmt::print("Stopped.\n");
  return exit_status::success;
}

}  // namespace spaces::app
