/// The places where AWS's SDKs look for credentials, in their order: environment, web identity, profile, container,
/// machine. https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
#pragma once

#include "platform/aws/credentials.hpp"
#include "platform/aws/profile.hpp"
#include "platform/aws/token_service.hpp"
#include "platform/http/client.hpp"

#include <memory>
#include <string_view>
#include <vector>

namespace spaces::aws {

/// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN.
std::unique_ptr<credentials_source> environment_credentials(variables environment);

/// AWS_WEB_IDENTITY_TOKEN_FILE with AWS_ROLE_ARN and AWS_ROLE_SESSION_NAME: Kubernetes' pods have them. `roles` must
/// outlive what is made here.
std::unique_ptr<credentials_source> web_identity_credentials(variables environment, const token_service& roles);

/// What the profile says, read again each time: a role (role_arn) assumed with the credentials of source_profile, of
/// credential_source or with web_identity_token_file; else its keys; else its credential_process. A profile that gets
/// them another way (single sign-on, a code of somebody's device) is an error that says so.
std::unique_ptr<credentials_source> profile_credentials(variables environment, http::client& client,
                                                        const token_service& roles);

/// AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI, with AWS_CONTAINER_AUTHORIZATION_TOKEN(_FILE).
std::unique_ptr<credentials_source> container_credentials(variables environment, http::client& client);

/// The role of the EC2 instance, by IMDSv2: no answer is taken without the session token that keeps
/// relayed requests out. Not asked with AWS_EC2_METADATA_DISABLED=true.
std::unique_ptr<credentials_source> machine_credentials(variables environment, http::client& client);

/// The first place that has some; an error of one that is in use ends the search.
std::unique_ptr<credentials_source> first_of(std::vector<std::unique_ptr<credentials_source>> places);

/// Whether credentials may be asked for at this URL, where the answer's secrets and our token travel: by
/// HTTPS anywhere; in the clear only to this machine and to ECS's and EKS's own addresses.
bool may_ask_for_credentials(std::string_view url);

}  // namespace spaces::aws
