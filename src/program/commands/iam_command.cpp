#include "app/permissions.hpp"
#include "platform/bucket/settings.hpp"
#include "program/commands/command.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace spaces::app {

namespace {

struct iam_options {
  std::string table;  ///< empty: DYNAMODB_TABLE
  std::string region;
  std::string account;
  std::string kms_key;
  std::string function;
  std::string bucket;          ///< empty: of SPACES_BUCKET
  std::string bucket_kms_key;  ///< empty: of SPACES_S3_ENCRYPTION
  bool operators = false;
};

std::string or_environment(const std::string& given, const char* variable) {
  if (!given.empty()) return given;
  const char* found = std::getenv(variable);
  return found ? found : "";
}

/// Letters, digits and what else AWS takes in a name: anything more would become part of an ARN.
bool is_name(std::string_view text, std::size_t least, std::size_t most, std::string_view besides) {
  return text.size() >= least && text.size() <= most && std::ranges::all_of(text, [&](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  besides.find(c) != std::string_view::npos;
         });
}

/// The bucket in S3 that the settings name, and the key that they have it encrypted with; empty where they name none.
struct bucket_of_settings {
  std::string name;
  std::string kms_key;

  static bucket_of_settings read() {
    bucket::settings given;
    const bool in_s3 =
        bucket::read_bucket(given, or_environment({}, "SPACES_BUCKET")) && given.kind == bucket::store_kind::s3;
    if (!in_s3) return {};
    static_cast<void>(bucket::read_encryption(given, or_environment({}, "SPACES_S3_ENCRYPTION")));
    return {given.name, given.kms_key};
  }
};

/// What a flag names by its name or by its ARN.
struct named_thing {
  std::string_view flag;
  std::string_view service;
  std::string_view resource_begins;
  std::string_view example;
};
constexpr named_thing a_table{"--name", "dynamodb", "table/", "arn:aws:dynamodb:eu-west-1:123456789012:table/market"};
constexpr named_thing a_function{"--function", "lambda",
                                 "function:", "arn:aws:lambda:eu-west-1:123456789012:function:spaces"};
constexpr named_thing a_bucket{"--bucket", "s3", "", "arn:aws:s3:::pictures"};

/// Where it is, as far as an ARN says so, unless a flag says it; an error where the two differ.
result<void> take_place(const named_thing& what, std::string_view place, const std::string& told, std::string_view flag,
                        std::string& into) {
  if (told.empty() || told == into) return {};
  if (!into.empty())
    return malformed(fmt::format("The ARN of {} has the {} {}, and {} says {}.", what.flag, place, told, flag, into));
  into = told;
  return {};
}

/// The name in `given`, which may be an ARN: then region and account are those of it, too.
result<std::string> name_of(const named_thing& what, const std::string& given, aws::iam_place& place) {
  if (!given.starts_with("arn:")) return given;
  const auto parts = aws::parse_arn(given);
  if (!parts || parts->service != what.service || !parts->resource.starts_with(what.resource_begins))
    return malformed(fmt::format("{} is '{}'; give the name or an ARN such as {}.", what.flag, given, what.example));
  if (const auto taken = take_place(what, "region", parts->region, "--region or AWS_REGION", place.region); !taken)
    return taken.error();
  if (const auto taken = take_place(what, "account", parts->account, "--account", place.account); !taken)
    return taken.error();
  return parts->resource.substr(what.resource_begins.size());
}

result<void> validate_key(std::string_view flag, const std::string& arn) {
  if (arn.empty()) return {};
  const auto key = aws::parse_arn(arn);
  if (key && key->service == "kms" && key->resource.starts_with("key/")) return {};
  return malformed(fmt::format(
      "{} is '{}'; a policy names keys by their ARN, such as arn:aws:kms:eu-west-1:123456789012:key/….", flag, arn));
}

/// What the flags and the environment say. An ARN says where its table is, so that AWS_REGION does not count then.
result<std::pair<permission_subject, aws::iam_place>> read_options(const iam_options& options) {
  permission_subject subject{.kms_key = options.kms_key, .operators = options.operators};
  aws::iam_place place{options.region, options.account};
  const std::string table = or_environment(options.table, "DYNAMODB_TABLE");
  const bucket_of_settings set = bucket_of_settings::read();
  const std::string bucket = options.bucket.empty() ? set.name : options.bucket;
  subject.bucket_kms_key = options.bucket_kms_key.empty() ? set.kms_key : options.bucket_kms_key;
  // Beside an embedded store there may be a bucket in S3.
  if (table.empty() && bucket.empty())
    return malformed("Name the table: --name, or the variable DYNAMODB_TABLE; or a bucket: --bucket.");
  if (!place.account.empty() && !aws::is_account(place.account))
    return malformed(fmt::format("--account is '{}', which is not an account of twelve digits.", place.account));
  for (const auto& [what, given, into] :
       {std::tuple(&a_table, &table, &subject.table), std::tuple(&a_function, &options.function, &subject.function),
        std::tuple(&a_bucket, &bucket, &subject.bucket)}) {
    auto name = name_of(*what, *given, place);
    if (!name) return name.error();
    *into = *std::move(name);
  }
  if (place.region.empty()) place.region = or_environment(or_environment({}, "AWS_REGION"), "AWS_DEFAULT_REGION");
  if (!place.region.empty() && !aws::is_region(place.region))
    return malformed(fmt::format("The region '{}' is none; one looks like eu-central-1.", place.region));
  if (!subject.table.empty() && !is_name(subject.table, 3, 255, "_.-"))
    return malformed(
        fmt::format("'{}' is no table's name: 3 to 255 letters, digits, '_', '.' and '-'.", subject.table));
  if (!subject.function.empty() && !is_name(subject.function, 1, 64, "_-"))
    return malformed(
        fmt::format("'{}' is no function's name: up to 64 letters, digits, '_' and '-'.", subject.function));
  if (!subject.bucket.empty() && !bucket::is_bucket_name(subject.bucket))
    return malformed(
        fmt::format("'{}' is no bucket's name: 3 to 63 small letters, digits, '-' and '.'.", subject.bucket));
  if (const auto valid = validate_key("--kms-key", subject.kms_key); !valid) return valid.error();
  if (const auto valid = validate_key("--bucket-kms-key", subject.bucket_kms_key); !valid) return valid.error();
  return std::pair(std::move(subject), std::move(place));
}

int run_iam(const iam_options& options) {
  const auto read = read_options(options);
  if (!read) return fail(read.error(), exit_status::wrong_usage);
  fmt::print("{}", aws::policy_document(permissions(read->first), read->second));
  return exit_status::success;
}

}  // namespace

void add_iam(command_group& to) {
  auto [words, options] = to.add_showing("iam", "Print the least IAM policy that the process needs, as JSON", run_iam);
  words.add_option("--name", options.table, "The table, by name or ARN [DYNAMODB_TABLE unless given]")
      ->type_name("TABLE");
  words.add_option("--region", options.region, "Where it is [the ARN's, AWS_REGION, or the word REGION]");
  words.add_option("--account", options.account, "Whose it is, twelve digits [the ARN's, or the word ACCOUNT]");
  words.add_option("--kms-key", options.kms_key, "ARN of the table's own key, if it has one")->type_name("ARN");
  words.add_option("--function", options.function, "Lambda function, by name or ARN, whose log is written [none]");
  words.add_option("--bucket", options.bucket, "The bucket in S3, by name or ARN [SPACES_BUCKET's, or none]");
  words
      .add_option("--bucket-kms-key", options.bucket_kms_key,
                  "ARN of the key that objects are encrypted with [SPACES_S3_ENCRYPTION's, or none]")
      ->type_name("ARN");
  words.add_flag("--operator", options.operators, "For spaces table create, describe, verify and copy instead");
}

}  // namespace spaces::app
