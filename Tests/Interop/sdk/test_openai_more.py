"""OpenAI's smaller routes through its Python SDK: models, legacy completions, embeddings."""

import math

import openai
import pytest

from clients import openai_client


@pytest.fixture
def client(server, session):
    with openai_client(server, session) as client:
        yield client


def length(vector):
    return math.sqrt(sum(each * each for each in vector))


def test_models_are_listed_and_found_by_their_ids(client):
    models = list(client.models.list())
    assert "echo" in [model.id for model in models]
    for model in models:
        assert model.object == "model" and model.owned_by and isinstance(model.created, int)
    assert client.models.retrieve("echo").id == "echo"


def test_a_completion_is_whole(client):
    answer = client.completions.create(model="plain", prompt="Once")
    assert answer.object == "text_completion" and answer.id.startswith("cmpl-")
    assert (answer.choices[0].text, answer.choices[0].finish_reason) == ("Good morning, Oslo!", "stop")
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens, answer.usage.total_tokens) == (9, 5, 14)


def test_a_completion_is_streamed_with_usage_at_its_end(client):
    *chunks, last = client.completions.create(model="plain", prompt="Once", stream=True,
                                              stream_options={"include_usage": True})
    assert "".join(chunk.choices[0].text for chunk in chunks) == "Good morning, Oslo!"
    assert chunks[-1].choices[0].finish_reason == "stop" and last.choices == [] and last.usage.total_tokens == 14


def test_a_completion_goes_no_further_than_its_limit_and_its_stop(client):
    limited = client.completions.create(model="echo", prompt="one two three four five", max_tokens=2).choices[0]
    assert limited.finish_reason == "length" and "one two three four five".startswith(limited.text)
    stopped = client.completions.create(model="echo", prompt="one two three", stop=" three").choices[0]
    assert (stopped.text, stopped.finish_reason) == ("one two", "stop")


def test_each_prompt_has_its_choices(client):
    answer = client.completions.create(model="echo", prompt=["first", "second"], n=2)
    assert [(choice.index, choice.text) for choice in sorted(answer.choices, key=lambda each: each.index)] == [
        (0, "first"), (1, "first"), (2, "second"), (3, "second")]


def test_an_error_in_the_middle_of_a_completion_raises(client):
    with pytest.raises(openai.APIError):
        list(client.completions.create(model="failing", prompt="Once", stream=True))


def test_the_same_text_has_the_same_vector_and_another_has_another(client):
    answer = client.embeddings.create(model="text-embedding-3-small", input=["a cat", "a dog", "a cat"])
    assert answer.object == "list" and [each.index for each in answer.data] == [0, 1, 2]
    cat, dog, again = (each.embedding for each in answer.data)
    assert cat == again and cat != dog and len(cat) == len(dog) and length(cat) == pytest.approx(1, abs=1e-3)
    assert answer.usage.prompt_tokens > 0 and answer.usage.total_tokens == answer.usage.prompt_tokens


def test_base64_that_the_sdk_asks_for_by_itself_and_floats_are_the_same_vector(client):
    [packed] = client.embeddings.create(model="any", input="a cat").data
    [plain] = client.embeddings.create(model="any", input="a cat", encoding_format="float").data
    assert packed.embedding == pytest.approx(plain.embedding, abs=1e-6)
    raw = client.embeddings.with_raw_response.create(model="any", input="a cat", encoding_format="base64")
    assert isinstance(raw.http_response.json()["data"][0]["embedding"], str)


def test_a_vector_has_the_dimensions_that_are_asked_for(client):
    [vector] = client.embeddings.create(model="any", input="a cat", dimensions=64).data
    assert len(vector.embedding) == 64 and length(vector.embedding) == pytest.approx(1, abs=1e-3)


def test_tokens_can_be_embedded(client):
    assert len(client.embeddings.create(model="any", input=[[1, 2, 3], [4, 5]]).data) == 2


def test_nothing_cannot_be_embedded(client):
    with pytest.raises(openai.BadRequestError) as caught:
        client.embeddings.create(model="any", input="")
    assert caught.value.param == "input"
