"""The openai package, unchanged, while the worker of its durable agent is killed in the middle of a word."""

from openai import OpenAI

client = OpenAI(max_retries=0)

with client.responses.stream(model="assistant", input="go on") as stream:
    for event in stream:
        if event.type == "response.created":
            print(event.response.id, flush=True)
    final = stream.get_final_response()

assert final.status == "completed", final
assert client.responses.retrieve(final.id).output_text == final.output_text
print(final.output_text)
