#include "platform/net/lambda/lambda_runtime.hpp"

#include "platform/base/digest.hpp"
#include "platform/base/limits.hpp"
#include "platform/net/lambda/lambda_answer.hpp"

#include <poll.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <new>
#include <utility>

namespace spaces::net {

namespace {

using failure_kind = runtime_failure::kind;

/// Where AWS's own tools look for the trace. The text lies in one place for good, so that changing it
/// moves nothing under a thread that reads another variable.
class trace_variable {
 public:
  void set(std::string_view trace) {
    if (trace.size() > trace_bytes_max) trace = {};
    if (!put_) put_ = ::putenv(text_) == 0;
    char* end = std::copy(trace.begin(), trace.end(), text_ + name.size());
    *end = '\0';
  }

 private:
  static constexpr std::string_view name = "_X_AMZN_TRACE_ID=";
  /// Root, parent, sampled and lineage have under 200.
  static constexpr std::size_t trace_bytes_max = 1000;
  char text_[name.size() + trace_bytes_max + 1] = "_X_AMZN_TRACE_ID=";
  bool put_ = false;
};

trace_variable& the_trace_variable() {
  static trace_variable one;
  return one;
}

/// Reading it as an event failed; API Gateway makes a plain 500 of it.
constexpr std::string_view no_event_type = "Runtime.InvalidEvent";
/// Lambda sends an event of S3 or EventBridge twice more then.
constexpr std::string_view object_failed_type = "Objects.Failed";

}  // namespace

lambda_runtime::lambda_runtime(lambda_options options, const clock& clock, const telemetry::log& log)
    : options_(std::move(options)),
      clock_(clock),
      log_(log),
      api_(options_.runtime_api, stop_),
      event_({}, options_.base_path) {}

void lambda_runtime::note(std::string_view event, std::string_view detail) const {
  log_.write(telemetry::level::error, event, {{"detail", detail}});
}

void lambda_runtime::fail_init(std::string_view sentence) {
  note("init-failed", sentence);
  if (const auto reported = api_.fail_init("Runtime.InitFailed", sentence); !reported)
    note("runtime-api", reported.error().text);
}

constexpr std::string_view plain_no_memory = R"({"statusCode":503,"headers":{"Retry-After":"1"},"body":""})";

/// In a form that every gateway takes. Where there is no memory even for that: what is a constant.
void lambda_runtime::prepare_no_memory(http::application& application) {
  try {
    no_memory_ = lambda_answer(application.refuse(503, "The function is out of memory; try again later."), false);
  } catch (const std::exception&) {
    no_memory_.clear();
  }
}

bool lambda_runtime::run(http::application& application) {
  prepare_no_memory(application);
  for (int failures = 0;;) {
    try {
      const auto next = api_.next();
      if (next) {
        serve(application, *next);
        failures = 0;
      } else if (next.error().what == failure_kind::stopped) {
        return true;
      } else if (!handle_failure(next.error(), ++failures)) {
        return false;
      }
    } catch (const std::bad_alloc&) {
      // Not even the words for it are to be had: it costs this event, and where it goes on, the process.
      if (++failures >= limits::runtime_api_failures_max) return false;
    }
  }
}

/// After a failure of /next: whether to ask again, and when.
bool lambda_runtime::handle_failure(const runtime_failure& why, int failures) {
  note("runtime-api", why.text.empty() ? "There is no memory for an event." : std::string_view(why.text));
  if (!why.id.empty())
    if (const auto reported = api_.fail(why.id, no_event_type, "The event did not come whole."); !reported)
      note("runtime-api", reported.error().text);
  if (why.what == failure_kind::ended || failures >= limits::runtime_api_failures_max) return false;
  // A signal that stops us ends it, too.
  ::poll(nullptr, 0, static_cast<int>(options_.first_pause.count() << (failures - 1)));
  return true;
}

/// What is thrown here is for want of memory: the application answers that itself.
void lambda_runtime::serve(http::application& application, const invocation& one) {
  try {
    serve_or_throw(application, one);
  } catch (const std::exception&) {
    static_cast<void>(api_.respond(one.id, no_memory_.empty() ? plain_no_memory : std::string_view(no_memory_)));
  }
}

void lambda_runtime::serve_or_throw(http::application& application, const invocation& one) {
  the_trace_variable().set(one.trace);
  const telemetry::log_scope about({{"invocation", one.id}, {"trace", one.trace}});
  if (const result<void> read = event_.read(one.event); !read) {
    if (serve_schedule(one) || serve_objects(one)) return;
    const error& why = read.error();
    note("event-refused", why.public_text);
    if (const auto reported = api_.fail(one.id, no_event_type, why.public_text); !reported)
      note("runtime-api", reported.error().text);
    return;
  }
  bool head_only = false;
  const http::response made = answer(application, one, head_only);
  const std::string json = text_of(application, made, head_only);
  if (const auto reported = api_.respond(one.id, json); !reported) note("runtime-api", reported.error().text);
}

std::string lambda_runtime::text_of(http::application& application, const http::response& made, bool head_only) const {
  const event_format format = event_.format();
  const bool balanced = format == event_format::balancer || format == event_format::balancer_multi;
  const std::size_t bytes_max =
      balanced ? std::min(limits::balancer_answer_bytes_max, options_.answer_bytes_max) : options_.answer_bytes_max;
  std::string json = lambda_answer(made, head_only, format, options_.base_path);
  if (json.size() <= bytes_max) return json;
  note("answer-too-large", "The answer has " + std::to_string(json.size()) + " bytes as JSON.");
  return lambda_answer(application.refuse(500, "The answer is larger than can be sent; ask for less of it."), false,
                       format);
}

/// When what no client waits for has to be done.
instant lambda_runtime::end_of(const invocation& one) const {
  // Without a deadline, that of a request.
  return one.deadline ? *one.deadline - options_.answer_reserve : clock_.now() + limits::request_time_max;
}

void lambda_runtime::do_due(instant until) {
  try {
    options_.on_schedule(until);
  } catch (const std::exception& bug) {
    note("schedule-failed", bug.what());
  }
}

bool lambda_runtime::serve_schedule(const invocation& one) {
  if (!options_.on_schedule || !event_.is_schedule()) return false;
  do_due(std::min(end_of(one), clock_.now() + limits::request_time_max));
  // Nobody reads it.
  if (const auto reported = api_.respond(one.id, "null"); !reported) note("runtime-api", reported.error().text);
  return true;
}

bool lambda_runtime::serve_objects(const invocation& one) {
  const auto events = options_.on_object ? read_object_events(one.event) : std::nullopt;
  if (!events) return false;
  for (const std::string& what : events->ignored) note("object-ignored", what);
  const instant until = end_of(one);
  std::vector<std::string> failed;
  for (const object_event& each : events->objects) {
    if (!failed.empty() && failed.back() == each.message_id) continue;
    const result<void> done = options_.on_object(each, until);
    if (done) continue;
    note("object-failed", each.key + ": " + done.error().public_text + done.error().private_text);
    failed.push_back(each.message_id);
  }
  if (options_.on_schedule) do_due(until);
  const bool again = !failed.empty() && !events->in_messages;
  const auto reported = again ? api_.fail(one.id, object_failed_type, "An object could not be taken note of.")
                              : api_.respond(one.id, events->in_messages ? batch_answer(failed) : "null");
  if (!reported) note("runtime-api", reported.error().text);
  return true;
}

http::response lambda_runtime::answer(http::application& application, const invocation& one, bool& head_only) {
  try {
    if (const parse_error why = event_.why()) return application.refuse(why.status, why.detail, event_.origin());
    http::request incoming;
    event_.describe(incoming);
    head_only = incoming.verb == http::method::head;
    const std::string_view origin = incoming.field("Origin");
    if (!knows_secret(incoming))
      return application.refuse(403, "This is reached through its public address only.", origin);
    if (options_.trust_authorizer) incoming.vouched = event_.claims();
    incoming.received = clock_.now();
    incoming.deadline = incoming.received + limits::request_time_max;
    if (one.deadline) incoming.deadline = std::min(incoming.deadline, *one.deadline - options_.answer_reserve);
    if (incoming.received >= incoming.deadline)
      return application.refuse(503, "There is no time left to answer.", origin);
    return application.handle(incoming);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& bug) {
    // The application promises not to throw. A broken promise costs this request, not the process.
    note("request-failed", bug.what());
    return application.refuse(500, "Something went wrong.", event_.origin());
  }
}

bool lambda_runtime::knows_secret(const http::request& incoming) const {
  const auto& secrets = options_.origin_secrets;
  if (secrets.empty()) return true;
  const std::string_view given = incoming.field(origin_secret_field);
  // All are compared, so that the time does not tell which is near.
  return std::count_if(secrets.begin(), secrets.end(),
                       [&](const std::string& secret) { return same_secret(given, secret); }) > 0;
}

}  // namespace spaces::net
