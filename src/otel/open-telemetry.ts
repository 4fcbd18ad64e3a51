/**
 * Telemetry of our activities as OpenTelemetry spans, named by the GenAI semantic conventions. They join the
 * trace of the span that is active, which is the activity's where Temporal's OpenTelemetryPlugin is used.
 */
import { fileURLToPath } from 'node:url';
import { context, SpanKind, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api';
import type { Attributes, Span, Tracer } from '@opentelemetry/api';
import type { InferenceSpan, Telemetry, WorkSpan } from '../activities/telemetry.js';
import {
  answerAttributes,
  ERROR_TYPE,
  FIRST_CHUNK,
  requestAttributes,
  toolAttributes,
} from './attributes.js';

/** Which tracer makes the spans. */
export interface OpenTelemetryOptions {
  /** Default: the tracer `durable-turns` of the global tracer provider. */
  readonly tracer?: Tracer;
}

/** From source the file ends in .ts, from the package in .js. */
const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const WORKFLOW_INTERCEPTORS = fileURLToPath(new URL(`./workflow-interceptors.${EXTENSION}`, import.meta.url));

/**
 * For `new DurableTurnsPlugin({ telemetry: openTelemetry() })`: `chat` spans for requests to the model,
 * `execute_tool` spans for our tools, `invoke_agent` on the turn's workflow; none for published events.
 * Prompts, answers, arguments, outputs and keys are never attributes.
 */
export function openTelemetry(options: OpenTelemetryOptions = {}): Telemetry {
  // Asked for late: a global provider may be registered after the worker's options are written.
  const tracer = (): Tracer => options.tracer ?? trace.getTracer('durable-turns');
  return {
    workflowModules: [WORKFLOW_INTERCEPTORS],
    inference: (request, work) =>
      inSpan(tracer(), `chat ${request.model}`, SpanKind.CLIENT, requestAttributes(request), (span) =>
        work(inferenceSpan(span)),
      ),
    tool: (call, work) =>
      inSpan(tracer(), `execute_tool ${call.tool}`, SpanKind.INTERNAL, toolAttributes(call), (span) =>
        work(workSpan(span)),
      ),
    publishing: unsampled,
  };
}

async function inSpan<T>(
  tracer: Tracer,
  name: string,
  kind: SpanKind,
  attributes: Attributes,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  return tracer.startActiveSpan(name, { kind, attributes }, async (span) => {
    try {
      return await work(span);
    } finally {
      span.end();
    }
  });
}

/** The message of a failure stays out: servers and tools quote what they were sent. */
function workSpan(span: Span): WorkSpan {
  return {
    failed: (errorType) => {
      span.setAttribute(ERROR_TYPE, errorType).setStatus({ code: SpanStatusCode.ERROR });
    },
  };
}

function inferenceSpan(span: Span): InferenceSpan {
  const sentAt = performance.now();
  let heard = false;
  return {
    ...workSpan(span),
    heard: () => {
      if (heard) return;
      heard = true;
      span.setAttribute(FIRST_CHUNK, (performance.now() - sentAt) / 1000);
    },
    answered: (answer) => {
      span.setAttributes(answerAttributes(answer));
    },
  };
}

/**
 * A signal's spans (the client's and, by its header, the workflow's) follow their parent. With a parent that
 * is not sampled, parent-based samplers, which are the default, record neither.
 */
function unsampled<T>(send: () => Promise<T>): Promise<T> {
  const active = context.active();
  const parent = trace.getSpanContext(active);
  if (!parent) return send();
  const quiet = trace.wrapSpanContext({ ...parent, traceFlags: TraceFlags.NONE });
  return context.with(trace.setSpan(active, quiet), send);
}
