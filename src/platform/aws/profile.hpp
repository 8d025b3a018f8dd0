/// The files that AWS's tools share: ~/.aws/credentials and ~/.aws/config.
/// https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
#pragma once

#include "platform/base/error.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace spaces::aws {

/// An environment variable's value; empty when it is not set.
using variables = std::function<std::string(std::string_view name)>;
/// Of this process.
std::string process_variable(std::string_view name);

/// Name and value; a nested value is found as "s3.endpoint_url".
using profile_section = std::map<std::string, std::string, std::less<>>;

/// The sections of one such file, by their heading: "default", "profile ann", "services local". Lines that
/// mean nothing are passed over, as AWS's tools do.
std::map<std::string, profile_section, std::less<>> parse_profiles(std::string_view text);

/// What the files say for the chosen profile (AWS_PROFILE or "default").
class profile {
 public:
  /// Reads AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE, or the files in the home folder; files that are not
  /// there are empty. `invalid` when AWS_PROFILE names a profile that is in neither.
  static result<profile> read(const variables& environment);
  /// The profile of this name in the same files; `invalid` when neither has it.
  static result<profile> read(const variables& environment, const std::string& name);

  const std::string& name() const { return name_; }
  /// Of the credentials file, else of the config file; empty when in neither.
  std::string value(std::string_view key) const;
  /// The endpoint of one service ("dynamodb") in the section that the profile's `services` names.
  std::string service_endpoint(std::string_view service) const;

 private:
  std::string name_;
  profile_section values_;
  profile_section services_;
};

}  // namespace spaces::aws
