"""Starts a turn from Python, follows it, decides what it asks, and prints its result.

    pip install temporalio
    python follow_turn.py "Refund order 42, 4200 cents." --agent clerk --task-queue agents

A turn is a workflow as any other: `agentTurn`, with plain JSON in and out. See docs/other-languages.md.
"""

import argparse
import asyncio
import os
import uuid

from temporalio.client import Client, WorkflowExecutionStatus, WorkflowFailureError, WorkflowHandle

ENDS = {"turn_completed", "turn_failed", "turn_cancelled"}


async def follow(turn: WorkflowHandle) -> None:
    """Reads the turn's events by the query `events`, from where the last page ended."""
    offset = 0
    while True:
        # Only one query may wait for a run at a time; the SDK tries again when the server says so.
        page = await turn.query("events", {"offset": offset})
        if "error" in page:  # offset_too_old: what is older than `first` is in the history only
            offset = page["error"]["first"]
            continue
        for event in page["events"]:
            show(event)
            if event["type"] == "input_required":
                await decide(turn, event)
            if event["type"] in ENDS:
                return
        if not page["events"]:
            # A run that was terminated says no end of its own.
            if (await turn.describe()).status != WorkflowExecutionStatus.RUNNING:
                return
            await asyncio.sleep(0.5)
        offset = page["next"]


def show(event: dict) -> None:
    delta = event.get("delta", {})
    if delta.get("type") == "text":
        print(delta["text"], end="", flush=True)
    elif event["type"] != "step_progress":
        print(f"\n[{event['type']}] {event.get('step_type', '')}", flush=True)


async def decide(turn: WorkflowHandle, asked: dict) -> None:
    """A decision names the arguments that it was made about; the same decision again changes nothing."""
    decision = {
        "input_id": asked["input_id"],
        "arguments_hash": asked["arguments_hash"],
        "by": "follow_turn.py",
    }
    if asked["kind"] == "approval":
        decision["decision"] = "approve"
    else:
        decision |= {"decision": "output", "output": "I do not know."}
    outcome = await turn.execute_update("resolve_input", decision)
    print(f"{asked['tool_name']}: {outcome['decision']} by {outcome['by']}")


async def main() -> None:
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    args.add_argument("input")
    args.add_argument("--agent", default="assistant")
    args.add_argument("--task-queue", default="agents")
    args.add_argument("--turn-id", default=f"python-{uuid.uuid4()}")
    given = args.parse_args()
    client = await Client.connect(
        os.environ.get("TEMPORAL_ADDRESS", "localhost:7233"),
        namespace=os.environ.get("TEMPORAL_NAMESPACE", "default"),
    )
    turn = await client.start_workflow(
        "agentTurn",
        {"agent": given.agent, "input": given.input},
        id=given.turn_id,
        task_queue=given.task_queue,
    )
    await follow(turn)
    progress = await turn.query("progress", {"detail": "summary"})
    try:
        result = await turn.result()
    except WorkflowFailureError as failure:
        raise SystemExit(f"{progress['state']}: {failure.cause}") from None
    print(f"{progress['state']} in {result['num_steps']} steps: {result['final_text']}")


if __name__ == "__main__":
    asyncio.run(main())
