/// Preparing pictures in other processes: a few children of spaces-media, warm, in a sandbox, each with one picture at
/// a time. They are started before the store is opened and have nothing of ours: no descriptor, no environment, no
/// secret, and they let every other process go first. One that dies or answers nonsense fails its picture and is
/// replaced.
#pragma once

#include "platform/base/error.hpp"
#include "platform/picture/preparer.hpp"
#include "platform/picture/settings.hpp"
#include "platform/telemetry/log.hpp"

#include <memory>

namespace spaces::picture {

/// Starts the children and does not wait for them: the first picture does. An error's public text is a sentence for the
/// operator: a worker that was named and is not there, or a sandbox that is required and cannot be had. Null
/// where no worker is wanted, and where spaces-media is not beside this program, which the log says: pictures wait for
/// a process that has one.
result<std::unique_ptr<preparer>> start_workers(const settings& how, const telemetry::log& log);

/// The version of Landlock that the kernel has; 0: none, or it is turned off.
int landlock_version();

}  // namespace spaces::picture
