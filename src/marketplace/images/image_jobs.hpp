/// The jobs about pictures: what each is told, and how it is asked for.
#pragma once

#include "marketplace/properties/listing_images.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/base/uuid.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/table/table.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::images {

/// Looks after an upload that nobody reported.
inline constexpr std::string_view settle_upload_job = "settle-upload";
/// Removes files of pictures that are in no listing any more.
inline constexpr std::string_view remove_files_job = "remove-image-files";
/// Prepares an upload for showing. Slow (jobs::queue), as the next ones.
inline constexpr std::string_view prepare_job = "prepare-image";
/// Makes what may come later: AVIF, and whether somebody else has the same picture.
inline constexpr std::string_view finish_job = "finish-image";
/// Fetches an outside picture and prepares it.
inline constexpr std::string_view fetch_job = "fetch-image";

/// What a job about one picture is told.
struct about_image {
  uuid listing;
  uuid image;
};
table::put enqueue(std::string_view job, const about_image& what, instant now);
result<about_image> read_about_image(record::item_view details);

/// What is to be removed: pictures and what their files' names begin with, hexadecimal.
struct gone_images {
  uuid listing;
  std::vector<uuid> ids;
  std::vector<std::string> names;
};
/// Those of pictures that a listing had.
gone_images gone_of(const uuid& listing, std::span<const properties::listing_image> images);
table::put enqueue_removal(const gone_images& what, instant now);
result<gone_images> read_gone_images(record::item_view details);

}  // namespace spaces::images
