/// The bounds that requests to AWS keep to, each with its reason.
#pragma once

#include <chrono>
#include <cstddef>

namespace spaces::aws {

/// Until when a call is tried where nobody has set a deadline and no try is given longer: an operator's command.
inline constexpr std::chrono::seconds call_time_max{20};
/// Of one try of an operator's command, without a byte: AWS's SDKs wait for a minute.
inline constexpr std::chrono::seconds operators_silence_max{60};
/// Tries of one call, the first included; AWS's SDKs in standard mode.
inline constexpr int tries_max = 3;
/// The same in legacy mode, as the SDKs have it.
inline constexpr int legacy_tries_max = 5;
/// What AWS_MAX_ATTEMPTS may ask for: with pauses of up to a second each, more never fits into a deadline.
inline constexpr int tries_allowed_max = 100;
/// Before the second try a random time up to this, up to twice that before the third: a throttled table
/// is relieved only when the callers come back one by one.
inline constexpr std::chrono::milliseconds backoff_base{50};
/// No pause is longer: a request waits for 20 s at most.
inline constexpr std::chrono::milliseconds backoff_max{1000};
/// The retry budget of one service, as AWS's SDKs in standard mode have it: when much fails, retries would
/// only multiply the load. A time-out costs more, because it held a connection for long.
inline constexpr int budget_tokens_max = 500;
inline constexpr int retry_cost = 5;
/// Of a try without an answer.
inline constexpr int timeout_retry_cost = 10;
/// What a first try that succeeds gives back.
inline constexpr int success_refund = 1;

/// A clock that differs by less is not what a service complains of: it allows five minutes, and its Date
/// counts whole seconds.
inline constexpr std::chrono::seconds skew_seconds_min{2};

/// Temporary credentials are asked for again so long before they expire: AWS has new ones ready by then.
inline constexpr std::chrono::minutes refresh_ahead{5};
/// After a failed refresh while the present ones are still good.
inline constexpr std::chrono::seconds refresh_pause{10};
/// All requests to a metadata or container endpoint for one refresh; they are on this machine.
inline constexpr std::chrono::seconds refresh_time_max{5};
/// Until the metadata endpoint begins to answer: where there is none, nobody does.
inline constexpr std::chrono::seconds metadata_silence_max{1};

/// Of STS without a byte: it answers in tens of milliseconds.
inline constexpr std::chrono::seconds token_service_silence_max{3};

/// A program that gives credentials may ask somebody for them over the network; AWS's SDKs wait so long.
inline constexpr std::chrono::seconds process_time_max{60};
/// What it prints: keys, a session's token of some kB, a time.
inline constexpr std::size_t process_output_bytes_max = 64 * 1024;
/// A token of an identity provider. STS takes 20,000 characters.
inline constexpr std::size_t identity_token_bytes_max = 20'000;
/// Profiles that lead to each other by source_profile: more is a mistake.
inline constexpr std::size_t profile_chain_max = 8;

}  // namespace spaces::aws
