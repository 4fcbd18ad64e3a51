/** Decodes what Temporal keeps, with the data converter and codecs of whoever reads. */
import type { WorkflowHandle } from '@temporalio/client';
import type { LoadedDataConverter, Payload, ProtoFailure } from '@temporalio/common';
import {
  decodeArrayFromPayloads,
  decodeOptionalFailureToOptionalError,
} from '@temporalio/common/lib/internal-non-workflow/codec-helpers.js';
import { ExternalStorageRunner } from '@temporalio/common/lib/internal-non-workflow/external-storage-runner.js';
import { AGENT_SESSION } from '../protocol/names.js';

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;
export type HistoryEvent = NonNullable<History['events']>[number];
type Payloads = { readonly payloads?: readonly Payload[] | null } | null | undefined;

type Started = NonNullable<HistoryEvent['workflowExecutionStartedEventAttributes']>;

/** The run that this one goes on from; undefined for the first run of a turn or of a session. */
export function runBefore({ workflowType, input, continuedExecutionRunId }: Started): string | undefined {
  // What was carried is a session's only argument, and a turn's second one: a turn may itself be what something
  // else continued as.
  const uncarried = workflowType?.name === AGENT_SESSION ? 0 : 1;
  return (input?.payloads?.length ?? 0) > uncarried ? continuedExecutionRunId || undefined : undefined;
}

/**
 * The SDK's own decoding: codecs, external storage and failures with encoded details are its business.
 * It is marked as internal there, and used here because no public call decodes a history.
 */
export class PayloadReader {
  readonly #converter: LoadedDataConverter;

  constructor(converter: LoadedDataConverter) {
    this.#converter = converter;
  }

  /** The first of several payloads, or undefined. */
  async first(payloads: Payloads): Promise<unknown> {
    return payloads?.payloads?.length ? this.#one(payloads.payloads[0]) : undefined;
  }

  async second(payloads: Payloads): Promise<unknown> {
    return this.#one(payloads?.payloads?.[1]);
  }

  async member(fields: Readonly<Record<string, Payload>> | null | undefined, key: string): Promise<unknown> {
    return this.#one(fields?.[key]);
  }

  async failure(failure: ProtoFailure | null | undefined): Promise<Error | undefined> {
    return decodeOptionalFailureToOptionalError(this.#converter, failure && (await this.#whole(failure)));
  }

  async #one(payload: Payload | undefined): Promise<unknown> {
    if (!payload) return undefined;
    const [value] = await decodeArrayFromPayloads(this.#converter, await this.#fetched([payload]));
    return value;
  }

  /** A failure with what of it is kept elsewhere. */
  async #whole(failure: ProtoFailure): Promise<ProtoFailure> {
    if (!this.#converter.externalStorage) return failure;
    const { applicationFailureInfo: info, encodedAttributes, cause } = failure;
    const details = info?.details?.payloads;
    const [encoded] = encodedAttributes ? await this.#fetched([encodedAttributes]) : [];
    return {
      ...failure,
      ...(encoded ? { encodedAttributes: encoded } : {}),
      ...(info && details
        ? { applicationFailureInfo: { ...info, details: { payloads: await this.#fetched(details) } } }
        : {}),
      ...(cause ? { cause: await this.#whole(cause) } : {}),
    };
  }

  async #fetched(payloads: Payload[]): Promise<Payload[]> {
    const { externalStorage } = this.#converter;
    return externalStorage ? new ExternalStorageRunner(externalStorage).retrieve(payloads) : payloads;
  }
}
