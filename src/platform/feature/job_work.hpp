/// Jobs as periodic work.
#pragma once

#include "platform/feature/periodic.hpp"
#include "platform/jobs/runner.hpp"

namespace spaces {

/// Does the jobs that are due: when the bell rings, and every second for what other processes enqueued and what is due
/// again. Both outlive it.
periodic job_work(jobs::runner& runner, jobs::bell& bell);

}  // namespace spaces
