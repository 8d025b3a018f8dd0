#include "platform/net/lambda/object_events.hpp"

#include "platform/record/json_string.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace spaces::net {
namespace {

/// As S3 sends it, with members that nobody needs.
std::string from_s3(const std::string& key, const std::string& name = "ObjectCreated:Put") {
  return R"({"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"eu-west-1","eventName":")" + name +
         R"(","userIdentity":{"principalId":"A"},"s3":{"s3SchemaVersion":"1.0","bucket":{"name":"pictures","arn":"x"},)"
         R"("object":{"key":")" +
         key + R"(","size":3,"eTag":"e","sequencer":"0A"}}})";
}

std::string records(const std::string& one, const std::string& more = "") {
  return R"({"Records":[)" + one + (more.empty() ? "" : "," + more) + "]}";
}

std::string from_event_bridge(const std::string& key, const std::string& type = "Object Created") {
  return R"({"version":"0","id":"i","detail-type":")" + type +
         R"(","source":"aws.s3","resources":["arn"],"detail":{"version":"0","bucket":{"name":"pictures"},)"
         R"("object":{"key":")" +
         key + R"(","size":3},"reason":"PutObject"}})";
}

std::string in_message(const std::string& id, const std::string& event) {
  std::string body;
  record::append_json_string(body, event);
  return R"({"messageId":")" + id + R"(","eventSource":"aws:sqs","body":)" + body + "}";
}

/// "bucket/key@message" of each.
std::vector<std::string> objects_in(const std::string& event) {
  const auto read = read_object_events(event);
  if (!read) return {"none"};
  std::vector<std::string> found;
  for (const object_event& one : read->objects) found.push_back(one.bucket + '/' + one.key + '@' + one.message_id);
  return found;
}

using texts = std::vector<std::string>;

TEST(object_events, come_from_s3_by_itself) {
  EXPECT_EQ(objects_in(records(from_s3("originals/a"))), texts{"pictures/originals/a@"});
  EXPECT_EQ(objects_in(records(from_s3("a+b%2Bc"), from_s3("d"))), (texts{"pictures/a b+c@", "pictures/d@"}));
  EXPECT_FALSE(read_object_events(records(from_s3("a")))->in_messages);
}

TEST(object_events, come_through_event_bridge) {
  EXPECT_EQ(objects_in(from_event_bridge("a+b%2B")), texts{"pictures/a+b%2B@"}) << "there, keys have no escapes";
}

TEST(object_events, come_in_messages_which_are_answered_one_by_one) {
  const std::string event =
      records(in_message("1", records(from_s3("a"), from_s3("b"))), in_message("2", from_event_bridge("c")));
  EXPECT_EQ(objects_in(event), (texts{"pictures/a@1", "pictures/b@1", "pictures/c@2"}));
  EXPECT_TRUE(read_object_events(event)->in_messages);
  EXPECT_EQ(batch_answer({}), R"({"batchItemFailures":[]})");
  EXPECT_EQ(batch_answer({"1", "\""}), R"({"batchItemFailures":[{"itemIdentifier":"1"},{"itemIdentifier":"\""}]})");
}

TEST(object_events, of_another_kind_are_passed_over_and_named) {
  const auto ignored = [](const std::string& event) {
    const auto read = read_object_events(event);
    EXPECT_TRUE(read && read->objects.empty()) << event;
    return read ? read->ignored : texts{};
  };
  EXPECT_EQ(ignored(records(from_s3("a", "ObjectRemoved:Delete"))), texts{"ObjectRemoved:Delete"});
  EXPECT_EQ(ignored(from_event_bridge("a", "Object Deleted")), texts{"Object Deleted"});
  EXPECT_EQ(ignored(R"({"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"pictures"})"), texts{"s3:TestEvent"});
  EXPECT_EQ(ignored(records(in_message("1", "hello"))), texts{"hello"});
  EXPECT_EQ(ignored(records(in_message("1", R"({"source":"aws.ec2"})"))).size(), 1U);
  EXPECT_EQ(ignored(records(from_s3("%GG"))), texts{"ObjectCreated:Put"}) << "a key that is none";
  EXPECT_EQ(ignored(records(from_s3(""))), texts{"ObjectCreated:Put"});
}

TEST(object_events, are_no_others) {
  for (const char* other :
       {"", "x", "[]", "{}", R"({"Records":[]})", R"({"Records":[{"eventSource":"aws:sns"}]})", R"({"Records":{}})",
        R"({"source":"aws.events","detail-type":"Scheduled Event"})",
        R"({"Records":[{"eventSource":"aws:s3"},{"eventSource":"aws:sqs"}]})", R"({"version":"2.0"})"})
    EXPECT_FALSE(read_object_events(other)) << other;
}

}  // namespace
}  // namespace spaces::net
