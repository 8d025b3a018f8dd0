#include "program/function.hpp"

#include "app/configuration.hpp"
#include "app/marketplace.hpp"
#include "marketplace/images/images.hpp"
#include "platform/base/deadline.hpp"
#include "platform/base/limits.hpp"
#include "platform/feature/periodic.hpp"
#include "platform/net/lambda/lambda_runtime.hpp"
#include "platform/picture/worker_pool.hpp"
#include "program/exit_status.hpp"

#include <openssl/crypto.h>
#include <unistd.h>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <optional>

namespace spaces::app {

namespace {

std::atomic<net::lambda_runtime*> serving{nullptr};
timer_t last_moment;

/// An event that waits for somebody may hold the loop up; what it has written is safe without it.
void stop_serving(int) {
  if (net::lambda_runtime* runtime = serving.load()) runtime->stop();
  itimerspec left{};
  left.it_value.tv_nsec = std::chrono::nanoseconds(limits::lambda_stop_time_max).count();
  timer_settime(last_moment, 0, &left, nullptr);
}

void end_now(int) { _exit(exit_status::success); }

/// SIGTERM comes where an extension is registered; 300 ms later comes SIGKILL.
void handle_signals() {
  sigevent alarm{};
  alarm.sigev_notify = SIGEV_SIGNAL;
  alarm.sigev_signo = SIGALRM;
  struct sigaction end{};
  end.sa_handler = end_now;
  sigaction(SIGALRM, &end, nullptr);
  struct sigaction stop{};
  stop.sa_handler = stop_serving;
  // Without the timer the default is right: to end immediately.
  if (timer_create(CLOCK_MONOTONIC, &alarm, &last_moment) == 0) sigaction(SIGTERM, &stop, nullptr);
  struct sigaction ignore{};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, nullptr);
  sigaction(SIGXFSZ, &ignore, nullptr);
}

}  // namespace

std::string runtime_api_address() {
  const char* text = std::getenv("AWS_LAMBDA_RUNTIME_API");  // NOLINT(concurrency-mt-unsafe): before threads
  return text ? text : "";
}

int run_lambda(const std::string& runtime_api) {
  // OpenSSL would read a configuration file, which no function has.
  OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  const system_clock clock;
  const telemetry::log log(clock, STDERR_FILENO);
  const auto settings = read_configuration({});
  net::lambda_options options;
  options.runtime_api = runtime_api;
  if (settings) {
    options.origin_secrets = settings->lambda.origin_secrets;
    options.trust_authorizer = settings->lambda.trust_authorizer;
    options.base_path = settings->lambda.base_path;
  }
  // Before there is a marketplace, no event is asked for.
  std::optional<periodic_runner> due;
  options.on_schedule = [&](instant until) {
    // What failed is in the log, and due again the next time.
    static_cast<void>(
        due->catch_up(periodic::turn::on_schedule, std::chrono::steady_clock::now() + (until - clock.now())));
  };
  images::images* photographs = nullptr;
  options.on_object = [&](const net::object_event& came, instant until) -> result<void> {
    if (settings->bucket.name != came.bucket) {
      log.write(telemetry::level::warning, "object-ignored",
                {{"detail", "of the bucket " + came.bucket + ", which is not SPACES_BUCKET's: " + came.key}});
      return {};
    }
    const auto shown = photographs->arrived(came.key, until);
    if (!shown) return shown.error();
    if (!*shown) log.write(telemetry::level::info, "object-ignored", {{"detail", came.key + " awaits nobody"}});
    return {};
  };
  net::lambda_runtime runtime(std::move(options), clock, log);
  const auto refuse = [&](const error& why) {
    runtime.fail_init(why.public_text);
    return exit_status::failure;
  };
  if (!settings) return refuse(settings.error());
  auto connection = connect_to_table(*settings, clock);
  if (!connection) return refuse(connection.error());
  // Connecting to the table and TLS are mostly waiting: the keys are read meanwhile.
  if (*connection) (*connection)->prewarm_dynamodb();
  runtime.connect();
  // A function prepares pictures where its worker is named: the API's has none, and none is looked for.
  std::unique_ptr<picture::preparer> workers;
  if (!settings->pictures.worker.empty()) {
    auto started = picture::start_workers(settings->pictures, log);
    if (!started) return refuse(started.error());
    workers = *std::move(started);
  }
  const auto market =
      open_marketplace(*settings, clock, log, table_use::starting, *std::move(connection), workers.get());
  if (!market) return refuse(market.error());
  due.emplace((*market)->periodics(), log);
  photographs = &(*market)->images();
  (*market)->before_tokens(
      [&due] { return due->catch_up(periodic::turn::before_token, current_deadline(limits::request_time_max)); });
  serving = &runtime;
  handle_signals();
  const bool stopped = runtime.run((*market)->application());
  serving = nullptr;
  return stopped ? exit_status::success : exit_status::failure;
}

}  // namespace spaces::app
