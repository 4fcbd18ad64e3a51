"""The openai package, unchanged, as a client of durable agents. OPENAI_BASE_URL and OPENAI_API_KEY say where."""

import sys

from openai import NotFoundError, OpenAI

client = OpenAI(max_retries=0)


def text_of(events):
    return "".join(e.delta for e in events if e.type == "response.output_text.delta")


def streams():
    with client.responses.stream(model="assistant", input="note it") as stream:
        events = list(stream)
        final = stream.get_final_response()
    assert [e.sequence_number for e in events if hasattr(e, "sequence_number")] == list(range(len(events)))
    assert final.status == "completed", final
    assert final.output_text == "One moment. Noted.", final.output_text


def resumes_in_the_middle():
    response = client.responses.create(model="assistant", input="slow", background=True)
    assert response.status == "in_progress", response
    seen = []
    for event in client.responses.retrieve(response.id, stream=True):
        seen.append(event)
        if len(text_of(seen)) > 100:
            break
    rest = client.responses.retrieve(response.id, stream=True, starting_after=seen[-1].sequence_number)
    seen += list(rest)
    assert [e.sequence_number for e in seen] == list(range(len(seen)))
    assert text_of(seen) == client.responses.retrieve(response.id).output_text


def cancels():
    response = client.responses.create(model="assistant", input="endless", background=True)
    assert client.responses.cancel(response.id).status == "cancelled"


def goes_on():
    first = client.responses.create(model="assistant", input="My name is Ada.")
    second = client.responses.create(model="assistant", input="what was before?", previous_response_id=first.id)
    assert "My name is Ada." in second.output_text, second.output_text


def refuses():
    try:
        client.responses.retrieve("resp_nobody")
    except NotFoundError:
        return
    raise AssertionError("a response that nobody made was found")


for check in (streams, resumes_in_the_middle, cancels, goes_on, refuses):
    check()
    print(f"{check.__name__}: ok")
    sys.stdout.flush()
