#include "platform/table/dynamodb/administration.hpp"
#include "platform/table/dynamodb/table_call.hpp"

#include <algorithm>

namespace spaces::table::dynamodb {

namespace {

using record::json_value;

switched switch_of(bool on) { return on ? switched::on : switched::off; }

/// AWS's words for on and nearly on.
bool is_on(std::string_view status) { return status == "ENABLED" || status == "ENABLING" || status == "UPDATING"; }

std::string projection_of(const json_value& index) {
  const std::string_view type = text_at(index, {"Projection", "ProjectionType"});
  if (type != "INCLUDE") return std::string(type);
  std::vector<std::string> names;
  if (const json_value* carried = value_at(index, {"Projection", "NonKeyAttributes"}))
    for (const json_value& one : carried->elements) names.push_back(one.text);
  std::ranges::sort(names);
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

/// The units a second; empty on demand.
std::optional<throughput> throughput_of(const json_value& table) {
  if (text_at(table, {"BillingModeSummary", "BillingMode"}) == "PAY_PER_REQUEST") return std::nullopt;
  const throughput told{number_at(table, {"ProvisionedThroughput", "ReadCapacityUnits"}),
                        number_at(table, {"ProvisionedThroughput", "WriteCapacityUnits"})};
  if (told.read_units == 0 && told.write_units == 0) return std::nullopt;
  return told;
}

void read_table(const json_value& table, table_facts& into) {
  into.arn = text_at(table, {"TableArn"});
  into.status = text_at(table, {"TableStatus"});
  into.provisioned = throughput_of(table);
  into.items = number_at(table, {"ItemCount"});
  into.bytes = number_at(table, {"TableSizeBytes"});
  if (const json_value* indexes = table.find("GlobalSecondaryIndexes")) {
    for (const json_value& one : indexes->elements)
      into.indexes.push_back({std::string(text_at(one, {"IndexName"})), std::string(text_at(one, {"IndexStatus"})),
                              projection_of(one), number_at(one, {"ItemCount"}), number_at(one, {"IndexSizeBytes"})});
  }
  std::ranges::sort(into.indexes, {}, &index_facts::name);
  if (const json_value* guarded = table.find("DeletionProtectionEnabled"))
    into.deletion_protection = switch_of(guarded->flag);
  const json_value* streaming = value_at(table, {"StreamSpecification", "StreamEnabled"});
  into.streams = switch_of(streaming && streaming->flag);
  into.stream_view = text_at(table, {"StreamSpecification", "StreamViewType"});
  into.kms_key = text_at(table, {"SSEDescription", "KMSMasterKeyArn"});
}

}  // namespace

std::string_view to_text(switched what) {
  switch (what) {
    case switched::off: return "off";
    case switched::on: return "on";
    case switched::unknown: break;
  }
  return "unknown";
}

result<std::optional<table_facts>> describe(aws::service& service, std::string_view table) {
  table_facts facts;
  facts.name = table;
  const std::string named = naming(table);
  const auto described = call(service, "DescribeTable", named);
  if (!described) return described.error();
  if (described->missing) return std::optional<table_facts>();
  const json_value* told = described->answer ? described->answer->find("Table") : nullptr;
  if (!told) return malformed("DynamoDB does not say what the table '" + facts.name + "' is");
  read_table(*told, facts);
  facts.flaws = flaws_of(*told);

  const auto expiry = call(service, "DescribeTimeToLive", named);
  if (!expiry) return expiry.error();
  if (expiry->answer) {
    facts.expiry = switch_of(is_on(text_at(*expiry->answer, {"TimeToLiveDescription", "TimeToLiveStatus"})));
    facts.expiring_attribute = text_at(*expiry->answer, {"TimeToLiveDescription", "AttributeName"});
  }
  const auto backups = call(service, "DescribeContinuousBackups", named);
  if (!backups) return backups.error();
  if (backups->answer) {
    const std::string_view status =
        text_at(*backups->answer,
                {"ContinuousBackupsDescription", "PointInTimeRecoveryDescription", "PointInTimeRecoveryStatus"});
    facts.recovery = switch_of(is_on(status));
  }
  return std::optional(std::move(facts));
}

}  // namespace spaces::table::dynamodb
