#include "platform/aws/iam.hpp"

#include "platform/record/json.hpp"

#include <algorithm>
#include <array>

namespace spaces::aws {

namespace {

struct partition_row {
  std::string_view region_begins;
  std::string_view name;
  std::string_view domain;
};

/// botocore's partitions.json; the last row is everywhere else.
constexpr partition_row partitions[] = {
    {"cn-", "aws-cn", "amazonaws.com.cn"},       {"us-gov-", "aws-us-gov", "amazonaws.com"},
    {"us-iso-", "aws-iso", "c2s.ic.gov"},        {"us-isob-", "aws-iso-b", "sc2s.sgov.gov"},
    {"us-isof-", "aws-iso-f", "csp.hci.ic.gov"}, {"eu-isoe-", "aws-iso-e", "cloud.adc-e.uk"},
    {"eusc-", "aws-eusc", "amazonaws.eu"},       {"", "aws", "amazonaws.com"},
};

const partition_row& row_of(std::string_view region) {
  return *std::ranges::find_if(partitions,
                               [&](const partition_row& row) { return region.starts_with(row.region_begins); });
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
    text.replace(at, what.size(), by);
}

void append_texts(std::string& out, const std::vector<std::string>& texts) {
  out += '[';
  for (const std::string& text : texts) {
    if (out.back() != '[') out += ',';
    out += "\n        ";
    record::append_json_string(out, text);
  }
  out += "\n      ]";
}

void append_statement(std::string& out, const iam_statement& one, std::string_view region, std::string_view account) {
  std::vector<std::string> resources = one.resources;
  for (std::string& resource : resources) {
    replace_all(resource, "{partition}", partition_of(region));
    replace_all(resource, "{region}", region);
    replace_all(resource, "{account}", account);
  }
  if (out.back() == '}') out += ',';
  out += "\n    {\n      \"Sid\": ";
  record::append_json_string(out, one.sid);
  out += ",\n      \"Effect\": \"Allow\",\n      \"Action\": ";
  append_texts(out, one.actions);
  out += ",\n      \"Resource\": ";
  append_texts(out, resources);
  if (!one.via_service.empty()) {
    out += ",\n      \"Condition\": {\n        \"StringEquals\": {\n          \"kms:ViaService\": ";
    record::append_json_string(out, one.via_service + "." + std::string(region) + "." + std::string(domain_of(region)));
    out += "\n        }\n      }";
  }
  out += "\n    }";
}

}  // namespace

std::string policy_document(std::span<const iam_statement> statements, const iam_place& place) {
  const std::string_view region = place.region.empty() ? std::string_view("REGION") : place.region;
  const std::string_view account = place.account.empty() ? std::string_view("ACCOUNT") : place.account;
  std::string out = "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [";
  for (const iam_statement& one : statements) append_statement(out, one, region, account);
  return out + "\n  ]\n}\n";
}

std::string_view partition_of(std::string_view region) { return row_of(region).name; }

std::string_view domain_of(std::string_view region) { return row_of(region).domain; }

std::optional<arn> parse_arn(std::string_view text) {
  std::array<std::string_view, 5> parts;  // "arn" and what has no colon in it
  for (std::string_view& part : parts) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    part = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  const auto& [scheme, partition, service, region, account] = parts;
  if (scheme != "arn" || partition.empty() || service.empty() || text.empty()) return std::nullopt;
  if (!account.empty() && !is_account(account)) return std::nullopt;
  if (!region.empty() && !is_region(region)) return std::nullopt;
  return arn{std::string(partition), std::string(service), std::string(region), std::string(account),
             std::string(text)};
}

bool is_account(std::string_view text) {
  return text.size() == 12 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_region(std::string_view text) {
  return !text.empty() && text.size() <= 32 &&
         std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

}  // namespace spaces::aws
