/**
 * What our activities tell a tracer. The interface is ours, so that tracing is nobody's dependency;
 * `durable-turns/otel` implements it for OpenTelemetry. Nothing that was said by or to a model goes through it.
 */
import type { Usage } from '../events/turn-event.js';

/** What the plugin tells of a turn's work; `openTelemetry()` makes one. */
export interface Telemetry {
  /** Around one request to the model, from sending it to the end of its stream. */
  inference<T>(request: TracedRequest, work: (span: InferenceSpan) => Promise<T>): Promise<T>;
  /** Around one `execute` of a tool. */
  tool<T>(call: TracedCall, work: (span: WorkSpan) => Promise<T>): Promise<T>;
  /** Around the signals that carry events: several a second, so they are to leave no trace. */
  publishing<T>(send: () => Promise<T>): Promise<T>;
  /** Files of workflow interceptors that the worker is to bundle. */
  readonly workflowModules: readonly string[];
}

export interface TracedRequest {
  readonly agent: string;
  readonly model: string;
  /** Ordinal of the response in the turn, from 1. */
  readonly response: number;
  /** Temporal's try of the activity, from 1. */
  readonly attempt: number;
  readonly conversation?: string | undefined;
  /** Where the request goes; unknown for clients that do not say. */
  readonly baseUrl?: string | undefined;
  /** The whole request: a tracer takes settings such as `temperature` from it, never texts. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface TracedCall {
  readonly agent: string;
  readonly tool: string;
  readonly callId: string;
  readonly attempt: number;
}

export interface WorkSpan {
  /** A failure type of FAILURES, why the attempt was stopped, or the name of what a tool threw. */
  failed(errorType: string): void;
}

export interface InferenceSpan extends WorkSpan {
  /** The first event of the stream came. */
  heard(): void;
  answered(answer: TracedAnswer): void;
}

export interface TracedAnswer {
  readonly response_id?: string;
  readonly model: string;
  readonly stop_reason: string;
  readonly usage?: Usage;
}

const SILENT: InferenceSpan = { heard() {}, answered() {}, failed() {} };

/** For workers that trace nothing. */
export const NO_TELEMETRY: Telemetry = {
  inference: (_request, work) => work(SILENT),
  tool: (_call, work) => work(SILENT),
  publishing: (send) => send(),
  workflowModules: [],
};
