#include "marketplace/images/images.hpp"

#include "marketplace/images/image_jobs.hpp"
#include "marketplace/images/limits.hpp"
#include "marketplace/images/problems.hpp"
#include "platform/base/digest.hpp"
#include "platform/table/entity.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace spaces::images {

namespace {

using properties::image_status;
using properties::images_max;
using properties::images_revision;
using properties::listing_image;
using properties::property;

/// A person's counter is in the way of concurrent uploads once, when its day begins.
constexpr int announce_tries_max = 5;

error no_such_image() { return not_found("image"); }

sha256_digest digest_of(std::string_view hex) {
  sha256_digest made{};
  for (std::size_t i = 0; i < made.size(); ++i)
    made[i] = static_cast<std::uint8_t>(std::stoi(std::string(hex.substr(2 * i, 2)), nullptr, 16));
  return made;
}

listing_image* find_image(std::vector<listing_image>& among, const uuid& id) {
  const auto at = std::ranges::find(among, id, &listing_image::id);
  return at == among.end() ? nullptr : &*at;
}

result<shown_picture> shown_in(const property& listing, const uuid& id) {
  std::vector<listing_image> all = listing.images.images();
  listing_image* const found = find_image(all, id);
  if (!found) return no_such_image();
  return shown_picture{listing.id, std::move(*found), listing.version};
}

/// Nothing of what is written alongside has a condition that could fail.
constexpr auto nothing_failed = [](std::size_t, const table::condition_failure&) { return result<void>(); };

/// An awaiting picture is to be prepared; of any other nothing is to be done.
result<std::optional<images_revision>> as_come(const property& before, const uuid& id, instant now) {
  std::vector<listing_image> all = before.images.images();
  listing_image* const found = find_image(all, id);
  if (!found) return no_such_image();
  if (found->status != image_status::awaiting) return std::optional<images_revision>();
  found->status = image_status::preparing;
  return std::optional(images_revision{std::move(all), {enqueue(prepare_job, {before.id, id}, now)}});
}

}  // namespace

images::images(table::single_table& table, const clock& clock, bucket::object_store& bucket,
               properties::properties& listings, jobs::bell& bell, jobs::bell& slow_bell, upload_limits limits)
    : table_(table),
      clock_(clock),
      bucket_(bucket),
      listings_(listings),
      bell_(bell),
      slow_bell_(slow_bell),
      limits_(limits) {}

result<std::optional<bucket::upload_permission>> images::permission_for(const image& of, image_status status) {
  if (status != image_status::awaiting) return std::optional<bucket::upload_permission>();
  const auto bytes = static_cast<std::uint64_t>(of.bytes);
  auto permission = bucket_.permit({.key = original_key(of.property_id, of.id),
                                    .content_type = std::string(record::to_name(of.type)),
                                    .bytes_min = bytes,
                                    .bytes_max = bytes,
                                    .sha256 = digest_of(of.sha256),
                                    .lifetime = std::chrono::duration_cast<std::chrono::seconds>(upload_lifetime)});
  if (!permission) return permission.error();
  return std::optional(*std::move(permission));
}

result<announced> images::announce(const caller& who, const uuid& listing, const record::draft<image>& request,
                                   const std::optional<table::idempotent_request>& idempotency, instant deadline) {
  image made = request.apply({});
  made.created_at = clock_.now();
  made.id = make_uuid_v7(made.created_at);
  made.property_id = listing;
  made.user_id = who.id;
  made.salt = fresh_salt();
  const std::int64_t a_day = limits_.of(who);

  // At first the counter as it was a moment ago, which is cheaper: what it allows is a condition of the write.
  auto wanted = table::consistency::eventual;
  for (int tries = 0; tries < announce_tries_max; ++tries, wanted = table::consistency::strong) {
    const auto stored = table_.get(upload_counts_key(who.id), wanted);
    if (!stored) return stored.error();
    const upload_counts counts = to_upload_counts(*stored);
    const result<void> may = may_upload(counts, a_day, made.bytes, made.created_at);
    if (!may && wanted == table::consistency::eventual) continue;
    if (!may) {
      // Whose the listing is comes first.
      if (const auto theirs = listings_.may_change(who, listing); !theirs) return theirs.error();
      return refused_or_announced(may.error(), idempotency);
    }
    bool again = false;
    auto done = try_to_announce(who, made, counts, idempotency, deadline, again);
    if (done) return done;
    if (!again) return refused_or_announced(done.error(), idempotency);
  }
  return unavailable("a person's uploads were counted by others at every try");
}

/// `again`: somebody else counted meanwhile.
result<announced> images::try_to_announce(const caller& who, const image& made, const upload_counts& counts,
                                          const std::optional<table::idempotent_request>& idempotency, instant deadline,
                                          bool& again) {
  const auto decide = [&](const property& before) -> result<std::optional<images_revision>> {
    if (const auto may = listings_.may_publish(who); !may) return may.error();
    images_revision becomes{before.images.images()};
    if (becomes.images.size() >= images_max)
      return error_of(problems::too_many_images,
                      fmt::format("The listing has {} images, and no more are shown: remove one first", images_max));
    listing_image& added = becomes.images.emplace_back();
    added.id = made.id;
    added.alt = made.alt.value_or("");
    std::vector<table::operation>& also = becomes.alongside;
    also.push_back(count_upload(who.id, counts, limits_.of(who), made.bytes, made.created_at));
    if (idempotency) also.emplace_back(table::keep_reference(*idempotency, key_of(made.id), made.created_at));
    also.emplace_back(table::put{key_of(made.id), to_item(made), {table::absent{}}});
    also.emplace_back(enqueue(settle_upload_job, {made.property_id, made.id}, made.created_at));
    return std::optional(std::move(becomes));
  };
  const auto refused = [&](std::size_t operation, const table::condition_failure&) -> result<void> {
    again = operation == 0;
    return conflict(again ? "counted by another" : "asked for before");
  };
  const auto permission = permission_for(made, image_status::awaiting);
  if (!permission) return permission.error();
  const auto after = listings_.change_images(who, made.property_id, {}, deadline, decide, refused);
  if (!after) return after.error();
  auto shown = shown_in(*after, made.id);
  if (!shown) return shown.error();
  return announced{*std::move(shown), *permission};
}

/// A repeated request is answered as the first one, whatever keeps a new picture from being announced.
result<announced> images::refused_or_announced(error why, const std::optional<table::idempotent_request>& idempotency) {
  if (!idempotency) return why;
  const auto earlier = table::made_earlier(table_, *idempotency);
  if (!earlier) return earlier.error();
  if (!*earlier) return why;
  const std::optional<image> first = to_image((*earlier)->view());
  if (!first) return table::damaged("a picture that an idempotency key names");
  const auto listing =
      table::find<properties::to_property>(table_, properties::key_of(first->property_id), table::consistency::strong);
  if (!listing) return listing.error();
  if (!*listing) return no_such_image();
  auto shown = shown_in(**listing, first->id);
  if (!shown) return shown.error();
  auto permission = permission_for(*first, shown->picture.status);
  if (!permission) return permission.error();
  return announced{*std::move(shown), *std::move(permission)};
}

result<bool> images::has_come(const uuid& listing, const uuid& id) {
  const auto there = bucket_.head(original_key(listing, id));
  if (!there && there.error().kind == error_kind::not_found) return false;
  if (!there) return there.error();
  return true;
}

result<shown_picture> images::uploaded(const caller& who, const uuid& listing, const uuid& id, instant deadline) {
  const auto decide = [&](const property& before) { return as_come(before, id, clock_.now()); };
  if (const auto theirs = listings_.may_change(who, listing); !theirs) return theirs.error();
  const auto come = has_come(listing, id);
  if (!come) return come.error();
  const auto nothing = [](const property&) { return result<std::optional<images_revision>>(std::nullopt); };
  const auto after = *come ? listings_.change_images(who, listing, {}, deadline, decide, nothing_failed)
                           : listings_.change_images(who, listing, {}, deadline, nothing, nothing_failed);
  if (!after) return after.error();
  auto shown = shown_in(*after, id);
  if (!shown) return shown;
  if (shown->picture.status == image_status::awaiting)
    return error_of(problems::not_uploaded, "Nothing has been uploaded yet: send the file where `upload` says first");
  slow_bell_.ring();
  return shown;
}

result<std::optional<shown_picture>> images::arrived(std::string_view key, instant deadline) {
  const auto place = read_original_key(key);
  if (!place) return std::optional<shown_picture>();
  const auto come = has_come(place->listing, place->image);
  if (!come) return come.error();
  if (!*come) return std::optional<shown_picture>();
  const auto after = listings_.progress_images(
      place->listing, deadline, [&](const property& before) { return as_come(before, place->image, clock_.now()); });
  auto shown = after ? shown_in(*after, place->image) : result<shown_picture>(after.error());
  if (!shown && shown.error().kind == error_kind::not_found) return std::optional<shown_picture>();
  if (!shown) return shown.error();
  slow_bell_.ring();
  return std::optional(*std::move(shown));
}

result<property> images::arrange(const caller& who, const uuid& listing, std::span<const arranged_image> order,
                                 const expected_version& expected, instant deadline) {
  const auto decide = [&](const property& before) -> result<std::optional<images_revision>> {
    std::vector<listing_image> left = before.images.images();
    const std::vector<listing_image> was = left;
    std::vector<listing_image> arranged;
    std::vector<problem> problems;
    for (std::size_t i = 0; i < order.size(); ++i) {
      listing_image* const found = find_image(left, order[i].id);
      if (!found) {
        const bool twice = find_image(arranged, order[i].id) != nullptr;
        problems.push_back({fmt::format("/images/{}/id", i), twice ? "twice" : "unknown",
                            twice ? "must not be given twice" : "is no image of this listing"});
        continue;
      }
      if (order[i].alt) found->alt = *order[i].alt;
      arranged.push_back(std::move(*found));
      left.erase(left.begin() + (found - left.data()));
    }
    if (!problems.empty()) return invalid(std::move(problems));
    std::ranges::move(left, std::back_inserter(arranged));
    if (arranged == was) return std::optional<images_revision>();
    return std::optional(images_revision{std::move(arranged), {}});
  };
  return listings_.change_images(who, listing, expected, deadline, decide, nothing_failed);
}

result<void> images::remove(const caller& who, const uuid& listing, const uuid& id, const expected_version& expected,
                            instant deadline) {
  const auto decide = [&](const property& before) -> result<std::optional<images_revision>> {
    images_revision becomes{before.images.images()};
    listing_image* const found = find_image(becomes.images, id);
    if (!found) return no_such_image();
    becomes.alongside = {enqueue_removal(gone_of(listing, {found, 1}), clock_.now())};
    becomes.images.erase(becomes.images.begin() + (found - becomes.images.data()));
    return std::optional(std::move(becomes));
  };
  const auto after = listings_.change_images(who, listing, expected, deadline, decide, nothing_failed);
  if (!after) return after.error();
  bell_.ring();
  return {};
}

}  // namespace spaces::images
