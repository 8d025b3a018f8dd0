/// Jobs as periodic work.
#pragma once

#include "platform/feature/periodic.hpp"
#include "platform/jobs/runner.hpp"

#include <string_view>

namespace spaces {

/// Does the jobs that are due: when the bell rings, and every second for what other processes enqueued and what is due
/// again. Both outlive it. Several of one runner, each of a name of its own, do as many jobs at a time.
periodic job_work(jobs::runner& runner, jobs::bell& bell, std::string_view name = "jobs");

}  // namespace spaces
