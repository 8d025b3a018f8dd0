"""The description at /openapi.json: valid for a validator that is not ours, and true."""

import copy

import pytest
from conftest import mint_token
from openapi_spec_validator import OpenAPIV31SpecValidator

pytestmark = pytest.mark.embedded


@pytest.fixture
def description(shared_server, client):
    answer = client(shared_server).get("/openapi.json")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].split(";")[0] == "application/json"
    return answer.json()


def test_is_valid_openapi_31(description):
    assert description["openapi"].startswith("3.1")
    assert [problem.message for problem in OpenAPIV31SpecValidator(description).iter_errors()] == []


def test_the_validator_would_see_a_fault(description):
    broken = copy.deepcopy(description)
    del broken["info"]["title"]
    assert any("title" in problem.message for problem in OpenAPIV31SpecValidator(broken).iter_errors())
    broken = copy.deepcopy(description)
    item = broken["paths"]["/api/v1/properties"]
    item["post"]["operationId"] = item["get"]["operationId"]
    assert len(list(OpenAPIV31SpecValidator(broken).iter_errors())) == 1


def operations(description):
    for path, item in description["paths"].items():
        for method, operation in item.items():
            if method in ("get", "put", "post", "patch", "delete"):
                yield path, method, operation


def test_operations_have_distinct_ids_and_a_summary(description):
    ids = [operation["operationId"] for _, _, operation in operations(description)]
    assert len(ids) == len(set(ids)) and ids
    assert [path for path, _, operation in operations(description) if not operation.get("summary")] == []


def resolve(description, node):
    while "$ref" in node:
        target = description
        for name in node["$ref"].removeprefix("#/").split("/"):
            target = target[name.replace("~1", "/").replace("~0", "~")]
        node = target
    return node


def test_every_error_answer_is_a_problem(description):
    checked = 0
    for path, method, operation in operations(description):
        for status, answer in operation["responses"].items():
            if status.startswith(("4", "5")):
                content = resolve(description, answer).get("content", {})
                # /health says 503 in its own words
                assert "application/problem+json" in content or path == "/health", (path, method, status)
                checked += 1
    assert checked > 10


def test_bearer_tokens_are_declared_and_demanded(description):
    schemes = description["components"]["securitySchemes"]
    bearer = [name for name, scheme in schemes.items() if scheme.get("scheme") == "bearer"]
    assert bearer
    create = description["paths"]["/api/v1/properties"]["post"]
    demanded = create.get("security", description.get("security", []))
    assert any(name in demand for demand in demanded for name in bearer)


def example_of(description, content):
    """The example beside a body's schema, in it, or put together from its members' own."""
    if "example" in content:
        return content["example"]
    if "examples" in content:
        return next(iter(content["examples"].values()))["value"]
    schema = resolve(description, content["schema"])
    if "examples" in schema:
        return schema["examples"][0]
    return {name: member["examples"][0] for name, member in schema["properties"].items() if "examples" in member}


def test_bodies_have_examples_that_the_server_accepts(description, shared_server, client, binary):
    create = description["paths"]["/api/v1/properties"]["post"]
    example = example_of(description, create["requestBody"]["content"]["application/json"])
    ann = client(shared_server, mint_token(binary, shared_server.data, "ann"))
    answer = ann.post("/properties", example)
    assert answer.status_code == 201, answer.text
