#include "platform/table/dynamodb/administration.hpp"

#include "platform/table/dynamodb/table_call.hpp"

#include <algorithm>
#include <thread>

namespace spaces::table::dynamodb {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// Between two looks at a table that is being made: soon at first, for a table that is there immediately.
constexpr milliseconds first_pause{50};
constexpr milliseconds last_pause{2'000};
/// Images of items before and after a change: what an index of searches will want to read.
constexpr std::string_view stream_view = "NEW_AND_OLD_IMAGES";

std::string creation_body(const table_options& wanted) {
  std::string body = naming(wanted.table);
  body.back() = ',';
  append_shape(body, wanted.provisioned);
  body += wanted.deletion_protection ? R"(,"DeletionProtectionEnabled":true)" : R"(,"DeletionProtectionEnabled":false)";
  if (wanted.streams)
    body += R"(,"StreamSpecification":{"StreamEnabled":true,"StreamViewType":")" + std::string(stream_view) + "\"}";
  if (!wanted.kms_key.empty()) {
    body += R"(,"SSESpecification":{"Enabled":true,"SSEType":"KMS","KMSMasterKeyId":)";
    record::append_json_string(body, wanted.kms_key);
    body += '}';
  }
  return body + '}';
}

std::string with(std::string_view table, std::string_view members) {
  std::string body = naming(table);
  body.back() = ',';
  return body + std::string(members) + '}';
}

bool ready(const table_facts& facts) {
  return facts.status == "ACTIVE" &&
         std::ranges::all_of(facts.indexes, [](const index_facts& one) { return one.status == "ACTIVE"; });
}

/// Pauses that grow, until the time for all of it is over or nobody waits any more.
class waiting {
 public:
  explicit waiting(const wait_callback& wait) : wait_(wait) {}

  result<void> pause(std::string_view status) {
    if (!wait_(status)) return stopped(status, "nobody waited for it");
    if (steady_clock::now() > until_) return stopped(status, "that takes too long");
    std::this_thread::sleep_for(pause_);
    pause_ = std::min(pause_ * 2, last_pause);
    return {};
  }

 private:
  static error stopped(std::string_view status, std::string_view why) {
    error told = unavailable(std::string(why));
    told.public_text =
        "The table is not ready (" + std::string(status) + "): " + std::string(why) + "; the same command goes on";
    return told;
  }

  const wait_callback& wait_;
  steady_clock::time_point until_ = steady_clock::now() + creation_time_max;
  milliseconds pause_ = first_pause;
};

result<table_facts> wait_until_ready(aws::service& service, const table_options& wanted, waiting& wait) {
  for (;;) {
    auto facts = describe(service, wanted.table);
    if (!facts) return facts.error();
    if (*facts && ready(**facts)) return **std::move(facts);
    const std::string status = *facts ? (*facts)->status : std::string("not there yet");
    if (status != "ACTIVE" && status != "CREATING" && status != "UPDATING" && *facts)
      return conflict("The table '" + wanted.table + "' is " + status);
    if (const auto waited = wait.pause(status); !waited) return waited.error();
  }
}

result<void> turn_on_expiry(aws::service& service, const table_options& wanted, creation& told) {
  const auto done = call(service, "UpdateTimeToLive",
                         with(wanted.table, R"("TimeToLiveSpecification":{"Enabled":true,"AttributeName":")" +
                                                std::string(expiring_attribute) + "\"}"));
  if (!done) return done.error();
  told.steps.push_back(done->unknown ? "This endpoint does not know expiry; nothing is removed by itself"
                                     : "Items expire by their attribute " + std::string(expiring_attribute));
  return {};
}

result<void> turn_on_recovery(aws::service& service, const table_options& wanted, waiting& wait, creation& told) {
  const std::string body =
      with(wanted.table, R"("PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":true})");
  for (;;) {
    const auto done = call(service, "UpdateContinuousBackups", body);
    if (!done) return done.error();
    if (done->later) {  // of a new table, backups come a little after it
      if (const auto waited = wait.pause("backups are being made ready"); !waited) return waited;
      continue;
    }
    told.steps.push_back(done->unknown ? "This endpoint does not know point-in-time recovery; it is off"
                                       : "It can be restored to any second of the last 35 days");
    return {};
  }
}

void compare(std::vector<std::string>& found, switched is, bool wanted, std::string_view what) {
  if (is == switched::unknown || (is == switched::on) == wanted) return;
  found.push_back(std::string(what) + " is " + std::string(to_text(is)));
}

void compare_capacity(std::vector<std::string>& found, const table_facts& facts, const table_options& wanted) {
  if (!wanted.provisioned && !facts.provisioned) return;
  if (!wanted.provisioned) {
    found.push_back("Capacity is provisioned and not on demand");
  } else if (!facts.provisioned) {
    found.push_back("Capacity is on demand and not provisioned");
  } else if (facts.provisioned->read_units != wanted.provisioned->read_units ||
             facts.provisioned->write_units != wanted.provisioned->write_units) {
    found.push_back("Provisioned are " + std::to_string(facts.provisioned->read_units) + " read and " +
                    std::to_string(facts.provisioned->write_units) + " write units and not " +
                    std::to_string(wanted.provisioned->read_units) + " and " +
                    std::to_string(wanted.provisioned->write_units));
  }
}

/// What an index carries besides what lists show is paid for at each write; an index of others, too.
void compare_indexes(std::vector<std::string>& found, const table_facts& facts) {
  std::vector<std::string_view> wanted(std::begin(projected_attributes), std::end(projected_attributes));
  std::ranges::sort(wanted);
  std::string carried;
  for (const std::string_view name : wanted) carried += (carried.empty() ? "" : ", ") + std::string(name);
  for (const index_facts& one : facts.indexes) {
    if (std::ranges::find(index_shapes, std::string_view(one.name), &index_shape::name) == std::end(index_shapes))
      found.push_back("The index " + one.name + " is not one of ours, and each write pays for it");
    else if (one.projection == "ALL" || one.projection.size() > carried.size())
      found.push_back("The index " + one.name + " carries " + one.projection + " and not just " + carried);
  }
}

/// A key may be named by its id, its ARN or an alias; DynamoDB tells the ARN.
bool names_key(std::string_view wanted, std::string_view arn) {
  if (wanted.starts_with("alias/") || wanted.find(":alias/") != std::string_view::npos) return !arn.empty();
  return wanted == arn ||
         (arn.ends_with(wanted) && arn.size() > wanted.size() && arn[arn.size() - wanted.size() - 1] == '/');
}

}  // namespace

std::vector<std::string> deviations(const table_facts& facts, const table_options& wanted) {
  std::vector<std::string> found;
  if (facts.status != "ACTIVE") found.push_back("The table is " + facts.status + " and not active");
  found.insert(found.end(), facts.flaws.begin(), facts.flaws.end());
  compare_indexes(found, facts);
  compare_capacity(found, facts, wanted);
  compare(found, facts.expiry, true, "Expiry");
  if (facts.expiry == switched::on && facts.expiring_attribute != expiring_attribute)
    found.push_back("Items expire by their attribute " + facts.expiring_attribute + " and not by " +
                    std::string(expiring_attribute));
  compare(found, facts.recovery, wanted.recovery, "Point-in-time recovery");
  compare(found, facts.deletion_protection, wanted.deletion_protection, "Deletion protection");
  compare(found, facts.streams, wanted.streams, "The stream");
  if (wanted.streams && facts.streams == switched::on && facts.stream_view != stream_view)
    found.push_back("The stream carries " + facts.stream_view + " and not " + std::string(stream_view));
  if (!wanted.kms_key.empty() && !names_key(wanted.kms_key, facts.kms_key))
    found.push_back("It is encrypted with " + (facts.kms_key.empty() ? "the key that DynamoDB owns" : facts.kms_key) +
                    " and not with " + wanted.kms_key);
  return found;
}

result<creation> make_table(aws::service& service, const table_options& wanted, const wait_callback& wait) {
  creation told;
  const auto before = describe(service, wanted.table);
  if (!before) return before.error();
  if (!*before) {
    const auto made = call(service, "CreateTable", creation_body(wanted));
    if (!made) return made.error();
    told.made = !made->in_use;  // otherwise somebody else is making it at this moment
  }
  waiting patient(wait);
  const auto facts = wait_until_ready(service, wanted, patient);
  if (!facts) return facts.error();
  if (!facts->flaws.empty())
    return conflict("The table '" + wanted.table + "' is there and has another shape: " + facts->flaws.front());
  told.steps.push_back("The table '" + wanted.table +
                       (told.made ? "' is made and active" : "' was there, and is active"));
  if (facts->expiry != switched::on) {
    if (const auto done = turn_on_expiry(service, wanted, told); !done) return done.error();
  }
  if (wanted.recovery && facts->recovery != switched::on) {
    if (const auto done = turn_on_recovery(service, wanted, patient, told); !done) return done.error();
  }
  return told;
}

}  // namespace spaces::table::dynamodb
