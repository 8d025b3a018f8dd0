/// Credentials that a program of the operator's prints: credential_process of a profile.
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
#pragma once

#include "platform/aws/credentials.hpp"
#include "platform/base/error.hpp"

#include <chrono>
#include <string>

namespace spaces::aws {

/// Runs the command line by /bin/sh, in a process group of its own, without descriptors of ours except standard
/// error, and reads what it prints: a JSON document of Version 1 with AccessKeyId, SecretAccessKey, and where they
/// expire SessionToken and Expiration. It is ended after `time_max`, or when it has printed more than
/// `process_output_bytes_max`. Errors' private texts never repeat what it printed.
result<credentials> run_credential_process(const std::string& command, std::chrono::milliseconds time_max);

}  // namespace spaces::aws
